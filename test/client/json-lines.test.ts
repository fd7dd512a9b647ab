import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { readLines } from '../../client/json-lines.js';
import { folderOf } from '../support/workers.js';

test('json lines: a field that is there twice is refused, however deep, and one in a text is none', async (t) => {
  const file = join(folderOf(t), 'lines.jsonl');
  const lines = ['{"a":1,"a":2}', '{"b":[{"a":1,"a":1}]}', '{"a":"\\"x\\": \\"y\\":","c":["d"]}'];
  writeFileSync(file, lines.join('\n'));

  const found = [];
  for await (const its of readLines(file)) found.push(its.problem);

  const twice = 'found a field more than once, expected each once';
  assert.deepEqual(found, [twice, twice, undefined]);
});

test('json lines: what can be opened and not be read is refused by name', async (t) => {
  const folder = folderOf(t);

  await assert.rejects(readLines(folder).next(), {
    ...{ kind: 'usage', type: 'FileUnusable' },
    message: `--file: found ${folder}, which cannot be read (EISDIR)`,
  });
});
