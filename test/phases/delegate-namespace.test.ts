import assert from 'node:assert/strict';
import test from 'node:test';

import type { Sandbox } from '../../sandbox/index.js';
import { apply, remains } from '../../workflows/phases/delegate-namespace.js';
import { delegateAllMappings, namespaceOf } from '../support/topology-changes.js';
import { callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { startSteps } from '../support/route-steps.js';

/** The delegations of the source's namespace, as a node has them in one of its stores. */
function delegations(sandbox: Sandbox, store: { of: 'source' | 'target'; on?: string }) {
  const namespace = namespaceOf(sandbox.participants.source.uid);
  return sandbox.participants[store.of]
    .delegations(store.on)
    .filter((its) => its.namespace === namespace)
    .map(({ target, restriction }) => ({ target, restriction }));
}

function rootAndNew({ participants: { source, target } }: Sandbox) {
  return [
    { target: namespaceOf(source.uid), restriction: 'all' },
    { target: namespaceOf(target.uid), restriction: 'all-but-nsd' },
  ];
}

test('delegate-namespace: the root and the new delegation reach the target and its synchronizer', async (t) => {
  const { sandbox, act, planned } = await startSteps(t);

  const changed = await apply(planned.plan, act);

  assert.equal(changed.length, 1);
  assert.deepEqual(delegations(sandbox, { of: 'source' }), rootAndNew(sandbox));
  assert.deepEqual(delegations(sandbox, { of: 'target' }), rootAndNew(sandbox));
  assert.deepEqual(delegations(sandbox, { of: 'target', on: 'da' }), rootAndNew(sandbox));
});

test('delegate-namespace: the new key may not sign namespace delegations', async (t) => {
  const { sandbox, act, planned } = await startSteps(t);

  await apply(planned.plan, act);

  const [, added] = delegations(sandbox, { of: 'target', on: 'da' });
  assert.equal(added?.restriction, 'all-but-nsd');
});

test('delegate-namespace: a repeat proposes nothing and reports no change', async (t) => {
  const migrating = await startSteps(t, { upTo: 'delegate-namespace' });
  const { sandbox, act, planned } = migrating;

  let changed: string[] = ['not run'];
  const calls = await callsOf(migrating, async () => (changed = await apply(planned.plan, act)));

  assert.deepEqual(changed, []);
  assert.deepEqual(
    calls.filter(({ method }) => method === 'Authorize'),
    [],
  );
  assert.deepEqual(delegations(sandbox, { of: 'target', on: 'da' }), rootAndNew(sandbox));
});

for (const method of ['Authorize', 'AddTransactions']) {
  test(`delegate-namespace: a repeat after the lost reply of ${method} leaves one delegation`, async (t) => {
    const { sandbox, act, planned } = await startSteps(t);
    sandbox.faults.dropReply(method);

    await assert.rejects(apply(planned.plan, act), failing('Unavailable', 'transient'));
    await apply(planned.plan, act);

    assert.deepEqual(delegations(sandbox, { of: 'source' }), rootAndNew(sandbox));
    assert.deepEqual(delegations(sandbox, { of: 'target', on: 'da' }), rootAndNew(sandbox));
  });
}

test('delegate-namespace: a key that holds another restriction is a conflict and stays as it is', async (t) => {
  const { sandbox, act, planned } = await startSteps(t);
  delegateAllMappings(sandbox);

  await assert.rejects(
    apply(planned.plan, act),
    failing('DelegationConflict', 'mismatch', planned.plan.target.namespaceKey, 'CanSignAllMappings'),
  );

  assert.deepEqual(
    delegations(sandbox, { of: 'source' }).map(({ restriction }) => restriction),
    ['all', 'all'],
  );
  assert.equal(delegations(sandbox, { of: 'target' }).length, 0);
});

test('delegate-namespace: a key that the target does not know is refused before anything is proposed', async (t) => {
  const migrating = await startSteps(t);
  const { act, planned } = migrating;
  const unknownKey = `1220${'ab'.repeat(32)}`;
  const namespaces = planned.plan.namespaces.map((its) => ({
    ...its,
    delegation: { ...its.delegation!, targetKey: unknownKey },
  }));
  const plan = { ...planned.plan, namespaces };

  const calls = await callsOf(
    migrating,
    () =>
      assert.rejects(apply(plan, act), failing('NamespaceKeyMissing', 'refused', 'target', unknownKey)),
    { isMutating: true },
  );

  assert.deepEqual(calls, []);
});

test('delegate-namespace: what stays after an abort is named with the reason', async (t) => {
  const { planned } = await startSteps(t);

  const [{ what, why } = { what: '', why: '' }] = remains(planned.plan);

  assert.ok(
    what.includes(planned.plan.source.namespace) && what.includes(planned.plan.target.namespaceKey),
  );
  assert.match(why, /final/);
});
