import assert from 'node:assert/strict';
import test from 'node:test';

import { AbortedError } from '../../client/errors.js';
import { snapshotOf } from '../support/snapshot.js';
import { lose, reset } from '../support/losing.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

test('reset: at a gate with both nodes disconnected a run hands over to one that knows it, which an abort takes back', async (t) => {
  const stack = await startMigrationStack(t);
  const { client, approve, until } = stack;
  const before = await stateOf(stack);
  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  await until(id, ({ gate }) => gate?.name === 'cut-over');

  const lost = await lose(stack, id, 'reset');

  const { lastFailure, steps } = await until(id, ({ state, lastFailure }) => state === 'stopped' && lastFailure?.message.includes(lost) === true);
  assert.match(lastFailure!.message, /stood at the gate cut-over/);
  assert.equal(steps.find(({ name }) => name === 'freeze-source')?.state, 'done');
  await client.abort(id, { by: 'test' });
  await assert.rejects(client.result(id), AbortedError);
  assert.deepEqual(await stateOf(stack), before);
  void reset;
});

/** Everything but the delegation, which stays. */
async function stateOf({ sandbox, participants }: MigrationStack) {
  const byName = new Map(Object.entries(participants));
  const { source, target } = await snapshotOf({ sandbox, participants: byName });
  return { source: { ...source, delegations: [] }, target: { ...target, delegations: [] } };
}
