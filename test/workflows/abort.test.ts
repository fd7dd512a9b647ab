import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { RunReport, WithdrawalReport } from '../../model/report.js';
import { RARER } from '../support/boundaries.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

/** The source serves and hosts as before; the target has none of the contracts and hosts none of the parties. */
function assertTakenBack({ sandbox }: MigrationStack, contracts: string[]) {
  const { source, target } = sandbox.participants;
  assert.deepEqual(source.connected(), ['acme']);
  assert.deepEqual(source.contracts(), contracts);
  assert.deepEqual(target.connected(), ['da']);
  assert.deepEqual(target.contracts(), []);
  const namespace = source.uid.split('::')[1]!;
  assert.deepEqual(
    target.parties('da').filter(({ party }) => party.endsWith(namespace)),
    [],
  );
}

async function started(t: TestContext, change?: Parameters<typeof startMigrationStack>[1]) {
  const stack = await startMigrationStack(t, change);
  const contracts = stack.sandbox.participants.source.contracts();
  return { stack, contracts, id: await stack.client.start(REQUEST) };
}

for (const gates of [['root-key'], ['root-key', 'interrupt-service']] as const) {
  test(
    `abort: after ${gates.at(-1)} was approved it takes back everything but the delegation and says so`,
    RARER,
    async (t) => {
      const { stack, contracts, id } = await started(t);
      for (const gate of gates) await stack.approve(id, gate);
      const next = gates.length === 1 ? 'interrupt-service' : 'cut-over';
      await stack.until(id, (status) => status.gate?.name === next);

      const soFar = await stack.client.report(id, { format: 'text' });
      assert.match(soFar.text, /so far: waiting-for-approval[^]*Not signed: the migration is not over/);
      await stack.client.abort(id, { by: 'test' });
      await assert.rejects(stack.client.result(id), /aborted by test: the source serves as before/);

      assertTakenBack(stack, contracts);
      const { withdrawal } = await stack.until(id, ({ state }) => state === 'aborted');
      const { withdrawn, stays } = withdrawal as WithdrawalReport;
      const { text } = await stack.client.report(id, { format: 'json' });
      const { report } = JSON.parse(text) as { report: RunReport };
      assert.deepEqual([report.outcome, report.withdrawal?.withdrawn], ['aborted', withdrawn]);
      if (gates.length > 1)
        assert.ok(report.downtime?.kind === 'out-of-service' && report.downtime.endedBy === 'source');
      assert.match(withdrawn.join('\n'), /8 parties no longer hosted by target/);
      assert.match(stays[0]!.what, /the delegation of/);
      assert.match(stays[0]!.why, /final/);
    },
  );
}

test('abort: in the middle of the import it waits for the import to end and purges what was imported', async (t) => {
  const { stack, contracts, id } = await started(t);
  stack.sandbox.faults.delay('ImportAcs', 1500, { participant: 'target', times: 1 });
  await stack.approve(id, 'root-key');
  await stack.approve(id, 'interrupt-service');
  await stack.until(id, ({ contracts: count }) => count !== undefined);

  await stack.client.abort(id, { by: 'test' });
  await assert.rejects(stack.client.result(id), /aborted by test/);

  assertTakenBack(stack, contracts);
  assert.equal(stack.sandbox.participants.target.isUp, true);
});

test('abort: the same source can be migrated afterwards', RARER, async (t) => {
  const { stack, contracts, id } = await started(t);
  await stack.approve(id, 'root-key');
  await stack.approve(id, 'interrupt-service');
  await stack.until(id, (status) => status.gate?.name === 'cut-over');
  await stack.client.abort(id, { by: 'test' });
  await assert.rejects(stack.client.result(id), /aborted by test/);

  assert.equal(await stack.client.start(REQUEST), id);
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const)
    await stack.approve(id, gate);

  const report = await stack.client.result(id);
  assert.equal(report.verification.contractCount, contracts.length);
  assert.deepEqual(stack.sandbox.participants.target.contracts().sort(), [...contracts].sort());
});

test('abort: it is refused with the reason once the target may serve', async (t) => {
  const { stack, id } = await started(t);
  for (const gate of ['root-key', 'interrupt-service'] as const) await stack.approve(id, gate);
  await stack.until(id, (status) => status.gate?.name === 'cut-over');
  stack.sandbox.faults.failBefore('Ping', { code: 'FAILED_PRECONDITION', times: 1 });
  await stack.approve(id, 'cut-over');
  const stopped = await stack.until(id, ({ state }) => state === 'stopped');

  assert.equal(stopped.isPastPointOfNoReturn, true);
  assert.doesNotMatch(stopped.next, /canton-migrate abort/);
  await assert.rejects(stack.client.abort(id, { by: 'test' }), /the only safe way is forward/);
  await stack.client.resume(id, { by: 'test' });
  assert.equal((await stack.client.result(id)).outcome, 'migrated');
});

test('abort: a cancellation from the Temporal UI takes everything back and ends as cancelled', async (t) => {
  const { stack, contracts, id } = await started(t);
  await stack.approve(id, 'root-key');
  await stack.until(id, (status) => status.gate?.name === 'interrupt-service');

  await stack.handle(id).cancel();
  await assert.rejects(stack.handle(id).result());

  assertTakenBack(stack, contracts);
  assert.equal((await stack.handle(id).describe()).status.name, 'CANCELLED');
});

test(
  'abort: a cancellation after the point of no return ends a stopped migration as not verified',
  RARER,
  async (t) => {
    const { stack, id } = await started(t);
    for (const gate of ['root-key', 'interrupt-service'] as const) await stack.approve(id, gate);
    await stack.until(id, (status) => status.gate?.name === 'cut-over');
    stack.sandbox.faults.failBefore('Ping', { code: 'FAILED_PRECONDITION', times: 1 });
    await stack.approve(id, 'cut-over');
    await stack.until(id, ({ state }) => state === 'stopped');

    await stack.handle(id).cancel();
    await assert.rejects(stack.handle(id).result(), (error: Error) =>
      /not verified/.test((error.cause as Error).message),
    );
    assert.deepEqual(stack.sandbox.participants.source.connected(), []);
  },
);

test(
  'abort: an undo that is refused is tried again by itself, and both failures are shown until it succeeds',
  RARER,
  async (t) => {
    const { stack, contracts, id } = await started(t);
    await stack.approve(id, 'root-key');
    await stack.until(id, (status) => status.gate?.name === 'interrupt-service');
    stack.sandbox.faults.failBefore('ExportAcs', { code: 'FAILED_PRECONDITION', times: 1 });
    await stack.approve(id, 'interrupt-service');
    const { lastFailure: first } = await stack.until(id, ({ state }) => state === 'stopped');
    stack.sandbox.faults.failBefore('RemoveDar', { code: 'FAILED_PRECONDITION', times: 1 });

    await stack.client.abort(id, { by: 'test' });
    const failing = await stack.until(id, ({ retryAt }) => retryAt !== undefined);
    await assert.rejects(stack.client.result(id), { type: 'Aborted' });

    assert.equal(failing.state, 'stopped');
    assert.equal(failing.stage, 'migrate-dars');
    assert.match(failing.lastFailure!.message, /RemoveDar/);
    assert.deepEqual(failing.firstFailure, first);
    assert.match(failing.next, /canton-migrate resume; it is retried automatically at /);
    assertTakenBack(stack, contracts);
    const { withdrawal, firstFailure } = await stack.until(id, ({ state }) => state === 'aborted');
    assert.deepEqual([firstFailure, withdrawal?.firstFailure], [first, first]);
    assert.equal(withdrawal!.checked.length, 4);
  },
);

test('abort: it does not end before both nodes are read as before, and a resume tries at once', async (t) => {
  const { stack, contracts, id } = await started(t);
  await stack.approve(id, 'root-key');
  await stack.until(id, (status) => status.gate?.name === 'interrupt-service');
  // Nothing of the transfer was begun, so no step of the undo connects it.
  await stack.participants.source.synchronizers.disconnect('acme');

  await stack.client.abort(id, { by: 'test' });
  const { lastFailure, stage } = await stack.until(id, ({ state }) => state === 'stopped');
  await stack.participants.source.synchronizers.reconnect('acme');
  await stack.client.resume(id, { by: 'test' });
  await assert.rejects(stack.client.result(id), { type: 'Aborted' });

  assert.deepEqual([lastFailure!.type, stage], ['SourceNotServing', 'withdrawal']);
  assertTakenBack(stack, contracts);
});
