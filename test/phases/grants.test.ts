import assert from 'node:assert/strict';
import test from 'node:test';

import { createActivities } from '../../activities/index.js';
import type { Finding } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import type { Sandbox, ScenarioChange } from '../../sandbox/index.js';
import type { Grant } from '../../sandbox/synchronizer-owner.js';
import { failing } from '../support/failing.js';
import { pretended } from '../support/pretending.js';
import { quickly } from '../support/quick-attempts.js';
import { reached } from '../support/reached.js';
import {
  applyStep,
  applyUpTo,
  begun,
  startLiveMigrating,
  startLiveSteps,
  startSteps,
  undoStep,
  unhurried,
  PROMPT_LIVE,
  type Migrating,
} from '../support/route-steps.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { LIVE, LIVE_REQUEST, REQUEST, SMALL, startStack, type Stack } from '../support/stack.js';
import { partiesIn } from '../support/plan-parties.js';

/** A node that may not log in lives on for as long as a test takes. */
const lasting = (scenario: ScenarioChange): ScenarioChange => ({
  ...scenario,
  timing: { ...scenario.timing, lockedOutMs: 600_000 },
});

const AHEAD_MICROS = BigInt(Date.parse('2099-01-01T00:00:00Z')) * 1000n;

/** Both routes, each with the synchronizer on which the target is to serve. */
const ROUTES = {
  'new-synchronizer': { scenario: lasting(SMALL), request: REQUEST, role: 'target' },
  live: { scenario: lasting(LIVE), request: LIVE_REQUEST, role: 'source' },
} as const satisfies Record<
  string,
  { scenario: ScenarioChange; request: MigrationRequest; role: 'source' | 'target' }
>;

type Role = 'source' | 'target';

/** Grants the target something on a synchronizer; returns once the node that is connected there knows it. */
async function grant(
  { sandbox, nodes }: Pick<Stack, 'sandbox' | 'nodes'>,
  role: Role,
  its: Grant | 'nothing',
): Promise<void> {
  const { owner, info } = sandbox.synchronizers[role];
  const { uid } = sandbox.participants.target;
  if (its === 'nothing') owner.revoke(uid);
  else owner.grant(uid, its);
  const { topology } = nodes.get(role)!.reading();
  const wanted = its === 'nothing' ? undefined : permissionOf(its);
  await reached(async () => {
    const { permission } = await topology.readGrant({ synchronizerId: info.logicalId }, uid);
    return permission === wanted;
  });
}

function permissionOf({ permission = 'PARTICIPANT_PERMISSION_SUBMISSION' }: Grant): string {
  return permission.replace('PARTICIPANT_PERMISSION_', '').toLowerCase();
}

async function restrict({ sandbox, nodes }: Stack, role: Role, restriction: string): Promise<void> {
  const { owner, info } = sandbox.synchronizers[role];
  owner.restrict(`ONBOARDING_RESTRICTION_${restriction}` as 'ONBOARDING_RESTRICTION_RESTRICTED_OPEN');
  const { topology } = nodes.get(role)!.reading();
  const { uid } = sandbox.participants.target;
  await reached(async () => {
    const found = await topology.readGrant({ synchronizerId: info.logicalId }, uid);
    return found.restriction === restriction;
  });
}

const typesOf = (findings: Finding[]) => findings.map(({ type }) => type);
const isConnected = ({ participants: { target } }: Sandbox) => target.connected().length > 0;

for (const [name, { scenario, request, role }] of Object.entries(ROUTES)) {
  test(`plan, ${name}: a permission that is too low is an obstacle with the one to ask for`, async (t) => {
    const stack = await startStack(t, scenario);
    await grant(stack, role, { permission: 'PARTICIPANT_PERMISSION_CONFIRMATION' });

    const [found, ...others] = (await stack.plan(request)).plan.obstacles;

    assert.deepEqual(others, []);
    assert.equal(found?.type, 'PermissionTooLow');
    assert.match(found.what, /grants target \(target::\w+\) CONFIRMATION, expected SUBMISSION/);
    assert.match(found.cure, /at least SUBMISSION/);
  });

  test(`plan, ${name}: a member without a permission on a restricted synchronizer is an obstacle`, async (t) => {
    const stack = await startStack(t, scenario);
    const { owner } = stack.sandbox.synchronizers[role];
    owner.grant(stack.refs.source.uid, {});
    await restrict(stack, role, 'RESTRICTED_OPEN');

    const { obstacles } = (await stack.plan(request)).plan;

    assert.deepEqual(typesOf(obstacles), ['TargetNotPermitted']);
    assert.match(obstacles[0]!.what, /onboarding_restriction RESTRICTED_OPEN/);
    await grant(stack, role, {});
    assert.deepEqual((await stack.plan(request)).plan.obstacles, []);
  });

  test(`plan, ${name}: a login_after that is ahead is an obstacle with the time, one that has passed is none`, async (t) => {
    const stack = await startStack(t, scenario);
    await grant(stack, role, { loginAfterMicros: AHEAD_MICROS });

    const { obstacles } = (await stack.plan(request)).plan;

    assert.deepEqual(typesOf(obstacles), ['LoginNotYet']);
    assert.match(obstacles[0]!.what, /only after 2099-01-01T00:00:00.000000Z/);
    stack.sandbox.synchronizers[role].owner.grant(stack.refs.target.uid, { loginAfterMicros: 1n });
    await reached(async () => (await stack.plan(request)).plan.obstacles.length === 0);
  });

  test(`plan, ${name}: a lower rate than that of the source is a warning with both numbers`, async (t) => {
    const stack = await startStack(t, scenario);
    await grant(stack, role, { maxRate: 5 });

    const { obstacles, warnings } = (await stack.plan(request)).plan;

    assert.deepEqual(obstacles, []);
    const found = warnings.find(({ type }) => type === 'RateLower');
    assert.match(found?.what ?? '', /target to 5 confirmation .* source to 1000000 /);
  });
}

test('new-synchronizer: a target that may confirm takes over from a source that may no more, without pings', async (t) => {
  const stack = await startStack(t, lasting(SMALL));
  const permission = 'PARTICIPANT_PERMISSION_CONFIRMATION';
  const { owner, info } = stack.sandbox.synchronizers.source;
  const { uid } = stack.refs.source;
  owner.grant(uid, { permission });
  const { topology } = stack.nodes.get('source')!.reading();
  await reached(async () => {
    const found = await topology.readGrant({ synchronizerId: info.logicalId }, uid);
    return found.permission === 'confirmation';
  });
  await grant(stack, 'target', { permission });

  const hashed = await stack.plan();
  const migrating = begun(stack, unhurried(hashed));

  assert.deepEqual(hashed.plan.obstacles, []);
  assert.ok(typesOf(hashed.plan.warnings).includes('TargetNotPinged'));
  await applyUpTo(migrating, 'check-target');
  await applyStep(migrating, 'check-target');
  await grant(stack, 'target', { permission: 'PARTICIPANT_PERMISSION_OBSERVATION' });
  await assert.rejects(
    applyStep(migrating, 'check-target'),
    failing('TargetNotGranted', 'refused', 'OBSERVATION, expected CONFIRMATION'),
  );
  await grant(stack, 'target', { permission });
  await applyUpTo(migrating);
  assert.deepEqual(stack.sandbox.participants.target.connected(), ['da']);
});

/** The source alone on the synchronizer, the target on none. */
const JOINING = lasting({ ...PROMPT_LIVE, target: { synchronizers: [] } });

for (const [restriction, type] of [
  ['RESTRICTED_OPEN', 'JoinNotPermitted'],
  ['RESTRICTED_LOCKED', 'SynchronizerLocked'],
  ['UNRESTRICTED_LOCKED', 'SynchronizerLocked'],
] as const) {
  test(`plan, live: a target that has to join where ${restriction} holds meets ${type}`, async (t) => {
    const stack = await startStack(t, JOINING);
    stack.sandbox.synchronizers.source.owner.grant(stack.refs.source.uid, {});
    await restrict(stack, 'source', restriction);

    const { obstacles } = (await stack.plan(LIVE_REQUEST)).plan;

    assert.deepEqual(typesOf(obstacles), [type]);
    assert.ok(obstacles[0]!.what.includes(restriction), obstacles[0]!.what);
  });
}

test('live: a join that is refused names the restriction, and comes before any other change', async (t) => {
  const stack = await startStack(t, JOINING);
  const migrating = await startLiveMigrating(stack);
  stack.sandbox.synchronizers.source.owner.grant(stack.refs.source.uid, {});
  await restrict(stack, 'source', 'RESTRICTED_OPEN');
  const { source, target } = stack.sandbox.participants;
  const before = source.delegations('acme');

  await assert.rejects(
    applyUpTo(migrating, 'delegate-namespace'),
    failing('JoinRefused', 'refused', 'RESTRICTED_OPEN', target.uid),
  );

  assert.deepEqual(source.delegations('acme'), before);
  assert.deepEqual(target.participant.node.connections.list(), []);
  await grant(stack, 'source', {});
  await applyUpTo(migrating, 'delegate-namespace');
  assert.deepEqual(target.connected(), ['acme']);
});

/** Has the target try to join by itself, which is refused. */
async function leaveHalfRegistration({ sandbox, nodes }: Stack): Promise<void> {
  const config = await nodes.get('source')!.reading().synchronizers.readConfig('acme');
  const { uid } = sandbox.participants.target;
  const changing = nodes.get('target')!.changing(uid, () => Promise.resolve());
  await assert.rejects(changing.synchronizers.connectWith(config), /INITIAL_ONBOARDING_ERROR/);
}

test('live: what a refused join left is joined once the synchronizer permits it', async (t) => {
  const stack = await startStack(t, JOINING);
  await restrict(stack, 'source', 'RESTRICTED_OPEN');
  await leaveHalfRegistration(stack);
  await restrict(stack, 'source', 'UNRESTRICTED_OPEN');

  const migrating = await startLiveMigrating(stack);

  assert.deepEqual(migrating.planned.plan.obstacles, []);
  await applyUpTo(migrating, 'delegate-namespace');
  assert.deepEqual(stack.sandbox.participants.target.connected(), ['acme']);
});

test('live: an abort after a refused join leaves a registration that connects to nothing', async (t) => {
  const stack = await startStack(t, JOINING);
  const migrating = await startLiveMigrating(stack);
  await restrict(stack, 'source', 'RESTRICTED_OPEN');
  await leaveHalfRegistration(stack);

  await undoStep(migrating, 'join-synchronizer');

  const [left, ...others] = await stack.nodes.get('target')!.reading().synchronizers.listRegistered();
  assert.deepEqual(others, []);
  assert.deepEqual([left?.alias, left?.isConnected, left?.isManualConnect], ['acme', false, true]);
});

test('new-synchronizer: a target that cannot ping itself there is found before the source is out of service', async (t) => {
  const migrating = await startSteps(t, { before: 'check-target', scenario: lasting(SMALL) });
  const { sandbox } = migrating;
  sandbox.kms.loseKeys();

  await assert.rejects(
    applyStep(migrating, 'check-target'),
    failing('PingFailed', 'refused', 'target cannot ping itself over da'),
  );

  assert.deepEqual(sandbox.participants.source.connected(), ['acme']);
});

for (const [name, start] of Object.entries({
  'new-synchronizer': startSteps,
  live: startLiveSteps,
})) {
  const { role } = ROUTES[name as keyof typeof ROUTES];
  test(`${name}: what was taken from the target since the plan stops it before anything depends on it`, async (t) => {
    const scenario = lasting(name === 'live' ? PROMPT_LIVE : SMALL);
    const migrating = await start(t, { before: 'check-target', scenario });
    await grant(migrating, role, { permission: 'PARTICIPANT_PERMISSION_OBSERVATION' });

    await assert.rejects(
      applyStep(migrating, 'check-target'),
      failing('TargetNotGranted', 'refused', 'OBSERVATION, expected SUBMISSION'),
    );

    await grant(migrating, role, 'nothing');
    await applyStep(migrating, 'check-target');
  });
}

test('new-synchronizer: a permission that a mapping has and that is not in effect is found while the source serves', async (t) => {
  const migrating = await startSteps(t, { before: 'check-target', scenario: lasting(SMALL) });
  const { nodes, planned, sandbox, spoolFolder: folder } = migrating;
  const [lowered, unknown, ...others] = partiesIn(planned.plan).filter(
    ({ treatment }) => treatment === 'move',
  );
  assert.ok(lowered && unknown && others.length > 0);
  const listEffectiveHosting = async () => [
    { party: lowered.party, permission: 'confirmation' as const },
    ...others.map(({ party }) => ({ party, permission: 'submission' as const })),
  ];
  const target = pretended(nodes.get('target')!, { topology: { listEffectiveHosting } });
  const participants = new Map([...nodes, ['target', target]]);
  const act = quickly(createActivities({ participants, spool: { folder, key: SPOOL_KEY } }));

  await assert.rejects(applyStep({ ...migrating, act }, 'check-target'), (error) => {
    assert.ok(!others.some(({ party }) => String((error as Error).message).includes(party)));
    return failing(
      'PermissionNotEffective',
      'mismatch',
      `${lowered.party}: confirmation, expected submission`,
      `${unknown.party}: nothing, expected submission`,
    )(error);
  });

  assert.deepEqual(sandbox.participants.source.connected(), ['acme']);
  await applyStep(migrating, 'check-target');
});

test('new-synchronizer: what was taken while the gate was open is noticed before the target is disconnected', async (t) => {
  const migrating = await startSteps(t, { before: 'isolate-target', scenario: lasting(SMALL) });
  await grant(migrating, 'target', { loginAfterMicros: AHEAD_MICROS });

  await assert.rejects(
    applyStep(migrating, 'isolate-target'),
    failing('TargetNotGranted', 'refused', 'only after 2099'),
  );

  assert.ok(isConnected(migrating.sandbox));
  assert.deepEqual(migrating.sandbox.participants.source.connected(), ['acme']);
});

test('live: a target that may not log in yet is not connected, and lives on', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'connect-target' });
  await grant(migrating, 'source', { loginAfterMicros: AHEAD_MICROS });

  await assert.rejects(
    applyStep(migrating, 'connect-target'),
    failing('TargetNotGranted', 'refused', 'only after 2099'),
  );

  const { target } = migrating.sandbox.participants;
  assert.equal(target.isUp, true);
  assert.deepEqual(target.connected(), []);
});

for (const step of ['compare-while-both-serve', 'move-clients'] as const) {
  test(`live: a permission that was lowered is noticed by ${step}, before clients move`, async (t) => {
    const migrating = await startLiveSteps(t, { before: step });
    await grant(migrating, 'source', { permission: 'PARTICIPANT_PERMISSION_CONFIRMATION' });

    await assert.rejects(
      applyStep(migrating, step),
      failing('TargetNotGranted', 'refused', 'CONFIRMATION, expected SUBMISSION'),
    );

    assert.equal(migrating.migration.live?.isHookCalled, undefined);
  });
}

test('live: the source is not removed while the target may really do less than its mappings say', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'remove-source' });
  await grant(migrating, 'source', { permission: 'PARTICIPANT_PERMISSION_CONFIRMATION' });

  await assert.rejects(removeOnly(migrating), failing('EqualityStale', 'mismatch', 'confirmation'));

  const { source } = migrating.sandbox.participants;
  for (const { party, treatment } of partiesIn(migrating.planned.plan))
    if (treatment === 'move') assert.ok(source.hosts(party, 'acme').includes(source.uid), party);
});

/** The removal alone, without the steps that would make the proof anew. */
async function removeOnly(migrating: Migrating): Promise<unknown> {
  const { act, planned, migration } = migrating;
  const { plan } = planned;
  const { sourceOffset, targetOffset, provenLedgerEnd, compared } = migration.live!;
  assert.ok(sourceOffset !== undefined && compared);
  const parties = partiesIn(plan)
    .filter(({ treatment }) => treatment === 'move')
    .map((its) => its.party);
  return act.removeSourceHosting({
    source: migrating.refs.source,
    target: migrating.refs.target,
    synchronizerId: plan.target.synchronizer.logicalId,
    alias: 'acme',
    parties,
    proof: { beginExclusive: targetOffset!, ledgerEnd: provenLedgerEnd! },
    isBegun: false,
    signer: 'target',
    compared,
  });
}
