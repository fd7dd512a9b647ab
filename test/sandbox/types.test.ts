import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageRoot } from '../../tools/package-root.js';

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

test("types: those of the sandbox's messages are what canton/proto makes of them", (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-types-'));
  t.after(() => rmSync(folder, { recursive: true }));

  const generator = join(packageRoot, 'sandbox', 'generate.ts');
  execFileSync(process.execPath, ['--import', import.meta.resolve('tsx'), generator, folder]);

  const [made, kept] = [contents(folder), contents(join(packageRoot, 'sandbox', 'gen'))];
  assert.deepEqual([...kept.keys()], [...made.keys()]);
  const old = [...made].filter(([name, text]) => kept.get(name) !== text).map(([name]) => name);
  assert.deepEqual(old, [], 'npm run generate makes them anew');
});
