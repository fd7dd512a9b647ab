import assert from 'node:assert/strict';
import test from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { isLive } from '../../model/plan.js';
import { nodesOf, wantedOf } from '../../model/plan-parts.js';
import { QUICK_TIMING, type ScenarioChange } from '../../sandbox/index.js';
import { available, type Traffic, type TrafficControl } from '../../sandbox/traffic.js';
import { attempt } from '../support/attempt.js';
import { failing } from '../support/failing.js';
import { reached } from '../support/reached.js';
import { signHostings } from '../support/hostings.js';
import { applyUpTo, PROMPT_LIVE, startLiveMigrating, startSteps } from '../support/route-steps.js';
import { LIVE_REQUEST, REQUEST, SMALL, startStack, type Stack } from '../support/stack.js';
import { itemsOf, partiesIn } from '../support/plan-parties.js';

const COSTS = { readVsWrite: 200, baseEventCost: 500 };
/** Enough for one mapping at a time. */
const SLOW: TrafficControl = { maxBaseAmount: 1_500, accumulationMs: 2_000, ...COSTS };
/** Enough for nothing. */
const NONE: TrafficControl = { maxBaseAmount: 400, accumulationMs: 1_000, ...COSTS };
const DAY: TrafficControl = { maxBaseAmount: 1_500, accumulationMs: 24 * 60 * 60_000, ...COSTS };

/** Sets the traffic control of a synchronizer; returns once its participant knows it. */
async function control(
  { sandbox, nodes }: Pick<Stack, 'sandbox' | 'nodes'>,
  role: 'source' | 'target',
  its: TrafficControl,
): Promise<void> {
  const { owner, info } = sandbox.synchronizers[role];
  owner.controlTraffic(its);
  const { traffic } = nodes.get(role)!.reading();
  await reached(async () => isDeepStrictEqual(await traffic.findControl(info.logicalId), its));
}

/** Has a member spend all that it has but for so much. */
function spendAllBut(traffic: Traffic, member: string, left: number): void {
  const { account } = traffic.pay(member, { bytes: 1e9, recipients: 0 })!;
  traffic.pay(member, { bytes: available(account) - left - COSTS.baseEventCost, recipients: 0 });
}

const typesOf = (findings: { type: string }[]) =>
  findings.map(({ type }) => type).filter((type) => type.startsWith('Traffic'));

test('traffic: the plan has the costs, and says whether the base rate suffices, is slow or never enough', async (t) => {
  const stack = await startStack(t);
  const { sandbox, plan } = stack;
  const { traffic } = sandbox.synchronizers.target;
  assert.equal((await plan()).plan.traffic, undefined);

  await control(stack, 'target', { ...SLOW, maxBaseAmount: 5_000, accumulationMs: 60_000 });
  const slow = (await plan()).plan;
  await control(stack, 'target', DAY);
  const never = (await plan()).plan;
  traffic.purchase(sandbox.participants.target.uid, 10_000_000);
  const bought = (await plan()).plan;

  assert.deepEqual([typesOf(slow.obstacles), typesOf(slow.warnings)], [[], ['TrafficShort']]);
  assert.deepEqual([typesOf(never.obstacles), typesOf(never.warnings)], [['TrafficInsufficient'], []]);
  assert.deepEqual([typesOf(bought.obstacles), typesOf(bought.warnings)], [[], []]);
  const { costs = [], purchased } = bought.traffic?.target ?? {};
  assert.deepEqual(
    costs.map(({ what }) => what),
    ['delegations', 'hosting of the parties', 'vetting', 'pings'],
  );
  assert.equal(purchased, 10_000_000);
  assert.match(never.obstacles.find(({ type }) => type === 'TrafficInsufficient')!.what, /pings [\d,]+/);
});

test('traffic: contracts that are shared cost the target commitments on either synchronizer', async (t) => {
  const contracts = { count: 20, sharedWithForeign: 3 };
  const stack = await startStack(t, { ...SMALL, contracts });
  await control(stack, 'target', { ...SLOW, maxBaseAmount: 50_000_000 });
  const costs = async (sharedContracts: 'include' | 'exclude') => {
    const { traffic } = (await stack.plan({ ...REQUEST, options: { sharedContracts } })).plan;
    return traffic?.target?.costs.map(({ what }) => what);
  };

  assert.ok((await costs('include'))?.includes('commitments'));
  assert.ok(!(await costs('exclude'))?.includes('commitments'));
});

test('traffic: on the live route the source pays for the proposals and the target for the flags', async (t) => {
  const stack = await startStack(t, PROMPT_LIVE);
  await control(stack, 'source', { ...SLOW, maxBaseAmount: 50_000_000 });

  const { plan: planned } = await stack.plan(LIVE_REQUEST);

  assert.ok(isLive(planned));
  const what = (side: 'source' | 'target') => planned.traffic?.[side]?.costs.map((cost) => cost.what);
  assert.ok(what('source')?.includes('proposals for the parties'));
  assert.ok(what('source')?.includes('their activation'));
  assert.ok(what('target')?.includes('onboarding flags to clear'));
});

test('traffic: hosting waits for the base rate, says so, and ends', async (t) => {
  const stack = await startSteps(t, { upTo: 'delegate-namespace' });
  const { activities, planned } = stack;
  await control(stack, 'target', SLOW);

  const { result, heartbeats } = attempt(activities, 'ensurePartiesHosted', {
    ...nodesOf(planned.plan),
    sourceSynchronizerId: planned.plan.source.synchronizer.logicalId,
    parties: wantedOf(planned.plan),
  });

  assert.equal((await result).hosted, itemsOf(wantedOf(planned.plan)).length);
  assert.match(
    JSON.stringify(heartbeats),
    /traffic for \d+ topology transactions of target: .* by about 2/,
  );
});

test('traffic: what the base rate never brings is a failure of its own, and goes on after a purchase', async (t) => {
  const stack = await startSteps(t, { upTo: 'delegate-namespace' });
  const { sandbox, activities, planned, participants } = stack;
  const { traffic } = sandbox.synchronizers.target;
  await control(stack, 'target', NONE);
  const sourceSynchronizerId = planned.plan.source.synchronizer.logicalId;
  const nodes = { ...nodesOf(planned.plan), sourceSynchronizerId };
  const input = { ...nodes, parties: wantedOf(planned.plan) };

  await assert.rejects(
    attempt(activities, 'ensurePartiesHosted', input).result,
    failing('TrafficExhausted', 'refused', 'target has not the traffic', 'never brings', 'bought'),
  );
  traffic.purchase(sandbox.participants.target.uid, 1_000_000);
  const { hosted } = await attempt(activities, 'ensurePartiesHosted', input).result;

  // What was proposed before was sent by itself, not proposed again.
  assert.equal(hosted, 0);
  const { undispatchedTopologyTransactions: left } = await participants
    .get('target')!
    .health.readStatus();
  assert.equal(left, 0);
});

test('traffic: a ping for which there is none fails by that', async (t) => {
  const stack = await startSteps(t);
  const { activities, planned } = stack;
  const { target: participant, synchronizerId } = nodesOf(planned.plan);
  await control(stack, 'target', NONE);

  const { result } = attempt(activities, 'pingSelf', {
    participant,
    synchronizerId,
    needs: 'submission',
  });

  await assert.rejects(result, failing('TrafficExhausted', 'refused', 'a ping of target'));
});

test('traffic: a ping is made again once the base rate has brought what it lacked', async (t) => {
  const stack = await startSteps(t);
  const { activities, planned, sandbox } = stack;
  const { target: participant, synchronizerId } = nodesOf(planned.plan);
  await control(stack, 'target', { ...SLOW, maxBaseAmount: 20_000, accumulationMs: 4_000 });
  spendAllBut(sandbox.synchronizers.target.traffic, participant.uid, 0);

  const { result } = attempt(activities, 'pingSelf', {
    participant,
    synchronizerId,
    needs: 'submission',
  });

  assert.ok((await result).pingTimeMs);
});

test('traffic: the live route runs to its end where traffic is controlled and scarce', async (t) => {
  const stack = await startSteps(t, { scenario: PROMPT_LIVE, request: LIVE_REQUEST });
  await control(stack, 'source', { ...SLOW, maxBaseAmount: 20_000, accumulationMs: 2_000 });
  const { traffic } = stack.sandbox.synchronizers.source;
  const { readSwitching } = stack.act;
  // Its ping fails, and by then the base rate has brought enough for another.
  stack.act.readSwitching = (input) => {
    spendAllBut(traffic, input.target.uid, 0);
    return readSwitching(input);
  };

  await applyUpTo(stack, 'move-clients');

  const { parties } = stack.planned.plan;
  const moved = partiesIn({ parties })
    .filter(({ treatment }) => treatment === 'move')
    .map(({ party }) => party);
  const hosted = stack.sandbox.participants.target.parties(stack.planned.plan.source.synchronizer.alias);
  for (const party of moved) assert.ok(hosted.some((its) => its.party === party));
});

/** As MainNet has it. */
const PUBLIC: TrafficControl = { maxBaseAmount: 400_000, accumulationMs: 20 * 60_000, ...COSTS };

const external = (count: number, nodes: ScenarioChange = PROMPT_LIVE): ScenarioChange => ({
  ...nodes,
  contracts: { count: 0 },
  parties: { local: 1, multiHosted: 0, decentralized: 0, foreign: 0, external: count, externalKeys: 1 },
});

/** What each event of a member costs from now on. */
function noteCosts(traffic: Traffic, member: string): number[] {
  const costs: number[] = [];
  const pay = traffic.pay.bind(traffic);
  traffic.pay = (uid, size) => {
    const shortage = pay(uid, size);
    if (!shortage && uid === member) costs.push(traffic.known(uid).lastCost);
    return shortage;
  };
  return costs;
}

const ROUTES = [
  { request: LIVE_REQUEST, payer: 'source', what: 'their activation', before: 'copy-contracts' },
  { request: REQUEST, payer: 'target', what: 'hosting that others sign', before: 'upload-dars' },
] as const;

for (const { request, payer, what, before } of ROUTES)
  test(`traffic: a key signs only as many hostings together as an event passes with, which the plan counts, of ${payer}`, async (t) => {
    const nodes = payer === 'source' ? PROMPT_LIVE : { timing: QUICK_TIMING };
    const stack = await startStack(t, external(100, nodes));
    const { participants, synchronizers } = stack.sandbox;
    const { traffic } = synchronizers[payer];
    traffic.purchase(participants[payer].uid, 1_000_000);
    await control(stack, payer, PUBLIC);
    const migrating = await startLiveMigrating(stack, request);
    const { plan } = migrating.planned;
    const planned = plan.traffic?.[payer]?.costs.find((its) => its.what === what);
    const costs = noteCosts(traffic, participants[payer].uid);

    const requests = await signHostings(migrating);
    await applyUpTo(migrating, before);

    const together = Math.max(...requests.map(({ transactions }) => transactions.length));
    assert.ok(together > 20 && together < 40, `${together} together`);
    const dearest = Math.max(...costs);
    assert.ok(dearest > 150_000 && dearest <= PUBLIC.maxBaseAmount / 2, `an event of ${dearest}`);
    const ratio = (planned?.largest ?? 0) / dearest;
    assert.ok(ratio > 0.95 && ratio < 1.1, `planned: ${planned?.largest}, paid: ${dearest}`);
    assert.deepEqual(typesOf(plan.obstacles), []);
  });

test('traffic: what was signed together when nothing was counted is found not to pass', async (t) => {
  const stack = await startStack(t, external(20));
  const migrating = await startLiveMigrating(stack);
  await signHostings(migrating);
  await applyUpTo(migrating, 'propose-parties');
  await control(stack, 'source', { ...DAY, maxBaseAmount: 20_000 });

  await assert.rejects(
    applyUpTo(migrating, 'isolate-target'),
    failing('TrafficExhausted', 'refused', 'for 20 topology transactions of source', 'bought'),
  );
});

test('traffic: what was signed together, and of which nobody knows the size any more, is waited for', async (t) => {
  const stack = await startStack(t, external(20));
  const migrating = await startLiveMigrating(stack);
  await signHostings(migrating);
  await applyUpTo(migrating, 'propose-parties');
  // Enough for all of them, but for the hashes that they repeat.
  await control(stack, 'source', { ...SLOW, maxBaseAmount: 30_000, accumulationMs: 20_000 });
  const { participants, synchronizers } = stack.sandbox;
  spendAllBut(synchronizers.source.traffic, participants.source.uid, 15_000);
  const proposing = applyUpTo(migrating, 'isolate-target');
  const { health } = stack.nodes.get('source')!.reading();
  await reached(async () => (await health.readStatus()).undispatchedTopologyTransactions === 20);

  const { plan } = migrating.planned;
  const { result, heartbeats } = attempt(stack.activities, 'findActivations', {
    ...nodesOf(plan),
    parties: [],
    beginExclusive: '0',
  });

  assert.deepEqual(await result, {});
  assert.match(JSON.stringify(heartbeats), /traffic for 20 topology transactions of source: it has/);
  await proposing;
});
