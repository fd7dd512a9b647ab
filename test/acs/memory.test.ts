import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'node:test';
import type { Measurement } from '../../bench/measure.js';
import { nodeArguments } from '../../tools/package-root.js';
import { RARER } from '../support/boundaries.js';

/** Half of the 86 MB by which the larger export is larger, unpacked. What is not yet collected comes and goes. */
const GROWTH_ALLOWED_BYTES = 43_000_000;

async function peakMemory(contractCount: number): Promise<number> {
  const order = JSON.stringify({ subject: 'spool', contractCount, rounds: 1, live: true });
  const args = ['--max-old-space-size=64', ...nodeArguments('bench/index'), order];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [messages] = await Promise.all([
    once(child, 'message') as Promise<Measurement[]>,
    once(child, 'exit'),
  ]);
  return messages[0]?.peakMemoryBytes ?? Number.NaN;
}

// The larger export is 130 MB unpacked, and the JavaScript heap may have 64 MB.
test('acs: memory does not grow with the export', RARER, async () => {
  // By the smaller one, the process has all the buffers it ever needs.
  const small = await peakMemory(40_000);
  const large = await peakMemory(120_000);
  assert.ok(
    large - small < GROWTH_ALLOWED_BYTES,
    `peak ${small} bytes at 40,000 contracts, ${large} at 120,000`,
  );
});
