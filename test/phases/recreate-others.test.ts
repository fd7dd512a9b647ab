import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { describeMissing } from '../../activities/hosting/missing-signatures.js';
import { hostingsToSign } from '../../activities/hosting/target-hosting.js';
import type { Wanted } from '../../model/hosting.js';
import { nodesOf, wantedOf } from '../../model/plan-parts.js';
import { namespaceOf } from '../../model/plan.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { apply, host, remains, undo } from '../../workflows/phases/recreate-parties.js';
import { failing } from '../support/failing.js';
import { signHostings } from '../support/hostings.js';
import { pretended } from '../support/pretending.js';
import { itemsOf } from '../support/plan-parties.js';
import {
  applyStep,
  applyUpTo,
  begun,
  startSteps,
  unhurried,
  type Migrating,
} from '../support/route-steps.js';
import { changeThreshold, joinAsHost, replaceKey } from '../support/topology-changes.js';
import { callsOf, startStack } from '../support/stack.js';

// Parties that neither node signs for: with keys of their own, and in a namespace of several owners. Source:
// networks C; networks D.
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
  itemsOf(wantedOf(plan)).filter(({ party }) => party.startsWith(its));

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

  const after = Object.entries(hostings(migrating)).filter(([, its]) => !its.startsWith(' '));
  assert.deepEqual(Object.fromEntries(after), before);
  const left = remains(planned.plan, record).map(({ what }) => what);
  assert.ok(left.some((what) => what.startsWith('mappings of 4 parties on da without any host')));
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
    failing('SignatureOutdated', 'refused', 'external-0001'),
  );
});

test('recreate-parties: what a proposal lacks is said, and an owner who signs later completes it', async (t) => {
  const migrating = await begin(t);
  const { planned, act, participants, migration } = migrating;
  const target = participants.get('target')!;
  const input = { ...nodesOf(planned.plan) };
  const [joint] = moved(migrating, 'joint');

  await signHostings(migrating, ({ transactions }) => !transactions[0]!.party.startsWith('joint'));
  const applied = apply(planned.plan, act, migration);
  const isAwaiting = () => migration.transfer.isProposedToOthers;
  while (!isAwaiting()) await Promise.race([applied, setTimeout(50)]);
  assert.deepEqual(migration.transfer.awaited, {
    parties: 1,
    named: [joint!.party],
    namespaces: [...joint!.signers!.namespaces].sort().map((namespace) => ({ namespace, count: 1 })),
    namespaceCount: 2,
  });

  const lacking = await describeMissing(target, input, [joint!]);
  assert.match(lacking, /^joint-0001::\w+ lacks 1 of the signatures of the owners \w+, \w+$/);
  for (const owner of joint!.signers!.namespaces) assert.ok(lacking.includes(owner));
  await signLater(migrating, joint!);
  await applied;
  assert.equal(hostings(migrating)['joint-0001'], 'SUBMISSION 0');
  assert.equal(migration.transfer.awaited, undefined);
  const left = remains(planned.plan, migration.transfer).map(({ what }) => what);
  assert.ok(left.some((what) => what.startsWith('proposals of target as host')));
});

test('recreate-parties: a hosting ahead of what defines its namespace stays a proposal, which is said', async (t) => {
  const migrating = await begin(t);
  const { planned, participants } = migrating;
  const target = participants.get('target')!;
  const input = { ...nodesOf(planned.plan) };
  const store = { synchronizerId: input.synchronizerId };
  const [joint] = moved(migrating, 'joint');
  const [mapping] = await hostingsToSign(target, { ...input, parties: [joint!] });

  await target.topology.proposePartyHosting(store, mapping!);

  while ((await describeMissing(target, input, [joint!])).includes('no proposal')) await setTimeout(50);
  assert.match(
    await describeMissing(target, input, [joint!]),
    /lacks the NamespaceDelegation of \w+, which is not on /,
  );
});

test('recreate-parties: owners of a namespace of which the source owns nothing sign by file or on their nodes', async (t) => {
  const { plan, ...stack } = await startStack(t, OTHERS);
  const { source } = stack.sandbox.participants;
  const { party } = source.parties('acme').find((its) => its.party.startsWith('joint'))!;
  const namespace = namespaceOf(party);
  changeThreshold(stack.sandbox, { namespace, threshold: 2, without: namespaceOf(source.uid) });
  const migrating = begun(stack, unhurried(await plan()));
  const { planned, act, migration } = migrating;
  await applyUpTo(migrating, 'host-parties');
  const [joint] = moved(migrating, 'joint');
  const [late, byFile] = joint!.signers!.namespaces;
  assert.equal(joint!.signers!.needed, 2);
  const requests = await signHostings(migrating, (its) => its.namespace !== late);
  assert.deepEqual(
    requests.filter((its) => [late, byFile].includes(its.namespace)).map((its) => its.isRequired),
    [false, false],
  );

  const applied = apply(planned.plan, act, migration);
  while (!migration.transfer.awaited) await Promise.race([applied, setTimeout(50)]);
  assert.deepEqual(migration.transfer.awaited.namespaces, [{ namespace: late, count: 1 }]);
  await signLater(migrating, joint!);
  await applied;

  assert.equal(hostings(migrating)['joint-0001'], 'SUBMISSION 0');
  await applyStep(migrating, 'check-target');
});

/** An owner signs on a node of their own what the target proposed. */
async function signLater(
  { sandbox, planned, participants }: Migrating,
  { party, signers }: Wanted,
): Promise<void> {
  const { topology, signing } = participants.get('target')!;
  const store = { synchronizerId: planned.plan.target.synchronizer.logicalId };
  const [proposal] = await topology.listSignedPartyProposals(store, namespaceOf(party));
  const transaction = signing.buildPartyMapping(proposal!.mapping);
  const owner = signers!.namespaces[0]!;
  const signature = Buffer.from(sandbox.sign(owner, Buffer.from(transaction.hash, 'hex')));
  const signed = signing.assembleProposal(transaction, [
    { signedBy: owner, algorithm: 'ED25519', signature: signature.toString('base64') },
  ]);
  await topology.addTransactions([signed], store);
}

test('recreate-parties: keys that stay in a mapping after an abort are told', async (t) => {
  const { planned, act, migration, record, ...migrating } = await begin(t);
  await signHostings({ planned, act, migration, record, ...migrating });
  await apply(planned.plan, act, migration);
  const { target, synchronizerId } = nodesOf(planned.plan);
  const store = { synchronizerId };
  const { topology } = migrating.participants.get('target')!;
  const [mapping] = await topology.listPartyMappings(store, { party: 'external-0001' });
  const { signingKeys, ...keyless } = mapping!;
  assert.ok(signingKeys);
  const parties = [{ party: keyless.party, formerMapping: keyless }];

  const { withSigningKeys } = await act.withdrawParties({ target, synchronizerId, parties });

  assert.equal(withSigningKeys, 1);
  const left = remains(planned.plan, { ...record, partiesWithSigningKeys: withSigningKeys }).map(
    ({ what }) => what,
  );
  assert.ok(left.some((what) => what.startsWith('signing keys in the mappings of 1 party')));
});

test('recreate-parties: a participant that was replaced as host, and cannot be made one again, is told', async (t) => {
  const { planned, act, migration, record, ...migrating } = await begin(t);
  await signHostings({ planned, act, migration, record, ...migrating });
  await apply(planned.plan, act, migration);
  const { target, synchronizerId } = nodesOf(planned.plan);
  const replaces = { name: 'parked', uid: `parked::${namespaceOf(target.uid)}` };
  const { topology } = migrating.participants.get('target')!;
  const [mapping] = await topology.listPartyMappings({ synchronizerId }, { party: 'external-0001' });
  const hosts = mapping!.hosts.map((its) => ({ ...its, participantUid: replaces.uid }));
  const { party } = mapping!;
  const parties = [{ party, formerMapping: { ...mapping!, hosts }, isSignedByOthers: true as const }];
  const input = { target, synchronizerId, replacedUid: replaces.uid, parties };

  const { withoutHosts } = await act.withdrawParties(input);

  assert.equal(withoutHosts, 1);
  const left = remains({ ...planned.plan, replaces }, { ...record, partiesWithoutHosts: withoutHosts });
  const found = left.find(({ what }) => what.startsWith('mappings of 1 party on da without any host'));
  assert.match(found?.why ?? '', /Where parked was a host before, it is none any more/);
});

test('recreate-parties: who signs for a party is read again on both synchronizers until the source is out of service', async (t) => {
  const migrating = await begin(t);
  const { planned, act, migration, nodes, participants, sandbox } = migrating;
  const [external] = moved(migrating, 'external-0003');
  const [joint] = moved(migrating, 'joint');
  const namespace = namespaceOf(joint!.party);
  const [late] = joint!.signers!.namespaces;
  await signHostings(migrating, (its) => its.namespace !== late);
  const { signing, topology } = participants.get('target')!;
  const addSignatures: typeof signing.addSignatures = async (...asked) => {
    const signed = await signing.addSignatures(...asked);
    changeThreshold(sandbox, { namespace, threshold: 3, on: 'target' });
    return signed;
  };
  const node = nodes.get('target')!;
  nodes.set('target', pretended(node, { signing: { addSignatures } }));
  const lacking = failing('SignatureMissing', 'refused', `${joint!.party}. Not signed by ${late}`);
  await assert.rejects(apply(planned.plan, act, migration), lacking);
  nodes.set('target', node);
  const store = { synchronizerId: planned.plan.target.synchronizer.logicalId };
  assert.deepEqual(await topology.listSignedPartyProposals(store, namespace), []);
  changeThreshold(sandbox, { namespace, threshold: 2, on: 'target' });
  await applyUpTo(migrating, 'check-target');
  const keys = failing('SigningKeysDiffer', 'mismatch', external!.party);
  const owners = failing('NamespaceDiffers', 'mismatch', namespace);

  const leave = joinAsHost(sandbox, external!.party);
  const others = failing('PartiesHostedElsewhere', 'mismatch', external!.party);
  await assert.rejects(apply(planned.plan, act, migration), others);
  await assert.rejects(applyStep(migrating, 'check-target'), others);
  leave();
  const restore = replaceKey(sandbox, external!.party, 'target');
  await assert.rejects(apply(planned.plan, act, migration), keys);
  await assert.rejects(applyStep(migrating, 'check-target'), keys);
  // After the point of no return of a reverse migration a party that is hosted already is only told.
  const reverse = { ...planned.plan, changes: { common: 0, missing: 0, extra: 0 } };
  const told = await host(reverse, act, migration);
  assert.match(
    told.join(),
    /^hosted already, and left as they are: .* keys in the mapping of 1 of the /,
  );
  const sourceSynchronizerId = planned.plan.source.synchronizer.logicalId;
  const lower = { ...external!, permission: 'observation' as const };
  const changing = { ...nodesOf(planned.plan), sourceSynchronizerId, parties: [lower], isServing: true };
  await assert.rejects(act.ensurePartiesHosted(changing), keys);
  const restoreOnSource = replaceKey(sandbox, external!.party, 'source');
  await apply(planned.plan, act, migration);
  restore();
  await assert.rejects(apply(planned.plan, act, migration), keys);
  restoreOnSource();
  changeThreshold(sandbox, { namespace, threshold: 3, on: 'target' });
  await assert.rejects(applyStep(migrating, 'check-target'), owners);
  changeThreshold(sandbox, { namespace, threshold: 2, on: 'target' });
  await applyStep(migrating, 'check-target');
  changeThreshold(sandbox, { namespace, threshold: 3, on: 'target' });
  // The gate interrupt-service was open; nothing is disconnected yet.
  await assert.rejects(applyStep(migrating, 'isolate-target'), owners);
  changeThreshold(sandbox, { namespace, threshold: 2, on: 'target' });
  await applyStep(migrating, 'isolate-target');
  changeThreshold(sandbox, { namespace, threshold: 3 });

  await assert.rejects(applyStep(migrating, 'freeze-source'), owners);
});
