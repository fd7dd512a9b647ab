import assert from 'node:assert/strict';
import test from 'node:test';

import { RARER } from '../support/boundaries.js';
import { approveGates } from '../support/driving.js';
import { LIVE_REQUEST, TINY_LIVE } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';

// Networks J, item 9: the node allows it, and after a disconnect nothing shows it.
test('isolation: a target that somebody connects while the migration is stopped in the window is told at once', async (t) => {
  const { sandbox, client, until, participants, handle } = await startMigrationStack(t, {
    scenario: TINY_LIVE,
  });
  sandbox.faults.failBefore('ImportAcs', {
    participant: 'target',
    code: 'FAILED_PRECONDITION',
    times: 3,
  });
  const id = await client.start(LIVE_REQUEST);
  await approveGates(client, id, ['root-key', 'target-backup']);
  const stopped = await until(id, ({ state }) => state === 'stopped');
  await participants.target.synchronizers.reconnect('acme');

  const told = await until(id, ({ lastFailure }) => lastFailure?.type === 'TargetExposed');
  await client.abort(id, { by: 'test' });
  await assert.rejects(handle(id).result());

  assert.equal(stopped.lastFailure?.type, 'FailedPrecondition');
  assert.equal(told.state, 'stopped');
  assert.match(told.lastFailure!.message, /^target is connected to acme while it was a host/);
  const { live } = await until(id, ({ state }) => state === 'aborted');
  assert.match(live?.leftIsolated ?? '', /it was connected while it was a host/);
});

test('isolation: the same while it is paused in the copy', RARER, async (t) => {
  const { sandbox, client, until, participants } = await startMigrationStack(t, {
    scenario: TINY_LIVE,
  });
  sandbox.faults.delay('ImportAcs', 2_000, { participant: 'target', times: 1 });
  const id = await client.start(LIVE_REQUEST);
  await approveGates(client, id, ['root-key', 'target-backup']);
  await until(id, ({ live }) => live?.activation !== undefined);
  await client.pause(id, { by: 'test' });
  await until(id, ({ state }) => state === 'paused');
  await participants.target.synchronizers.reconnect('acme');

  const told = await until(id, ({ lastFailure }) => lastFailure?.type === 'TargetExposed');

  assert.ok(['paused', 'stopped'].includes(told.state), told.state);
});
