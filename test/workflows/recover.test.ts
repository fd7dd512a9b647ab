import assert from 'node:assert/strict';
import test from 'node:test';

import { AbortedError, MigrationError } from '../../client/errors.js';
import { migrationId } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { PLANNED_MEMO } from '../../model/planned.js';
import { MIGRATE_WORKFLOW } from '../../model/steering.js';
import { RARER } from '../support/boundaries.js';
import { COLD_GATES, approvalOf, eventually } from '../support/driving.js';
import { lose, reset, stateOf, whenIn } from '../support/losing.js';
import { approveLive, assertServes, partiesOf, startLive } from '../support/live.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

const BY = { by: 'test' };

/** Recovers what was lost, and returns what was shown before. */
async function recover({ client }: MigrationStack, id: string, way: 'back' | 'forward') {
  const left = (await client.leftBehind(id))!;
  assert.ok(left.isLost);
  assert.ok(left.ways.includes(way), `${left.stood}: ${left.ways.join()}`);
  await client.recover(id, { ...BY, way, runId: left.runId });
  return left;
}

test(
  'reset: at a gate with both nodes disconnected a run hands over to one that knows it; an approval that Temporal sends anew opens nothing, and an abort takes all back',
  RARER,
  async (t) => {
    const stack = await startMigrationStack(t);
    const { client, approve, until, sandbox } = stack;
    const before = await stateOf(stack);
    const id = await client.start(REQUEST);
    await approve(id, 'root-key');
    await approve(id, 'interrupt-service');
    const { planHash } = await until(id, ({ gate }) => gate?.name === 'cut-over');
    const called = sandbox.calls.last;

    // To its first task: Temporal sends the new run both approvals.
    const lost = await lose(stack, id, 'reset');

    const { lastFailure, steps } = await until(
      id,
      (its) => its.state === 'stopped' && its.lastFailure?.message.includes(lost) === true,
    );
    assert.match(lastFailure!.message, /begun by Temporal's Reset.* stood at the gate cut-over/);
    assert.equal(steps.find(({ name }) => name === 'freeze-source')?.state, 'done');
    const changes = sandbox.calls.list({ after: called }).filter(({ method }) => CHANGES.has(method));
    assert.deepEqual(changes, []);
    await assert.rejects(client.approve(id, approvalOf('cut-over', planHash!)), /is stopped in/);
    await client.abort(id, BY);
    await assert.rejects(client.result(id), (error) => {
      assert.ok(error instanceof AbortedError, String(error));
      assert.match(error.message, /the source serves as before/);
      return true;
    });
    assert.deepEqual(await stateOf(stack), before);

    // It came to its own end: whoever resets it is told so, and nothing is changed.
    const last = (await stack.handle(id).describe()).runId;
    const again = await reset(stack, id, last, 'last');
    await assert.rejects(stack.temporal.workflow.getHandle(id, again).result(), (error: Error) => {
      assert.match(String(error.cause), /that stands, and nothing was changed since/);
      return true;
    });
    assert.deepEqual(await stateOf(stack), before);
    assert.equal(await client.start(REQUEST), id);
  },
);

// It asks who has the target while that one is open, and is answered when it no longer is.
test(
  'recover: terminated while another run waits for its target: that one is refused, and while it has the target, what was lost waits',
  RARER,
  async (t) => {
    let id = '';
    let lost: string | undefined;
    const [asked, answered] = [barrier(), barrier()];
    const stack = await startMigrationStack(t, {
      scenario: { ...SMALL, fresh: { name: 'fresh', dars: [] } },
      change: ({ readHolder, readNothingLeft }) => ({
        readHolder: async (node) => {
          lost ??= await lose(stack, id, 'terminate');
          return readHolder(node);
        },
        readNothingLeft: async (nodes) => {
          if (lost) {
            asked.open();
            await answered.opened;
          }
          return readNothingLeft(nodes);
        },
      }),
    });
    const { client, approve, until, temporal, taskQueue, sandbox } = stack;
    const before = await stateOf(stack);
    id = await client.start(REQUEST);
    await approve(id, 'root-key');
    await until(id, ({ gate }) => gate?.name === 'interrupt-service');

    const other = await temporal.workflow.start(MIGRATE_WORKFLOW, {
      ...{ workflowId: migrationId(sandbox.participants.fresh!.uid), taskQueue },
      args: [{ ...REQUEST, source: 'fresh', sourceSynchronizer: 'acme', targetSynchronizer: 'acme' }],
    });
    try {
      const ended = other.result().then(() => undefined, String);
      const planned = eventually('a plan', async () => {
        const { memo = {} } = await other.describe();
        return PLANNED_MEMO in memo || undefined;
      }).then(() => 'it was planned');
      planned.catch(() => undefined);
      assert.equal(await Promise.race([asked.opened, planned, ended]), undefined);
      await recover(stack, id, 'back');
      await until(id, ({ lastFailure }) => lastFailure?.type === 'MigrationOpen');
    } finally {
      answered.open();
    }

    await assert.rejects(other.result(), ({ cause }: { cause?: { type?: string } }) => {
      assert.equal(cause?.type, 'MigrationLost');
      return true;
    });
    await assert.rejects(client.result(id), AbortedError);
    assert.deepEqual(await stateOf(stack), before);
  },
);

/** What a refused run claimed is free a moment after it. */
async function claimsEnd({ sandbox, temporal }: MigrationStack): Promise<void> {
  for (const { uid } of [sandbox.participants.source, sandbox.participants.target])
    await eventually(`the end of the claim to ${uid}`, async () => {
      const { status } = await temporal.workflow.getHandle(migrationId(uid)).describe();
      return status.name === 'RUNNING' ? undefined : true;
    });
}

/** Calls that show that somebody approved, or aborted. */
const CHANGES = new Set(['ReconnectSynchronizer', 'DisconnectSynchronizer', 'ModifySynchronizer']);

test('recover: terminated in the transfer: nothing starts on top of it, status, approve and abort say so, and back is as before', async (t) => {
  let id = '';
  const stack = await startMigrationStack(t, {
    change: whenIn('copyActiveContracts', 'after', () => lose(stack, id, 'terminate')),
  });
  const { client, approve, temporal, taskQueue } = stack;
  const before = await stateOf(stack);
  id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  await assert.rejects(client.result(id), { type: 'Terminated', next: /canton-migrate recover/ });

  const lost = { type: 'MigrationLost', next: `canton-migrate recover ${id}` };
  await assert.rejects(client.abort(id, BY), lost);
  await assert.rejects(client.approve(id, approvalOf('cut-over', '0')), lost);
  await assert.rejects(client.start(REQUEST), lost);
  const { status, startedAt } = await client.status(id);
  assert.match(
    status!.summary,
    /^terminated from outside while it was under way in transfer-active-contracts: what it had done stays/,
  );
  assert.equal(status!.next, `canton-migrate recover ${id}`);
  // As a schedule does; and with the target as the source: it has contracts that nobody has proven.
  const back: MigrationRequest = {
    ...{ source: 'target', target: 'source', sourceSynchronizer: 'da', targetSynchronizer: 'acme' },
  };
  await assert.rejects(client.start(back), lost);
  for (const request of [REQUEST, back]) {
    const nightly = await temporal.workflow.start(MIGRATE_WORKFLOW, {
      ...{ workflowId: `nightly-${request.source}-${taskQueue}`, taskQueue },
      args: [request],
    });
    await assert.rejects(nightly.result(), (error: Error) => {
      assert.match(JSON.stringify(error.cause), /canton-migrate recover migrate-participant/);
      return true;
    });
    await claimsEnd(stack);
  }

  const { stood } = await recover(stack, id, 'back');
  assert.equal(stood, 'was at the step copy-contracts of transfer-active-contracts');
  await assert.rejects(client.result(id), AbortedError);
  assert.deepEqual(await stateOf(stack), before);
  assert.equal((await client.status(id)).startedAt, startedAt);
  await assert.rejects(
    client.recover(id, { ...BY, way: 'back', runId: 'any' }).then(() => client.result(id)),
    {
      type: 'NothingToRecover',
    },
  );
});

test(
  'recover: terminated in the connect of the cut-over, which may have been sent: only forward, and the target serves all',
  RARER,
  async (t) => {
    let id = '';
    const stack = await startMigrationStack(t, {
      change: whenIn('connectProvenTarget', 'before', () => lose(stack, id, 'terminate')),
    });
    const { client, approve, sandbox } = stack;
    const contracts = sandbox.participants.source.contracts().sort();
    id = await client.start(REQUEST);
    for (const gate of COLD_GATES) await approve(id, gate);
    await assert.rejects(client.result(id), { type: 'Terminated' });

    const left = await recover(stack, id, 'forward');

    assert.deepEqual(left.ways, ['forward']);
    const report = await client.result(id);
    assert.ok(report.verification.isEqual);
    assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
    const { runId } = await stack.handle(id).describe();
    // The source watch: a reset goes on watching.
    await lose(stack, id, 'reset');
    await stack.until(id, ({ state }) => state === 'watching');
    assert.notEqual((await stack.handle(id).describe()).runId, runId);
    // It claims the target again before it watches.
    const closed = await eventually('the watch', () =>
      client.closeMigration(id, BY).catch((error: unknown) => {
        if (error instanceof MigrationError && error.type === 'NotWatching') return undefined;
        throw error;
      }),
    );
    assert.equal(closed.closedBy, 'test');
    assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
  },
);

test(
  'recover: live, terminated at the gate switch: forward from there moves everything',
  RARER,
  async (t) => {
    const live = await startLive(t);
    const { stack, id, contracts } = live;
    const { client, approve, until, sandbox } = stack;
    await approveLive(live, ['root-key', 'target-backup']);
    await until(id, ({ gate }) => gate?.name === 'switch');
    await lose(stack, id, 'terminate');

    const { stood } = await recover(stack, id, 'forward');

    assert.equal(stood, 'stood at the gate switch');
    await approve(id, 'switch');
    const report = await client.result(id);
    assert.ok(report.verification.isEqual);
    assertServes(stack, sandbox.participants.target, { contracts, parties: partiesOf(report) });
  },
);

/** Holds whoever waits for it until it is opened. */
function barrier() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), opened };
}
