import assert from 'node:assert/strict';
import test from 'node:test';

import { apply, parkSource } from '../../workflows/phases/cut-over.js';
import { undo } from '../../workflows/phases/transfer-active-contracts.js';
import { createContractOn } from '../support/ledger-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import { callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { partyOf, startSteps } from '../support/route-steps.js';

const BEFORE = { upTo: 'transfer-active-contracts' } as const;

test('cut-over: the source is parked and the target connected, and both stay so after a restart', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const { source, target } = sandbox.participants;

  await parkSource(planned.plan, act, record.pinnedOffset!);
  const changed = await apply(planned.plan, act, record);
  await Promise.all([source.restart(), target.restart()]);

  assert.deepEqual([source.connected(), target.connected()], [[], ['da']]);
  assert.match(changed[1]!, /^target connected to da, answers itself in \d+ ms$/);
});

test('cut-over: the contracts are the same before and after', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const before = sandbox.participants.target.contracts();

  await parkSource(planned.plan, act, record.pinnedOffset!);
  await apply(planned.plan, act, record);

  assert.deepEqual(sandbox.participants.target.contracts(), before);
});

test('cut-over: a source that somebody connected is parked again, if nothing happened on it', async (t) => {
  const { sandbox, act, planned, record, participants } = await startSteps(t, BEFORE);
  const { source } = sandbox.participants;
  await participants.get('source')!.synchronizers.setManualConnect('acme', false);
  await source.participant.node.connections.connect('acme');

  await parkSource(planned.plan, act, record.pinnedOffset!);
  await source.restart();

  assert.deepEqual(source.connected(), []);
});

test('cut-over: a source that moved since the export is named, and the target stays disconnected', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { source, target } = sandbox.participants;
  createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });

  await assert.rejects(
    parkSource(planned.plan, act, record.pinnedOffset!),
    failing('SourceMoved', 'mismatch', String(source.ledger.ledger.end), record.pinnedOffset!),
  );

  assert.deepEqual([source.connected(), target.connected()], [[], []]);
});

test('cut-over: a repeat changes neither connections nor contracts', async (t) => {
  const migrating = await startSteps(t, { upTo: 'cut-over' });
  const { act, planned, record } = migrating;
  const before = await snapshotOf(migrating);

  const calls = await callsOf(migrating, () => apply(planned.plan, act, record), { isMutating: true });

  assert.deepEqual(
    calls.map(({ method }) => method),
    ['Ping'],
  );
  assert.deepEqual(await snapshotOf(migrating), before);
});

for (const method of ['ModifySynchronizer', 'ReconnectSynchronizer', 'Ping']) {
  test(`cut-over: a repeat after the lost reply of ${method} ends connected`, async (t) => {
    const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
    await parkSource(planned.plan, act, record.pinnedOffset!);
    sandbox.faults.dropReply(method, { participant: 'target' });

    await assert.rejects(apply(planned.plan, act, record), failing('Unavailable', 'transient', method));
    await apply(planned.plan, act, record);

    assert.deepEqual(sandbox.participants.target.connected(), ['da']);
    assert.equal(sandbox.participants.target.contracts().length, 60);
  });
}

test('cut-over: a target that cannot answer itself is named with the reason', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  await parkSource(planned.plan, act, record.pinnedOffset!);
  const { target } = sandbox.participants;
  const disconnecting: typeof act = {
    ...act,
    pingSelf: async (input) => {
      target.participant.node.connections.disconnect('da');
      return act.pingSelf(input);
    },
  };

  await assert.rejects(
    apply(planned.plan, disconnecting, record),
    failing('PingFailed', 'mismatch', 'target', 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER'),
  );
});

test('cut-over: a parked source is put back into service by the undo of the transfer', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  await parkSource(planned.plan, act, record.pinnedOffset!);

  await undo(planned, act, record);

  const { source, target } = sandbox.participants;
  assert.deepEqual([source.connected(), target.connected()], [['acme'], ['da']]);
  assert.deepEqual([source.contracts().length, target.contracts().length], [60, 0]);
});
