import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import type { Activities } from '../../activities/index.js';
import { linesToSign } from '../../client/lines-to-sign.js';
import type { Gate } from '../../model/phase.js';
import { QUICK_TIMING, type ScenarioChange } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { runsOf } from '../support/runs.js';
import { LIVE_REQUEST, REQUEST, TINY_LIVE } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

/** Events and bytes that something adds to the history. */
interface Cost {
  events: number;
  bytes: number;
}

async function sizeOf(stack: MigrationStack, id: string): Promise<Cost> {
  const run = (await runsOf(stack, id)).at(-1)!;
  return { events: run.events.length, bytes: run.bytes };
}

/** What `work` costs each of so many `times`. */
async function costOf(
  t: TestContext,
  [what, times]: [what: string, times: number],
  { stack, id }: { stack: MigrationStack; id: string },
  work: () => Promise<void>,
): Promise<Cost> {
  const before = await sizeOf(stack, id);
  for (let at = 0; at < times; at++) await work();
  const after = await sizeOf(stack, id);
  const cost = {
    events: Math.ceil((after.events - before.events) / times),
    bytes: Math.ceil((after.bytes - before.bytes) / times),
  };
  t.diagnostic(`${what}: ${cost.events} events, ${cost.bytes} bytes`);
  return cost;
}

/** Events of a look at an open gate, from one timer to the next. */
async function lookAt(t: TestContext, stack: MigrationStack, id: string, gate: Gate): Promise<number> {
  await stack.until(id, (status) => status.gate?.name === gate);
  const timers = async () => {
    const [{ events } = { events: [] }] = (await runsOf(stack, id)).slice(-1);
    return events.filter((its) => its === TIMER_STARTED).length;
  };
  const first = await timersAfter(timers, await timers());
  const { events } = await costOf(t, [`a look at ${gate}`, 1], { stack, id }, async () => {
    await timersAfter(timers, first);
  });
  return events;
}

const TIMER_STARTED = '17';

/** Returns how many timers were started, once these are more than before. */
async function timersAfter(read: () => Promise<number>, before: number): Promise<number> {
  for (;;) {
    const count = await read();
    if (count > before) return count;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const EXTERNAL = {
  local: 1,
  multiHosted: 0,
  external: 4,
  externalKeys: 2,
  decentralized: 0,
  foreign: 0,
};
const SCENARIO: ScenarioChange = { timing: QUICK_TIMING, contracts: { count: 6 }, parties: EXTERNAL };

/** Refused as by a node, as long as `isRefusing`. */
const refusing = (name: keyof Activities, isRefusing: () => boolean) => (activities: Activities) => ({
  [name]: (input: never) => {
    if (!isRefusing()) return activities[name](input);
    throw ApplicationFailure.nonRetryable('not now', 'FailedPrecondition', { kind: 'refused' });
  },
});

test('history: what a look, a resume, a pause and a retried undo cost', RARER, async (t) => {
  let isRefusing = true;
  const change = (activities: Activities) => ({
    ...refusing('ensureVetting', () => isRefusing)(activities),
    ...refusing('withdrawParties', () => isRefusing)(activities),
  });
  const stack = await startMigrationStack(t, { change });
  const { client, until, approve } = stack;
  const id = await client.start(REQUEST);
  assert.ok((await lookAt(t, stack, id, 'root-key')) <= 20);
  const steer = async (what: 'pause' | 'resume') => client[what](id, { by: 'test' });
  const its = { stack, id };
  const paused = await costOf(t, ['pause and resume', 10], its, async () => {
    await steer('pause');
    await steer('resume');
  });
  assert.ok(paused.events <= 10);
  await approve(id, 'root-key');
  await until(id, ({ state }) => state === 'stopped');
  const stopped = async () => {
    await steer('resume');
    await until(id, ({ state }) => state === 'stopped');
  };
  assert.ok((await costOf(t, ['a resume that stops again', 5], its, stopped)).events <= 60);
  isRefusing = false;
  await steer('resume');
  assert.ok((await lookAt(t, stack, id, 'interrupt-service')) <= 30);
  isRefusing = true;
  await client.abort(id, { by: 'test' });
  await until(id, ({ retryAt }) => retryAt !== undefined);
  assert.ok((await costOf(t, ['a retried undo', 5], its, stopped)).events <= 20);
  isRefusing = false;
  await steer('resume');
});

test('history: what a look costs on the live route, and a file of signatures', RARER, async (t) => {
  const live = await startMigrationStack(t, { scenario: TINY_LIVE });
  const liveId = await live.client.start(LIVE_REQUEST);
  await live.approve(liveId, 'root-key');
  assert.ok((await lookAt(t, live, liveId, 'target-backup')) <= 40);
  await live.approve(liveId, 'target-backup');
  assert.ok((await lookAt(t, live, liveId, 'switch')) <= 40);
  await live.client.abort(liveId, { by: 'test' });

  const stack = await startMigrationStack(t, { scenario: SCENARIO });
  const { client, until, sandbox } = stack;
  const { uid } = sandbox.participants.source;
  const all = sandbox.participants.source.parties('acme').map(({ party }) => party);
  const id = await client.start({ ...REQUEST, parties: all.filter((party) => party !== uid) });
  await until(id, ({ gate }) => gate?.name === 'root-key');
  const lines = [...linesToSign(await client.signaturesToProvide(id))];
  const [one] = lines.filter(({ purpose }) => purpose === 'party-hosting');
  const signature = Buffer.from(sandbox.sign(one!.signedBy, Buffer.from(one!.toSign, 'base64')));
  const signatures = [{ hash: one!.hash, signature: signature.toString('base64') }];
  const handIn = async () => void (await client.provideSignatures(id, { signatures, by: 'keeper' }));
  assert.ok((await costOf(t, ['a file of signatures', 10], { stack, id }, handIn)).events <= 15);
  await client.abort(id, { by: 'test' });
});
