import assert from 'node:assert/strict';
import test from 'node:test';

import { rightText } from '../../model/local-state.js';
import type { UserRight } from '../../model/participant.js';
import type { PlannedParty } from '../../model/plan.js';
import type { LocalStateView } from '../../sandbox/index.js';
import { apply, compare, complete, undo } from '../../workflows/phases/migrate-local-state.js';
import { RARER } from '../support/boundaries.js';
import { snapshotOf } from '../support/snapshot.js';
import { type Migrating, applyPhase, partyOf, startSteps } from '../support/route-steps.js';
import { REQUEST, SMALL, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { partiesIn } from '../support/plan-parties.js';

const BEFORE = { upTo: 'migrate-dars' } as const;
const CRON = '0 0 20 ? * SAT';

const usersOf = ({ users }: LocalStateView) => users.filter(({ id }) => id !== 'participant_admin');
const client = ({ participants }: Pick<Migrating, 'participants'>, name: 'source' | 'target') =>
  participants.get(name)!;
const ofDefault = (id: string) => ({ id, identityProvider: '' });

test('migrate-local-state: the target gets users with rights, identity providers and annotations of the source', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const { source, target } = sandbox.participants;

  const changed = await apply(planned.plan, act, record);

  const [wanted, found] = [source.localState(), target.localState()];
  assert.deepEqual(usersOf(found), usersOf(wanted));
  assert.equal(usersOf(found).length, 3);
  assert.deepEqual(found.identityProviders, wanted.identityProviders);
  assert.deepEqual(found.annotations, wanted.annotations);
  assert.deepEqual(changed, [
    '1 identity provider created',
    '3 users created',
    '6 rights granted',
    '2 parties annotated',
  ]);
});

test('migrate-local-state: a repeat changes nothing', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { act, planned, record } = migrating;

  const calls = await callsOf(
    migrating,
    async () => assert.deepEqual(await apply(planned.plan, act, record), []),
    { isMutating: true },
  );

  assert.deepEqual(calls, []);
});

for (const method of [
  'CreateIdentityProviderConfig',
  'CreateUser',
  'GrantUserRights',
  'UpdatePartyDetails',
]) {
  test(`migrate-local-state: a repeat after the lost reply of ${method} ends with the same`, async (t) => {
    const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
    const { source, target } = sandbox.participants;
    sandbox.faults.dropReply(method);

    await assert.rejects(apply(planned.plan, act, record), failing('Unavailable', 'transient'));
    await apply(planned.plan, act, record);

    assert.deepEqual(usersOf(target.localState()), usersOf(source.localState()));
    assert.deepEqual(target.localState().annotations, source.localState().annotations);
  });
}

// The participant dies when half of its users are there.
test('migrate-local-state: a repeat after a crash of the target makes what is missing', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const { source, target } = sandbox.participants;
  sandbox.faults.arm({
    kind: 'crash',
    method: 'CreateUser',
    participant: 'target',
    at: 'after',
    skip: 1,
  });

  await assert.rejects(apply(planned.plan, act, record));
  await target.restart();
  await apply(planned.plan, act, record);

  assert.deepEqual(usersOf(target.localState()), usersOf(source.localState()));
});

test('migrate-local-state: more users than a page are copied', RARER, async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, {
    ...BEFORE,
    scenario: { ...SMALL, localState: { users: 1_003, rightsPerUser: 0 } },
  });

  await apply(planned.plan, act, record);

  assert.equal(usersOf(sandbox.participants.target.localState()).length, 1_003);
});

test('migrate-local-state: a user of the target gets what it lacks, and an abort takes exactly that', async (t) => {
  const migrating = await startSteps(t);
  const { users } = client(migrating, 'target');
  const [first] = await client(migrating, 'source').users.listUsers('');
  const user = (await client(migrating, 'source').users.listUsers('')).find(
    ({ id }) => id === 'user-1',
  )!;
  assert.ok(first);
  const own: UserRight[] = [{ kind: 'act-as', party: 'somebody::1' }];
  await users.createUser({ ...user, annotations: { 'example.com/floor': '3' } });
  await users.grantRights(user, own);
  const planned = await migrating.act.readPlan(REQUEST);
  for (const phase of ['delegate-namespace', 'recreate-parties', 'migrate-dars'] as const)
    await applyPhase({ ...migrating, planned }, phase);
  const before = await snapshotOf(migrating);

  await apply(planned.plan, migrating.act, migrating.record);

  const user1 = planned.plan.localState.users.find(({ id }) => id === 'user-1');
  assert.equal(user1?.action, 'extend');
  assert.deepEqual(user1?.addAnnotations, ['example.com/desk']);
  const rights = (await users.listRights(user)).map((right) => rightText(right, ''));
  assert.equal(rights.length, 3);

  await undo(planned.plan, migrating.act, migrating.record);

  assert.deepEqual(await snapshotOf(migrating), before);
});

test('migrate-local-state: resource limits of the source replace the ones a target has from its start', async (t) => {
  const migrating = await startSteps(t);
  const { act, record } = migrating;
  const limits = { maxInflightValidationRequests: 77, maxSubmissionBurstFactor: 0.5 };
  await client(migrating, 'source').health.setResourceLimits(limits);
  const planned = await act.readPlan(REQUEST);
  const { plan } = planned;
  const former = await client(migrating, 'target').health.readResourceLimits();

  await applyPhase({ ...migrating, planned }, 'delegate-namespace');
  await applyPhase({ ...migrating, planned }, 'recreate-parties');
  await apply(plan, act, record);
  assert.equal(plan.localState?.resourceLimits.action, 'create');
  assert.deepEqual(await client(migrating, 'target').health.readResourceLimits(), limits);

  await undo(plan, act, record);
  assert.deepEqual(await client(migrating, 'target').health.readResourceLimits(), former);
});

test('migrate-local-state: the source does not prune from here on, the target does after the cut-over', async (t) => {
  const migrating = await startSteps(t, {
    ...BEFORE,
    scenario: { ...SMALL, localState: { pruningCron: CRON } },
  });
  const { sandbox, act, planned, record } = migrating;
  const { source, target } = sandbox.participants;

  await apply(planned.plan, act, record);
  assert.deepEqual([source.localState().pruningCron, target.localState().pruningCron], ['', '']);
  await complete(planned.plan, act, record);

  assert.deepEqual([source.localState().pruningCron, target.localState().pruningCron], ['', CRON]);
});

test('migrate-local-state: a right on a party that stays is not granted, the user is copied without it', async (t) => {
  const migrating = await startSteps(t);
  const { act, sandbox, record } = migrating;
  const { users } = client(migrating, 'source');
  const admin = migrating.planned.plan.source.uid;
  await users.createUser({
    ...ofDefault('operator'),
    primaryParty: admin,
    isDeactivated: true,
    authenticatesPrimaryParty: true,
    annotations: {},
  });
  const rights: UserRight[] = [
    { kind: 'act-as', party: admin },
    { kind: 'participant-admin' },
    { kind: 'read-as-any-party' },
    { kind: 'act-as-any-party' },
    { kind: 'execute-as', party: partyOf(migrating, 'Alice') },
  ];
  await users.grantRights(ofDefault('operator'), rights);
  const planned = await act.readPlan(REQUEST);
  for (const phase of ['delegate-namespace', 'recreate-parties', 'migrate-dars'] as const)
    await applyPhase({ ...migrating, planned }, phase);

  await apply(planned.plan, act, record);

  const found = sandbox.participants.target.localState().users.find(({ id }) => id === 'operator');
  assert.deepEqual(
    [found?.primaryParty, found?.isDeactivated, found?.authenticatesPrimaryParty],
    ['', true, false],
  );
  assert.deepEqual(
    found?.rights.map((right) => right.split(' ')[0]),
    ['can_act_as_any_party', 'can_execute_as', 'can_read_as_any_party', 'participant_admin'],
  );
  const [{ reason }] = partiesIn(planned.plan).filter(({ party }) => party === admin) as [PlannedParty];
  const why = `the party does not move: ${reason}`;
  assert.deepEqual(
    planned.plan.localState?.excluded.filter(({ what }) => what.includes(admin)),
    [
      { what: `primary party ${admin} of operator`, why },
      { what: `rights on ${admin} of operator`, why },
    ],
  );
});

test('migrate-local-state: a user that came to the target meanwhile stops it, and an abort leaves that one', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { act, planned, sandbox, record } = migrating;
  await client(migrating, 'target').users.createUser({
    ...ofDefault('user-1'),
    primaryParty: '',
    isDeactivated: false,
    authenticatesPrimaryParty: false,
    annotations: {},
  });

  await assert.rejects(
    apply(planned.plan, act, record),
    failing('UserConflict', 'mismatch', 'user-1 (primaryParty)'),
  );
  const changed = await undo(planned.plan, act, record);

  assert.deepEqual(
    usersOf(sandbox.participants.target.localState()).map(({ id }) => id),
    ['user-1'],
  );
  assert.ok(changed.includes('user user-1 left: others created it'));
});

test('migrate-local-state: undo takes away what was made and nothing else', async (t) => {
  const migrating = await startSteps(t, {
    ...BEFORE,
    scenario: { ...SMALL, localState: { pruningCron: CRON } },
  });
  const { act, planned, record } = migrating;
  const before = await snapshotOf(migrating);

  await apply(planned.plan, act, record);
  const withdrawn = await undo(planned.plan, act, record);

  assert.deepEqual(await snapshotOf(migrating), before);
  assert.equal(withdrawn.length, 4);
  assert.deepEqual(await undo(planned.plan, act, record), []);
});

test('migrate-local-state: a change on the source after the copy is named before the gate', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { act, planned, record } = migrating;
  const { users } = client(migrating, 'source');
  await compare(planned.plan, act, record);

  await users.createUser({
    ...ofDefault('late'),
    primaryParty: '',
    isDeactivated: false,
    authenticatesPrimaryParty: false,
    annotations: {},
  });
  await users.grantRights(ofDefault('user-1'), [
    { kind: 'read-as', party: partyOf(migrating, 'Heidi') },
    { kind: 'execute-as', party: partyOf(migrating, 'Heidi') },
  ]);

  await assert.rejects(
    compare(planned.plan, act, record),
    failing('LocalStateDiffers', 'mismatch', 'user late (missing)', 'user user-1 (lacks 2 rights)'),
  );
});
