import assert from 'node:assert/strict';
import test, { suite, type TestContext } from 'node:test';

import type { Activities } from '../../activities/index.js';
import { AbortedError } from '../../client/errors.js';
import type { Gate } from '../../model/phase.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import type { MigrationRequest } from '../../model/request.js';
import { RARER } from '../support/boundaries.js';
import { COLD_GATES, LIVE_GATES, WARM_GATES } from '../support/driving.js';
import { sortedContracts } from '../support/live.js';
import { lose, stateOf, whenIn, type Loss } from '../support/losing.js';
import { LIVE_REQUEST, REQUEST, SMALL, TINY_LIVE } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

interface Route {
  name: string;
  request: MigrationRequest;
  scenario: ScenarioChange;
  gates: readonly Gate[];
  /** Each of them changes a node, or proves something. */
  activities: readonly (keyof Activities)[];
}

const ROUTES: Route[] = [
  {
    name: 'cold',
    request: REQUEST,
    scenario: SMALL,
    gates: COLD_GATES,
    activities: [
      'ensureNamespaceDelegation',
      'ensurePartiesHosted',
      'ensureVetting',
      'ensureUsers',
      'isolateTarget',
      'quiesceSource',
      'copyActiveContracts',
      'compareActiveContracts',
      'ensureSourceParked',
      'connectProvenTarget',
      'pingSelf',
      'removeExport',
    ],
  },
  {
    name: 'warm',
    request: { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' } },
    scenario: SMALL,
    gates: WARM_GATES,
    activities: ['copyActiveContracts', 'catchUp'],
  },
  {
    name: 'live',
    request: LIVE_REQUEST,
    scenario: TINY_LIVE,
    gates: LIVE_GATES,
    activities: [
      'ensureOnboardingProposed',
      'ensureManualConnect',
      'isolateTarget',
      'activateParties',
      'copyActiveContracts',
      'compareActiveContracts',
      'connectTarget',
      'awaitCaughtUp',
      'clearOnboardingFlags',
      'awaitCommitments',
      'awaitQuietSource',
      'removeSourceHosting',
    ],
  },
];

type At = { gate: Gate } | { activity: keyof Activities; when: 'before' | 'after' };

interface Case {
  route: Route;
  how: Loss;
  at: At;
  /** What an operator wants then, if it can be had. */
  way: 'back' | 'forward';
}

const CASES: Case[] = ROUTES.flatMap((route) => {
  const places: At[] = [
    ...route.gates.map((gate) => ({ gate })),
    ...route.activities.flatMap((activity): At[] => [
      { activity, when: 'before' },
      { activity, when: 'after' },
    ]),
  ];
  return places.flatMap((at) =>
    (['terminate', 'reset'] as const).flatMap((how) =>
      (['back', 'forward'] as const).map((way): Case => ({ route, how, at, way })),
    ),
  );
});

suite('recover', { concurrency: 4, ...RARER }, () => {
  for (const { route, how, at, way } of CASES) {
    const place = 'gate' in at ? `at ${at.gate}` : `${at.when} ${at.activity}`;
    test(`recover everywhere: ${route.name}, ${how} ${place}, ${way}`, (t) =>
      recovered(t, { route, how, at, way }));
  }
});

async function recovered(t: TestContext, { route, how, at, way }: Case): Promise<void> {
  let id = '';
  let lost: string | undefined;
  const losing = async () => (lost = await lose(stack, id, how));
  const stack: MigrationStack = await startMigrationStack(t, {
    scenario: route.scenario,
    ...('activity' in at && { change: whenIn(at.activity, at.when, losing) }),
  });
  const { client, until, approve, sandbox } = stack;
  const before = await stateOf(stack);
  const contracts = sortedContracts(sandbox.participants.source);
  id = await client.start(route.request);
  for (const gate of route.gates) {
    const isThere = 'gate' in at && at.gate === gate;
    await until(id, (its) => its.gate?.name === gate || lost !== undefined || its.state === 'watching');
    if (isThere) await losing();
    if (lost !== undefined) break;
    await approve(id, gate).catch((error: unknown) => {
      if (lost === undefined) throw error;
    });
  }
  await until(id, () => lost !== undefined);

  const goesBack = await goOn(stack, id, { how, way, lost: lost! });
  if (goesBack) {
    await assert.rejects(client.result(id), AbortedError);
    const after = await stateOf(stack);
    assert.deepEqual(after.source, before.source);
    assert.deepEqual(sortedContracts(sandbox.participants.target), []);
    if (!isLiveRoute(route)) assert.deepEqual(after.target, before.target);
    return;
  }
  for (const gate of route.gates) {
    const status = await until(id, (its) => its.gate?.name === gate || isBehind(its, gate));
    if (status.gate?.name === gate) await approve(id, gate);
  }
  const report = await client.result(id);
  assert.ok(report.verification.isEqual);
  assert.deepEqual(sortedContracts(sandbox.participants.target), contracts);
  for (const node of [sandbox.participants.source, sandbox.participants.target])
    assert.deepEqual(node.damage(), []);
}

/** As the operator wants it, if it can be had; returns whether it goes back. */
async function goOn(
  { client, until }: MigrationStack,
  id: string,
  { how, way, lost }: { how: Loss; way: 'back' | 'forward'; lost: string },
): Promise<boolean> {
  if (how === 'terminate') {
    const left = (await client.leftBehind(id))!;
    const taken = left.ways.includes(way) ? way : left.ways[0]!;
    await client.recover(id, { by: 'test', way: taken, runId: left.runId });
    return taken === 'back';
  }
  const { state, isPastPointOfNoReturn } = await until(
    id,
    (its) =>
      its.state === 'watching' ||
      (its.state === 'stopped' && its.lastFailure?.message.includes(lost) === true),
  );
  const goesBack = way === 'back' && state === 'stopped' && !isPastPointOfNoReturn;
  if (goesBack) await client.abort(id, { by: 'test' });
  else if (state === 'stopped') await client.resume(id, { by: 'test' });
  return goesBack;
}

function isLiveRoute({ request }: Route): boolean {
  return request.route === 'live';
}

function isBehind(
  { approvals, state }: { approvals: { gate: Gate }[]; state: string },
  gate: Gate,
): boolean {
  return state === 'watching' || state === 'stopped' || approvals.some((its) => its.gate === gate);
}
