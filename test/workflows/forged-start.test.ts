import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

import { WorkflowFailedError, type Client, type WorkflowStartOptions } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';

import { CLAIM_WORKFLOW, type NodeClaim } from '../../model/claim.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { migrationId } from '../../model/plan.js';
import { PLANNED_MEMO } from '../../model/planned.js';
import {
  LOOK_WORKFLOW,
  MIGRATE_WORKFLOW,
  PARK_WORKFLOW,
  PLAN_WORKFLOW,
  RECOVER_WORKFLOW,
} from '../../model/steering.js';
import { PLAN, REPORT } from '../client/samples.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';

/**
 * Migrations as somebody invented them who never made a plan: approved, and in each state in which one goes
 * on.
 */
function invented(uid: string): Record<string, [Migration, unknown, unknown]> {
  const source = { ...PLAN.plan.source, name: 'source', uid };
  const hashed = { ...PLAN, plan: { ...PLAN.plan, source, request: REQUEST } };
  const report = { ...REPORT, planHash: PLAN.hash };
  const step = {
    name: 'connect-target',
    phase: 'cut-over',
    serving: 'target',
    state: 'running',
  } as const;
  const rest: Migration = {
    ...newMigration(migrationId(uid)),
    approvals: [{ gate: 'cut-over', approver: 'nobody', approvedAt: '2026-01-01T00:00:00.000Z' }],
    steps: [{ ...step, isPointOfNoReturn: true }],
    stepAt: 0,
  };
  const past = { isPastPointOfNoReturn: true };
  const watch = { expectedLedgerEnd: '41', parkBy: 'nobody' };
  return {
    unplanned: [{ ...newMigration(migrationId(uid)), state: 'stopped' }, undefined, undefined],
    running: [rest, hashed, undefined],
    'at a gate': [{ ...rest, state: 'waiting-for-approval', gate: 'cut-over' }, hashed, undefined],
    paused: [{ ...rest, state: 'paused', isPaused: true }, hashed, undefined],
    stopped: [{ ...rest, ...past, state: 'stopped', stage: 'cut-over' }, hashed, undefined],
    aborting: [{ ...rest, state: 'aborting', isWithdrawing: true }, hashed, undefined],
    watching: [{ ...rest, ...past, state: 'watching', stage: 'watch', watch }, hashed, report],
  };
}

/** How a run ended: the type and the message of its failure. */
async function endOf(temporal: Client, workflowId: string): Promise<{ type?: string; message: string }> {
  try {
    await temporal.workflow.getHandle(workflowId).result();
  } catch (error) {
    assert.ok(error instanceof WorkflowFailedError);
    assert.ok(error.cause instanceof ApplicationFailure);
    const { type, message, nonRetryable } = error.cause;
    assert.equal(nonRetryable, true);
    return { message, ...(type != null && { type }) };
  }
  throw new Error(`${workflowId} ended well`);
}

/** A worker of somebody else in the namespace, on a task queue of its own. */
async function startForeign(t: TestContext): Promise<string> {
  const { address } = await temporalServer();
  const taskQueue = 'foreign';
  const connection = await NativeConnection.connect({ address });
  const workflowsPath = fileURLToPath(new URL('../support/foreign-workflow.ts', import.meta.url));
  const worker = await Worker.create({ connection, taskQueue, workflowsPath });
  const running = worker.run();
  t.after(async () => {
    worker.shutdown();
    await running;
    await connection.close();
  });
  return taskQueue;
}

test('forged start: whatever a run is started with, nothing but Temporal itself makes it carry state', async (t) => {
  const stack = await startMigrationStack(t);
  const { temporal, taskQueue, sandbox } = stack;
  const uid = sandbox.participants.source.uid;
  const workflowId = migrationId(uid);
  const states = invented(uid);
  const args = [REQUEST, ...states['watching']!];
  // What its memo says of a plan fits, too.
  const memo = { [PLANNED_MEMO]: { planHash: PLAN.hash } };
  const before = changesOf(stack);
  const start = (type: string, options: Partial<WorkflowStartOptions> & { args: unknown[] }) =>
    temporal.workflow.start(type, { taskQueue, workflowId, memo, ...options });

  for (const [name, state] of Object.entries(states)) {
    await start(MIGRATE_WORKFLOW, { args: [REQUEST, ...state] });
    const direct = await endOf(temporal, workflowId);
    assert.deepEqual([name, direct.type], [name, 'StartForged']);
    assert.match(direct.message, /^found 3 arguments behind the request, expected none/);
  }

  await start(MIGRATE_WORKFLOW, { args, retry: { maximumAttempts: 3 } });
  assert.match((await endOf(temporal, workflowId)).message, /^found a retry policy, expected none/);

  await start(MIGRATE_WORKFLOW, { args, cronSchedule: '@every 1s' });
  const { runId } = await temporal.workflow.getHandle(workflowId).describe();
  assert.match(
    await firstEndOf(temporal, workflowId, runId),
    /^found the cron schedule .* expected none/,
  );
  await temporal.workflow.getHandle(workflowId).terminate();

  const foreign = await startForeign(t);
  const goOn = async (type: string, given: unknown[]) => {
    await start(type, { taskQueue: foreign, args: [taskQueue, REQUEST, ...given] });
    return endOf(temporal, workflowId);
  };
  const handedOver = /^the state of this run was not handed over/;
  for (const [name, state] of Object.entries(states)) {
    const { type, message } = await goOn('goOnAsMigration', state);
    assert.deepEqual([name, type], [name, 'StartForged'], message);
    assert.match(message, handedOver);
    assert.match(message, / is not a migration; nothing/);
  }
  const other = await goOn(MIGRATE_WORKFLOW, states['watching']!);
  assert.match(other.message, / ran on another task queue; nothing/);
  for (const [field, change, index] of [
    ['stepAt', { stepAt: 1 }, 0],
    ['hash', { hash: 'f'.repeat(64) }, 1],
    ['report', REPORT, 2],
    ['isWithdrawing', { isWithdrawing: 'no' }, 0],
    ['isPastPointOfNoReturn', { steps: [], stepAt: undefined }, 0],
  ] as const) {
    const state = states['stopped']!.map((its, at) => (at === index ? { ...its!, ...change } : its));
    const { type, message } = await goOn('goOnAsMigration', state);
    assert.deepEqual([field, type], [field, 'StartMalformed'], message);
    assert.match(message, new RegExp(`^${field}: found .*, which no run of this migration leaves`));
  }
  assert.deepEqual(changesOf(stack), before);
});

test('forged start: malformed arguments end a run of each type at once, with what was expected', async (t) => {
  const stack = await startMigrationStack(t);
  const { temporal, taskQueue, sandbox } = stack;
  const uid = sandbox.participants.source.uid;
  const claim: NodeClaim = { uid, role: 'target', holder: 'nobody', firstRunId: 'none' };
  const cases: [type: string, args: unknown[], failure: string, message: RegExp][] = [
    [MIGRATE_WORKFLOW, [], 'StartMalformed', /^found nothing, expected one object/],
    [MIGRATE_WORKFLOW, [null], 'StartMalformed', /^found null, expected one object/],
    [MIGRATE_WORKFLOW, [[REQUEST]], 'StartMalformed', /^found a list of 1, expected one object/],
    [MIGRATE_WORKFLOW, [{ ...REQUEST, target: 7 }], 'RequestInvalid', /target: found 7, expected/],
    [MIGRATE_WORKFLOW, [{ ...REQUEST, source: 'x'.repeat(5_000) }], 'RequestInvalid', /source: found/],
    [MIGRATE_WORKFLOW, [REQUEST, null], 'StartForged', /^found 1 arguments behind the request/],
    [MIGRATE_WORKFLOW, [{ ...REQUEST, route: {} }], 'RequestInvalid', /route/],
    [PLAN_WORKFLOW, ['source'], 'StartMalformed', /^found "source", expected one object/],
    [PARK_WORKFLOW, [{ participant: 'source' }], 'StartMalformed', /^servedBy: found nothing/],
    [LOOK_WORKFLOW, [{ source: 'source' }], 'StartMalformed', /^target: found nothing/],
    [RECOVER_WORKFLOW, [{ by: 'ada' }], 'StartMalformed', /^runId: found nothing/],
    [RECOVER_WORKFLOW, [{ by: 'ada', runId: 'run', way: 'up' }], 'StartMalformed', /^way: found "up"/],
    [
      PARK_WORKFLOW,
      [{ participant: 'source', servedBy: 'target', by: 'ada', force: 'yes' }],
      'StartMalformed',
      /^force: found "yes", expected true or false/,
    ],
    [CLAIM_WORKFLOW, [{}], 'StartMalformed', /^found an object, expected a claim/],
    [CLAIM_WORKFLOW, [claim], 'StartForged', /^this claim to a node is not one of nobody/],
  ];

  for (const [index, [type, args, failure, message]] of cases.entries()) {
    const workflowId = `malformed-${index}`;
    await temporal.workflow.start(type, { taskQueue, workflowId, args });
    const end = await endOf(temporal, workflowId);
    assert.deepEqual([index, end.type], [index, failure]);
    assert.match(end.message, message);
  }
});

/** The message of the failure that one run of a cron schedule ended with, which its result would not tell. */
async function firstEndOf(temporal: Client, workflowId: string, runId: string): Promise<string> {
  for (;;) {
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const message = events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure?.message;
    if (message) return message;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Calls that change a node, as the sandbox counts them. */
function changesOf({ sandbox }: MigrationStack): string[] {
  const reads = /^(List|Get|Query|Find|Resolve|Health|Stream|Export|Check)/;
  return sandbox.calls
    .list()
    .map(({ method }) => method)
    .filter((method) => !reads.test(method.split('/').at(-1)!));
}
