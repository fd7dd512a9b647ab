import assert from 'node:assert/strict';
import test from 'node:test';

import { allocateOnSource } from '../support/topology-changes.js';
import { startStack } from '../support/stack.js';
import { reached } from '../support/reached.js';

test('outage: while its sequencer is away, a synchronizer orders nothing, and everything once it is back', async (t) => {
  const { sandbox, participants } = await startStack(t);
  const { source } = sandbox.synchronizers;
  source.setUp(false);
  const before = source.log.length;
  const allocating = allocateOnSource(sandbox, 'Latecomer');
  const { health } = participants.get('source')!;
  while ((await health.readStatus()).pendingTopologyTransactions === 0);
  assert.equal(source.log.length, before);

  source.setUp(true);
  await allocating;

  assert.ok(source.log.length > before);
});

test('outage: a participant pings nobody, and connects in the background once the sequencer is back', async (t) => {
  const { sandbox, participants } = await startStack(t);
  const { target } = sandbox.participants;
  const { synchronizers, health } = participants.get('target')!;
  sandbox.synchronizers.target.setUp(false);
  const { logicalId: synchronizerId } = sandbox.synchronizers.target.info;
  const ping = { participantUid: target.uid, synchronizerId, timeoutMs: 200 };
  assert.ok('failure' in (await health.ping(ping)));
  await synchronizers.disconnect('da');

  assert.equal(await synchronizers.reconnect('da'), false);
  assert.deepEqual(target.connected(), []);
  sandbox.synchronizers.target.setUp(true);

  await reached(() => target.connected().length === 1);
});

test('outage: a disconnect ends the attempts in the background', async (t) => {
  const { sandbox, participants } = await startStack(t);
  const { target } = sandbox.participants;
  const { synchronizers } = participants.get('target')!;
  sandbox.synchronizers.target.setUp(false);
  await synchronizers.disconnect('da');
  await synchronizers.reconnect('da');

  await synchronizers.disconnect('da');
  sandbox.synchronizers.target.setUp(true);

  assert.deepEqual(target.connected(), []);
});

test('churn: creates and archives as many contracts, and both can be read as updates', async (t) => {
  const { sandbox, participants } = await startStack(t);
  const { source } = sandbox.participants;
  const { ledger } = participants.get('source')!;
  const before = await ledger.readLedgerEnd();
  const contracts = source.contracts();

  source.ledger.churn(7, 5);

  assert.equal(source.contracts().length, contracts.length + 2);
  const request = {
    parties: await ledger.listLocalParties(),
    synchronizerId: sandbox.synchronizers.source.info.logicalId,
    renameTo: sandbox.synchronizers.target.info.logicalId,
    excludedStakeholders: [],
    beginExclusive: before,
    endInclusive: await ledger.readLedgerEnd(),
  };
  let created = 0;
  let archived = 0;
  for await (const change of ledger.scanChanges(request)) {
    created += change.created.length;
    archived += change.archived.length;
  }
  assert.deepEqual([created, archived], [7, 5]);
});
