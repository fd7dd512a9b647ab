import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

/** Compares text with `test/client/golden/<name>.txt`; UPDATE_GOLDEN=1 writes what is found instead. */
export function matchGolden(name: string, text: string): void {
  const file = new URL(`golden/${name}.txt`, import.meta.url);
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, `${text.trimEnd()}\n`);
  assert.equal(`${text.trimEnd()}\n`, readFileSync(file, 'utf8'));
}
