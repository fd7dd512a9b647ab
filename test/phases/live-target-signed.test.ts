import assert from 'node:assert/strict';
import test from 'node:test';

import { movedParties } from '../../model/plan.js';
import { failing } from '../support/failing.js';
import { signHostings } from '../support/hostings.js';
import { itemsOf, partiesIn } from '../support/plan-parties.js';
import { reached } from '../support/reached.js';
import {
  applyStep,
  applyUpTo,
  checkUndone,
  liveOf,
  PROMPT_LIVE,
  startLiveSteps,
  undoAll,
  type Migrating,
} from '../support/route-steps.js';
import { LIVE_REQUEST } from '../support/stack.js';
import { allocateOnSource, hostOnBoth } from '../support/topology-changes.js';

const parties = { ...PROMPT_LIVE.parties, local: 2, external: 1, foreign: 0 };
const SCENARIO = { ...PROMPT_LIVE, parties, contracts: { count: 3, ofExternal: 1 } };

/** How a party is to be hosted by the migration, its hosts in whichever order. */
async function onboardingOf({ participants, planned }: Migrating, party: string, isTargetFirst = false) {
  const { source, target } = planned.plan;
  const store = { synchronizerId: source.synchronizer.logicalId };
  const { topology } = participants.get('source')!;
  const [mapping] = await topology.listPartyMappings(store, { party });
  const { permission } = mapping!.hosts.find((its) => its.participantUid === source.uid)!;
  const added = { participantUid: target.uid, permission, isOnboarding: true };
  const hosts = isTargetFirst ? [added, ...mapping!.hosts] : [...mapping!.hosts, added];
  return { store, next: { ...mapping!, hosts, serial: mapping!.serial + 1 } };
}

test('live: nothing is added to what the target has signed before it was isolated, and no plan is made over it', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario: SCENARIO });
  const { participants, planned, sandbox, act } = migrating;
  const { party } = partiesIn(planned.plan).find(({ class: its }) => its === 'external')!;
  const { store, next } = await onboardingOf(migrating, party, true);
  await participants.get('target')!.topology.proposePartyHosting(store, next);
  const { topology } = participants.get('source')!;
  const proposed = () => topology.listPartyMappings(store, { party }, { isProposal: true });
  await reached(async () => (await proposed()).length === 1);
  await signHostings(migrating);

  await assert.rejects(
    applyStep(migrating, 'propose-parties'),
    failing('TargetSignedAlready', 'mismatch', party),
  );

  const { source } = sandbox.participants;
  assert.equal((await proposed()).length, 1, 'the signature of the party was added');
  for (const its of itemsOf(movedParties(planned.plan)))
    assert.deepEqual(source.hosts(its, 'acme'), [source.uid]);
  const { plan } = await act.readPlan(LIVE_REQUEST);
  assert.deepEqual(
    plan.obstacles.map(({ type }) => type),
    ['ProposalSignedByTarget'],
  );
  await undoAll(migrating);
  await checkUndone(migrating);
});

test('live: a target that somebody made a host before it was isolated is told, and left disconnected by an abort', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'isolate-target' });
  const { participants, planned, sandbox, migration } = migrating;
  const { source, target } = sandbox.participants;
  const [party = ''] = itemsOf(movedParties(planned.plan));
  hostOnBoth(sandbox, party, true);
  await reached(() => source.hosts(party, 'acme').includes(target.uid));

  const told = failing('TargetHostsAlready', 'mismatch', 'expected no host of the parties before');
  await assert.rejects(applyStep(migrating, 'isolate-target'), told);
  // The obvious repair repairs nothing: it was connected as a host without their contracts.
  const { topology } = participants.get('source')!;
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  const [mapping] = await topology.listPartyMappings(store, { party });
  const hosts = mapping!.hosts.filter(({ participantUid }) => participantUid === source.uid);
  await topology.proposePartyMapping(store, { ...mapping!, hosts, serial: mapping!.serial + 1 });
  await reached(() => !source.hosts(party, 'acme').includes(target.uid));
  await assert.rejects(applyStep(migrating, 'isolate-target'), told);
  assert.deepEqual(target.connected(), []);
  await undoAll(migrating);

  assert.match(liveOf(migration).leftIsolated ?? '', /somebody made it a host outside of the migration/);
  assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
  assert.deepEqual(target.connected(), []);
});

test('live: parties that somebody else onboards to the target stand in the way of the activation, and of a plan', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { planned, sandbox, act } = migrating;
  const { source, target } = sandbox.participants;
  const other = await allocateOnSource(sandbox, 'Newcomer');
  hostOnBoth(sandbox, other, true);
  await reached(() => source.hosts(other, 'acme').includes(target.uid));

  await assert.rejects(
    applyStep(migrating, 'activate-target'),
    failing('TargetOnboarding', 'mismatch', other),
  );

  const moved = itemsOf(movedParties(planned.plan));
  for (const its of moved) assert.deepEqual(source.hosts(its, 'acme'), [source.uid]);
  const { plan } = await act.readPlan({ ...LIVE_REQUEST, parties: moved });
  const [found] = plan.obstacles.filter(({ type }) => type === 'OnboardingUnderWay');
  assert.ok(found?.what.includes(other), JSON.stringify(plan.obstacles));
});

test('live: a party that was taken off the target and activated again is refused, and an abort leaves the target disconnected', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'copy-contracts' });
  const { migration, participants, planned, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const [party = ''] = itemsOf(movedParties(planned.plan));
  const { topology } = participants.get('source')!;
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  const [mapping] = await topology.listPartyMappings(store, { party });
  const hosts = mapping!.hosts.filter(({ participantUid }) => participantUid === source.uid);
  await topology.proposePartyMapping(store, { ...mapping!, hosts, serial: mapping!.serial + 1 });
  await reached(() => !source.hosts(party, 'acme').includes(target.uid));
  // A worker that died had not recorded the activation.
  delete liveOf(migration).activation;

  await assert.rejects(
    applyStep(migrating, 'activate-target'),
    failing('ActivatedAgain', 'mismatch', party),
  );
  await undoAll(migrating);

  assert.match(liveOf(migration).leftIsolated ?? '', /became one again/);
  assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
  assert.deepEqual(target.connected(), []);
});

test('live: what an owner signed with the hosts in another order is signed by the source too, and alone activated', async (t) => {
  const scenario = {
    ...SCENARIO,
    parties: { ...parties, local: 1, external: 0, decentralized: 1 },
    contracts: { count: 3, ofDecentralized: 1 },
  };
  const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario });
  const { participants, planned, sandbox } = migrating;
  const { party, signers } = partiesIn(planned.plan).find((its) => its.class === 'decentralized')!;
  const [owner = ''] = signers!.namespaces;
  const { store, next } = await onboardingOf(migrating, party, true);
  const { signing, topology } = participants.get('source')!;
  const [made] = await signing.generatePartyMappings(store, [next]);
  const signed = sandbox.sign(owner, Buffer.from(made!.hash, 'hex'));
  const signature = Buffer.from(signed).toString('base64');
  const proposal = { signedBy: owner, algorithm: 'ED25519', signature } as const;
  await applyUpTo(migrating, 'await-owners');
  await topology.addTransactions([signing.assembleProposal(made!, [proposal])], store);

  await applyUpTo(migrating, 'copy-contracts');

  const [mapping] = await topology.listPartyMappings(store, { party });
  assert.deepEqual(mapping?.hosts, next.hosts);
  const { source, target } = sandbox.participants;
  assert.deepEqual([...source.damage(), ...target.damage()], []);
});
