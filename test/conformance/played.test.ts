import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

const folder = new URL('./', import.meta.url);

/** A conformance test names a recording that it plays as a text of its own. */
function played(): Set<string> {
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts') && name !== 'played.test.ts')
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  return new Set(sources.flatMap((source) => source.match(/(?<=')[a-z0-9-]+(?=')/g) ?? []));
}

test('conformance: every recording of golden35 is played', () => {
  const recordings = readdirSync(new URL('../golden35/', folder))
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.replace('.jsonl', ''));
  const isPlayed = played();

  assert.deepEqual(
    recordings.filter((name) => !isPlayed.has(name)),
    [],
  );
});
