import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { Permission } from '../../model/participant.js';
import { movedParties } from '../../model/plan.js';
import { hostOnOther } from '../support/topology-changes.js';
import { pretended } from '../support/pretending.js';
import { reached } from '../support/reached.js';
import {
  applyStep,
  applyUpTo,
  PROMPT_LIVE,
  startLiveMigrating,
  startLiveSteps,
  undoAll,
  type Migrating,
} from '../support/route-steps.js';
import { startStack } from '../support/stack.js';
import { itemsOf } from '../support/plan-parties.js';

/** What somebody proposes by hand: permissions of the source and of the target. */
const PROPOSED: [source: Permission, target: Permission][] = [
  ['submission', 'observation'],
  ['submission', 'confirmation'],
  ['confirmation', 'submission'],
];

/** Another operator's proposal for one party, at the serial that the migration proposes it with. */
async function proposeByHand(
  { participants, sandbox }: Pick<Migrating, 'participants' | 'sandbox'>,
  party: string,
  [ofSource, ofTarget]: [Permission, Permission],
): Promise<void> {
  const { topology } = participants.get('source')!;
  const store = { synchronizerId: sandbox.synchronizers.source.info.logicalId };
  const [mapping] = await topology.listPartyMappings(store, { party });
  const { uid: participantUid } = sandbox.participants.target;
  const hosts = [
    ...mapping!.hosts.map((host) => ({ ...host, permission: ofSource })),
    { participantUid, permission: ofTarget, isOnboarding: true },
  ];
  await topology.proposePartyHosting(store, { ...mapping!, hosts, serial: mapping!.serial + 1 });
  const proposed = () => topology.listPartyMappings(store, { party }, { isProposal: true });
  await reached(async () => (await proposed()).some((its) => its.hosts[1]?.permission === ofTarget));
}

async function startProposed(t: TestContext, permissions: [Permission, Permission]) {
  const stack = await startStack(t, PROMPT_LIVE);
  const { sandbox } = stack;
  const [party = ''] = sandbox.participants.source
    .parties('acme')
    .map((its) => its.party)
    .filter((its) => its.startsWith('Alice'));
  await proposeByHand(stack, party, permissions);
  return { migrating: await startLiveMigrating(stack), party };
}

for (const permissions of PROPOSED) {
  test(`live proposals: what somebody else proposed, ${permissions.join(' and ')}, is told and never activated`, async (t) => {
    const { migrating, party } = await startProposed(t, permissions);
    const { planned, sandbox } = migrating;
    assert.ok(itemsOf(movedParties(planned.plan)).includes(party));
    const warning = planned.plan.warnings.find(({ type }) => type === 'ProposalsOfOthers');
    assert.match(warning?.what ?? '', new RegExp(`${party} by source::\\w+ \\(${permissions[0]}\\)`));

    await applyUpTo(migrating);

    const [mapping] = sandbox.participants.target.parties('acme').filter((its) => its.party === party);
    assert.deepEqual(mapping?.participants, [
      { participant_uid: planned.plan.target.uid, permission: 'PARTICIPANT_PERMISSION_SUBMISSION' },
    ]);
  });
}

test('live proposals: an earlier attempt for the same target is nothing to tell', async (t) => {
  const { migrating } = await startProposed(t, ['submission', 'submission']);

  assert.ok(!migrating.planned.plan.warnings.some(({ type }) => type === 'ProposalsOfOthers'));
});

test('live proposals: where ours is not listed nothing is signed, and what others proposed is named', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { nodes, planned, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const [party = ''] = itemsOf(movedParties(planned.plan));
  await proposeByHand(migrating, party, ['submission', 'observation']);
  const { topology } = nodes.get('source')!.reading();
  const listSignedPartyProposals = async (
    ...asked: Parameters<typeof topology.listSignedPartyProposals>
  ) =>
    (await topology.listSignedPartyProposals(...asked)).filter(
      ({ mapping }) => mapping.hosts[1]?.permission === 'observation',
    );
  nodes.set('source', pretended(nodes.get('source')!, { topology: { listSignedPartyProposals } }));

  await assert.rejects(
    applyStep(migrating, 'activate-target'),
    /no proposal of this migration for .*; proposed by others is the hosting of .* \(observation, onboarding\)/,
  );

  assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
  assert.deepEqual(target.connected(), []);
});

test('live proposals: a host that a party got since the plan stops the activation, and nothing takes effect', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { planned, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const [party = '', second = ''] = itemsOf(movedParties(planned.plan));
  const other = hostOnOther(sandbox, party);
  await reached(() => source.hosts(party, 'acme').includes(other));

  await assert.rejects(
    applyStep(migrating, 'activate-target'),
    new RegExp(`the hosting is not as planned.* ${other} \\(submission\\)`),
  );

  for (const its of [party, second]) assert.ok(!source.hosts(its, 'acme').includes(target.uid), its);
});

test('live proposals: a hosting that another operator made effective instead is not taken for the planned one', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { participants, planned, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const [party = ''] = itemsOf(movedParties(planned.plan));
  await proposeByHand(migrating, party, ['submission', 'confirmation']);
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  const { topology } = participants.get('source')!;
  const proposals = await topology.listSignedPartyProposals(store, planned.plan.source.namespace);
  const theirs = proposals.filter(({ mapping }) => mapping.hosts[1]?.permission === 'confirmation');
  assert.equal(theirs.length, 1);
  const { signing } = participants.get('target')!;
  await topology.addTransactions(await signing.addSignatures([theirs[0]!.signed]), store);
  await reached(() => source.hosts(party, 'acme').includes(target.uid));

  await assert.rejects(
    applyStep(migrating, 'activate-target'),
    new RegExp(`the hosting is not as planned.* ${target.uid} \\(confirmation, onboarding\\)`),
  );

  await undoAll(migrating);
  assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
  assert.deepEqual(target.damage(), []);
  assert.deepEqual(target.connected(), ['acme']);
});
