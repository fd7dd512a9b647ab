import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { isLive, namespaceOf, type Finding } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { createContractOn } from '../support/ledger-changes.js';
import { planWith } from '../support/pretending.js';
import { hostOnBoth } from '../support/topology-changes.js';
import { livePlanOf } from '../support/route-steps.js';
import { REQUEST, SMALL, callsOf, startStack } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { partiesIn } from '../support/plan-parties.js';

const ONE: MigrationRequest = { ...REQUEST, targetSynchronizer: 'acme' };

const LOCAL = { multiHosted: 0, external: 0, decentralized: 0 };

const typesOf = (findings: Finding[]) => findings.map(({ type }) => type).sort();

/** Both nodes on the synchronizer of the source. */
function startOnOne(t: TestContext, change: ScenarioChange = {}) {
  return startStack(t, { ...SMALL, target: { synchronizers: ['source'] }, ...change });
}

test('plan: where both nodes are on one synchronizer the live route is chosen, with the reason', async (t) => {
  const stack = await startOnOne(t, { parties: LOCAL });
  const { source, target } = stack.sandbox.participants;

  const { plan, hash } = await stack.plan(ONE);

  assert.deepEqual(plan.obstacles, []);
  assert.equal(plan.route.name, 'live');
  assert.match(
    plan.route.reason,
    /^both nodes use the synchronizer acme::1220\w+: the source serves until/,
  );
  assert.deepEqual(plan.freezeSeconds, { cold: 0, warm: 0 });
  assert.ok(isLive(plan));
  assert.deepEqual(plan.live, {
    joins: false,
    alreadyHosted: [],
    counterParticipants: { before: [source.uid], after: [] },
    sourceSigns: [namespaceOf(source.uid)],
    targetSigns: [namespaceOf(source.uid)],
    signedByOthers: 0,
    isProposalEffective: false,
    staleOnTarget: 0,
  });
  assert.deepEqual(
    plan.signatures?.map(({ count, key, holder }) => [count, key, holder]),
    [
      [1, namespaceOf(source.uid), 'source'],
      [8, namespaceOf(source.uid), 'source'],
      [8, namespaceOf(target.uid), 'target'],
      [8, namespaceOf(target.uid), 'target'],
    ],
  );
  assert.equal((await stack.plan(ONE)).hash, hash);
});

test('plan: a plan of the live route changes nothing', async (t) => {
  const stack = await startOnOne(t);

  const calls = await callsOf(stack, () => stack.plan(ONE), { isMutating: true });

  assert.deepEqual(calls, []);
});

test('plan: on two synchronizers the route of the manual is chosen, with the reason', async (t) => {
  const { plan } = await startStack(t);

  const { plan: its } = await plan();
  const { route } = its;

  assert.equal(route.name, 'new-synchronizer');
  assert.match(
    route.reason,
    /^the source uses the synchronizer acme::\w+, the target da::\w+: the source is out/,
  );
  assert.ok(!isLive(its));
});

test('plan: a target that was never on the synchronizer joins it, named by id or by the alias of the source', async (t) => {
  const { plan, sandbox } = await startOnOne(t, { target: { synchronizers: [] } });
  const { logicalId } = sandbox.synchronizers.source.info;

  const byAlias = (await plan(ONE)).plan;
  const byId = (await plan({ ...ONE, targetSynchronizer: logicalId })).plan;

  for (const its of [byAlias, byId]) {
    const { obstacles, source, target, route } = its;
    assert.deepEqual(obstacles, []);
    assert.ok(isLive(its) && its.live.joins);
    assert.deepEqual(target.synchronizer, source.synchronizer);
    assert.ok(route?.reason.startsWith('the target joins the synchronizer of the source'));
  }
  assert.ok(byId.vetting.add.length > 0);
  await assert.rejects(
    plan({ ...ONE, route: 'new-synchronizer' }),
    failing('UnknownSynchronizer', 'refused', 'targetSynchronizer: found acme'),
  );
});

test('plan: an option of the other route is refused, also where the plan chose the route', async (t) => {
  const { plan } = await startOnOne(t);

  await assert.rejects(
    plan({ ...ONE, options: { copy: 'warm' } }),
    failing('RequestInvalid', 'refused', 'options.copy: found warm', 'route live'),
  );
});

test('plan: contracts shared with parties that stay move, and their hosts compare them', async (t) => {
  const contracts = { count: 20, sharedWithForeign: 3, ofMultiHosted: 2 };
  const { plan, sandbox } = await startOnOne(t, { contracts });
  const { uid } = sandbox.participants.source;

  const { plan: its } = await plan(ONE);

  assert.deepEqual(its.obstacles, []);
  assert.deepEqual([its.contracts.shared, its.contracts.treatment], [3, 'include']);
  assert.ok(isLive(its));
  const { before, after } = its.live.counterParticipants;
  // The other host of a party that moves has its contracts, and so have the hosts of those that stay.
  assert.deepEqual(before, [...after, uid].sort());
  assert.deepEqual(
    after.map((host) => host.split('::')[0]),
    ['other'],
  );
  assert.deepEqual(typesOf(its.warnings), [
    'LiveRouteChosen',
    'VersionWithKnownFault',
    'VersionWithKnownFault',
  ]);
});

test('plan: a route that follows from the synchronizers alone is a warning until the request names it', async (t) => {
  const { plan } = await startOnOne(t);

  const [chosen, named] = [await plan(ONE), await plan({ ...ONE, route: 'live' })];

  const [warning] = chosen.plan.warnings.filter(({ type }) => type === 'LiveRouteChosen');
  assert.match(warning!.what, /target becomes a host beside it on acme::\w+, by the route live/);
  assert.ok(!typesOf(named.plan.warnings).includes('LiveRouteChosen'));
});

test('plan: parties that the target hosts there and that share contracts are named: it has these contracts', async (t) => {
  const { plan, sandbox } = await startOnOne(t);
  const { source, target } = sandbox.participants;
  const { port } = target.participant.node;
  const own = await port.allocateParty('own', port.registered()[0]!);
  await port.allocateParty('apart', port.registered()[0]!);
  const alice = source.parties('acme').find(({ party }) => party.startsWith('Alice'))!.party;
  for (const node of [source, target]) createContractOn(node, { parties: [alice, own] });

  const { live } = livePlanOf(await plan(ONE));

  assert.deepEqual(live.alreadyHosted, [own]);
  assert.equal(live.staleOnTarget, 0);
  assert.deepEqual(live.counterParticipants, { before: [source.uid], after: [] });
});

test('plan: contracts of an earlier attempt on the target are counted and no obstacle', async (t) => {
  const { plan, sandbox } = await startOnOne(t);
  const alice = partiesIn((await plan(ONE)).plan)[0]!.party;
  createContractOn(sandbox.participants.target, { parties: [alice] });

  const { obstacles, warnings, live } = livePlanOf(await plan(ONE));

  assert.deepEqual(obstacles, []);
  assert.equal(live.staleOnTarget, 1);
  assert.ok(typesOf(warnings).includes('StaleContracts'));
});

test('plan: a party with an onboarding host stands in the way, and is not moved', async (t) => {
  const { plan, sandbox } = await startOnOne(t);
  const [alice, bob] = partiesIn((await plan(ONE)).plan).map(({ party }) => party);
  hostOnBoth(sandbox, alice!, true);

  const { obstacles, parties } = (await plan(ONE)).plan;
  const others = (await plan({ ...ONE, parties: [bob!] })).plan;

  // Of whichever party: it has no contracts yet that others share with it.
  for (const found of [obstacles, others.obstacles]) {
    assert.deepEqual(typesOf(found), ['OnboardingUnderWay']);
    assert.ok(found[0]!.what.endsWith(`: ${alice} on ${sandbox.participants.target.uid}`));
  }
  assert.equal(partiesIn({ parties })[0]!.treatment, 'leave');
});

test('plan: a party that both nodes host is left, with what ends that', async (t) => {
  const { plan, sandbox } = await startOnOne(t);
  const alice = partiesIn((await plan(ONE)).plan)[0]!.party;
  hostOnBoth(sandbox, alice, false);

  const { obstacles, parties } = (await plan(ONE)).plan;

  assert.deepEqual(obstacles, []);
  const { class: its, treatment, reason } = partiesIn({ parties })[0]!;
  assert.deepEqual([its, treatment], ['multi-hosted', 'leave']);
  assert.ok(reason.startsWith('the target hosts it already'));
});

test('plan: an offline root key signs the delegation and one proposal for each party', async (t) => {
  const { plan, sandbox } = await startOnOne(t, { parties: LOCAL });
  sandbox.participants.source.takeRootKey();

  const { obstacles, live, signatures } = livePlanOf(await plan(ONE));

  assert.deepEqual(obstacles, []);
  const own = namespaceOf(sandbox.participants.source.uid);
  assert.equal(signatures?.[1]?.what, 'the hosting by target of the parties in this namespace');
  assert.deepEqual([live.sourceSigns, live.targetSigns, live.signedByOthers], [[], [own], 8]);
  assert.deepEqual(
    signatures?.map(({ count, holder }) => [count, holder]),
    [
      [1, 'offline'],
      [8, 'offline'],
      [8, 'target'],
      [8, 'target'],
    ],
  );
});

test('plan: without a delegation the source removes itself, with a warning; if it cannot sign nobody could', async (t) => {
  const { plan, sandbox } = await startOnOne(t, { parties: LOCAL });
  const request: MigrationRequest = { ...ONE, options: { delegation: 'none' } };

  const { plan: its } = await plan(request);
  sandbox.participants.source.takeRootKey();
  const { plan: unsigned } = await plan(request);

  assert.deepEqual(its.obstacles, []);
  assert.ok(typesOf(its.warnings).includes('NotDelegated'));
  assert.deepEqual(
    its.namespaces?.map(({ delegation }) => delegation),
    [undefined],
  );
  assert.deepEqual(
    its.signatures?.map(({ count, holder }) => [count, holder]),
    [
      [8, 'source'],
      [8, 'target'],
      [8, 'source'],
    ],
  );
  assert.deepEqual(typesOf(unsigned.obstacles), ['RemovalNotSigned']);
  assert.match(unsigned.obstacles[0]!.cure, /^set options.delegation to create, leave out/);
});

test('plan: the live route between two synchronizers is an obstacle', async (t) => {
  const { plan } = await startStack(t);

  const { obstacles } = (await plan({ ...REQUEST, route: 'live' })).plan;

  assert.deepEqual(typesOf(obstacles), ['LiveNeedsOneSynchronizer']);
});

test('plan: on the live route both nodes have to be connected', async (t) => {
  const { plan, participants } = await startOnOne(t);
  for (const participant of participants.values()) await participant.synchronizers.disconnect('acme');

  const { obstacles } = (await plan(ONE)).plan;

  assert.deepEqual(typesOf(obstacles), ['SourceNotServing', 'TargetNotConnected']);
});

test('plan: a newer protocol version than those that were tested is a warning', async (t) => {
  const stack = await startOnOne(t);
  const newer = async (name: string) => {
    const registered = await stack.participants.get(name)!.synchronizers.listRegistered();
    const listed = registered.map((its) => ({
      ...its,
      physicalId: its.physicalId.replace('::35-', '::36-'),
    }));
    return { synchronizers: { listRegistered: () => Promise.resolve(listed) } };
  };

  const { obstacles, warnings } = await planWith(
    stack,
    { source: await newer('source'), target: await newer('target') },
    ONE,
  );

  assert.deepEqual(obstacles, []);
  const [untested] = warnings.filter(({ type }) => type === 'ProtocolVersionUntested');
  assert.match(untested!.what, /^acme::\w+::36-0 has a newer protocol version than 35, /);
});

test('plan: a target that has the alias for something else cannot join', async (t) => {
  const stack = await startOnOne(t, { target: { synchronizers: [] } });
  const other = {
    alias: 'acme',
    logicalId: '',
    physicalId: '',
    isConnected: false,
    isManualConnect: false,
  };
  const listRegistered = () => Promise.resolve([other]);

  // Without a sequencer it leads elsewhere than that of the source.
  const readConfig = () => Promise.resolve(new Uint8Array());
  const synchronizers = { listRegistered, readConfig };

  const { obstacles } = await planWith(stack, { target: { synchronizers } }, ONE);

  assert.deepEqual(typesOf(obstacles), ['AliasTaken']);
});
