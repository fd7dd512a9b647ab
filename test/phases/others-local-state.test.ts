import assert from 'node:assert/strict';
import test from 'node:test';

import { rightText } from '../../model/local-state.js';
import type { User, UserRight } from '../../model/participant.js';
import { compare } from '../../workflows/phases/migrate-local-state.js';
import { snapshotOf } from '../support/snapshot.js';
import { failing } from '../support/failing.js';
import { type Migrating, applyPhase, partyOf, startSteps, undoPhase } from '../support/route-steps.js';

const PHASE = 'migrate-local-state';
const BEFORE = { upTo: 'migrate-dars' } as const;
const AFTER = { upTo: PHASE } as const;

const nodesIn = ({ participants }: Migrating) => ({
  source: participants.get('source')!,
  target: participants.get('target')!,
});

async function userOf({ users }: ReturnType<typeof nodesIn>['source'], id = 'user-1'): Promise<User> {
  const found = (await users.listUsers('')).find((user) => user.id === id);
  assert.ok(found, `no user ${id}`);
  return found;
}

const rightsOf = async ({ users }: ReturnType<typeof nodesIn>['source'], user: User) =>
  (await users.listRights(user)).map((right) => rightText(right, '')).sort();

test('migrate-local-state: a user that others created on the target after the plan keeps what they gave him', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { source, target } = nodesIn(migrating);
  const user = await userOf(source);
  await target.users.createUser(user);
  await target.users.grantRights(user, [{ kind: 'act-as', party: 'somebody::1' }]);
  const before = await snapshotOf(migrating);

  await applyPhase(migrating, PHASE);
  assert.equal((await rightsOf(target, user)).length, 3);
  const changed = await undoPhase(migrating, PHASE);

  assert.deepEqual(await snapshotOf(migrating), before);
  assert.ok(changed.includes('1 user reduced to what they had'), changed.join('\n'));
});

test('migrate-local-state: an identical user of others stays, and is named', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { source, target } = nodesIn(migrating);
  const user = await userOf(source);
  await target.users.createUser(user);
  await target.users.grantRights(user, await source.users.listRights(user));
  const before = await snapshotOf(migrating);

  await applyPhase(migrating, PHASE);
  const changed = await undoPhase(migrating, PHASE);

  assert.deepEqual(await snapshotOf(migrating), before);
  assert.ok(changed.includes('user user-1 left: others created it'), changed.join('\n'));
});

// The reply is lost and an operator resumes: the step is begun anew, and all users are there.
test('migrate-local-state: what an interrupted step made is its own', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const before = await snapshotOf(migrating);
  migrating.sandbox.faults.dropReply('GrantUserRights');

  await assert.rejects(applyPhase(migrating, PHASE), failing('Unavailable', 'transient'));
  await applyPhase(migrating, PHASE);
  await undoPhase(migrating, PHASE);

  assert.deepEqual(await snapshotOf(migrating), before);
});

test('migrate-local-state: a copied user whom others changed stays, with his identity provider, and the undo ends', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { target } = nodesIn(migrating);
  const [provider] = await target.users.listIdentityProviders();
  const [ofProvider] = await target.users.listUsers(provider!.id);
  const user = ofProvider ?? (await userOf(target));
  await target.users.grantRights(user, [{ kind: 'act-as', party: 'somebody::1' }]);
  await target.users.createUser({ ...user, id: 'theirs', identityProvider: provider!.id });

  const changed = await undoPhase(migrating, PHASE);

  assert.ok(changed.includes(`user ${user.id} left: not as this migration made it`), changed.join('\n'));
  assert.ok(
    changed.includes(`identity provider ${provider!.id} left: users of target belong to it`),
    changed.join('\n'),
  );
  const left = [...(await target.users.listUsers('')), ...(await target.users.listUsers(provider!.id))];
  assert.deepEqual(
    left
      .map(({ id }) => id)
      .filter((id) => id !== 'participant_admin')
      .sort(),
    ['theirs', user.id].sort(),
  );
});

test('migrate-local-state: annotations and limits that others changed on the target stay', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { target } = nodesIn(migrating);
  const [annotated] = (await target.partyDetails.listAnnotations('')).filter(
    ({ annotations }) => Object.keys(annotations).length > 0,
  );
  const [key = ''] = Object.keys(annotated!.annotations);
  await target.partyDetails.annotate(annotated!.party, { [key]: 'another' });

  const changed = await undoPhase(migrating, PHASE);

  assert.match(changed.join('\n'), new RegExp(`annotation ${key} of .* left`));
  const now = (await target.partyDetails.listAnnotations('')).find(
    ({ party }) => party === annotated!.party,
  );
  assert.deepEqual(now?.annotations, { [key]: 'another' });
});

/** What somebody takes away on the source after it was copied, and how it is named. */
const TAKEN: {
  what: string;
  named: RegExp;
  take: (source: ReturnType<typeof nodesIn>['source'], migrating: Migrating) => Promise<unknown>;
}[] = [
  {
    what: 'a right',
    named: /user user-1 \(has .*, unlike on the source\)/,
    take: async (source) => {
      const user = await userOf(source);
      const [first] = await source.users.listRights(user);
      await source.users.revokeRights(user, [first!]);
    },
  },
  {
    what: 'a user',
    named: /user user-1 \(surplus\)/,
    take: async (source) => source.users.removeUser(await userOf(source)),
  },
  {
    what: 'an annotation of a user',
    named: /user user-1 \(has annotation example\.com\/desk, unlike/,
    take: async (source) => source.users.annotateUser(await userOf(source), { 'example.com/desk': '' }),
  },
  {
    what: 'an annotation of a party',
    named: /annotations of .* \(surplus: /,
    take: async (source) => {
      const all = await source.partyDetails.listAnnotations('');
      const its = all.find(({ annotations }) => Object.keys(annotations).length > 0)!;
      const [key = ''] = Object.keys(its.annotations);
      await source.partyDetails.annotate(its.party, { [key]: '' });
    },
  },
];

for (const { what, named, take } of TAKEN) {
  test(`migrate-local-state: ${what} that the source lost after the copy is named before the gate`, async (t) => {
    const migrating = await startSteps(t, AFTER);
    const { act, planned, record } = migrating;
    await compare(planned.plan, act, record);

    await take(nodesIn(migrating).source, migrating);

    await assert.rejects(compare(planned.plan, act, record), (error: Error) => {
      failing('LocalStateDiffers', 'mismatch')(error);
      assert.match(error.message, named);
      return true;
    });
  });
}

test('migrate-local-state: an operator who follows the source on the target goes on, and an abort takes it all', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { act, planned, record } = migrating;
  const { source, target } = nodesIn(migrating);
  const before = (await snapshotOf(migrating)).target;
  await applyPhase(migrating, PHASE);
  const user = await userOf(source);
  const [first] = await source.users.listRights(user);
  for (const { users } of [source, target]) await users.revokeRights(user, [first!]);

  await compare(planned.plan, act, record);
  await undoPhase(migrating, PHASE);

  assert.deepEqual((await snapshotOf(migrating)).target, before);
});

test('migrate-local-state: rights that the target gives its own parties are its own', async (t) => {
  const migrating = await startSteps(t, AFTER);
  const { act, planned, record } = migrating;
  const { target } = nodesIn(migrating);
  const right: UserRight = { kind: 'act-as', party: planned.plan.target.uid };
  await target.users.grantRights(await userOf(target), [right]);
  await target.users.createUser({ ...(await userOf(target)), id: 'own', primaryParty: '' });
  await target.users.grantRights(await userOf(target, 'own'), [
    { kind: 'act-as', party: partyOf(migrating, 'Alice') },
  ]);

  await compare(planned.plan, act, record);
});
