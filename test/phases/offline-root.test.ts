import assert from 'node:assert/strict';
import test from 'node:test';

import { isLive, movedParties } from '../../model/plan.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import {
  PROMPT_LIVE,
  applyUpTo,
  checkUndone,
  startLiveSteps,
  startSteps,
  undoAll,
} from '../support/route-steps.js';
import {
  EVERYTHING,
  LIVE_REQUEST,
  REQUEST,
  startStack,
  TINY_LIVE,
  type Stack,
} from '../support/stack.js';
import { delegateToIntermediate, namespaceOf } from '../support/topology-changes.js';
import { apply } from '../../workflows/phases/delegate-namespace.js';
import { itemsOf, partiesIn } from '../support/plan-parties.js';

// Canton's recommended set-up: the root key of the namespace is offline, an intermediate key in the KMS signs for it.
// Source: networks I.
const BACK = { source: 'target', target: 'source' };
const OFFLINE = { identity: 'offline-root' } as const;

/** What a scenario has with a target, and on demand a source, whose root key is offline. */
function offline(scenario: ScenarioChange, { isSourceToo = false } = {}): ScenarioChange {
  const { source, target, ...rest } = scenario;
  return {
    ...rest,
    source: { ...source, ...(isSourceToo && OFFLINE) },
    target: { ...target, ...OFFLINE },
  };
}

/** The fingerprint of the key that signs for the namespace of a node. */
function signerOf({ sandbox }: Pick<Stack, 'sandbox'>, role: 'source' | 'target'): string {
  return sandbox.participants[role].participant.node.vault.namespaceKey().fingerprint;
}

test('offline root: the plan delegates to the intermediate key of the target, and finds nothing in the way', async (t) => {
  for (const [scenario, request] of [
    [EVERYTHING, REQUEST],
    [TINY_LIVE, LIVE_REQUEST],
  ] as const) {
    const stack = await startStack(t, offline(scenario));
    const { participants } = stack.sandbox;
    const { plan } = await stack.act.readPlan(request);

    assert.deepEqual(plan.obstacles, []);
    const [{ delegation }] = plan.namespaces as [(typeof plan.namespaces)[number]];
    assert.equal(delegation?.targetKey, signerOf(stack, 'target'));
    assert.notEqual(delegation.targetKey, namespaceOf(participants.target.uid));
    assert.equal(plan.target.namespaceKey, delegation.targetKey);
    assert.deepEqual([plan.target.isKmsBacked, plan.direction], [true, 'to-kms']);
    const ofTarget = plan.signatures.filter(({ holder }) => holder === 'target');
    assert.ok(ofTarget.length > 0 && ofTarget.every(({ key }) => key === delegation.targetKey));
  }
});

test('offline root: a whole migration onto such a target by the route new-synchronizer, and back', async (t) => {
  const migrating = await startSteps(t, { scenario: offline(EVERYTHING) });
  await applyUpTo(migrating);

  const { source, target } = migrating.sandbox.participants;
  assert.deepEqual([source.connected(), target.connected()], [[], ['da']]);
  const moved = itemsOf(movedParties(migrating.planned.plan));
  assert.ok(moved.length > 0);
  for (const party of moved) assert.deepEqual(target.hosts(party, 'da'), [target.uid]);
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
  const back = { ...REQUEST, ...BACK, sourceSynchronizer: 'da', targetSynchronizer: 'acme' };
  const { plan } = await migrating.act.readPlan({
    ...back,
    parties: moved,
    options: { copy: 'changes' },
  });
  assert.deepEqual(plan.obstacles, []);
  assert.deepEqual([itemsOf(movedParties(plan)), plan.signatures], [moved, []]);
});

test('offline root: an abort takes back what was done to such a target', async (t) => {
  const migrating = await startSteps(t, { scenario: offline(EVERYTHING), before: 'connect-target' });
  await undoAll(migrating);

  const { source, target } = migrating.sandbox.participants;
  await checkUndone(migrating);
  assert.deepEqual([source.connected(), target.contracts()], [['acme'], []]);
});

test('offline root: a whole migration onto such a target by the route live, and back', async (t) => {
  const migrating = await startLiveSteps(t, { scenario: offline(PROMPT_LIVE) });

  const { planned, sandbox, act } = migrating;
  const { source, target } = sandbox.participants;
  const moved = itemsOf(movedParties(planned.plan));
  assert.ok(isLive(planned.plan));
  assert.deepEqual([moved.length, planned.plan.live.removalSigner], [3, 'target']);
  for (const party of moved)
    assert.deepEqual([source.hosts(party), target.hosts(party)], [[target.uid], [target.uid]]);
  assert.deepEqual(target.damage(), []);
  const { plan } = await act.readPlan({ ...LIVE_REQUEST, ...BACK, parties: moved });
  assert.ok(isLive(plan));
  assert.deepEqual([plan.obstacles, itemsOf(movedParties(plan))], [[], moved]);
  assert.deepEqual([plan.live.proposalSigner, plan.live.removalSigner], ['source', 'target']);
});

test('offline root: a source without its root key proposes the parties itself, and its root key signs the delegation', async (t) => {
  const stack = await startStack(t, offline(TINY_LIVE, { isSourceToo: true }));
  const { plan } = await stack.act.readPlan(LIVE_REQUEST);
  const namespace = namespaceOf(stack.sandbox.participants.source.uid);

  assert.deepEqual(plan.obstacles, []);
  assert.deepEqual(
    partiesIn(plan)
      .filter(({ treatment }) => treatment === 'move')
      .map((its) => its.class),
    ['local', 'local', 'local'],
  );
  const [planned] = plan.namespaces;
  assert.deepEqual([planned?.delegation?.signer, planned?.rootKey.fingerprint], ['offline', namespace]);
  assert.ok(isLive(plan));
  assert.deepEqual([plan.live.proposalSigner, plan.live.removalSigner], ['source', 'target']);
});

test('offline root: a key of the source that may sign all mappings signs the delegation, and its own goes along', async (t) => {
  const stack = await startStack(t, EVERYTHING);
  const { source, target } = stack.sandbox.participants;
  const intermediate = delegateToIntermediate(stack.sandbox);
  source.takeRootKey();
  const { plan } = await stack.plan();

  assert.deepEqual(plan.obstacles, []);
  const [signature] = plan.signatures;
  assert.deepEqual([signature?.key, signature?.holder], [intermediate, 'source']);
  await apply(plan, stack.act);

  const namespace = namespaceOf(source.uid);
  assert.deepEqual(
    target
      .delegations('da')
      .filter((its) => its.namespace === namespace)
      .map((its) => its.target),
    [namespace, intermediate, namespaceOf(target.uid)],
  );
});
