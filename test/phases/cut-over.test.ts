import assert from 'node:assert/strict';
import test from 'node:test';

import { createContractOn } from '../support/ledger-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import { callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { applyPhase, applyStep, partyOf, startSteps, undoPhase } from '../support/route-steps.js';

const BEFORE = { upTo: 'transfer-active-contracts' } as const;

test('cut-over: the source is parked and the target connected, and both stay so after a restart', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox } = migrating;
  const { source, target } = sandbox.participants;

  await applyStep(migrating, 'park-source');
  const changed = await applyPhase(migrating, 'cut-over');
  await Promise.all([source.restart(), target.restart()]);

  assert.deepEqual([source.connected(), target.connected()], [[], ['da']]);
  assert.match(changed[1]!, /^target connected to da, pings itself in \d+ ms$/);
});

test('cut-over: the contracts are the same before and after', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox } = migrating;
  const before = sandbox.participants.target.contracts();

  await applyStep(migrating, 'park-source');
  await applyPhase(migrating, 'cut-over');

  assert.deepEqual(sandbox.participants.target.contracts(), before);
});

test('cut-over: a source that somebody connected is parked again, if nothing happened on it', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, participants } = migrating;
  const { source } = sandbox.participants;
  await participants.get('source')!.synchronizers.setManualConnect('acme', false);
  await source.participant.node.connections.connect('acme');

  await applyStep(migrating, 'park-source');
  await source.restart();

  assert.deepEqual(source.connected(), []);
});

test('cut-over: a source that moved since the export is named, and the target stays disconnected', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, record } = migrating;
  const { source, target } = sandbox.participants;
  createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });

  await assert.rejects(
    applyStep(migrating, 'park-source'),
    failing('SourceMoved', 'mismatch', String(source.ledger.ledger.end), record.pinnedOffset!),
  );

  assert.deepEqual([source.connected(), target.connected()], [[], []]);
});

test('cut-over: a repeat changes neither connections nor contracts', async (t) => {
  const migrating = await startSteps(t, { upTo: 'cut-over' });
  const before = await snapshotOf(migrating);

  const calls = await callsOf(migrating, () => applyStep(migrating, 'vet-packages'), {
    isMutating: true,
  });

  assert.deepEqual(
    calls.map(({ method }) => method),
    ['Ping'],
  );
  assert.deepEqual(await snapshotOf(migrating), before);
});

for (const method of ['ModifySynchronizer', 'ReconnectSynchronizer', 'Ping']) {
  test(`cut-over: a repeat after the lost reply of ${method} ends connected`, async (t) => {
    const migrating = await startSteps(t, BEFORE);
    const { sandbox } = migrating;
    await applyStep(migrating, 'park-source');
    sandbox.faults.dropReply(method, { participant: 'target' });

    const failures: unknown[] = [];
    for (const step of ['connect-target', 'vet-packages']) {
      await applyStep(migrating, step).catch(async (error: unknown) => {
        failures.push(error);
        await applyStep(migrating, step);
      });
    }

    assert.equal(failures.length, 1);
    failing('Unavailable', 'transient', method)(failures[0]);
    assert.deepEqual(sandbox.participants.target.connected(), ['da']);
    assert.equal(sandbox.participants.target.contracts().length, 60);
  });
}

test('cut-over: a target that cannot answer itself is named with the reason', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act } = migrating;
  const { target } = sandbox.participants;
  const disconnecting: typeof act = {
    ...act,
    pingSelf: async (input) => {
      target.participant.node.connections.disconnect('da');
      return act.pingSelf(input);
    },
  };

  await assert.rejects(
    applyPhase({ ...migrating, act: disconnecting }, 'cut-over'),
    failing('PingFailed', 'mismatch', 'target', 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER'),
  );
});

test('cut-over: a parked source is put back into service by the undo of the transfer', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox } = migrating;
  await applyStep(migrating, 'park-source');

  await undoPhase(migrating, 'transfer-active-contracts');

  const { source, target } = sandbox.participants;
  assert.deepEqual([source.connected(), target.connected()], [['acme'], ['da']]);
  assert.deepEqual([source.contracts().length, target.contracts().length], [60, 0]);
});
