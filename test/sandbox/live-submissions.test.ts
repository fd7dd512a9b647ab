import assert from 'node:assert/strict';
import test from 'node:test';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { until } from '../conformance/states.js';
import { assertEqual, create, createdIn, Live, settle, submit, transfer } from './live-support.js';
import type { CallFailed } from './wire-client.js';

const SLOW = { timing: { ...QUICK_TIMING, submissionMs: 300 } };

/** Brings both nodes to host all parties, the target's flags still set. */
async function bothHost(live: Live): Promise<void> {
  await live.transfer();
  await live.reconnect();
}

test('live submissions: a node that does not host the submitter refuses', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;

  await assert.rejects(submit(live.target, p, create(p, q)), {
    code: 'NOT_FOUND',
    id: 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT',
  });
});

test('live submissions: a flagged party does not submit on the new host, and does once the flag is gone', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  await bothHost(live);

  await assert.rejects(submit(live.target, p, create(p, q)), {
    code: 'FAILED_PRECONDITION',
    id: 'PARTY_CURRENTLY_ONBOARDING',
  });
  await submit(live.source, p, create(p, q));
  await live.clearFlags();
  await submit(live.target, p, create(p, q));

  assertEqual(live);
});

test('live submissions: one in flight counts on its node, and on the others as a transaction', async (t) => {
  const live = await Live.start(t, SLOW);
  const [p = '', q = ''] = live.parties;
  await bothHost(live);
  const done = submit(live.source, p, create(p, q));

  const counts = await until(
    async () => [await live.countInFlight(live.source), await live.countInFlight(live.target)] as const,
    ([source]) => Number(source['pending_submissions'] ?? 0) > 0,
  );
  assert.equal(Number(counts[0]['pending_submissions']), 1);
  assert.equal(Number(counts[1]['pending_transactions']), 1);
  await done;
  assert.equal(Number((await live.countInFlight(live.source))['pending_submissions'] ?? 0), 0);
  assert.equal(Number((await live.countInFlight(live.target))['pending_transactions'] ?? 0), 0);
});

test('live submissions: a hosting that takes effect meanwhile fails them cleanly, in two ways', async (t) => {
  const live = await Live.start(t, SLOW);
  const [p = '', q = ''] = live.parties;
  const contract = createdIn(await submit(live.source, p, create(p, q)));
  const proposals = await live.propose();
  await live.cutOff();
  const signed = await live.sign(proposals);
  const outcomes = Promise.allSettled([
    submit(live.source, p, settle(contract)),
    submit(live.source, q, transfer(contract, p)),
  ]);
  await live.activate(signed);

  const failures = (await outcomes).map((one) =>
    one.status === 'rejected' ? (one.reason as CallFailed) : undefined,
  );
  assert.deepEqual(
    failures.map((one) => [one?.code, one?.id]),
    [
      ['ABORTED', 'NO_VIEW_WITH_VALID_RECIPIENTS'],
      ['INVALID_ARGUMENT', undefined],
    ],
  );
  assert.match(failures[1]!.text, /^An error occurred. Please contact the operator/);
  assert.ok(live.source.contracts().includes(contract));
  await submit(live.source, p, settle(contract));
});

test('live submissions: the end of a flag disturbs none', async (t) => {
  const live = await Live.start(t, SLOW);
  const [p = '', q = ''] = live.parties;
  await bothHost(live);
  const running = submit(live.source, p, create(p, q));
  await live.clearFlags();
  await running;
  assertEqual(live);
});

test('live submissions: of two that use a contract on different nodes one wins', async (t) => {
  const live = await Live.start(t, SLOW);
  const [p = '', q = '', r = ''] = live.parties;
  await bothHost(live);
  await live.clearFlags();
  const contract = createdIn(await submit(live.source, p, create(p, q)));

  const outcomes = await Promise.allSettled([
    submit(live.source, p, settle(contract)),
    submit(live.target, q, transfer(contract, r)),
  ]);

  const failed = outcomes.flatMap((one) =>
    one.status === 'rejected' ? [one.reason as CallFailed] : [],
  );
  assert.deepEqual(
    failed.map((one) => one.id),
    ['CONTRACT_NOT_FOUND'],
  );
  assertEqual(live);
});

test('live submissions: a command counts once per node, also across a restart, and once more on the other', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  await bothHost(live);
  await live.clearFlags();
  const before = live.source.contracts().length;
  await submit(live.source, p, create(p, q), 'pay');

  const again = { code: 'ALREADY_EXISTS', id: 'DUPLICATE_COMMAND' };
  await assert.rejects(submit(live.source, p, create(p, q), 'pay'), again);
  await live.source.restart();
  await assert.rejects(submit(live.source, p, create(p, q), 'pay'), again);
  await submit(live.source, q, create(q, p), 'pay');
  await submit(live.target, p, create(p, q), 'pay');
  await submit(live.source, p, create(p, q), '');
  await submit(live.source, p, create(p, q), '');

  assertEqual(live);
  assert.equal(live.source.contracts().length, before + 5);
});

test('live submissions: a refused command may come again, one in flight may not', async (t) => {
  const live = await Live.start(t, SLOW);
  const [p = '', q = ''] = live.parties;
  await assert.rejects(submit(live.source, q, create(p, q), 'x'), { id: 'DAML_AUTHORIZATION_ERROR' });
  const first = submit(live.source, p, create(p, q), 'x');
  await until(
    async () => (await live.countInFlight(live.source))['pending_submissions'] ?? 0,
    (count) => Number(count) === 1,
  );

  await assert.rejects(submit(live.source, p, create(p, q), 'x'), {
    code: 'ABORTED',
    id: 'SUBMISSION_ALREADY_IN_FLIGHT',
  });
  await first;
});

test('live submissions: a host that has not vetted the package stops every one that needs it', async (t) => {
  const dars = [{ name: 'lab-other', version: '1.0.0', isVetted: true }];
  const live = await Live.start(t, { target: { dars } });
  const [p = '', q = ''] = live.parties;
  await submit(live.source, p, create(p, q));
  const proposals = await live.propose();
  await live.cutOff();
  await live.activate(await live.sign(proposals));

  await assert.rejects(submit(live.source, p, create(p, q)), { id: 'PACKAGE_SELECTION_FAILED' });
});

test('live submissions: while the sequencer is away they wait', async (t) => {
  const live = await Live.start(t);
  const [p = '', q = ''] = live.parties;
  await bothHost(live);
  live.sandbox.synchronizers.source.setUp(false);
  const waiting = submit(live.source, p, create(p, q));
  await until(
    async () => (await live.countInFlight(live.source))['pending_submissions'] ?? 0,
    (count) => Number(count) === 1,
  );
  live.sandbox.synchronizers.source.setUp(true);
  await waiting;
  assertEqual(live);
});
