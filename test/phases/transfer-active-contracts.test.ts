import assert from 'node:assert/strict';
import test from 'node:test';

import { nothingMade } from '../../model/made.js';
import { sourcePartiesOf } from '../../model/plan-parts.js';
import { apply, freeze } from '../../workflows/phases/transfer-active-contracts.js';
import { createContractOn } from '../support/ledger-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import { reached } from '../support/reached.js';
import { allocateOnSource, hostOnOther } from '../support/topology-changes.js';
import { SMALL, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { type Migrating, partyOf, startSteps } from '../support/route-steps.js';
import { partiesIn } from '../support/plan-parties.js';

const BEFORE = { upTo: 'migrate-local-state' } as const;

const contracts = ({ sandbox: { participants } }: Migrating) => ({
  source: participants.source.contracts().sort(),
  target: participants.target.contracts().sort(),
});

/** The migration's own calls, as `participant method`, in order. */
const names = (calls: { participant: string; method: string }[]) =>
  calls.map(({ participant, method }) => `${participant} ${method}`);

test('transfer-active-contracts: the target has the contracts of the source, both are disconnected', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;

  await apply(planned, act, record);

  const { source, target } = contracts(migrating);
  assert.equal(target.length, 60);
  assert.deepEqual(target, source);
  assert.deepEqual(sandbox.participants.source.connected(), []);
  assert.deepEqual(sandbox.participants.target.connected(), []);
});

test('transfer-active-contracts: the target is isolated and the source drained before the first byte', async (t) => {
  const migrating = await startSteps(t, { ...BEFORE, quietSeconds: 1 });
  const { act, planned, record } = migrating;

  const calls = names(await callsOf(migrating, () => apply(planned, act, record)));

  const order = [
    'target ModifySynchronizer',
    'target DisconnectSynchronizer',
    'source SetResourceLimits',
    'source CountInFlight',
    'source ModifySynchronizer',
    'source DisconnectSynchronizer',
    'source ListPartyToParticipant',
    'source ExportAcs',
    'target ImportAcs',
  ].map((name) => calls.indexOf(name));
  assert.ok(!order.includes(-1), calls.join('\n'));
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  assert.ok(calls.lastIndexOf('source CountInFlight') > order[5]!, 'read again once disconnected');
});

test('transfer-active-contracts: right after the freeze it is not made again, seconds later and for a repeat it is', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const freezing = { participant: 'source', method: 'ListPartyToParticipant' };
  const copy = () => apply(planned, act, record);

  await freeze(planned, act, record);
  assert.deepEqual(await callsOf(migrating, copy, freezing), []);
  assert.notEqual((await callsOf(migrating, copy, freezing)).length, 0);

  await freeze(planned, act, record);
  record.frozenAt! -= 5_000;
  createContractOn(sandbox.participants.source, { parties: [partyOf(migrating, 'Alice')] });
  await assert.rejects(copy(), failing('SourceMoved', 'mismatch'));
});

test('transfer-active-contracts: both nodes stay disconnected after a restart', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { source, target } = migrating.sandbox.participants;

  await Promise.all([source.restart(), target.restart()]);

  assert.deepEqual([source.connected(), target.connected()], [[], []]);
});

test('transfer-active-contracts: the source is disconnected only once nothing is in flight', async (t) => {
  const migrating = await startSteps(t, { ...BEFORE, quietSeconds: 1 });
  const { sandbox, act, planned, record } = migrating;
  const { logicalId } = sandbox.synchronizers.source.info;
  const { source } = sandbox.participants;
  source.ledger.setInFlight(logicalId, { submissions: 2, transactions: 1 }, 2);

  const calls = await callsOf(migrating, () => apply(planned, act, record), { participant: 'source' });

  const seen = calls.map(({ method }) => method);
  const reads = seen.slice(0, seen.indexOf('DisconnectSynchronizer'));
  assert.ok(reads.filter((method) => method === 'CountInFlight').length > 1);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: the resource limits of the source are as before', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { act, planned, record } = migrating;
  const before = await snapshotOf(migrating);

  await apply(planned, act, record);

  assert.deepEqual((await snapshotOf(migrating)).source.limits, before.source.limits);
});

test('transfer-active-contracts: the contracts are on the target synchronizer', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { source, target } = sandbox.synchronizers;

  await apply(planned, act, record);

  const { ledger } = sandbox.participants.target.ledger;
  const on = new Set(
    [...ledger.active(ledger.end)].map((slot) => ledger.index.row(slot).synchronizerId),
  );
  assert.deepEqual([...on], [target.info.logicalId]);
  assert.notEqual(source.info.logicalId, target.info.logicalId);
});

test('transfer-active-contracts: contracts of the parties on another synchronizer stay behind', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { source } = sandbox.participants;
  const elsewhere = createContractOn(source, {
    parties: [partyOf(migrating, 'Alice')],
    synchronizerId: sandbox.synchronizers.target.info.logicalId,
  });

  await apply(planned, act, record);

  assert.ok(source.contracts().includes(elsewhere));
  assert.ok(!contracts(migrating).target.includes(elsewhere));
  assert.equal(contracts(migrating).target.length, 60);
});

test('transfer-active-contracts: contracts of the admin party and of parties that stay do not go', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { source } = sandbox.participants;
  const left = partiesIn(planned.plan).filter(({ treatment }) => treatment === 'leave');
  const staying = left.map(({ party }) => createContractOn(source, { parties: [party] }));

  await apply(planned, act, record);

  const { target } = contracts(migrating);
  assert.equal(staying.length, 2);
  assert.ok(staying.every((contractId) => !target.includes(contractId)));
});

test('transfer-active-contracts: a party that came to the source after the plan is named', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const party = await allocateOnSource(sandbox, 'Latecomer');

  const calls = await callsOf(migrating, () =>
    assert.rejects(
      apply(planned, act, record),
      failing('PartiesChanged', 'mismatch', party, 'gone none'),
    ),
  );

  assert.ok(!names(calls).includes('source ExportAcs'));
});

// It would go on serving on the source synchronizer, and a contract would be used on both.
test('transfer-active-contracts: a host that a party got since the plan is named', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const party = partyOf(migrating, 'Alice');
  const other = hostOnOther(sandbox, party);
  await reached(() => sandbox.participants.source.hosts(party, 'acme').includes(other));

  await assert.rejects(
    apply(planned, act, record),
    failing('PartiesChanged', 'mismatch', party, `${other} (submission)`, 'gone none'),
  );
});

test('cut-over: a source that somebody connected is not parked while another participant hosts a party too', async (t) => {
  const migrating = await startSteps(t, { before: 'park-source' });
  const { sandbox, act, planned, record } = migrating;
  const { source } = sandbox.participants;
  const party = partyOf(migrating, 'Alice');
  const other = hostOnOther(sandbox, party);
  await source.participant.node.connections.connect('acme');
  await reached(() => source.hosts(party, 'acme').includes(other));
  const pinnedOffset = String(source.ledger.ledger.end);

  await assert.rejects(
    act.ensureSourceParked({ ...sourcePartiesOf(planned.plan), pinnedOffset }),
    failing('PartiesChanged', 'mismatch', party, other),
  );

  assert.ok(record.pinnedOffset !== undefined);
  assert.deepEqual(source.connected(), []);
});

test('transfer-active-contracts: a source that moved after the export is named with both offsets', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { sandbox, act, planned, record } = migrating;
  const { source } = sandbox.participants;
  createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });
  const end = String(source.ledger.ledger.end);

  await assert.rejects(
    apply(planned, act, record),
    failing('SourceMoved', 'mismatch', end, record.pinnedOffset!),
  );
});

test('transfer-active-contracts: a source that is never quiet is refused, and reconnected to finish each time', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { logicalId } = sandbox.synchronizers.source.info;
  const { source } = sandbox.participants;
  const inFlight = (count: number) =>
    source.ledger.setInFlight(logicalId, { submissions: 0, transactions: count });
  const { connections } = source.participant.node;
  const connect = connections.connect.bind(connections);
  const disconnect = connections.disconnect.bind(connections);
  // Something is sequenced in the moment of each disconnect, and finished by each reconnect.
  t.mock.method(connections, 'disconnect', (alias: string) => {
    disconnect(alias);
    inFlight(1);
  });
  t.mock.method(connections, 'connect', (alias: string) => {
    inFlight(0);
    return connect(alias);
  });

  const calls = await callsOf(migrating, () =>
    assert.rejects(apply(planned, act, record), failing('SourceNotQuiet', 'refused', 'source')),
  );

  const seen = names(calls);
  assert.equal(seen.filter((name) => name === 'source DisconnectSynchronizer').length, 3);
  assert.ok(!seen.includes('source ExportAcs'));
  assert.deepEqual(source.connected(), ['acme']);
});

test('transfer-active-contracts: a ledger that never had an event is moved as nothing', async (t) => {
  const migrating = await startSteps(t, {
    ...BEFORE,
    scenario: { ...SMALL, contracts: { count: 0 } },
  });
  const { act, planned, record } = migrating;

  await apply(planned, act, record);

  assert.equal(record.exported?.total.contractCount, 0);
  assert.deepEqual(contracts(migrating), { source: [], target: [] });
});

test('transfer-active-contracts: a repeat without its record imports nothing twice', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { act, planned } = migrating;

  await apply(planned, act, { catchUps: [], made: nothingMade() });

  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});
