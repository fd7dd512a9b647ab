import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { describeMissing } from '../../activities/hosting/missing-signatures.js';
import { wantedOf } from '../../model/plan-parts.js';
import { namespaceOf } from '../../model/plan.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { apply, remains, undo } from '../../workflows/phases/recreate-parties.js';
import { failing } from '../support/failing.js';
import { signHostings } from '../support/hostings.js';
import { startSteps, type Migrating } from '../support/route-steps.js';
import { callsOf } from '../support/stack.js';

// Parties that neither node signs for: with keys of their own, and in a namespace of several owners. Source: networks C and D.
const OTHERS = {
  timing: QUICK_TIMING,
  parties: {
    ...{ local: 2, multiHosted: 0, foreign: 0, decentralized: 1 },
    ...{ external: 2, externalKeys: 1, externalWithDelegation: 1 },
  },
  contracts: { count: 2, ofExternal: 1, ofDecentralized: 1 },
};

const begin = (t: TestContext) => startSteps(t, { before: 'host-parties', scenario: OTHERS });

const moved = ({ planned: { plan } }: Migrating, its: string) =>
  wantedOf(plan).filter(({ party }) => party.startsWith(its));

/** Who hosts what on the target synchronizer, and with how many keys. */
function hostings({ sandbox }: Migrating): Record<string, string> {
  const mappings = sandbox.participants.target.parties('da');
  return Object.fromEntries(
    mappings.map(({ party, participants, party_signing_keys: keys }) => [
      party.split('::')[0]!,
      `${participants.map((its) => its.permission.split('_').at(-1)).join()} ${keys?.keys.length ?? 0}`,
    ]),
  );
}

const definitions = ({ sandbox }: Migrating) =>
  [...sandbox.synchronizers.target.store.all()]
    .filter(({ isProposal }) => !isProposal)
    .flatMap(({ transaction: { mapping, namespace } }) =>
      mapping.code === 'nsd' || mapping.code === 'dnd' ? [`${mapping.code} ${namespace}`] : [],
    );

test('recreate-parties: parties with keys of their own and of several owners are hosted as they were', async (t) => {
  const migrating = await begin(t);
  const { planned, act, migration } = migrating;
  const requests = await signHostings(migrating);

  const changed = await apply(planned.plan, act, migration);
  const calls = await callsOf(
    migrating,
    async () => assert.deepEqual(await apply(planned.plan, act, migration), []),
    { isMutating: true },
  );

  assert.deepEqual(calls, []);
  assert.deepEqual(hostings(migrating), {
    Alice: 'SUBMISSION 0',
    Bob: 'SUBMISSION 0',
    'external-0001': 'CONFIRMATION 1',
    'external-0002': 'CONFIRMATION 1',
    'external-0003': 'CONFIRMATION 1',
    'joint-0001': 'SUBMISSION 0',
  });
  const together = requests.filter(({ transactions }) => transactions.length === 2);
  assert.equal(together.length, 1);
  const [delegating] = moved(migrating, 'external-0003');
  const [joint] = moved(migrating, 'joint');
  const there = definitions(migrating);
  assert.ok(there.includes(`nsd ${namespaceOf(delegating!.party)}`));
  assert.ok(there.includes(`dnd ${namespaceOf(joint!.party)}`));
  for (const owner of joint!.signers!.namespaces) assert.ok(there.includes(`nsd ${owner}`));
  assert.match(changed[0]!, /^4 definitions of namespaces copied to da$/);
});

test('recreate-parties: undo takes them back, and says what stays', async (t) => {
  const migrating = await begin(t);
  const { planned, act, migration, record } = migrating;
  const before = hostings(migrating);
  await signHostings(migrating);
  await apply(planned.plan, act, migration);

  await undo(planned.plan, act, record);

  assert.deepEqual(hostings(migrating), before);
  const left = remains(planned.plan, record).map(({ what }) => what);
  assert.ok(left.some((what) => what.startsWith('4 definitions of namespaces on da')));
  await signHostings(migrating);
  await apply(planned.plan, act, migration);
  assert.equal(Object.keys(hostings(migrating)).length, 6);
});

test('recreate-parties: a signature of a mapping that was changed since is void, and named', async (t) => {
  const migrating = await begin(t);
  const { planned, act, migration, record } = migrating;
  await signHostings(migrating);
  await apply(planned.plan, act, migration);
  await undo(planned.plan, act, record);

  await assert.rejects(
    apply(planned.plan, act, migration),
    failing('SignatureOutdated', 'refused', 'target'),
  );
});

test('recreate-parties: what a proposal lacks is said, and owners who sign later complete it', async (t) => {
  const migrating = await begin(t);
  const { planned, act, participants, heartbeats } = migrating;
  const target = participants.get('target')!;
  const input = {
    target: planned.plan.target,
    synchronizerId: planned.plan.target.synchronizer.logicalId,
  };
  const [joint] = moved(migrating, 'joint');
  const [delegating] = moved(migrating, 'external-0003');
  const describe = () => describeMissing(target, input, [joint!]);

  await signHostings(migrating, ({ transactions }) => !transactions[0]!.party.startsWith('joint'));
  const applied = apply(planned.plan, act, migrating.migration);
  const owners = joint!.signers!.namespaces.join(', ');
  while (!JSON.stringify(heartbeats.at(-1) ?? '').includes('lacks 1'))
    await act.readConnections(planned.plan as never).catch(() => undefined);
  assert.ok(JSON.stringify(heartbeats.at(-1)).includes(owners));
  assert.ok(delegating);
  assert.match(await describe(), /lacks 1 of the signatures of the owners/);
  await signLater(migrating, joint!.party);
  await applied;
  assert.equal(hostings(migrating)['joint-0001'], 'SUBMISSION 0');
  assert.equal(migrating.record.isProposedToOthers, true);
});

/** An owner signs on a node of their own what the target proposed. */
async function signLater({ sandbox, planned, participants }: Migrating, party: string) {
  const { topology, signing } = participants.get('target')!;
  const store = { synchronizerId: planned.plan.target.synchronizer.logicalId };
  const [proposal] = await topology.listSignedPartyProposals(store, namespaceOf(party));
  const transaction = signing.buildPartyMapping(proposal!.mapping);
  const [owner] = moved({ planned } as Migrating, 'joint')[0]!.signers!.namespaces;
  const signature = Buffer.from(sandbox.sign(owner!, Buffer.from(transaction.hash, 'hex')));
  const signed = signing.assembleProposal(transaction, [
    { signedBy: owner!, algorithm: 'ED25519', signature: signature.toString('base64') },
  ]);
  await topology.addTransactions([signed], store);
}
