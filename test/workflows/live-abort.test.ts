import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { WithdrawalReport } from '../../model/report.js';
import type { MigrationStatus } from '../../model/steering.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { onVersion, PROTOCOL_VERSIONS } from '../support/protocol-version.js';
import { LIVE, LIVE_REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

async function started(t: TestContext, change: ScenarioChange = {}) {
  const stack = await startMigrationStack(t, { scenario: { ...LIVE, ...change } });
  const contracts = stack.sandbox.participants.source.contracts().sort();
  return { stack, contracts, id: await stack.client.start(LIVE_REQUEST) };
}

/** The source alone hosts the parties and never stopped; the target serves as before, without their contracts. */
function assertTakenBack({ sandbox }: MigrationStack, contracts: string[]) {
  const { source, target } = sandbox.participants;
  assert.deepEqual(source.connected(), ['acme']);
  assert.deepEqual(source.contracts().sort(), contracts);
  assert.deepEqual(target.connected(), ['acme']);
  assert.deepEqual(target.contracts(), []);
  assert.deepEqual(target.damage(), []);
  for (const node of [source, target]) {
    const hosting = node
      .parties('acme')
      .filter((its) => its.participants.some(({ participant_uid: uid }) => uid === target.uid));
    assert.deepEqual(hosting, []);
  }
  const [{ config } = { config: {} }] = target.participant.node.connections.list();
  assert.notEqual((config as Record<string, unknown>)['manual_connect'], true);
}

async function abortedAt(
  t: TestContext,
  gates: readonly ('root-key' | 'target-backup' | 'switch')[],
  when: (status: MigrationStatus) => boolean,
  {
    before = () => undefined,
    change,
  }: { before?: (stack: MigrationStack) => void; change?: ScenarioChange } = {},
) {
  const { stack, contracts, id } = await started(t, change);
  before(stack);
  for (const gate of gates) await stack.approve(id, gate);
  await stack.until(id, when);
  await stack.client.abort(id, { by: 'test' });
  await assert.rejects(stack.client.result(id), /aborted by test: the source serves as before/);
  const { withdrawal, live } = await stack.until(id, ({ state }) => state === 'aborted');
  return { stack, contracts, id, withdrawal: withdrawal as WithdrawalReport, live };
}

test(
  'live abort: at the gate target-backup nothing has taken effect, the target is connected as before',
  RARER,
  async (t) => {
    const { stack, contracts, withdrawal } = await abortedAt(
      t,
      ['root-key'],
      (status) => status.gate?.name === 'target-backup',
    );

    assertTakenBack(stack, contracts);
    assert.match(JSON.stringify(withdrawal.stays), /proposals of source/);
  },
);

test(
  'live abort: in the middle of the import the hosting is taken back, the copy is completed, proven, and purged',
  RARER,
  async (t) => {
    const { stack, contracts, withdrawal } = await abortedAt(
      t,
      ['root-key', 'target-backup'],
      ({ live }) => live?.activation !== undefined,
      {
        before: ({ sandbox }) =>
          sandbox.faults.delay('ImportAcs', 1500, { participant: 'target', times: 1 }),
      },
    );

    assertTakenBack(stack, contracts);
    assert.match(
      withdrawal.withdrawn.join('\n'),
      /target is no host of 9 parties any more; source served throughout/,
    );
    assert.match(withdrawal.withdrawn.join('\n'), /60 contracts purged from target/);
  },
);

for (const version of PROTOCOL_VERSIONS)
  test(
    `live abort: on version ${version} both were hosts at the gate switch, and the source alone is one again`,
    version === 34 ? RARER : {},
    async (t) => {
      const { stack, contracts } = await abortedAt(
        t,
        ['root-key', 'target-backup'],
        (status) => status.gate?.name === 'switch',
        { change: onVersion(version) },
      );

      assertTakenBack(stack, contracts);
    },
  );

test('live abort: a second migration after it ends well', RARER, async (t) => {
  const { stack, contracts } = await abortedAt(
    t,
    ['root-key', 'target-backup'],
    (status) => status.gate?.name === 'switch',
  );

  const id = await stack.client.start(LIVE_REQUEST);
  for (const gate of ['root-key', 'target-backup', 'switch'] as const) await stack.approve(id, gate);
  const report = await stack.client.result(id);

  assert.equal(report.verification.contractCount, contracts.length);
  assert.deepEqual(stack.sandbox.participants.target.contracts().sort(), contracts);
  assert.deepEqual(stack.sandbox.participants.target.damage(), []);
});

test(
  'live abort: a target that somebody connects in the window stops the migration with the truth, and an abort leaves it alone',
  RARER,
  async (t) => {
    const { stack, contracts, id } = await started(t);
    const { sandbox, participants, client, until, approve } = stack;
    sandbox.faults.failBefore('ImportAcs', {
      participant: 'target',
      times: 1,
      code: 'INVALID_ARGUMENT',
    });
    await approve(id, 'root-key');
    await approve(id, 'target-backup');
    await until(id, ({ state }) => state === 'stopped');
    // Another operator means well.
    await participants.target.synchronizers.reconnect('acme');
    await client.resume(id, { by: 'test' });

    const stopped = await until(
      id,
      ({ state, lastFailure }) => state === 'stopped' && lastFailure?.type === 'TargetExposed',
    );
    assert.match(stopped.lastFailure!.message, /Nothing is lost on the source/);
    assert.match(stopped.next, /restore the database of the target from the backup/);
    await client.abort(id, { by: 'test' });
    await assert.rejects(client.result(id), /aborted by test/);

    const { source, target } = sandbox.participants;
    assert.deepEqual(source.contracts().sort(), contracts);
    assert.deepEqual(source.connected(), ['acme']);
    assert.deepEqual(target.connected(), []);
    const { withdrawal } = await until(id, ({ state }) => state === 'aborted');
    const stays = JSON.stringify(withdrawal!.stays);
    assert.match(stays, /must not be connected any more.*Rebuild it from an empty database/);
    // Only the connection is proven, not what it led to.
    assert.match(stopped.lastFailure!.message, /It cannot be ruled out that it has processed/);
    assert.match(stays, /may have processed ledger transactions over contracts that it does not have/);
    // What is on it still is named, and nothing that is not.
    assert.deepEqual(target.localState().users, source.localState().users);
    assert.deepEqual(target.vetted('acme').sort(), source.vetted('acme').sort());
    assert.match(
      stays,
      /what was copied to target: DAR lab-extra, DAR lab-other, the vetting of \d+ packages?, users/,
    );
    assert.doesNotMatch(stays, /the removed DARs/);
    assert.match(stays, /this one may sign for the namespace until it is revoked. Revoke it on source/);
  },
);
