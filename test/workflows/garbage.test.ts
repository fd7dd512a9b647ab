import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';

import { WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

import { toFailure } from '../../activities/attempt/failures.js';
import { refused } from '../../model/failure.js';
import { migrationId } from '../../model/plan.js';
import { MIGRATE_WORKFLOW, PROGRESS_SIGNAL } from '../../model/steering.js';
import { RARER } from '../support/boundaries.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const payload = (encoding: string, data: string) => ({
  metadata: { encoding: bytes(encoding) },
  data: bytes(data),
});

/** What the SDK cannot decode, and would fail the workflow task for. */
const UNREADABLE = [payload('json/plain', '{'), payload('of/nobody', 'x'), { data: bytes('x') }];
const UPDATES = ['approve', 'pause', 'resume', 'retune', 'repair', 'abort', 'park', 'close'];
/** `temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage`. */
const COMPLETED = 3;
/** Signals that are counted: those of a name that has a handler. */
const COUNTED = UNREADABLE.length + 4;

/** Sends garbage of each kind to a run; what it answers is garbage's own business. */
async function pelt({ temporal }: MigrationStack, workflowId: string): Promise<void> {
  const { namespace } = temporal.options;
  const service = temporal.workflowService;
  const handle = temporal.workflow.getHandle(workflowId);
  const workflowExecution = { workflowId };
  for (const its of UNREADABLE) {
    for (const signalName of [PROGRESS_SIGNAL, 'of-nobody', '__temporal_of-nobody'])
      await service.signalWorkflowExecution({
        namespace,
        workflowExecution,
        signalName,
        input: { payloads: [its] },
      });
  }
  for (const its of [{}, null, [], { checkpoint: { contractCount: 1e300 } }])
    await handle.signal(PROGRESS_SIGNAL, its);
}

/** Every update is rejected with a name and nothing is accepted; a query answers whatever it is asked with. */
async function ask(
  { temporal, client }: MigrationStack,
  workflowId: string,
  /** Of a run that only waits for another one the SDK's own: it has no updates. */
  type = 'InputInvalid',
): Promise<void> {
  const handle = temporal.workflow.getHandle(workflowId);
  for (const name of UPDATES) {
    await assert.rejects(handle.executeUpdate(name, { args: [['garbage']] }), (error) => {
      assert.ok(error instanceof WorkflowUpdateFailedError, name);
      assert.ok(error.cause instanceof ApplicationFailure, name);
      assert.equal(error.cause.type, type, name);
      return true;
    });
  }
  for (const its of UNREADABLE)
    assert.equal(await rawUpdate(temporal, workflowId, 'abort', [its]), type);
  await assert.rejects(rawUpdate(temporal, workflowId, '', []));
  await assert.rejects(handle.executeUpdate('__temporal_of-nobody', { args: [] }));
  await assert.rejects(handle.executeUpdate('of-nobody', { args: [] }));
  const { queryResult } = await temporal.workflowService.queryWorkflow({
    namespace: temporal.options.namespace,
    execution: { workflowId },
    query: { queryType: 'status', queryArgs: { payloads: UNREADABLE } },
  });
  assert.equal(queryResult?.payloads?.length, 1);
  assert.ok(await client.status(workflowId));
}

/** Sends an update with these payloads, as they are; returns the type of the failure that it was answered with. */
async function rawUpdate(
  { workflowService, options: { namespace } }: Client,
  workflowId: string,
  name: string,
  payloads: object[],
): Promise<string | null | undefined> {
  const { outcome } = await workflowService.updateWorkflowExecution({
    namespace,
    workflowExecution: { workflowId },
    waitPolicy: { lifecycleStage: COMPLETED },
    request: {
      meta: { updateId: randomUUID(), identity: 'garbage' },
      input: { name, args: { payloads } },
    },
  });
  return outcome?.failure?.applicationFailureInfo?.type;
}

test(
  'garbage: a migration that is sent garbage all the way counts it, answers, and goes on to its end',
  RARER,
  async (t) => {
    let isStopped = false;
    const stack: MigrationStack = await startMigrationStack(t, {
      change: (activities) => ({
        quiesceSource: async (input) => {
          if (isStopped) return activities.quiesceSource(input);
          isStopped = true;
          throw toFailure(refused('SourceNotQuiet', 'a test'));
        },
        copyActiveContracts: async (input) => {
          await pelt(stack, id);
          return activities.copyActiveContracts(input);
        },
      }),
    });
    const id = migrationId(stack.sandbox.participants.source.uid);
    let pelted = 0;
    const peltAndAsk = async (workflowId = id, type?: string) => {
      await pelt(stack, workflowId);
      await ask(stack, workflowId, type);
      if (workflowId === id) pelted += 1;
    };

    const args = [REQUEST];
    const { taskQueue, temporal } = stack;
    const other = await temporal.workflow.start(MIGRATE_WORKFLOW, {
      taskQueue,
      workflowId: `of ${id}`,
      args,
    });
    await stack.until(other.workflowId, ({ state }) => state === 'delegated');
    await stack.until(id, ({ gate }) => gate?.name === 'root-key');
    await peltAndAsk(other.workflowId, 'Error');
    await peltAndAsk();
    await stack.approve(id, 'root-key');
    await stack.approve(id, 'interrupt-service');
    await stack.until(id, ({ state }) => state === 'stopped');
    await peltAndAsk();
    await stack.client.resume(id, { by: 'ada' });
    const { droppedSignals, contracts } = await stack.until(id, ({ gate }) => gate?.name === 'cut-over');
    // Once more while it was copying.
    assert.equal(droppedSignals, COUNTED * (pelted + 1));
    assert.equal(contracts?.done, contracts?.total);
    await stack.approve(id, 'cut-over');
    await stack.until(id, ({ watch }) => watch?.state === 'parked');
    await peltAndAsk();
    const report = await stack.client.closeMigration(id, { by: 'ada' });

    assert.equal(report.closedBy, 'ada');
    assert.equal(((await other.result()) as { outcome: string }).outcome, 'migrated');
    const { status } = await stack.client.status(id);
    assert.equal(status?.droppedSignals, COUNTED * (pelted + 1));
  },
);
