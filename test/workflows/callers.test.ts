import assert from 'node:assert/strict';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';

import { migrationId } from '../../model/plan.js';
import { PLANNED_MEMO, plannedMemo } from '../../model/planned.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startMigrationStack, temporalServer } from '../support/temporal.js';

// Whoever may write to the namespace: activities by themselves, and workflows of a worker of their own.
test('callers: no activity that others have executed changes a node, and a migration keeps what it is planned for', async (t) => {
  const stack = await startMigrationStack(t, { scenario: { ...SMALL, contracts: { count: 8 } } });
  const { client, temporal, taskQueue, sandbox, until } = stack;
  const { source, target } = sandbox.participants;
  const refs = {
    source: { name: 'source', uid: source.uid },
    target: { name: 'target', uid: target.uid },
  };
  const theirs = `${taskQueue}-theirs`;
  const connection = await NativeConnection.connect({ address: (await temporalServer()).address });
  const worker = await Worker.create({
    connection,
    taskQueue: theirs,
    workflowsPath: fileURLToPath(new URL('../support/hostile-workflows.ts', import.meta.url)),
  });
  const running = worker.run();
  t.after(async () => {
    worker.shutdown();
    await running;
    await connection.close();
  });
  const planned = await client.plan(REQUEST);
  const memo = { [PLANNED_MEMO]: plannedMemo(planned, new Date()) };
  const fencing = { source: refs.source, expectedLedgerEnd: '0' };
  const schedule = { cron: '0 0 20 * * ?', maxDurationMs: 1_000, retentionMs: 1_000 };
  const hostile: [name: string, input: unknown][] = [
    ['ensureParkedAgain', fencing],
    ['isolateTarget', { target: refs.source }],
    ['ensurePruningSchedule', { participant: refs.target, schedule }],
    ['removeExport', { planHash: planned.hash, offset: '0' }],
  ];
  const forged = (type: string, workflowId: string, [name, input]: (typeof hostile)[number]) =>
    temporal.workflow.execute(type, {
      taskQueue: theirs,
      workflowId,
      args: [taskQueue, name, input],
      memo,
    });
  const serving = { source: source.connected(), target: target.connected() };
  const before = sandbox.calls.last;

  for (const [name, input] of hostile) {
    await assert.rejects(
      temporal.activity.execute(name, {
        id: `theirs/${name}`,
        taskQueue,
        args: [input],
        startToCloseTimeout: '10s',
      }),
      isRefused,
      name,
    );
    await assert.rejects(forged('forged', `theirs/${name}`, [name, input]), isRefused, name);
    // Of the right type, under the right id and with the plan in its memo: it runs on their own task queue.
    const id = migrationId(source.uid);
    await assert.rejects(forged('migrateParticipant', id, [name, input]), isRefused, name);
  }
  assert.deepEqual(sandbox.calls.list({ isMutating: true, after: before }), []);
  assert.deepEqual({ source: source.connected(), target: target.connected() }, serving);

  const id = await client.start(REQUEST);
  await until(id, ({ gate }) => gate?.name === 'root-key');
  const { memo: noted, startTime } = await temporal.workflow.getHandle(id).describe();
  assert.deepEqual(noted?.[PLANNED_MEMO], plannedMemo(planned, startTime));
  await client.abort(id, { by: 'test' });
  await assert.rejects(client.result(id));
});

function isRefused(error: unknown): true {
  let cause = error;
  while (cause instanceof Error && cause.cause) cause = cause.cause;
  assert.ok(cause instanceof ApplicationFailure);
  assert.equal(cause.type, 'CallerNotAllowed', cause.message);
  return true;
}
