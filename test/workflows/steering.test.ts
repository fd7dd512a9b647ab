import assert from 'node:assert/strict';
import test from 'node:test';

import { RARER } from '../support/boundaries.js';
import { REQUEST } from '../support/stack.js';
import { changeContract } from '../support/ledger-changes.js';
import { strikeBefore } from '../support/striking.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

const APPROVER = { approver: 'test' };

test('steering: an approval with a wrong hash, gate or shape is rejected and leaves no trace in history', async (t) => {
  const { client, until, handle } = await startMigrationStack(t);
  const id = await client.start(REQUEST);
  const { planHash } = await until(id, (status) => status.gate?.name === 'root-key');
  const approve = (input: unknown) => handle(id).executeUpdate('approve', { args: [input] });
  const causeOf = (pattern: RegExp) => (error: Error) => pattern.test((error.cause as Error).message);

  await assert.rejects(
    approve({ gate: 'root-key', planHash: 'f'.repeat(64), ...APPROVER }),
    causeOf(/planHash: found f+, expected/),
  );
  await assert.rejects(
    approve({ gate: 'cut-over', planHash, ...APPROVER }),
    causeOf(/gate cut-over is not open: root-key is/),
  );
  await assert.rejects(
    approve({ gate: 'door', planHash, ...APPROVER }),
    causeOf(/gate: found door, expected one of root-key/),
  );
  await assert.rejects(approve('root-key'), causeOf(/found "root-key", expected an object/));
  await assert.rejects(approve(undefined), causeOf(/found null, expected an object|found nothing/));
  await assert.rejects(
    approve({ gate: 'root-key', planHash, approver: ' ' }),
    causeOf(/approver: found nothing/),
  );

  const { events } = await handle(id).fetchHistory();
  assert.ok(events!.every((its) => !its.workflowExecutionUpdateAcceptedEventAttributes));
  await client.abort(id, { by: 'test' });
});

test('steering: a refused step stops with its cure, and resume goes on where it stood', async (t) => {
  const { client, sandbox, until, approve } = await startMigrationStack(t);
  sandbox.faults.failBefore('UploadDar', { code: 'FAILED_PRECONDITION', times: 1 });
  const id = await client.start(REQUEST);
  await approve(id, 'root-key');

  const stopped = await until(id, ({ state }) => state === 'stopped');
  assert.equal(stopped.stage, 'migrate-dars');
  assert.equal(stopped.lastFailure?.kind, 'refused');
  assert.equal(stopped.lastFailure?.type, 'FailedPrecondition');
  assert.match(stopped.next, /canton-migrate resume/);
  const authorized = () => sandbox.calls.list().filter(({ method }) => method === 'Authorize').length;
  const before = authorized();
  await client.resume(id, { by: 'test' });
  await until(id, (status) => status.gate?.name === 'interrupt-service');

  // The one change still to come was the vetting: no party is proposed again.
  assert.equal(authorized(), before + 1);
  await client.abort(id, { by: 'test' });
});

test('steering: a pause holds before the next step, and only a resume goes on', async (t) => {
  const { client, until, sandbox, approve } = await startMigrationStack(t);
  const id = await client.start(REQUEST);
  await until(id, (status) => status.gate?.name === 'root-key');
  await client.pause(id, { by: 'test' });
  await approve(id, 'root-key');

  const paused = await until(id, ({ state }) => state === 'paused');
  assert.equal(paused.stage, 'delegate-namespace');
  assert.deepEqual(
    sandbox.calls.list().filter(({ isMutating }) => isMutating),
    [],
  );
  await assert.rejects(client.pause(id, { by: 'test' }), /paused already/);
  await client.resume(id, { by: 'test' });
  await until(id, (status) => status.gate?.name === 'interrupt-service');
  await assert.rejects(client.resume(id, { by: 'test' }), /neither paused nor stopped/);
  await client.abort(id, { by: 'test' });
});

test(
  'steering: of each phase the time at work and the wait for operators are told apart',
  RARER,
  async (t) => {
    const { client, sandbox, until, approve } = await startMigrationStack(t);
    sandbox.faults.delay('ExportAcs', 400, { participant: 'target' });
    sandbox.faults.failBefore('UploadDar', { code: 'FAILED_PRECONDITION', times: 1 });
    const id = await client.start(REQUEST);
    await until(id, (status) => status.gate?.name === 'root-key');
    await approve(id, 'root-key');
    await until(id, ({ state }) => state === 'stopped');
    const stoppedAt = Date.now();
    await client.status(id);
    const resumedAt = Date.now();
    await client.resume(id, { by: 'test' });
    const { phases: before } = await until(id, (status) => status.gate?.name === 'interrupt-service');
    const openedAt = Date.now();
    await client.status(id);
    const approvedAt = Date.now();
    await approve(id, 'interrupt-service');
    const { phases } = await until(id, (status) => status.gate?.name === 'cut-over');
    await client.abort(id, { by: 'test' });

    const of = (list: typeof phases, name: string) => list.find(({ phase }) => phase === name)!;
    assert.ok(of(phases, 'migrate-dars').waitedMs >= resumedAt - stoppedAt);
    assert.equal(of(before, 'transfer-active-contracts').waitedMs, 0);
    assert.ok(of(phases, 'transfer-active-contracts').waitedMs >= approvedAt - openedAt);
    // The comparison is its work, long before its turn comes at the end.
    assert.ok(of(phases, 'verify').workedMs >= 400);
    assert.equal(of(phases, 'recreate-parties').waitedMs, 0);
  },
);

test('steering: contracts that differ stop the migration, name the difference and keep the gate shut', async (t) => {
  const stack = await startMigrationStack(t, {
    // Somebody purges a contract from the target between the import and the comparison.
    change: (activities) => ({
      compareActiveContracts: async (input) => {
        const [contractId] = stack.sandbox.participants.target.contracts();
        await stack.participants.target.repair.purgeContracts('da', [contractId!]);
        return activities.compareActiveContracts(input);
      },
    }),
  });
  const { client, sandbox, until, approve, handle } = stack;
  const lost = sandbox.participants.source.contracts();
  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');

  const stopped = await until(id, ({ state }) => state === 'stopped');
  assert.equal(stopped.lastFailure?.type, 'NotVerified');
  assert.equal(stopped.lastFailure?.kind, 'mismatch');
  const [difference] = stopped.verification!.differences;
  assert.equal(difference?.kind, 'missing');
  assert.ok(lost.includes(difference.contractId) && difference.parties.length > 0);
  const cutOver = { gate: 'cut-over', planHash: stopped.planHash, ...APPROVER };
  await assert.rejects(handle(id).executeUpdate('approve', { args: [cutOver] }), (error: Error) =>
    /the verification is not successful/.test((error.cause as Error).message),
  );
  await client.abort(id, { by: 'test' });
  await assert.rejects(client.result(id), /aborted by test/);
  assert.deepEqual(sandbox.participants.target.contracts(), []);
});

test('steering: an obstacle is named before the first change; removed and resumed, the migration goes on', async (t) => {
  const { temporal, taskQueue, sandbox, until, client, participants } = await startMigrationStack(t);
  await participants.target.synchronizers.disconnect('da');
  await assert.rejects(client.start(REQUEST), /TargetNotConnected/);

  const { workflowId: id } = await temporal.workflow.start('migrateParticipant', {
    workflowId: `migrate-participant/${sandbox.participants.source.uid}`,
    taskQueue,
    args: [REQUEST],
  });
  const stopped = await until(id, ({ state }) => state === 'stopped');
  assert.match(stopped.lastFailure!.message, /target is not connected to da/);
  await participants.target.synchronizers.reconnect('da');
  await client.resume(id, { by: 'test' });
  await until(id, (status) => status.gate?.name === 'root-key');
  await client.abort(id, { by: 'test' });
});

// The gate may be shut for hours; the approval was given for what had been compared.
test('steering: a target that changed after the comparison is compared again before it may serve', async (t) => {
  const { client, sandbox, until, approve, participants } = await startMigrationStack(t);
  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  await until(id, (status) => status.gate?.name === 'cut-over');
  const [contractId] = sandbox.participants.target.contracts();
  await participants.target.repair.purgeContracts('da', [contractId!]);
  await approve(id, 'cut-over');

  const stopped = await until(id, ({ state }) => state === 'stopped');
  assert.equal(stopped.isPastPointOfNoReturn, false);
  assert.equal(stopped.lastFailure?.type, 'NotVerified');
  assert.equal(stopped.verification?.differences[0]?.contractId, contractId);
  assert.deepEqual(sandbox.participants.target.connected(), []);

  await client.repair(id, { by: 'test' });

  const { verification } = await client.result(id);
  assert.equal(verification.isEqual, true);
  const { source, target } = sandbox.participants;
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
});

test(
  'steering: the gate cut-over does not open on a target that somebody connected',
  RARER,
  async (t) => {
    const { client, sandbox, until, approve, participants } = await startMigrationStack(t);
    const id = await client.start(REQUEST);
    await approve(id, 'root-key');
    const exports = strikeBefore(
      sandbox,
      ({ participant, method }) => participant === 'target' && method === 'ExportAcs',
      () => void sandbox.participants.target.participant.node.connections.connect('da'),
    );
    await approve(id, 'interrupt-service');

    const stopped = await until(id, ({ state }) => state === 'stopped');
    exports.end();

    assert.equal(stopped.gate, undefined);
    assert.equal(stopped.lastFailure?.type, 'StillConnected');
    assert.match(stopped.lastFailure.cure, /disconnect_all\(\)/);
    await participants.target.synchronizers.setManualConnect('da', true);
    await participants.target.synchronizers.disconnect('da');
    await client.resume(id, { by: 'test' });
    await until(id, (status) => status.gate?.name === 'cut-over');
    await client.abort(id, { by: 'test' });
  },
);

test(
  'steering: a connect that broke off is not repeated on a target with other contracts',
  RARER,
  async (t) => {
    const { client, sandbox, until, approve, participants } = await startMigrationStack(t);
    const { source, target } = sandbox.participants;
    const id = await client.start(REQUEST);
    for (const gate of ['root-key', 'interrupt-service'] as const) await approve(id, gate);
    await until(id, (status) => status.gate?.name === 'cut-over');
    const scope = { participant: 'target', code: 'PERMISSION_DENIED' };
    sandbox.faults.failBefore('ReconnectSynchronizer', scope);
    await approve(id, 'cut-over');
    await until(id, ({ state }) => state === 'stopped');
    const putBack = changeContract(target, 'removed', partyOfSource(sandbox));

    await client.resume(id, { by: 'test' });

    const stopped = await until(id, ({ lastFailure }) => lastFailure?.type === 'TargetChanged');
    assert.deepEqual(target.connected(), []);
    assert.match(stopped.lastFailure!.cure, /participant\.synchronizers\.reconnect/);
    // As the cure has it.
    putBack();
    await participants.target.synchronizers.reconnect('da');
    await client.resume(id, { by: 'test' });
    await client.result(id);
    assert.deepEqual(target.contracts().sort(), source.contracts().sort());
  },
);

function partyOfSource({ participants: { source } }: MigrationStack['sandbox']): string {
  const namespace = source.uid.split('::')[1]!;
  const local = source.parties('acme').map(({ party }) => party);
  return local.find((party) => party !== source.uid && party.endsWith(namespace))!;
}
