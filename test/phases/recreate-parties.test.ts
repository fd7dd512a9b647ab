import assert from 'node:assert/strict';
import test from 'node:test';

import { apply, remains, undo } from '../../workflows/phases/recreate-parties.js';
import { check } from '../../workflows/phases/withdrawal.js';
import { createContractOn } from '../support/ledger-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import { hostOnTargetSynchronizer, otherHost } from '../support/topology-changes.js';
import { REQUEST, SMALL, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { type Migrating, partyOf, startSteps } from '../support/route-steps.js';
import { partiesIn } from '../support/plan-parties.js';

/** Hosts of every party on the target synchronizer, as the target knows them. */
function hosting({ sandbox }: Pick<Migrating, 'sandbox'>): Record<string, string[]> {
  const mappings = sandbox.participants.target.parties('da');
  return Object.fromEntries(
    mappings.map(({ party, participants }) => [
      party,
      participants.map(({ participant_uid: uid, permission }) => `${uid} ${permission}`),
    ]),
  );
}

const atTarget = ({ sandbox }: Pick<Migrating, 'sandbox'>, permission = 'SUBMISSION') =>
  `${sandbox.participants.target.uid} PARTICIPANT_PERMISSION_${permission}`;

// What the nodes sign by themselves; the others are in recreate-others.test.ts.
const SIGNED_BY_NODES = { ...SMALL, parties: { external: 0, decentralized: 0 } };
const BEFORE = { upTo: 'delegate-namespace', scenario: SIGNED_BY_NODES } as const;
const DONE = { upTo: 'recreate-parties', scenario: SIGNED_BY_NODES } as const;
const WITH_THIRD = { ...BEFORE, scenario: { ...SIGNED_BY_NODES, targetMembers: ['third'] } };

test('recreate-parties: every local party is hosted by the target with the permission it had', async (t) => {
  const migrating = await startSteps(t, BEFORE);

  await apply(migrating.planned.plan, migrating.act, migrating.migration);

  const local = partiesIn(migrating.planned.plan).filter((its) => its.class === 'local');
  const expected = local.map(({ party }) => [party, [atTarget(migrating)]]);
  assert.equal(local.length, 8);
  assert.deepEqual(hosting(migrating), Object.fromEntries(expected));
});

test('recreate-parties: multi-hosted, admin and foreign parties are left, with a reason', async (t) => {
  const migrating = await startSteps(t, BEFORE);

  await apply(migrating.planned.plan, migrating.act, migrating.migration);

  const left = partiesIn(migrating.planned.plan).filter(({ treatment }) => treatment === 'leave');
  assert.deepEqual(left.map((its) => its.class).sort(), ['admin', 'multi-hosted']);
  assert.ok(left.every(({ reason }) => reason.length > 20));
  const moved = Object.keys(hosting(migrating));
  assert.ok(left.every(({ party }) => !moved.includes(party)));
  assert.ok(moved.every((party) => !party.startsWith('counterparty')));
});

test('recreate-parties: nothing changes for the parties on the source synchronizer', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const before = await snapshotOf(migrating);

  await apply(migrating.planned.plan, migrating.act, migrating.migration);

  assert.deepEqual((await snapshotOf(migrating)).source, before.source);
});

test('recreate-parties: a repeat changes nothing', async (t) => {
  const migrating = await startSteps(t, DONE);
  const { act, planned, migration } = migrating;

  const calls = await callsOf(
    migrating,
    async () => assert.deepEqual(await apply(planned.plan, act, migration), []),
    { isMutating: true },
  );

  assert.deepEqual(calls, []);
});

test('recreate-parties: a repeat after lost replies leaves one mapping per party', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, migration } = migrating;
  sandbox.faults.dropReply('Authorize', { participant: 'target', times: 3 });

  await assert.rejects(apply(planned.plan, act, migration), failing('Unavailable', 'transient'));
  await apply(planned.plan, act, migration);

  const hosts = Object.values(hosting(migrating));
  assert.equal(hosts.length, 8);
  assert.ok(hosts.every((its) => its.length === 1 && its[0] === atTarget(migrating)));
});

test('recreate-parties: a party that somebody else hosts on the target synchronizer is refused', async (t) => {
  const migrating = await startSteps(t, WITH_THIRD);
  const { sandbox, act, planned, migration } = migrating;
  const alice = partyOf(migrating, 'Alice');
  const third = otherHost(sandbox).uid;
  hostOnTargetSynchronizer(sandbox, {
    party: alice,
    hosts: [{ uid: third, permission: 'CONFIRMATION' }],
  });

  await assert.rejects(
    apply(planned.plan, act, migration),
    failing('PartiesHostedElsewhere', 'mismatch', `${alice} by ${third}`),
  );

  assert.deepEqual(hosting(migrating)[alice], [`${third} PARTICIPANT_PERMISSION_CONFIRMATION`]);
});

test('recreate-parties: a target that hosted a party with less gets the permission of the source', async (t) => {
  const migrating = await startSteps(t, WITH_THIRD);
  const { sandbox, act, planned, migration } = migrating;
  const alice = partyOf(migrating, 'Alice');
  const { uid } = sandbox.participants.target;
  hostOnTargetSynchronizer(sandbox, { party: alice, hosts: [{ uid, permission: 'OBSERVATION' }] });

  await apply(planned.plan, act, migration);

  assert.deepEqual(hosting(migrating)[alice], [atTarget(migrating)]);
});

test('recreate-parties: undo restores the former mapping and removes the parties that had none', async (t) => {
  const migrating = await startSteps(t, WITH_THIRD);
  const { sandbox, act, record, migration } = migrating;
  const { uid } = sandbox.participants.target;
  const bob = partyOf(migrating, 'Bob');
  hostOnTargetSynchronizer(sandbox, { party: bob, hosts: [{ uid, permission: 'OBSERVATION' }] });
  const { plan } = await act.readPlan(REQUEST);
  const before = hosting(migrating);

  await apply(plan, act, migration);
  await undo(plan, act, record);

  assert.deepEqual(Object.keys(before), [bob]);
  assert.deepEqual(hosting(migrating), before);
});

test('recreate-parties: undo is repeated without a change, also after a lost reply', async (t) => {
  const migrating = await startSteps(t, DONE);
  const { sandbox, act, planned, record } = migrating;
  sandbox.faults.dropReply('Authorize', { participant: 'target' });

  await assert.rejects(undo(planned.plan, act, record), failing('Unavailable', 'transient'));
  await undo(planned.plan, act, record);
  const calls = await callsOf(migrating, () => undo(planned.plan, act, record), { isMutating: true });

  assert.deepEqual(calls, []);
  assert.deepEqual(hosting(migrating), {});
});

test('recreate-parties: a second migration after an undo hosts the parties again', async (t) => {
  const migrating = await startSteps(t, DONE);
  const { act, planned, record, migration } = migrating;
  await undo(planned.plan, act, record);

  const { plan } = await act.readPlan(REQUEST);
  const changed = await apply(plan, act, migration);
  await undo(plan, act, record);
  await apply(plan, act, migration);

  assert.equal(changed.length, 1);
  assert.equal(Object.keys(hosting(migrating)).length, 8);
});

// The node refuses to leave it, and nobody could end the contracts afterwards.
test('recreate-parties: undo leaves the target as host of a party of which others created contracts there, and says so', async (t) => {
  const migrating = await startSteps(t, DONE);
  const { sandbox, act, planned, record } = migrating;
  const alice = partyOf(migrating, 'Alice');
  createContractOn(sandbox.participants.target, { parties: [alice] });

  const changed = await undo(planned.plan, act, record);

  assert.deepEqual(hosting(migrating), { [alice]: [atTarget(migrating)] });
  assert.deepEqual(changed, ['7 parties no longer hosted by target']);
  const [stays] = remains(planned.plan, record);
  assert.match(
    `${stays?.what}: ${stays?.why}`,
    /^target as host of Alice::\w+ on da: others created contracts of it/,
  );
  const checked = await check(planned, act, record);
  assert.match(
    checked.join('\n'),
    /1 contract that others created stay[^]*but 1 party of contracts that others created/,
  );
});

test('recreate-parties: without the delegation nothing is proposed for good', async (t) => {
  const migrating = await startSteps(t, { scenario: SIGNED_BY_NODES });
  const { act, planned, migration } = migrating;

  await assert.rejects(
    apply(planned.plan, act, migration),
    failing('InvalidArgument', 'refused', 'target'),
  );

  assert.deepEqual(hosting(migrating), {});
});

test('recreate-parties: a target without its KMS keys is named by its refusal', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, migration } = migrating;
  sandbox.kms.loseKeys();

  await assert.rejects(
    apply(planned.plan, act, migration),
    failing('Internal', 'refused', 'target', 'Authorize'),
  );

  assert.deepEqual(hosting(migrating), {});
});
