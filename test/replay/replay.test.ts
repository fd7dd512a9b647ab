import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';

import { workflowBundle } from '../support/bundle.js';

const HISTORIES = new URL('histories/', import.meta.url);
const names = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'));
Runtime.install({ logger: new DefaultLogger('ERROR') });

test('replay: there is a history for every outcome', () => {
  assert.deepEqual(names.sort(), [
    'aborted-after-import.json',
    'cancelled.json',
    'continued-at-gate.json',
    'continued-stopped.json',
    'continued.json',
    'delegated.json',
    'done.json',
    'live-aborted-at-switch.json',
    'live-aborted-in-import.json',
    'live-done.json',
    'live-exposed.json',
    'parked-again.json',
    'repaired.json',
    'resumed.json',
    'undo-retried.json',
    'warm.json',
    'watch-cancelled.json',
  ]);
});

for (const name of names) {
  test(`replay: today's workflow code makes the same decisions as in ${name}`, async () => {
    await replay(read(name));
  });
}

// What makes the tests above able to fail.
test('replay: a history with a step of another name is refused', async () => {
  const other = JSON.parse(
    JSON.stringify(read('done.json')).replaceAll('ensurePartiesHosted', 'ensureNothing'),
  ) as unknown;

  await assert.rejects(replay(other), DeterminismViolationError);
});

/** The workflow's own id takes part in its decisions. */
async function replay(history: unknown): Promise<void> {
  const [, workflowId] = /"workflowId":"(migrate-participant[^"]+|nightly[^"]+)"/.exec(
    JSON.stringify(history),
  )!;
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history, workflowId);
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, HISTORIES), 'utf8'));
}
