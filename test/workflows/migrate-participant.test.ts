import assert from 'node:assert/strict';
import test from 'node:test';

import { MIGRATE_WORKFLOW } from '../../model/steering.js';
import { RARER } from '../support/boundaries.js';
import { assertWithinPrivileges } from '../support/privileges.js';
import { reset } from '../support/losing.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';
import { textOf } from '../support/text.js';

test('migrate-participant: every gate approved, the target has the contracts and the source is parked', async (t) => {
  const { sandbox, client, approve, until, handle } = await startMigrationStack(t);
  const contracts = sandbox.participants.source.contracts().sort();

  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  const atCutOver = await until(id, (status) => status.gate?.name === 'cut-over');
  assert.equal(atCutOver.verification?.isEqual, true);
  assert.equal(atCutOver.isPastPointOfNoReturn, false);
  await approve(id, 'cut-over');
  const report = await client.result(id);

  assert.equal(id, `migrate-participant/${sandbox.participants.source.uid}`);
  assert.equal(report.outcome, 'migrated');
  assert.equal(report.verification.contractCount, contracts.length);
  assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
  assert.deepEqual(sandbox.participants.source.connected(), []);
  assert.deepEqual(sandbox.participants.target.connected(), ['da']);
  assert.deepEqual(
    report.approvals.map(({ gate }) => gate),
    ['root-key', 'interrupt-service', 'cut-over'],
  );
  assert.ok(report.phases.every(({ changed }) => changed.length > 0));
  const { typedSearchAttributes } = await handle(id).describe();
  assert.match(JSON.stringify(typedSearchAttributes), /MigrationPhase.*watch/s);
  assertWithinPrivileges(sandbox);
});

test('migrate-participant: nothing changes before the root key gate is opened', async (t) => {
  const { sandbox, client, until } = await startMigrationStack(t);

  const id = await client.start(REQUEST);
  const status = await until(id, (its) => its.gate?.name === 'root-key');

  assert.equal(status.state, 'waiting-for-approval');
  assert.match(status.next, new RegExp(`approve root-key --plan-hash ${status.planHash!}`));
  assert.deepEqual(
    sandbox.calls.list().filter(({ isMutating }) => isMutating),
    [],
  );
  await client.abort(id, { by: 'test' });
  await assert.rejects(client.result(id), /aborted by test/);
  assert.deepEqual(
    sandbox.calls.list().filter(({ isMutating }) => isMutating),
    [],
  );
});

test('migrate-participant: a second start for the same source is refused with the id of the running one', async (t) => {
  const { client, temporal, taskQueue, until } = await startMigrationStack(t);
  const id = await client.start(REQUEST);
  await until(id, (status) => status.gate?.name === 'root-key');

  await assert.rejects(client.start(REQUEST), (error: Error) => error.message.includes(id));
  const second = await temporal.workflow.start(MIGRATE_WORKFLOW, {
    workflowId: 'other',
    taskQueue,
    args: [REQUEST],
  });
  await assert.rejects(second.result(), (error: Error) => (error.cause as Error).message.includes(id));
  await client.abort(id, { by: 'test' });
});

// A schedule appends a time to the id it was given, and the UI takes any.
test('migrate-participant: a start under any id runs under the id of the source', async (t) => {
  const stack = await startMigrationStack(t);
  const { client, sandbox, temporal, taskQueue, until, approve } = stack;

  const started = await temporal.workflow.start(MIGRATE_WORKFLOW, {
    workflowId: `nightly-${taskQueue}`,
    taskQueue,
    args: [REQUEST],
  });
  const status = await until(started.workflowId, ({ state }) => state === 'delegated');
  const id = `migrate-participant/${sandbox.participants.source.uid}`;
  assert.match(status.summary, new RegExp(id));
  assert.equal(await client.find(started.workflowId), id);
  const { definition } = await started.query<{ definition: { updateDefinitions: { name: string }[] } }>(
    '__temporal_workflow_metadata',
  );
  assert.deepEqual(
    definition.updateDefinitions.map(({ name }) => name),
    ['takeOver'],
  );
  await assert.rejects(client.abort(started.workflowId, { by: 'test' }), {
    type: 'NotHere',
    next: `canton-migrate status ${id}`,
  });
  // The button of Temporal's UI: the migration does not notice, and whoever pressed it is told where it is.
  const again = await reset(stack, started.workflowId, started.firstExecutionRunId);
  await assert.rejects(
    temporal.workflow.getHandle(started.workflowId, again).result(),
    ({ cause }: Error) => String(cause).includes(`the migration runs as ${id}`),
  );
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const) await approve(id, gate);

  assert.equal((await client.result(id)).outcome, 'migrated');
  await client.closeMigration(id, { by: 'test' });
});

test('migrate-participant: a request that is none ends the workflow with every problem named', async (t) => {
  const { temporal, taskQueue, sandbox } = await startMigrationStack(t);

  const started = await temporal.workflow.start(MIGRATE_WORKFLOW, {
    workflowId: `bad-${taskQueue}`,
    taskQueue,
    args: [{ source: 'source', target: 7, sorceSynchronizer: 'acme' }],
  });

  await assert.rejects(started.result(), (error: Error) => {
    const { message } = error.cause as Error;
    return ['target: found 7', 'sorceSynchronizer: unknown field', 'targetSynchronizer: missing'].every(
      (part) => message.includes(part),
    );
  });
  assert.deepEqual(sandbox.calls.list(), []);
});

test('migrate-participant: history holds no address, path or payload', RARER, async (t) => {
  const { client, approve, handle, spoolFolder, sandbox } = await startMigrationStack(t);
  sandbox.faults.failBefore('ExportAcs', { times: 1 });
  const id = await client.start(REQUEST);
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const) await approve(id, gate);
  await client.result(id);

  const history = textOf(await handle(id).fetchHistory());

  assert.ok(history.includes('transfer-active-contracts'));
  for (const secret of ['127.0.0.1', spoolFolder, 'created_event'])
    assert.ok(!history.includes(secret), secret);
});
