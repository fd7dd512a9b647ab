import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { RARER } from '../support/boundaries.js';
import { LIVE, LIVE_REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

async function started(t: TestContext, options?: Parameters<typeof startMigrationStack>[1]) {
  const stack = await startMigrationStack(t, { scenario: LIVE, ...options });
  const contracts = stack.sandbox.participants.source.contracts().sort();
  return { stack, contracts, id: await stack.client.start(LIVE_REQUEST) };
}

/** Uids of the hosts of the parties in the namespace of the source, as the source sees them. */
function hostsOf({ sandbox }: MigrationStack): string[] {
  const { source } = sandbox.participants;
  const namespace = source.uid.split('::')[1]!;
  const mappings = source
    .parties('acme')
    .filter(({ party, participants }) => party.endsWith(namespace) && participants.length > 0)
    .filter(({ party }) => !party.startsWith('shared'));
  return [...new Set(mappings.flatMap((its) => its.participants.map((host) => host.participant_uid)))];
}

test('live route: every gate approved, the target alone hosts the parties and the source was never disconnected', async (t) => {
  const { stack, contracts, id } = await started(t);
  const { sandbox, client, approve, until } = stack;
  await approve(id, 'root-key');
  const atBackup = await until(id, (status) => status.gate?.name === 'target-backup');
  assert.deepEqual(sandbox.participants.target.connected(), []);
  assert.equal(atBackup.live?.isWindowOpen, false);
  await approve(id, 'target-backup');
  const atSwitch = await until(id, (status) => status.gate?.name === 'switch');
  assert.deepEqual(
    hostsOf(stack).sort(),
    [sandbox.participants.source.uid, sandbox.participants.target.uid].sort(),
  );
  assert.equal(atSwitch.live?.switching?.flagsSet, 0);
  assert.equal(atSwitch.isPastPointOfNoReturn, false);
  await approve(id, 'switch');

  const report = await client.result(id);

  assert.equal(report.outcome, 'migrated');
  assert.deepEqual(hostsOf(stack), [sandbox.participants.target.uid]);
  assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
  assert.deepEqual(sandbox.participants.source.connected(), ['acme']);
  assert.deepEqual(sandbox.participants.target.connected(), ['acme']);
  assert.ok(report.phases.every(({ changed }) => changed.length > 0));
  const disconnects = sandbox.calls
    .list({ participant: 'source', isMutating: true })
    .filter(({ method }) => /Synchronizer/.test(method));
  assert.deepEqual(disconnects, []);
  const { watch } = await until(id, ({ watch: its }) => its !== undefined);
  assert.equal(watch?.state, 'removed');
  const { downtime } = report;
  assert.ok(downtime?.kind === 'both-served' && downtime.from! < downtime.until!);
  assert.ok(downtime.switchMs! > 0 && downtime.longestLagMs !== undefined);
});

test(
  'live route: the backup of the target is named or waived, and stands in the report',
  RARER,
  async (t) => {
    const { stack, id } = await started(t);
    const { client, approve, until } = stack;
    await approve(id, 'root-key');
    const { planHash } = await until(id, (status) => status.gate?.name === 'target-backup');
    const approval = { gate: 'target-backup', planHash: planHash!, approver: 'test' } as const;

    await assert.rejects(client.approve(id, approval), {
      type: 'EvidenceMissing',
      message: /neither evidence nor waiver/,
    });
    await assert.rejects(client.approve(id, { ...approval, evidence: ' ' }), /evidence: found nothing/);
    await assert.rejects(
      client.approve(id, { ...approval, evidence: 'a', waiver: 'b' }),
      /evidence and waiver, expected one of them/,
    );
    await client.approve(id, { ...approval, evidence: 'sha256 7d1f' });
    await approve(id, 'switch');

    const { approvals } = await client.result(id);
    assert.equal(approvals.find(({ gate }) => gate === 'target-backup')?.evidence, 'sha256 7d1f');
  },
);
