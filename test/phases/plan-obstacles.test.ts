import assert from 'node:assert/strict';
import test from 'node:test';

import { connectParticipant } from '../../canton/index.js';
import { namespaceOf, type Finding, type MigrationPlan } from '../../model/plan.js';
import { createContractOn } from '../support/ledger-changes.js';
import { planOf, planWith } from '../support/pretending.js';
import { REQUEST, SMALL, startStack, type Stack } from '../support/stack.js';
import { announceUpgrade } from '../support/upgrading.js';
import {
  delegateAllMappings,
  joinSourceSynchronizer,
  keepKeyOutsideKms,
  publishKeys,
} from '../support/topology-changes.js';
import { failing } from '../support/failing.js';
import { partiesIn } from '../support/plan-parties.js';

const typesOf = (findings: Finding[]) => findings.map(({ type }) => type).sort();

/** Each has a sentence on what it is, with what was found, and one on what to do. */
function assertExplained(findings: Finding[]): void {
  for (const { what, cure } of findings) assert.ok(what.length > 20 && cure.length > 10, what);
}

test('plan: everything that stands in the way is reported at once, each with its cure', async (t) => {
  const stack = await startStack(t, {
    ...SMALL,
    source: { version: '3.5.0' },
    contracts: { count: 20, sharedWithForeign: 2 },
  });
  const { sandbox, act, plan } = stack;
  const { source, target } = sandbox.participants;
  const alice = partiesIn((await plan()).plan)[0]!.party;
  const reassigned = createContractOn(source, { parties: [alice], reassignmentCounter: 2 });
  const [unassigned = ''] = source.contracts();
  source.ledger.unassign(unassigned, sandbox.synchronizers.target.info.logicalId);
  createContractOn(target, { parties: [alice] });
  delegateAllMappings(sandbox);
  await announceUpgrade(sandbox, 'source');
  await act.isolateTarget({ target: stack.refs.target });

  const { obstacles } = (await plan()).plan;

  assert.deepEqual(typesOf(obstacles), [
    'DelegationConflict',
    'IncompleteReassignments',
    'ReassignedContracts',
    'SharedContracts',
    'TargetHasContracts',
    'TargetNotConnected',
    'UpgradeAnnounced',
    'VersionUnsupported',
  ]);
  assertExplained(obstacles);
  const said = obstacles.map(({ what }) => what).join('\n');
  for (const named of [reassigned, unassigned, '3.5.0', 'CanSignAllMappings', 'an upgrade of acme'])
    assert.ok(said.includes(named), named);
});

test('plan: parties of the request that cannot move are one obstacle for each reason', async (t) => {
  const { plan } = await startStack(t);
  const left = partiesIn((await plan()).plan).filter(({ treatment }) => treatment === 'leave');
  const unknown = `nobody::1220${'ab'.repeat(32)}`;
  const others = Array.from({ length: 9 }, (_, n) => `nobody-${n}::1220${'ab'.repeat(32)}`);

  const { obstacles } = (
    await plan({ ...REQUEST, parties: [...left.map(({ party }) => party), unknown, ...others] })
  ).plan;

  const reasons = new Set(left.map(({ reason }) => reason));
  assert.deepEqual(typesOf(obstacles), Array<string>(reasons.size + 1).fill('PartyNotMovable'));
  assertExplained(obstacles);
  for (const { party, reason } of left)
    assert.ok(obstacles.some(({ what }) => what.includes(party) && what.includes(reason)));
  assert.ok(obstacles.some(({ what }) => what.includes(unknown) && what.includes('not hosted')));
  assert.ok(obstacles.some(({ what }) => /^10 parties .* and 5 more$/.test(what)));
});

test('plan: one synchronizer for both is an obstacle on the route that needs two, without an override', async (t) => {
  const { plan, sandbox } = await startStack(t);
  await joinSourceSynchronizer(sandbox);
  const route = 'new-synchronizer';

  const { obstacles } = (await plan({ ...REQUEST, targetSynchronizer: 'acme', route })).plan;

  assert.deepEqual(typesOf(obstacles), ['SameSynchronizer']);
  assertExplained(obstacles);
});

test('plan: keys that a target uses and that are not in its KMS are an obstacle', async (t) => {
  const { plan, sandbox } = await startStack(t);
  await keepKeyOutsideKms(sandbox, 'forgotten');
  const unused = (await plan()).plan;
  publishKeys(sandbox.participants.target);

  const { obstacles } = (await plan()).plan;

  assert.deepEqual([unused.obstacles, unused.target.isKmsBacked], [[], true]);
  assert.deepEqual(typesOf(obstacles), ['KeysOutsideKms']);
  assert.ok(obstacles[0]!.what.includes('1 of the 5 keys it uses outside its KMS: forgotten'));
});

test('plan: a worker that reaches one node under two names is told so, whatever the synchronizers', async (t) => {
  const { nodes, sandbox } = await startStack(t);
  const { admin, ledger } = sandbox.addresses.source;
  const twin = connectParticipant('target', { admin: { address: admin }, ledger: { address: ledger } });
  t.after(() => twin.close());
  const named = new Map([...nodes, ['target', twin] as const]);
  const { uid } = sandbox.participants.source;

  for (const targetSynchronizer of ['acme', 'da']) {
    await assert.rejects(
      planOf(named, { ...REQUEST, targetSynchronizer }),
      failing('SameParticipant', 'refused', `source and target are one participant, ${uid}`),
    );
  }
});

/** What a sandbox never is: read through clients that answer differently. */
const PRETENDED: Record<string, (stack: Stack) => Promise<MigrationPlan>> = {
  PassiveReplica: async (stack) => {
    const status = await stack.participants.get('target')!.health.readStatus();
    const readStatus = () => Promise.resolve({ ...status, isActive: false });
    return planWith(stack, { target: { health: { readStatus } } });
  },
  RootKeyUnsupported: async (stack) => {
    const { source } = stack.sandbox.participants;
    const found = await stack.participants.get('source')!.signing.findRootKey(namespaceOf(source.uid));
    const findRootKey = () => Promise.resolve({ ...found!, spec: 'EC_SECP256K1' });
    const listKeys = () => Promise.resolve([]);
    return planWith(stack, { source: { signing: { findRootKey }, vault: { listKeys } } });
  },
  SameNamespace: async (stack) => {
    const status = await stack.participants.get('target')!.health.readStatus();
    const uid = `another::${namespaceOf(stack.sandbox.participants.source.uid)}`;
    const readStatus = () => Promise.resolve({ ...status, uid });
    return planWith(stack, { target: { health: { readStatus } } });
  },
  NamespaceKeyMissing: (stack) =>
    planWith(stack, { target: { vault: { listKeys: () => Promise.resolve([]) } } }),
  RootDelegationMissing: (stack) =>
    planWith(stack, { source: { signing: { findRootKey: () => Promise.resolve(undefined) } } }),
};

for (const [type, pretend] of Object.entries(PRETENDED)) {
  test(`plan: ${type} is an obstacle with its cure`, async (t) => {
    const { obstacles } = await pretend(await startStack(t));

    assert.ok(typesOf(obstacles).includes(type), typesOf(obstacles).join());
    assertExplained(obstacles);
  });
}

test('plan: what does not stand in the way but is better known is a warning', async (t) => {
  const { plan, sandbox } = await startStack(t, {
    ...SMALL,
    target: { isKmsBacked: false },
    contracts: { count: 20, sharedWithForeign: 2 },
  });
  const { source } = sandbox.participants;
  const request = { ...REQUEST, options: { sharedContracts: 'include' as const } };
  const alice = partiesIn((await plan(request)).plan)[0]!.party;
  const elsewhere = sandbox.synchronizers.target.info.logicalId;
  createContractOn(source, { parties: [alice], synchronizerId: elsewhere });

  const { obstacles, warnings } = (await plan(request)).plan;

  assert.deepEqual(obstacles, []);
  assert.deepEqual(typesOf(warnings), [
    'ContractsElsewhere',
    'ContractsOnTwoSynchronizers',
    'PartiesLeft',
    'SameKeyStorage',
    'VersionWithKnownFault',
    'VersionWithKnownFault',
  ]);
  assertExplained(warnings);
});
