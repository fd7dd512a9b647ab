import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import type { Activities } from '../../activities/index.js';
import type { MigrationSnapshot } from '../../client/index.js';
import { linesToSign } from '../../client/lines-to-sign.js';
import { migrationId } from '../../model/plan.js';
import type { SourceLook } from '../../model/source-watch.js';
import { MIGRATE_WORKFLOW, type MigrationStatus } from '../../model/steering.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { COLD_GATES, LIVE_GATES } from '../support/driving.js';
import { assertServes, partiesOf, sortedContracts, startLive } from '../support/live.js';
import { runsOf } from '../support/runs.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';

/** So that a migration continues as new some ten times. A new run and one look at a gate have fewer. */
const LONG = 60;
await temporalServer({ longAfterEvents: LONG });

type Change = (activities: Activities) => Partial<Activities>;

/** Each of these fails as if a node refused it, the first times. */
function failing(names: Partial<Record<keyof Activities, number>>): Change {
  const left = { ...names };
  return (activities) =>
    Object.fromEntries(
      (Object.keys(names) as (keyof Activities)[]).map((name) => [
        name,
        (input: never) => {
          const times = left[name] ?? 0;
          if (times === 0) return activities[name](input);
          left[name] = times - 1;
          throw ApplicationFailure.nonRetryable('not now', 'FailedPrecondition', { kind: 'refused' });
        },
      ]),
    );
}

const isStopped = ({ state, retryAt }: MigrationStatus) => state === 'stopped' || retryAt !== undefined;

/** Stops of a step, each resumed. */
async function resumeAll({ client, until }: MigrationStack, id: string, times: number) {
  for (let at = 0; at < times; at++) {
    await until(id, isStopped);
    await client.resume(id, { by: 'test' });
  }
}

/** Started under another id, as by a schedule: the migration is its child. */
async function startNightly(t: TestContext, change: Change) {
  const stack = await startMigrationStack(t, { change });
  const { temporal, taskQueue, until } = stack;
  const workflowId = `nightly-${taskQueue}`;
  const nightly = await temporal.workflow.start(MIGRATE_WORKFLOW, {
    ...{ workflowId, taskQueue },
    args: [REQUEST],
  });
  await until(workflowId, ({ state }) => state === 'delegated');
  return { stack, nightly, id: migrationId(stack.sandbox.participants.source.uid) };
}

/** Whether a migration did go on, more than once, and says when the first of its runs began. */
async function assertContinued(stack: MigrationStack, id: string): Promise<void> {
  const runs = await runsOf(stack, id);
  const lengths = runs.map(({ events }) => events.length);
  assert.ok(lengths.length > 3, `runs of ${lengths.join(', ')} events`);
  const { startTime } = await runs[0]!.handle.describe();
  assert.equal((await stack.client.status(id)).startedAt, startTime.toISOString());
}

test('continued: over another synchronizer a migration continues as new at gates, and stopped before and behind the point of no return, and ends as one that did not', async (t) => {
  const change = failing({ ensureVetting: 5, pingSelf: 5 });
  const { stack, nightly, id } = await startNightly(t, change);
  const { client, approve, until, sandbox } = stack;
  const contracts = sandbox.participants.source.contracts().sort();
  const snapshots: MigrationSnapshot[] = [];
  const following = (async () => {
    for await (const snapshot of client.watch(id)) snapshots.push(snapshot);
  })();

  await approve(id, 'root-key');
  await resumeAll(stack, id, 5);
  await approve(id, 'interrupt-service');
  await approve(id, 'cut-over');
  await resumeAll(stack, id, 5);
  const report = await client.result(id);

  const { approvals, steps } = await until(id, ({ watch }) => watch?.state === 'parked');
  assert.deepEqual(
    approvals.map(({ gate }) => gate),
    COLD_GATES,
  );
  assert.ok(steps.every(({ state }) => state === 'done'));
  assert.ok(report.verification.isEqual);
  assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
  const made = (method: string) => sandbox.calls.list().filter((its) => its.method === method).length;
  assert.deepEqual([made('CreateUser'), made('CreateIdentityProviderConfig')], [3, 1]);
  const { changed } = report.phases.find(({ phase }) => phase === 'transfer-active-contracts')!;
  assert.match(changed.join('\n'), /^60 contracts imported in 1 call, exported at offset \d+$/);
  await client.closeMigration(id, { by: 'test' });
  const ended = (await nightly.result()) as typeof report;
  assert.deepEqual([ended.closedBy, ended.planHash], ['test', report.planHash]);
  await following;
  assert.equal(snapshots.at(-1)?.execution, 'completed');
  await assertContinued(stack, id);
});

test(
  'continued: an abort whose undo fails again and again goes on in new runs until everything is taken back; a cancelled parent waits for it',
  RARER,
  async (t) => {
    const change = failing({ copyActiveContracts: 1, removeDar: 6 });
    const { stack, nightly, id } = await startNightly(t, change);
    const { approve, until, sandbox, client } = stack;
    await approve(id, 'root-key');
    await approve(id, 'interrupt-service');
    await until(id, isStopped);

    await nightly.cancel();
    await until(id, ({ state, retryAt }) => state === 'stopped' && retryAt !== undefined);
    await resumeAll(stack, id, 6);

    await assert.rejects(client.result(id), /aborted by a cancellation in Temporal: the source serves/);
    await assert.rejects(nightly.result());
    const { withdrawal } = await until(id, ({ state }) => state === 'aborted');
    assert.match(withdrawal!.checked.join('\n'), /without contracts of the import/);
    assert.deepEqual(sandbox.participants.target.contracts(), []);
    assert.equal(withdrawal!.firstFailure?.type, 'FailedPrecondition');
    await assertContinued(stack, id);
  },
);

test(
  'continued: on the live route a migration continues as new in the onboarding window, and in the step that cannot be taken back',
  RARER,
  async (t) => {
    const change = failing({ copyActiveContracts: 5, connectTarget: 5 });
    const { stack, id, contracts } = await startLive(t, { change });
    const { client, approve, until, sandbox } = stack;
    await approve(id, 'root-key');
    await approve(id, 'target-backup');
    await resumeAll(stack, id, 5);
    await approve(id, 'switch');
    await resumeAll(stack, id, 5);
    const report = await client.result(id);

    const { approvals } = await until(id, ({ watch }) => watch?.state === 'removed');
    assert.deepEqual(
      approvals.map(({ gate }) => gate),
      LIVE_GATES,
    );
    assertServes(stack, sandbox.participants.target, { contracts, parties: partiesOf(report) });
    assert.deepEqual(sortedContracts(sandbox.participants.source), contracts);
    await client.closeMigration(id, { by: 'test' });
    await assertContinued(stack, id);
  },
);

const EXTERNAL = {
  local: 1,
  multiHosted: 0,
  external: 4,
  externalKeys: 2,
  decentralized: 0,
  foreign: 0,
};

test(
  'continued: signatures that are handed in again and again, several at a time, are answered each, and none is lost',
  RARER,
  async (t) => {
    const scenario = { timing: QUICK_TIMING, contracts: { count: 6 }, parties: EXTERNAL };
    const stack = await startMigrationStack(t, { scenario });
    const { client, until, sandbox } = stack;
    const { uid } = sandbox.participants.source;
    const all = sandbox.participants.source.parties('acme').map(({ party }) => party);
    const id = await client.start({ ...REQUEST, parties: all.filter((party) => party !== uid) });
    await until(id, ({ gate }) => gate?.name === 'root-key');
    const lines = [...linesToSign(await client.signaturesToProvide(id))];
    const [one, two] = lines.filter(({ purpose }) => purpose === 'party-hosting');
    const signed = [one!, two!].map(({ hash, toSign, signedBy }) => ({
      hash,
      signature: Buffer.from(sandbox.sign(signedBy, Buffer.from(toSign, 'base64'))).toString('base64'),
    }));

    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, at) =>
        client.provideSignatures(id, { signatures: [signed[at % 2]!], by: 'keeper' }),
      ),
    );

    assert.ok(answers.every(({ accepted, alreadyGiven }) => accepted + alreadyGiven === 1));
    assert.equal(
      answers.reduce((sum, { accepted }) => sum + accepted, 0),
      2,
    );
    const { hostings } = await until(id, ({ gate }) => gate?.name === 'root-key');
    assert.deepEqual([hostings?.given, hostings?.missing], [2, 0]);
    await assertContinued(stack, id);
    await client.abort(id, { by: 'test' });
  },
);

test(
  'continued: an attempt of an earlier run that nobody waits for any more changes nothing',
  RARER,
  async (t) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let superseded: Promise<unknown> | undefined;
    let attempts = 0;
    const stack = await startMigrationStack(t, {
      change: (activities) => ({
        // The first attempt is not heard of any more; those after it are refused.
        ensureVetting: (input) => {
          if (attempts++ > 0)
            throw ApplicationFailure.nonRetryable('not now', 'FailedPrecondition', { kind: 'refused' });
          const attempt = released.then(() => activities.ensureVetting(input));
          superseded = attempt.catch((error: unknown) => error);
          return attempt;
        },
      }),
    });
    const { client, approve, until, sandbox } = stack;
    const id = await client.start(REQUEST);
    await approve(id, 'root-key');
    await resumeAll(stack, id, 6);
    await until(id, isStopped);
    await assertContinued(stack, id);
    const before = sandbox.calls.list({ isMutating: true }).length;

    release();

    assert.match(String(await superseded), /CancelledFailure|has ended|belongs to another attempt/);
    assert.equal(sandbox.calls.list({ isMutating: true }).length, before);
    await client.abort(id, { by: 'test' });
  },
);

test(
  'continued: a source that stops and starts again and again is watched by one run after the other, and nothing is forgotten',
  RARER,
  async (t) => {
    let looks = 0;
    const stack = await startMigrationStack(t, {
      change: (activities) => ({
        watchSource: async (input): Promise<SourceLook> => {
          looks += 1;
          if (looks === 1 || looks > 20) return activities.watchSource(input);
          return looks % 2 === 0
            ? { state: 'unreachable', aliases: [], reason: 'stopped' }
            : activities.readParkedSource(input);
        },
      }),
    });
    const { client, approve, until, handle } = stack;
    const id = await client.start(REQUEST);
    for (const gate of COLD_GATES) await approve(id, gate);
    await until(id, ({ watch }) => watch?.state === 'parked');
    const { runId: first, memo } = await handle(id).describe();

    const status = await until(id, () => looks > 20);

    const { runId: last, memo: kept } = await handle(id).describe();
    assert.notEqual(last, first);
    // By what it says the worker lets this run change the source again.
    assert.ok(kept?.['planned']);
    assert.deepEqual(kept, memo);
    assert.deepEqual([status.state, status.verification?.isEqual], ['watching', true]);
    const report = await client.closeMigration(id, { by: 'ada' });
    assert.deepEqual([report.closedBy, report.verification.isEqual], ['ada', true]);
  },
);
