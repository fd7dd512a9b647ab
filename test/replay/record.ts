/**
 * Records one history per outcome into `histories/`, against the sandbox and a real Temporal server:
 * `node --import tsx --test test/replay/record.ts`. Until the first release it is run again whenever the workflow makes
 * other decisions; from then on such a change is versioned, and a recorded history stays as it is.
 */
import test, { type TestContext } from 'node:test';

import type { Gate } from '../../model/phase.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';
import { writeHistory } from './recording.js';

const ALL: Gate[] = ['root-key', 'interrupt-service', 'cut-over'];

async function record(name: string, { handle }: MigrationStack, id: string) {
  await writeHistory(name, handle(id));
}

async function closed({ client, until }: MigrationStack, id: string) {
  await until(id, ({ watch }) => watch?.state === 'parked');
  await client.closeMigration(id, { by: 'recorder' });
}

async function started(t: TestContext) {
  const stack = await startMigrationStack(t);
  return { stack, id: await stack.client.start(REQUEST) };
}

test('record: done', async (t) => {
  const { stack, id } = await started(t);
  for (const gate of ALL) await stack.approve(id, gate);
  await closed(stack, id);
  await record('done', stack, id);
});

test('record: aborted after the import', async (t) => {
  const { stack, id } = await started(t);
  for (const gate of ALL.slice(0, 2)) await stack.approve(id, gate);
  await stack.until(id, (status) => status.gate?.name === 'cut-over');
  await stack.client.abort(id, { by: 'recorder' });
  await stack.client.result(id).catch(() => undefined);
  await record('aborted-after-import', stack, id);
});

test('record: cancelled at a gate', async (t) => {
  const { stack, id } = await started(t);
  await stack.until(id, (status) => status.gate?.name === 'root-key');
  await stack.handle(id).cancel();
  await stack
    .handle(id)
    .result()
    .catch(() => undefined);
  await record('cancelled', stack, id);
});

test('record: stopped, resumed, paused, resumed, done', async (t) => {
  const { stack, id } = await started(t);
  stack.sandbox.faults.failBefore('UploadDar', { code: 'FAILED_PRECONDITION', times: 1 });
  await stack.approve(id, 'root-key');
  await stack.until(id, ({ state }) => state === 'stopped');
  await stack.client.resume(id, { by: 'recorder' });
  await stack.until(id, (status) => status.gate?.name === 'interrupt-service');
  await stack.client.pause(id, { by: 'recorder' });
  await stack.approve(id, 'interrupt-service');
  await stack.until(id, ({ state }) => state === 'paused');
  await stack.client.resume(id, { by: 'recorder' });
  await stack.approve(id, 'cut-over');
  await closed(stack, id);
  await record('resumed', stack, id);
});

test('record: started under another id', async (t) => {
  const stack = await startMigrationStack(t);
  const { workflowId } = await stack.temporal.workflow.start('migrateParticipant', {
    workflowId: `nightly-${stack.taskQueue}`,
    taskQueue: stack.taskQueue,
    args: [REQUEST],
  });
  await stack.until(workflowId, ({ state }) => state === 'delegated');
  const id = `migrate-participant/${stack.sandbox.participants.source.uid}`;
  for (const gate of ALL) await stack.approve(id, gate);
  await closed(stack, id);
  await stack.handle(workflowId).result();
  await record('delegated', stack, workflowId);
});

test('record: a warm copy, done', async (t) => {
  const stack = await startMigrationStack(t);
  const id = await stack.client.start({
    ...REQUEST,
    options: { ...REQUEST.options, copy: 'warm' },
  });
  await stack.approve(id, 'root-key');
  await stack.client.retune(id, { by: 'recorder', targetSeconds: 2 });
  await stack.approve(id, 'warm-copy');
  await stack.until(id, (status) => status.gate?.name === 'interrupt-service');
  stack.sandbox.participants.source.ledger.churn(3, 2);
  await stack.approve(id, 'interrupt-service');
  await stack.approve(id, 'cut-over');
  await closed(stack, id);
  await record('warm', stack, id);
});

test('record: repaired after a comparison', async (t) => {
  let comparisons = 0;
  const stack = await startMigrationStack(t, {
    change: (activities) => ({
      compareActiveContracts: async (input) => {
        const [contractId] = stack.sandbox.participants.target.contracts();
        if (comparisons++ === 0)
          await stack.participants.target.repair.purgeContracts('da', [contractId!]);
        return activities.compareActiveContracts(input);
      },
    }),
  });
  const id = await stack.client.start(REQUEST);
  for (const gate of ALL.slice(0, 2)) await stack.approve(id, gate);
  await stack.until(id, ({ state }) => state === 'stopped');
  await stack.client.repair(id, { by: 'recorder' });
  await stack.approve(id, 'cut-over');
  await closed(stack, id);
  await record('repaired', stack, id);
});

test('record: connected again, parked again, closed', async (t) => {
  const { stack, id } = await started(t);
  for (const gate of ALL) await stack.approve(id, gate);
  await stack.until(id, ({ watch }) => watch?.state === 'parked');
  const { synchronizers } = stack.participants.source;
  await synchronizers.setManualConnect('acme', false);
  await synchronizers.reconnect('acme');
  await stack.until(id, ({ watch }) => watch?.state === 'alarm');
  await stack.client.park(id, { by: 'recorder' });
  await closed(stack, id);
  await record('parked-again', stack, id);
});

test('record: a source watch that was cancelled', async (t) => {
  const { stack, id } = await started(t);
  for (const gate of ALL) await stack.approve(id, gate);
  await stack.until(id, ({ watch }) => watch?.state === 'parked');
  await stack.handle(id).cancel();
  await stack.handle(id).result();
  await record('watch-cancelled', stack, id);
});

test('record: an undo that failed, was tried again by itself, and by a resume', async (t) => {
  const { stack, id } = await started(t);
  stack.sandbox.faults.failBefore('ExportAcs', { code: 'FAILED_PRECONDITION', times: 1 });
  for (const gate of ALL.slice(0, 2)) await stack.approve(id, gate);
  await stack.until(id, ({ state }) => state === 'stopped');
  stack.sandbox.faults.failBefore('RemoveDar', { code: 'FAILED_PRECONDITION', times: 2 });
  await stack.client.abort(id, { by: 'recorder' });
  const { retryAt } = await stack.until(id, (status) => status.retryAt !== undefined);
  await stack.until(id, (status) => status.retryAt !== undefined && status.retryAt !== retryAt);
  await stack.client.resume(id, { by: 'recorder' });
  await stack.client.result(id).catch(() => undefined);
  await record('undo-retried', stack, id);
});
