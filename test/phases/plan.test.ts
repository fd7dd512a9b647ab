import assert from 'node:assert/strict';
import test from 'node:test';

import { countOf } from '../../model/listed.js';
import type { PlannedParty } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { apply } from '../../workflows/phases/transfer-active-contracts.js';
import { compare } from '../../workflows/phases/verify.js';
import { REQUEST, SMALL, callsOf, startStack } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { startSteps } from '../support/route-steps.js';
import { partiesIn } from '../support/plan-parties.js';

/** Contracts that Alice shares with a party of another participant, and with one that is hosted twice. */
const SHARED = { ...SMALL, contracts: { count: 20, sharedWithForeign: 3, ofMultiHosted: 2 } };

test('plan: it makes no mutating call', async (t) => {
  const stack = await startStack(t);

  const calls = await callsOf(stack, () => stack.plan());

  assert.ok(calls.length > 10);
  assert.deepEqual(
    calls.filter(({ isMutating }) => isMutating),
    [],
  );
});

test('plan: of an unchanged ledger is the same plan with the same hash', async (t) => {
  const { plan } = await startStack(t);

  const first = await plan();
  const second = await plan();

  assert.deepEqual(second, first);
  assert.match(first.hash, /^[0-9a-f]{64}$/);
});

test('plan: of another request or ledger has another hash', async (t) => {
  const { plan, act, sandbox, refs } = await startStack(t);
  const first = await plan();

  const fewer = await plan({ ...REQUEST, parties: [partiesIn(first.plan)[0]!.party] });
  await act.isolateTarget({ target: refs.target });
  const isolated = await plan();

  assert.equal(new Set([first.hash, fewer.hash, isolated.hash]).size, 3);
  assert.ok(sandbox.participants.target.isUp);
});

test('plan: what will be done to every party, DAR and package is decided, with a reason for what is left', async (t) => {
  const { plan, sandbox } = await startStack(t);

  const { plan: its } = await plan();

  assert.deepEqual([its.obstacles, its.direction], [[], 'to-kms']);
  const uid = sandbox.participants.source.uid;
  const hosted = new Set([
    ...sandbox.participants.source
      .parties('acme')
      .filter(({ participants }) => participants.some((host) => host.participant_uid === uid))
      .map(({ party }) => party),
    uid,
  ]);
  assert.deepEqual(new Set(partiesIn(its).map(({ party }) => party)), hosted);
  assert.ok(
    partiesIn(its).every(({ treatment, reason }) => (treatment === 'leave') === reason.length > 0),
  );
  const actions = its.dars.filter(({ action }) => action !== 'built-in');
  assert.deepEqual(actions.map(({ name, action }) => `${name} ${action}`).sort(), [
    'lab-extra upload',
    'lab-iou present',
    'lab-other upload',
  ]);
  const vetted = sandbox.participants.source.vetted('acme');
  const [add, leave] = [its.vetting.add.map(({ packageId }) => packageId), its.vetting.leave];
  assert.ok(add.length > 0 && add.every((packageId) => vetted.includes(packageId)));
  assert.ok(leave.length > 0 && leave.every((packageId) => !vetted.includes(packageId)));
});

test('plan: the contracts of every party are counted', async (t) => {
  const { plan } = await startStack(t);

  const { contracts, parties } = (await plan()).plan;

  assert.deepEqual(contracts, { total: 60, shared: 0, sharedWith: [], treatment: 'undecided' });
  // Each contract has two stakeholders.
  assert.equal(
    partiesIn({ parties }).reduce((sum, { contractCount }) => sum + (contractCount ?? 0), 0),
    120,
  );
  // Of those that stay nothing is counted.
  const staying = partiesIn({ parties }).filter(({ treatment }) => treatment === 'leave');
  assert.ok(staying.length > 0 && staying.every((its) => its.contractCount === undefined));
});

test('plan: only the parties of the request move', async (t) => {
  const { plan } = await startStack(t);
  const all = partiesIn((await plan()).plan).filter(({ treatment }) => treatment === 'move');
  const wanted = all.slice(0, 2).map(({ party }) => party);

  const parties = partiesIn((await plan({ ...REQUEST, parties: wanted })).plan);

  const moved = parties.filter(({ treatment }) => treatment === 'move');
  assert.deepEqual(
    moved.map(({ party }) => party),
    wanted,
  );
  const left = parties.find(({ party }) => party === all[2]!.party);
  assert.equal(left?.reason, 'the request does not include it');
});

test('plan: aliases and logical ids are both accepted', async (t) => {
  const { plan, sandbox } = await startStack(t);
  const { source, target } = sandbox.synchronizers;

  const byAlias = (await plan()).plan;
  const byId = (
    await plan({
      ...REQUEST,
      sourceSynchronizer: source.info.logicalId,
      targetSynchronizer: target.info.logicalId,
    })
  ).plan;

  assert.deepEqual(byId.source, byAlias.source);
  assert.deepEqual(byId.target, byAlias.target);
});

test('plan: synchronizers that a node was never connected to are named by their fields, with those it knows', async (t) => {
  const { plan } = await startStack(t);

  await assert.rejects(
    plan({ ...REQUEST, sourceSynchronizer: 'da', targetSynchronizer: 'elsewhere' }),
    failing(
      'UnknownSynchronizer',
      'refused',
      'sourceSynchronizer: found da',
      'targetSynchronizer: found elsewhere',
      'acme (acme::1220',
    ),
  );
});

test('plan: a participant that the worker does not know is named, with those it knows', async (t) => {
  const { plan } = await startStack(t);

  await assert.rejects(
    plan({ ...REQUEST, target: 'nobody' }),
    failing('UnknownParticipant', 'refused', 'nobody', 'source, target'),
  );
});

test('plan: a request that is none is refused with every field, what was found and what is expected', async (t) => {
  const { act } = await startStack(t);
  const request = {
    source: 'source',
    sourceSynchronizer: '',
    targetSynchronizer: 'da',
    options: { catchUps: 50 },
    address: 'somewhere:5002',
  };

  await assert.rejects(
    act.readPlan(request),
    failing(
      'RequestInvalid',
      'refused',
      'address: unknown field',
      'target: missing',
      'sourceSynchronizer: found ""',
      'options.catchUps: found 50',
    ),
  );
  await assert.rejects(
    act.readPlan({ ...REQUEST, target: 'source' }),
    failing('RequestInvalid', 'refused', 'target: found source'),
  );
});

test('plan: shared contracts are an obstacle until the request says what happens to them', async (t) => {
  const { plan } = await startStack(t, SHARED);
  const obstacles = async (options: MigrationRequest['options']) =>
    (await plan({ ...REQUEST, ...(options && { options }) })).plan.obstacles.map(({ type }) => type);

  assert.deepEqual(await obstacles({}), ['SharedContracts']);
  assert.deepEqual(await obstacles({ sharedContracts: 'include' }), []);
  assert.deepEqual(await obstacles({ sharedContracts: 'exclude' }), []);
});

for (const [sharedContracts, count] of [
  ['exclude', 20],
  ['include', 25],
] as const) {
  test(`plan: shared contracts that the request says to ${sharedContracts} are ${count === 20 ? 'left on the source' : 'moved'}`, async (t) => {
    const request = { ...REQUEST, options: { sharedContracts } };
    const { sandbox, act, planned, record } = await startSteps(t, {
      scenario: SHARED,
      request,
      upTo: 'migrate-local-state',
    });
    const { source, target } = sandbox.participants;

    await apply(planned, act, record);

    const { contracts } = planned.plan;
    assert.deepEqual([contracts.total, contracts.shared, countOf(contracts.sharedWith)], [25, 5, 2]);
    assert.deepEqual([source.contracts().length, target.contracts().length], [25, count]);
    const { isEqual, contractCount } = await compare(planned, act, record);
    assert.deepEqual([isEqual, contractCount], [true, count]);
  });
}

test('plan: a class and a pattern select parties, and what of them cannot move is only counted', async (t) => {
  const { plan } = await startStack(t);
  const all = partiesIn((await plan()).plan);
  const moved = all.filter(({ treatment }) => treatment === 'move');
  const [first] = moved as [PlannedParty];
  const pattern = `${first.party.slice(0, 3)}*`;

  const { plan: byClass } = await plan({ ...REQUEST, parties: ['local', 'multi-hosted'] });
  const { plan: byPattern } = await plan({ ...REQUEST, parties: [pattern, 'nobody*'] });

  assert.deepEqual([byClass.obstacles, partiesIn(byClass)], [[], all]);
  const found = partiesIn(byPattern).filter(({ treatment }) => treatment === 'move');
  assert.deepEqual(
    found,
    moved.filter(({ party }) => party.startsWith(pattern.slice(0, -1))),
  );
  assert.ok(
    byPattern.warnings.some(({ type, what }) => type === 'NoPartyMatches' && what.endsWith('nobody*')),
  );
});
