import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { PartyMapping } from '../../model/participant.js';
import { movedParties, namespaceOf } from '../../model/plan.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { signHostings } from '../support/hostings.js';
import { failing } from '../support/failing.js';
import { pretended } from '../support/pretending.js';
import { reached } from '../support/reached.js';
import { itemsOf, partiesIn } from '../support/plan-parties.js';
import {
  applyStep,
  applyUpTo,
  checkUndone,
  liveOf,
  livePlanOf,
  liveRunOf,
  PROMPT_LIVE,
  startLiveSteps,
  undoAll,
  type Migrating,
} from '../support/route-steps.js';
import { changeThreshold } from '../support/topology-changes.js';
import { awaitOwners } from '../../workflows/phases/live/owners.js';

/** One of every kind beside local ones; two external parties have one key. */
const KINDS: ScenarioChange = {
  ...PROMPT_LIVE,
  contracts: { count: 6, ofExternal: 1, ofDecentralized: 1, ofMultiHosted: 1 },
  parties: { local: 2, multiHosted: 1, external: 2, externalKeys: 1, decentralized: 1, foreign: 1 },
};

async function startKinds(t: TestContext, before = 'propose-parties'): Promise<Migrating> {
  const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario: KINDS });
  await signHostings(migrating);
  await applyUpTo(migrating, before);
  return migrating;
}

/** How the parties that move are hosted now, as the source knows it. */
async function hostings({ participants, planned: { plan } }: Migrating): Promise<PartyMapping[]> {
  const store = { synchronizerId: plan.source.synchronizer.logicalId };
  const { topology } = participants.get('source')!;
  const moved = new Set(itemsOf(movedParties(plan)));
  return (await topology.listPartyMappings(store, {})).filter(({ party }) => moved.has(party));
}

function content(mappings: PartyMapping[], rename = (uid: string) => uid): unknown[] {
  return mappings.map(({ serial, hosts, ...its }) => ({
    ...its,
    isKnown: serial > 0,
    hosts: hosts
      .map((host) => ({ ...host, participantUid: rename(host.participantUid) }))
      .sort((a, b) => (a.participantUid < b.participantUid ? -1 : 1)),
  }));
}

test('live: every kind of party gets the target in place of the source, and keeps all else', async (t) => {
  const migrating = await startKinds(t);
  const { source, target } = migrating.planned.plan;
  const before = await hostings(migrating);

  await applyUpTo(migrating);

  assert.deepEqual(
    livePlanOf(migrating.planned)
      .partyCounts.filter(({ treatment }) => treatment === 'move')
      .map(({ class: its, count }) => `${count} ${its}`)
      .sort(),
    ['1 decentralized', '1 multi-hosted', '2 external', '2 local'],
  );
  const expected = content(before, (uid) => (uid === source.uid ? target.uid : uid));
  assert.deepEqual(content(await hostings(migrating)), expected);
});

test('live: what only others sign for is taken back by the target, once it has every contract', async (t) => {
  const migrating = await startKinds(t, 'connect-target');
  const before = content(await hostings(migrating));

  await undoAll(migrating);
  await checkUndone(migrating);

  const { target } = migrating.planned.plan;
  const now = await hostings(migrating);
  assert.ok(now.every(({ hosts }) => !hosts.some((its) => its.participantUid === target.uid)));
  assert.notDeepEqual(content(now), before);
  assert.equal(now.length, 6);
});

test('live: before the activation nothing of the parties was changed, and nothing has to be taken back', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario: KINDS });
  const before = await hostings(migrating);
  await signHostings(migrating);
  await applyUpTo(migrating, 'activate-target');
  assert.deepEqual(await hostings(migrating), before);

  await undoAll(migrating);
  await checkUndone(migrating);

  assert.deepEqual(await hostings(migrating), before);
});

test('live: the owners whose signatures are missing are named, until enough of them have signed', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario: KINDS });
  const { planned, migration } = migrating;
  const joint = partiesIn(planned.plan).find(({ class: its }) => its === 'decentralized')!;
  const { namespaces, needed } = joint.signers!;
  assert.deepEqual([namespaces.length, needed], [2, 1]);
  await signHostings(migrating, ({ namespace }) => !namespaces.includes(namespace));
  await applyUpTo(migrating, 'await-owners');
  const waited: unknown[] = [];
  const late = async <T>(_: () => boolean, work: () => Promise<T>) => {
    const found = await work();
    waited.push(structuredClone(found));
    // It signs after it was named.
    await signHostings(migrating, ({ namespace }) => namespace !== namespaces[0]);
    return found;
  };

  await awaitOwners({ ...liveRunOf(migrating), unless: late });

  const missing = {
    parties: 1,
    named: [joint.party],
    namespaces: namespaces.map((namespace) => ({ namespace, count: 1 })),
    namespaceCount: 2,
  };
  const nobody = { parties: 0, named: [], namespaces: [], namespaceCount: 0 };
  assert.deepEqual(waited, [missing, nobody]);
  assert.equal(liveOf(migration).awaited, undefined);
  assert.ok(namespaces.every((its) => its !== namespaceOf(planned.plan.source.uid)));
});

test('live: the target signs nothing once owners have raised their threshold', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario: KINDS });
  const { nodes, planned } = migrating;
  const joint = partiesIn(planned.plan).find(({ class: its }) => its === 'decentralized')!;
  const [late] = joint.signers!.namespaces;
  await signHostings(migrating, ({ namespace }) => namespace !== late);
  await applyUpTo(migrating, 'activate-target');
  const before = await hostings(migrating);
  const { topology } = nodes.get('source')!.reading();
  const raised = async (...asked: Parameters<typeof topology.listDecentralizedNamespaces>) =>
    (await topology.listDecentralizedNamespaces(...asked)).map((its) => ({ ...its, threshold: 3 }));
  const former = nodes.get('source')!;
  nodes.set('source', pretended(former, { topology: { listDecentralizedNamespaces: raised } }));

  await assert.rejects(
    applyStep(migrating, 'activate-target'),
    new RegExp(`for the hosting of 1 party: ${joint.party}. Not signed by ${late}`),
  );

  assert.deepEqual(await hostings(migrating), before);
  nodes.set('source', former);
  await applyStep(migrating, 'activate-target');
});

for (const when of ['before its signature is added', 'before that is ordered'] as const)
  test(`live: owners who raise their threshold ${when} leave no proposal that the target signed`, async (t) => {
    const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario: KINDS });
    const { nodes, participants, planned, sandbox } = migrating;
    const joint = partiesIn(planned.plan).find(({ class: its }) => its === 'decentralized')!;
    const namespace = namespaceOf(joint.party);
    const [late] = joint.signers!.namespaces;
    await signHostings(migrating, (its) => its.namespace !== late);
    await applyUpTo(migrating, 'activate-target');
    const raise = () => changeThreshold(sandbox, { namespace, threshold: 3 });
    const { signing } = participants.get('target')!;
    const { topology } = participants.get('source')!;
    const addSignatures: typeof signing.addSignatures = async (...asked) => {
      const signed = await signing.addSignatures(...asked);
      raise();
      return signed;
    };
    const addTransactions: typeof topology.addTransactions = async (...asked) => {
      await topology.addTransactions(...asked);
      raise();
    };
    if (when === 'before that is ordered')
      nodes.set('source', pretended(nodes.get('source')!, { topology: { addTransactions } }));
    else nodes.set('target', pretended(nodes.get('target')!, { signing: { addSignatures } }));

    const activated = applyStep(migrating, 'activate-target');
    await assert.rejects(activated, failing('SignatureMissing', 'refused', `Not signed by ${late}`));

    const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
    const proposals = await topology.listSignedPartyProposals(store, namespace);
    assert.deepEqual(
      proposals.map(({ signedBy }) => signedBy.includes(namespaceOf(planned.plan.target.uid))),
      [false],
    );
  });

test('live: what a key signed for another hosting of its party does not count for this one', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'propose-parties', scenario: KINDS });
  const { participants, planned, sandbox } = migrating;
  const external = partiesIn(planned.plan).find(({ class: its }) => its === 'external')!.party;
  const { signing, topology } = participants.get('source')!;
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  const [mapping] = await topology.listPartyMappings(store, { party: external });
  const uid = planned.plan.target.uid;
  const other = { participantUid: uid, permission: 'observation' as const, isOnboarding: true };
  const hosts = [...mapping!.hosts, other];
  const next = { ...mapping!, hosts, serial: mapping!.serial + 1 };
  const [made] = await signing.generatePartyMappings(store, [next]);
  const signedBy = namespaceOf(external);
  const signature = Buffer.from(sandbox.sign(signedBy, Buffer.from(made!.hash, 'hex'))).toString(
    'base64',
  );
  const theirs = signing.assembleProposal(made!, [{ signedBy, algorithm: 'ED25519', signature }]);
  await topology.addTransactions([theirs], store);
  const proposals = () => topology.listPartyMappings(store, { party: external }, { isProposal: true });
  await reached(async () => (await proposals()).length === 1);

  await signHostings(migrating);
  await applyUpTo(migrating, 'await-owners');

  assert.equal((await proposals()).length, 2);
});
