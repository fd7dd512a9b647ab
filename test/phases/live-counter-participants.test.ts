import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { typeOf } from '../../model/failure.js';
import { isLive } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { requestProblems } from '../../model/validation.js';
import { renderPlan } from '../../client/render/plan.js';
import { createStyle } from '../../client/render/style.js';
import type { ParticipantView } from '../../sandbox/index.js';
import { removeContract } from '../support/ledger-changes.js';
import { creation, submit } from '../support/ledger-traffic.js';
import { reached } from '../support/reached.js';
import { applyStep, applyUpTo, PROMPT_LIVE, startLiveMigrating } from '../support/route-steps.js';
import { LIVE_REQUEST, startStack, type Stack } from '../support/stack.js';

const IOU = { name: 'lab-iou', version: '1.0.0', isVetted: true } as const;

/** A third participant hosts a party that shares three contracts with one that moves. */
async function startShared(t: TestContext) {
  const stack = await startStack(t, {
    ...PROMPT_LIVE,
    fresh: { name: 'counter', synchronizers: ['source'], dars: [IOU] },
  });
  const { source } = stack.sandbox.participants;
  const counter = stack.sandbox.participants.fresh!;
  const { port } = counter.participant.node;
  const [place] = port.registered();
  const owner = await port.allocateParty('Counter', place!);
  const order = source.participant.node.port.order(place!.logicalId)!;
  await reached(() => order.hostsAt(owner, Date.now() * 1000).length > 0);
  const [payer = ''] = source.parties('acme').map(({ party }) => party);
  for (let n = 0; n < 3; n++) await submit(source, payer, creation(payer, owner, `shared ${n}`));
  await reached(() => counter.contracts().length === 3);
  await periods(stack, 2);
  return { stack, counter, uid: counter.uid };
}

/** Lets the source see an event in each of so many reconciliation periods. */
async function periods({ sandbox, participants }: Stack, count: number): Promise<void> {
  const { uid: participantUid } = sandbox.participants.source;
  const { logicalId: synchronizerId } = sandbox.synchronizers.source.info;
  const period = () => Math.floor(Date.now() / sandbox.scenario.timing.reconciliationMs);
  for (let n = 0; n < count; n++) {
    const before = period();
    await reached(() => period() > before);
    const request = { participantUid, synchronizerId, timeoutMs: 5_000 };
    const answer = await participants.get('source')!.health.ping(request);
    assert.ok('pingTimeMs' in answer);
  }
}

const leave = (counter: ParticipantView) => counter.participant.node.connections.disconnect('acme');
const comeBack = (counter: ParticipantView) => counter.participant.node.connections.connect('acme');

/** It loses one of the shared contracts by a repair, and says so from then on. */
async function disagree(counter: ParticipantView): Promise<void> {
  leave(counter);
  removeContract(counter, counter.contracts()[0]!);
  await comeBack(counter);
}

const excepting = (uid: string): MigrationRequest => ({
  ...LIVE_REQUEST,
  options: { ...LIVE_REQUEST.options, exceptCounterParticipants: [uid] },
});

test('counter-participants: one that is up and agrees is in no finding', async (t) => {
  const { stack, uid } = await startShared(t);

  const { plan } = await stack.plan(LIVE_REQUEST);

  assert.ok(isLive(plan));
  assert.ok(plan.live.counterParticipants.before.includes(uid));
  assert.equal(plan.live.unreliable, undefined);
  const types = plan.warnings.map(({ type }) => type);
  assert.deepEqual(
    types.filter((type) => /CounterParticipant|Exception/.test(type)),
    [],
  );
});

test('counter-participants: one that was silent for long is named with since when, and nobody waits for it', async (t) => {
  const { stack, counter, uid } = await startShared(t);
  leave(counter);
  await periods(stack, 6);

  const migrating = await startLiveMigrating(stack);
  const { plan } = migrating.planned;
  assert.ok(isLive(plan));
  const [known, ...more] = plan.live.unreliable ?? [];
  assert.deepEqual([known?.uid, known?.state, known?.isExcepted, more], [uid, 'silent', false, []]);
  assert.ok(Number(known?.intervalsBehind) > 3);
  const warning = plan.warnings.find(({ type }) => type === 'CounterParticipantSilent');
  assert.match(
    warning?.what ?? '',
    new RegExp(`${uid} \\(silent, last match until \\S+Z, \\d+ periods ago\\)`),
  );
  assert.match(warning?.cure ?? '', /options\.exceptCounterParticipants/);
  assert.match(
    renderPlan(migrating.planned, createStyle({ isTerminal: false, hasColor: false })),
    /Commitments not waited for: counter::/,
  );

  await applyUpTo(migrating, 'remove-source');
  const { migration } = migrating;
  // The others still count.
  assert.ok(migration.live!.commitments.some((its) => its.counterParticipantUid === plan.source.uid));
  const told = await applyStep(migrating, 'remove-source');
  assert.ok(
    told.some((line) => line.startsWith(`commitments not waited for: ${uid} (silent`)),
    told.join(),
  );
});

test('counter-participants: who disagreed with the source before is no alarm after the cut-over', async (t) => {
  const { stack, counter, uid } = await startShared(t);
  await disagree(counter);
  await periods(stack, 3);

  const migrating = await startLiveMigrating(stack);
  const { plan } = migrating.planned;
  assert.ok(isLive(plan));
  assert.deepEqual(
    plan.live.unreliable?.map((its) => [its.uid, its.state]),
    [[uid, 'disagreeing']],
  );
  const warning = plan.warnings.find(({ type }) => type === 'CounterParticipantDisagrees');
  assert.match(warning?.what ?? '', new RegExp(uid));

  await applyUpTo(migrating);
  assert.deepEqual(migrating.migration.live!.switching?.disagreeing, []);
});

test('counter-participants: a mismatch that is new is an alarm', async (t) => {
  const { stack, counter, uid } = await startShared(t);
  const migrating = await startLiveMigrating(stack);
  await disagree(counter);

  await assert.rejects(applyUpTo(migrating, 'move-clients'), (error: Error) => {
    assert.equal(typeOf(error.cause), 'CommitmentMismatch');
    assert.match(error.message, new RegExp(uid));
    return true;
  });
});

test('counter-participants: one excepted by name stops nothing, whatever it sends, and is in the plan and its hash', async (t) => {
  const { stack, counter, uid } = await startShared(t);
  const { hash } = await stack.plan(LIVE_REQUEST);
  const migrating = await startLiveMigrating(stack, excepting(uid));
  const { plan } = migrating.planned;
  assert.ok(isLive(plan));
  assert.deepEqual(
    plan.live.unreliable?.map((its) => [its.uid, its.isExcepted, its.state]),
    [[uid, true, undefined]],
  );
  assert.notEqual(migrating.planned.hash, hash);
  await disagree(counter);

  await applyUpTo(migrating, 'remove-source');
  const told = await applyStep(migrating, 'remove-source');
  assert.ok(told.includes(`commitments not waited for: ${uid}, excepted by the request`), told.join());
});

test('counter-participants: an exception for somebody who shares nothing is told', async (t) => {
  const { stack } = await startShared(t);
  const { uid } = stack.sandbox.participants.target;

  const { plan } = await stack.plan(excepting(uid));

  const warning = plan.warnings.find(({ type }) => type === 'ExceptionUnused');
  assert.match(warning?.what ?? '', new RegExp(`names ${uid}`));
});

test('counter-participants: an exception is a list of uids, on the route live', () => {
  const uid = `counter::1220${'ab'.repeat(32)}`;

  assert.deepEqual(requestProblems(excepting(uid)), []);
  assert.match(requestProblems(excepting('counter')).join(), /exceptCounterParticipants/);
  assert.match(
    requestProblems({ ...excepting(uid), route: 'new-synchronizer' }).join(),
    /exceptCounterParticipants: found 1 uids, expected nothing on the route new-synchronizer/,
  );
});
