import assert from 'node:assert/strict';
import test from 'node:test';

import { movedParties, namespaceOf } from '../../model/plan.js';
import type { AwaitedSignatures } from '../../model/live.js';
import type { PartyToParticipant } from '../../sandbox/topology/mapping.js';
import { awaitOwners } from '../../workflows/phases/live/owners.js';
import { HostingLaw } from '../support/hosting-law.js';
import { signHostings } from '../support/hostings.js';
import { EVERY_KIND } from '../support/kinds.js';
import { createContractOn } from '../support/ledger-changes.js';
import { itemsOf, partiesIn } from '../support/plan-parties.js';
import {
  applyStep,
  applyUpTo,
  livePlanOf,
  liveRunOf,
  PROMPT_LIVE,
  startLiveMigrating,
  stepsIn,
  type Migrating,
} from '../support/route-steps.js';
import { startStack } from '../support/stack.js';
import { hostForTarget, setThreshold } from '../support/topology-changes.js';

test('live: owners raise their threshold before the target signs, and each kind of party goes over with its other hosts', async (t) => {
  const stack = await startStack(t, EVERY_KIND);
  const migrating = await startLiveMigrating(stack);
  const { plan } = migrating.planned;
  const { source } = stack.sandbox.participants;
  const joint = partiesIn(plan).find(({ party }) => party.startsWith('joint-'))!;
  const [late] = joint.signers!.namespaces;
  const law = new HostingLaw(stack.sandbox, itemsOf(movedParties(plan)));
  const before = source.parties('acme');
  await applyUpTo(migrating, 'propose-parties');
  await signHostings(
    migrating,
    ({ namespace, transactions }) =>
      transactions.some(({ party }) => party !== joint.party) || namespace !== late,
  );
  await applyRest(migrating, 'propose-parties', 'activate-target');
  setThreshold(stack.sandbox, namespaceOf(joint.party), 3);

  await assert.rejects(
    applyStep(migrating, 'activate-target'),
    new RegExp(`for the hosting of 1 party: ${joint.party}. Not signed by ${late}`),
  );
  assert.deepEqual(source.parties('acme'), before);
  await signHostings(migrating);
  await applyRest(migrating, 'activate-target');

  law.assertHeld();
  assertMoved(migrating, before);
});

// What its key signs is the signature of the target as well: nothing is proposed before the target is
// disconnected.
test('live: a party in the namespace of the target is signed for ahead, and becomes active in the window', async (t) => {
  const stack = await startStack(t, PROMPT_LIVE);
  const { source, target } = stack.sandbox.participants;
  const party = hostForTarget(stack.sandbox, 'guest-of-target');
  createContractOn(source, { parties: [party] });
  const migrating = await startLiveMigrating(stack);
  const { live } = livePlanOf(migrating.planned);
  assert.ok(live.isProposalEffective);
  const law = new HostingLaw(stack.sandbox, itemsOf(movedParties(migrating.planned.plan)));
  await applyUpTo(migrating, 'propose-parties');
  await signHostings(migrating);

  await applyUpTo(migrating, 'activate-target');
  assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
  await applyRest(migrating, 'activate-target');

  law.assertHeld();
  assert.deepEqual(target.hosts(party, 'acme'), [target.uid]);
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
});

// It is an owner of one namespace, and another is its own: it adds its signature to what is proposed, or
// proposes it.
test('live: another participant signs on its own node, and goes on as a host with all contracts', async (t) => {
  const fresh = {
    ...{ name: 'other', synchronizers: ['source' as const], isOther: true },
    dars: [{ name: 'lab-iou', version: '1.0.0', isVetted: true }],
  };
  const stack = await startStack(t, { ...EVERY_KIND, fresh });
  const migrating = await startLiveMigrating(stack);
  const { plan } = migrating.planned;
  const { source, fresh: other } = stack.sandbox.participants;
  const ofOther = namespaceOf(other!.uid);
  const law = new HostingLaw(stack.sandbox, itemsOf(movedParties(plan)));
  const before = source.parties('acme');
  const contracts = other!.contracts();
  await applyUpTo(migrating, 'propose-parties');
  await signHostings(migrating, ({ namespace }) => namespace !== ofOther);
  await applyRest(migrating, 'propose-parties', 'await-owners');
  const found: AwaitedSignatures[] = [];
  const signing = async <T>(_: () => boolean, work: () => Promise<T>) => {
    const awaited = await work();
    found.push(structuredClone(awaited) as AwaitedSignatures);
    for (const party of found.at(-1)!.named) await signOnOther(migrating, party);
    return awaited;
  };

  await awaitOwners({ ...liveRunOf(migrating), unless: signing });
  await applyRest(migrating, 'await-owners');

  assert.deepEqual(found[0]?.namespaces, [{ namespace: ofOther, count: 2 }]);
  assert.equal(found.at(-1)?.parties, 0);
  law.assertHeld();
  assertMoved(migrating, before);
  assert.deepEqual(other!.contracts(), contracts);
  assert.ok(contracts.length > 0 && !other!.isDamaged());
});

/**
 * Has the participant beside source and target sign what is proposed for a party, as its operator does there.
 */
async function signOnOther({ participants, planned }: Migrating, party: string): Promise<void> {
  const { source, target } = planned.plan;
  const store = { synchronizerId: source.synchronizer.logicalId };
  const { topology } = participants.get('fresh')!;
  const [mapping] = await topology.listPartyMappings(store, { party });
  const { permission } = mapping!.hosts.find((its) => its.participantUid === source.uid)!;
  const host = { participantUid: target.uid, permission, isOnboarding: true };
  const next = { ...mapping!, hosts: [...mapping!.hosts, host], serial: mapping!.serial + 1 };
  await topology.proposePartyHosting(store, next);
}

/**
 * The target is in the place of the source, and has what it had; of whatever else was hosted nothing is
 * changed.
 */
function assertMoved({ sandbox, planned }: Migrating, before: PartyToParticipant[]): void {
  const { source, target } = sandbox.participants;
  const moved = new Set(itemsOf(movedParties(planned.plan)));
  assert.equal(moved.size, 8);
  const hosts = (all: PartyToParticipant[], swap: (uid: string) => string) =>
    all
      .map(({ party, participants }) => [
        party,
        ...participants
          .map(({ participant_uid: uid, permission }) => [
            moved.has(party) ? swap(uid) : uid,
            permission,
          ])
          .sort(),
      ])
      .sort();
  const expected = hosts(before, (uid) => (uid === source.uid ? target.uid : uid));
  for (const view of [source, target])
    assert.deepEqual(
      hosts(view.parties('acme'), (uid) => uid),
      expected,
      view.name,
    );
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
}

/** Takes the steps from the one given on. */
async function applyRest(migrating: Migrating, from: string, before?: string): Promise<void> {
  const names = stepsIn(migrating).map(({ name }) => name);
  const end = before === undefined ? names.length : names.indexOf(before);
  for (const name of names.slice(names.indexOf(from), end)) await applyStep(migrating, name);
}
