import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { LOCAL_STATE_LIMIT_BYTES } from '../../model/local-state.js';
import type { User } from '../../model/participant.js';
import type { MigrationPlan } from '../../model/plan.js';
import { planWith } from '../support/pretending.js';
import { REQUEST, SMALL, callsOf, startStack } from '../support/stack.js';
import { partiesIn } from '../support/plan-parties.js';

const user = (id: string, change: Partial<User> = {}): User => ({
  id,
  identityProvider: '',
  primaryParty: '',
  isDeactivated: false,
  authenticatesPrimaryParty: false,
  annotations: {},
  ...change,
});

async function started(t: TestContext, localState = {}) {
  const stack = await startStack(t, { ...SMALL, localState });
  const [source, target] = ['source', 'target'].map((name) => stack.participants.get(name)!);
  return { ...stack, source: source!, target: target! };
}

/** The same without the digest, which every thing has. */
function undigested(things: { digest: string }[]): object[] {
  return things.map(({ digest, ...rest }) => {
    assert.match(digest, /^[0-9a-f]{16}$/);
    return rest;
  });
}

const obstacle = ({ obstacles }: MigrationPlan, type: string) =>
  obstacles.find((finding) => finding.type === type);

test('plan: users, identity providers and annotations are planned by name, with counts', async (t) => {
  const { plan } = await started(t);

  const { localState } = (await plan()).plan;

  assert.deepEqual(undigested(localState.identityProviders), [{ id: 'provider-1', action: 'create' }]);
  assert.deepEqual(undigested(localState.users), [
    { id: 'user-1', action: 'create', rightCount: 2 },
    { id: 'user-2', action: 'create', rightCount: 2 },
    { id: 'user-3', identityProvider: 'provider-1', action: 'create', rightCount: 2 },
  ]);
  assert.deepEqual(undigested(localState.partyAnnotations), [
    { name: 'Alice', action: 'create', add: ['example.com/owner'] },
    { name: 'Bob', action: 'create', add: ['example.com/owner'] },
  ]);
  assert.equal(localState?.resourceLimits.action, 'present');
  assert.deepEqual(localState?.excluded, [
    { what: 'user participant_admin', why: 'every participant has its own' },
  ]);
});

test('plan: accounts for the traffic of the parties are named as excluded, where the source keeps any', async (t) => {
  const { nodes } = await started(t);
  const asked: string[] = [];
  const keepsAccounts = async (party: string) => asked.push(party) > 0;

  const { localState, parties } = await planWith({ nodes }, { source: { traffic: { keepsAccounts } } });

  const found = localState.excluded.find(({ what }) => what === 'traffic accounts of the parties');
  assert.match(found?.why ?? '', /by UpdateAccount once the clients have moved/);
  const moved = partiesIn({ parties })
    .filter(({ treatment }) => treatment === 'move')
    .map(({ party }) => party);
  assert.ok(asked.length === 1 && moved.includes(asked[0]!), String(asked));
});

test('plan: reading users changes nothing', async (t) => {
  const { sandbox, plan } = await started(t);

  const calls = await callsOf({ sandbox }, plan, { isMutating: true });

  assert.deepEqual(calls, []);
});

test('plan: nothing of an annotation or configuration is in it but names', async (t) => {
  const { source, plan } = await started(t);
  await source.users.createUser(user('secretive', { annotations: { pin: 'swordfish' } }));
  await source.users.createIdentityProvider({
    id: 'keyed',
    issuer: 'https://swordfish.example',
    jwksUrl: 'https://user:swordfish@keys.example/jwks',
    audience: 'swordfish',
    isDeactivated: false,
  });

  const text = JSON.stringify(await plan());

  assert.ok(text.includes('secretive') && text.includes('keyed'));
  assert.ok(!text.includes('swordfish'));
});

for (const [what, change, differs] of [
  ['primary party', { primaryParty: 'somebody::1' }, 'primaryParty'],
  ['state', { isDeactivated: true }, 'isDeactivated'],
  ['annotation', { annotations: { 'example.com/desk': 'another' } }, 'annotation example.com/desk'],
] as const) {
  test(`plan: a user that has another ${what} on the target stands in the way`, async (t) => {
    const { source, target, plan } = await started(t);
    const [, first] = await source.users.listUsers('');
    await target.users.createUser({ ...first!, ...change });

    const { plan: made } = await plan();

    assert.equal(
      obstacle(made, 'UserConflict')?.what,
      `1 users differ on the target: user-1 (${differs})`,
    );
    assert.equal(made.localState?.users[0]?.action, 'conflict');
  });
}

test('plan: a user of another identity provider on the target stands in the way', async (t) => {
  const { target, plan } = await started(t);
  await target.users.createUser(user('user-3'));

  const found = obstacle((await plan()).plan, 'UserConflict');

  assert.ok(found?.what.includes('user-3 (primaryParty, identityProvider)'), found?.what);
});

test('plan: an identity provider of the same id or issuer stands in the way', async (t) => {
  const { target, plan } = await started(t, { identityProviders: 2, users: 0 });
  const other = { isDeactivated: false, jwksUrl: 'https://keys.example', audience: '' };
  await target.users.createIdentityProvider({
    ...other,
    id: 'provider-1',
    issuer: 'https://i.example',
  });
  await target.users.createIdentityProvider({
    ...other,
    id: 'mine',
    issuer: 'https://issuer-2.example',
  });

  const found = obstacle((await plan()).plan, 'IdentityProviderConflict');

  assert.ok(found?.what.includes('provider-1 (issuer, jwksUrl)'), found?.what);
  assert.ok(found?.what.includes('provider-2 (its issuer is already used by another one)'), found?.what);
});

test('plan: what the request leaves behind is excluded by name, and no conflict', async (t) => {
  const { source, target, plan } = await started(t);
  const [, first] = await source.users.listUsers('');
  await target.users.createUser({ ...first!, isDeactivated: true });
  const leaveBehind = ['users/user-1', 'identityProviders/provider-1', 'partyAnnotations'];

  const { plan: made } = await plan({ ...REQUEST, options: { ...REQUEST.options, leaveBehind } });

  assert.equal(obstacle(made, 'UserConflict'), undefined);
  assert.deepEqual(
    made.localState?.users.map(({ id }) => id),
    ['user-2'],
  );
  assert.deepEqual(
    made.localState?.excluded.map(({ what }) => what),
    [
      'identity provider provider-1',
      'user participant_admin',
      'user user-1',
      'user user-3',
      'partyAnnotations',
    ],
  );
});

test('plan: users that are left behind are not even read', async (t) => {
  const { sandbox, plan } = await started(t);
  const leaveBehind = ['users', 'identityProviders', 'partyAnnotations'];

  const calls = await callsOf(
    { sandbox },
    () => plan({ ...REQUEST, options: { ...REQUEST.options, leaveBehind } }),
    { method: 'ListUsers' },
  );

  assert.deepEqual(calls, []);
});

test('plan: a target with limits or a schedule of its own keeps them, with a warning', async (t) => {
  const { target, plan } = await started(t, { pruningCron: '0 0 20 ? * SAT' });
  await target.health.setResourceLimits({ maxSubmissionRate: 5, maxSubmissionBurstFactor: 0.5 });
  await target.health.setPruningSchedule({
    cron: '0 0 8 ? * SUN',
    maxDurationMs: 60_000,
    retentionMs: 3_600_000,
  });

  const { plan: made } = await plan();

  assert.equal(made.localState?.resourceLimits.action, 'exclude');
  assert.equal(made.localState?.pruningSchedule?.action, 'exclude');
  const warning = made.warnings.find(({ type }) => type === 'TargetKeepsSettings');
  assert.ok(warning?.what.includes('its own resource limits and pruning schedule'), warning?.what);
});

test('plan: limits of a drained source are not copied', async (t) => {
  const { source, plan } = await started(t);
  await source.health.setResourceLimits({
    maxInflightValidationRequests: 0,
    maxSubmissionBurstFactor: 0.5,
  });

  const { localState } = (await plan()).plan;

  assert.equal(localState?.resourceLimits.action, 'exclude');
});

test('plan: more users than a plan has room for stand in the way, with the numbers', async (t) => {
  const { sandbox, plan } = await started(t, { users: 0 });
  const { users } = sandbox.participants.source.ledger.accounts;
  for (let n = 0; n < 2_000; n++)
    users.create({ ...user(`${n}-${'x'.repeat(200)}`), rights: [], version: 0 });

  const { plan: made } = await plan();

  const found = obstacle(made, 'LocalStateTooLarge');
  assert.ok(found?.what.startsWith('2000 users'), found?.what);
  assert.ok(JSON.stringify(made.localState).length < LOCAL_STATE_LIMIT_BYTES);
});

test('plan: parties of an identity provider are named, their assignment is not copied', async (t) => {
  const { sandbox, plan } = await started(t);
  const { parties } = sandbox.participants.source.ledger.accounts;
  const [party = ''] = partiesIn((await plan()).plan).map((its) => its.party);
  parties.create(party, 'provider-1', {});

  const { localState } = (await plan()).plan;

  assert.ok(
    localState?.excluded.some(
      ({ what }) => what === `assignment to identity provider provider-1 of ${party}`,
    ),
  );
});

test('plan: rights that are not copied for one reason are one line, however many parties they are on', async (t) => {
  const stack = await startStack(t, { ...SMALL, parties: { local: 40 } });
  const source = stack.participants.get('source')!;
  const [first, ...others] = partiesIn((await stack.plan()).plan)
    .filter((its) => its.class === 'local')
    .map(({ party }) => party);
  for (const id of ['frontend', 'backend']) {
    await source.users.createUser(user(id));
    const rights = others.map((party) => ({ kind: 'act-as', party }) as const);
    await source.users.grantRights({ id, identityProvider: '' }, rights);
  }

  const { localState } = (await stack.plan({ ...REQUEST, parties: [first!] })).plan;

  const lines = localState.excluded.filter(({ what }) => what.startsWith('rights on'));
  assert.equal(lines.length, 1);
  assert.match(lines[0]!.what, /^rights on .* and 34 more \(39 in all\) of .*backend.*frontend/);
  assert.match(lines[0]!.why, /the request does not include it/);
});

test('plan: what only the target has of users stays, and is named', async (t) => {
  const { source, target, plan } = await started(t);
  const [, first] = await source.users.listUsers('');
  await target.users.createUser(user('own'));
  await target.users.createUser(first!);
  await target.users.grantRights(first!, [{ kind: 'participant-admin' }]);

  const { plan: made } = await plan();

  assert.deepEqual(made.localState?.surplus, {
    count: 2,
    named: ['user own', '1 rights of user user-1'],
  });
  assert.ok(made.warnings.some(({ type }) => type === 'UsersOfTarget'));
  assert.deepEqual(made.obstacles, []);
});

test('plan: a primary party that only the user of the target has is no conflict', async (t) => {
  const { source, target, plan } = await started(t);
  await source.users.createUser(user('operator'));
  await target.users.createUser(user('operator', { primaryParty: 'somebody::1' }));

  const { plan: made } = await plan();

  const [planned] = made.localState.users.filter(({ id }) => id === 'operator');
  assert.equal(planned?.action, 'present');
});

test('plan: a right that a target of an older line does not know is an obstacle that names its users', async (t) => {
  const source = { version: '3.6.1' };
  for (const [version, isKnown] of [
    ['3.5.12', false],
    ['3.6.1', true],
  ] as const) {
    const stack = await startStack(t, { ...SMALL, source, target: { version } });
    const { users } = stack.participants.get('source')!;
    await users.createUser(user('auditor'));
    await users.grantRights({ id: 'auditor', identityProvider: '' }, [{ kind: 'act-as-any-party' }]);

    const found = obstacle((await stack.plan()).plan, 'RightUnknownToTarget');

    assert.equal(found === undefined, isKnown, version);
    if (!found) continue;
    assert.match(found.what, /CanActAsAnyParty.* runs Canton 3\.5\.12: auditor$/);
    const options = { ...REQUEST.options, leaveBehind: ['users/auditor'] };
    assert.deepEqual((await stack.plan({ ...REQUEST, options })).plan.obstacles, []);
  }
});
