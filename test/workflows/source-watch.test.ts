import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { Context, sleep } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';

import { REPORT_FORMATS } from '../../model/kept-report.js';
import type { SourceLook } from '../../model/source-watch.js';
import { MIGRATE_WORKFLOW, type MigrationStatus } from '../../model/steering.js';
import { verifyReport } from '../../report/verify.js';
import { contentOf, UnusableList, type BlobStore, type Content } from '../../storage/list-store.js';
import { ReportStore } from '../../storage/report-store.js';
import { runCli } from '../client/run-cli.js';
import { RARER } from '../support/boundaries.js';
import { createContractOn } from '../support/ledger-changes.js';
import { testSigningKey } from '../support/signing-key.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';

const GATES = ['root-key', 'interrupt-service', 'cut-over'] as const;
const OFTEN = { ...REQUEST, options: { ...REQUEST.options, watchSeconds: 5 } };

/** A migration whose source watch runs, and the source was read. */
async function watching(
  t: TestContext,
  options?: Parameters<typeof startMigrationStack>[1],
): Promise<{ stack: MigrationStack; id: string }> {
  const stack = await startMigrationStack(t, options);
  const id = await stack.client.start(OFTEN);
  for (const gate of GATES) await stack.approve(id, gate);
  await stack.until(id, inState('parked'));
  return { stack, id };
}

const inState = (state: SourceLook['state']) => (status: MigrationStatus) =>
  status.watch?.state === state;

/** What an operator does who takes the source for the one that serves. */
async function connectSource({ participants: { source } }: MigrationStack): Promise<void> {
  await source.synchronizers.setManualConnect('acme', false);
  await source.synchronizers.reconnect('acme');
}

const executionOf = async (stack: MigrationStack, id: string) =>
  (await stack.handle(id).describe()).status.name;

/** A store without room, until somebody makes some. */
class FullAtFirst implements BlobStore {
  isFull = true;
  private readonly kept = new Map<string, Buffer>();

  async put(name: string, { chunks }: Content): Promise<void> {
    if (this.isFull) throw new UnusableList('ListStoreUnavailable', 'full');
    this.kept.set(name, await buffer(chunks));
  }

  async get(name: string) {
    const bytes = this.kept.get(name);
    return bytes && contentOf(bytes).chunks;
  }
}

test(
  'source watch: the report is there while the source is monitored, and closing ends the migration with who did it and what is left to do by hand; Temporal may forget it then',
  RARER,
  async (t) => {
    const { key: signingKey, publicKey } = testSigningKey();
    const blobs = new FullAtFirst();
    const { stack, id } = await watching(t, { signingKey, reports: new ReportStore(blobs) });
    const { uid } = stack.sandbox.participants.source;

    const before = await stack.client.result(id);
    // The store was full when the target served: that stopped nothing, and is told.
    const notKept = await stack.client.report(id, { format: 'text' });
    assert.equal(notKept.kept, undefined);
    assert.match(
      notKept.text,
      /Not signed: the worker's store does not have it \(ListStoreUnavailable: full/,
    );
    blobs.isFull = false;
    const { summary, next } = await stack.until(id, inState('parked'));
    const report = await stack.client.closeMigration(id, { by: 'ada' });

    assert.deepEqual([before.outcome, before.closedBy], ['migrated', undefined]);
    assert.match(summary, /source watch: the source is parked/);
    assert.match(
      next,
      /deal with 1 party that stays on source, then stop the process of source for good, then canton-migrate close/,
    );
    assert.equal(report.closedBy, 'ada');
    assert.equal(report.watch?.state, 'parked');
    assert.equal(await executionOf(stack, id), 'COMPLETED');
    const things = report.leftToDo.map(({ what }) => what).join('\n');
    assert.match(things, /^stop the process of source for good/m);
    assert.match(things, /keep the database of source/);
    assert.ok(things.includes(`retire the root key ${uid.split('::')[1]!}`));
    assert.ok(things.includes(`SetNoWaitCommitmentsFrom with counter_participant_ids ["PAR::${uid}"]`));
    assert.ok(report.leftToDo.every(({ why }) => why !== ''));

    const { downtime, timeline, verification } = report;
    assert.ok(downtime?.kind === 'out-of-service' && downtime.endedBy === 'target');
    const stepOf = (name: string) => timeline.steps.find((its) => its.name === name)!;
    assert.ok(downtime.from >= stepOf('freeze-source').begunAt);
    assert.ok(downtime.from <= stepOf('freeze-source').doneAt!);
    assert.equal(downtime.until, stepOf('vet-packages').doneAt);
    assert.equal(timeline.samples.at(-1)?.contracts, verification.contractCount);
    await forget(stack, id);
    for (const format of REPORT_FORMATS) {
      const { text, others } = await stack.client.report(id, { format });
      const found = verifyReport(Buffer.from(text), publicKey);
      assert.deepEqual([found.migration, found.format, others], [id, format, []]);
      assert.match(text, /ada/);
    }
    const { address } = await temporalServer();
    const environment = { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' };
    const printed = await runCli(['report', uid, '--task-queue', stack.taskQueue], { environment });
    assert.match(printed.out, /ada/, printed.err);
    await assert.rejects(stack.client.report(id, { format: 'text', planHash: 'ff' }), {
      type: 'ReportMissing',
    });
  },
);

/** As Temporal does after its retention. */
async function forget({ temporal, handle }: MigrationStack, id: string): Promise<void> {
  const { namespace } = temporal.options;
  await temporal.workflowService.deleteWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: id },
  });
  for (;;) {
    try {
      await handle(id).describe();
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return;
      throw error;
    }
    await setTimeout(100);
  }
}

test('source watch: a source whose ledger end moved, that is connected again, or that connects by itself, raises an alarm, is parked by the same workflow, and can be closed then', async (t) => {
  const { stack, id } = await watching(t);
  const { source } = stack.sandbox.participants;
  // As if it had been connected, changed, and disconnected again between two checks.
  const pinned = String(source.ledger.ledger.end);
  const [party] = source.parties('acme').filter((its) => its.party.startsWith('Alice'));
  createContractOn(source, { parties: [party!.party] });

  const moved = await stack.until(id, inState('alarm'));
  await stack.client.park(id, { by: 'ada' });
  const told = await stack.until(id, inState('parked'));

  const now = String(source.ledger.ledger.end);
  assert.match(moved.watch!.reason!, new RegExp(`ledger end is ${now}, expected ${pinned}`));
  assert.deepEqual(told.watch?.moved, { from: pinned, to: now });
  assert.match(told.summary, new RegExp(`went from ${pinned} to ${now}`));

  await connectSource(stack);
  const alarmed = await stack.until(id, inState('alarm'));
  await assert.rejects(stack.client.closeMigration(id, { by: 'ada' }), { type: 'SourceNotParked' });
  await stack.client.park(id, { by: 'ada' });
  const parked = await stack.until(id, inState('parked'));

  assert.match(alarmed.summary, /ALARM .*source: connected to acme and connects by itself/);
  assert.match(alarmed.next, /canton-migrate park$/);
  assert.deepEqual(source.connected(), []);
  assert.equal(parked.watch?.alarmCount, 2);

  await stack.participants.source.synchronizers.setManualConnect('acme', false);
  const { watch } = await stack.until(id, inState('alarm'));
  await stack.client.park(id, { by: 'ada' });
  await stack.until(id, inState('parked'));

  assert.match(watch!.reason!, /connects to acme by itself at a restart/);
  const report = await stack.client.closeMigration(id, { by: 'ada' });
  assert.equal(report.watch?.alarmCount, 3);
  assert.equal(report.watch?.moved?.from, pinned);
});

test(
  'source watch: a source that the worker may not read is told, and keeps the migration from being closed; one whose process is stopped is no alarm',
  RARER,
  async (t) => {
    const { stack, id } = await watching(t);
    const { faults, participants } = stack.sandbox;
    faults.failBefore('ListRegisteredSynchronizers', {
      code: 'PERMISSION_DENIED',
      participant: 'source',
      times: 1_000,
    });
    const unreadable = await stack.until(id, inState('unreadable'));
    await assert.rejects(stack.client.closeMigration(id, { by: 'ada' }), { type: 'SourceNotParked' });

    faults.clear();
    participants.source.crash();
    const { summary, next, watch } = await stack.until(id, inState('unreachable'));
    const report = await stack.client.closeMigration(id, { by: 'ada' });

    assert.match(unreadable.summary, /runs but has not been readable since/);
    assert.match(summary, /has not answered since .*: stopped as intended/);
    assert.match(next, /make sure that the process of source is stopped for good/);
    assert.equal(watch?.alarmCount, 0);
    assert.equal(report.watch?.state, 'unreachable');
  },
);

// The watch is asleep when the source is connected.
test(
  'source watch: closing looks once more and is refused if the source was connected since',
  RARER,
  async (t) => {
    const { stack, id } = await watching(t, {
      change: (activities) => ({
        watchSource: async (input) => {
          while (input.known) {
            Context.current().heartbeat();
            await sleep(100);
          }
          return activities.watchSource(input);
        },
      }),
    });
    await connectSource(stack);

    await assert.rejects(stack.client.closeMigration(id, { by: 'ada' }), { type: 'SourceNotParked' });

    assert.equal(await executionOf(stack, id), 'RUNNING');
    await stack.until(id, inState('alarm'));
    await stack.client.closeMigration(id, { by: 'ada', force: true });
  },
);

test(
  'source watch: a cancellation in Temporal closes it and never takes anything back',
  RARER,
  async (t) => {
    const { stack, id } = await watching(t);

    await stack.handle(id).cancel();
    const report = await stack.client.result(id);
    const final = await waitForEnd(stack, id);

    assert.equal(report.outcome, 'migrated');
    assert.equal(final.closedBy, 'a cancellation in Temporal');
    assert.equal(await executionOf(stack, id), 'COMPLETED');
    assert.deepEqual(stack.sandbox.participants.source.connected(), []);
    assert.deepEqual(stack.sandbox.participants.target.connected(), ['da']);
  },
);

test(
  'source watch: while it stands an abort, a pause and a second migration are refused; after the close the plan of one is, but its id is free',
  RARER,
  async (t) => {
    const { stack, id } = await watching(t);

    await assert.rejects(stack.client.abort(id, { by: 'ada' }), { type: 'PointOfNoReturnPassed' });
    await assert.rejects(stack.client.pause(id, { by: 'ada' }), { type: 'NotRunning' });
    await assert.rejects(stack.client.start(OFTEN), { type: 'MigrationOpen', next: /close/ });
    const second = await stack.temporal.workflow.start(MIGRATE_WORKFLOW, {
      workflowId: `nightly-${stack.taskQueue}`,
      taskQueue: stack.taskQueue,
      args: [OFTEN],
    });
    await assert.rejects(second.result(), (error: Error) => (error.cause as Error).message.includes(id));

    await stack.client.closeMigration(id, { by: 'ada' });

    await assert.rejects(stack.client.start(OFTEN), { type: 'PlanObstructed' });
    const again = await stack.temporal.workflow.start(MIGRATE_WORKFLOW, {
      workflowId: id,
      taskQueue: stack.taskQueue,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [OFTEN],
    });

    const { lastFailure } = await stack.until(id, ({ state }) => state === 'stopped');
    assert.match(lastFailure!.message, /is parked and target has/);
    await again.cancel();
  },
);

test('source watch: park and close are refused before it stands, with where the migration is', async (t) => {
  const stack = await startMigrationStack(t);
  const id = await stack.client.start(REQUEST);
  await stack.until(id, (status) => status.gate?.name === 'root-key');

  await assert.rejects(stack.client.park(id, { by: 'ada' }), { type: 'NotWatching' });
  await assert.rejects(stack.client.closeMigration(id, { by: 'ada' }), { type: 'NotWatching' });
  await stack.client.abort(id, { by: 'ada' });
});

async function waitForEnd(stack: MigrationStack, id: string) {
  return (await stack.handle(id).result()) as Awaited<ReturnType<MigrationStack['client']['result']>>;
}
