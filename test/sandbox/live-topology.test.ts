import assert from 'node:assert/strict';
import test from 'node:test';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { decode, type Message } from '../../sandbox/wire.js';
import { until } from '../conformance/states.js';
import { Live } from './live-support.js';
import { call, namespaceOf } from './wire-client.js';

const PENDING = 'TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS';
const LOCAL_ONLY = { multiHosted: 0, external: 0, decentralized: 0, foreign: 0 };

test('live topology: a target on the synchronizer of the source is connected to it, one on none knows no synchronizer', async (t) => {
  const live = await Live.start(t);
  assert.deepEqual(live.target.connected(), ['acme']);
  assert.ok(live.target.vetted('acme').length > 10);
  assert.ok(live.target.hosts(live.parties[0]!).includes(live.source.uid));

  const alone = await Live.start(t, { target: { synchronizers: [] } });
  assert.deepEqual(alone.target.connected(), []);
  assert.equal(alone.target.participant.node.connections.list().length, 0);

  const both = await Live.start(t, { target: { synchronizers: ['source', 'target'] } });
  assert.deepEqual(both.target.connected(), ['acme', 'da']);
});

test('live topology: one call with up to 100 hosting changes has one effective time and is one event', async (t) => {
  const live = await Live.start(t, { parties: { local: 4, ...LOCAL_ONLY } });
  const proposals = await live.propose();
  await live.cutOff();
  const groups = await live.activate(await live.sign(proposals));

  assert.equal(groups.length, 1);
  assert.deepEqual([...groups[0]!.parties].sort(), live.parties.sort());
  assert.equal(
    live.source.ledger.ledger.offsetAt(micros(groups[0]!.recordTime)),
    groups[0]!.offset,
    'the offset by time is that of the event',
  );
});

test('live topology: 110 changes in one call are two groups some milliseconds apart, and no limit of unsent ones is met', async (t) => {
  const live = await Live.start(t, { parties: { local: 110, ...LOCAL_ONLY }, maxUnsent: 200 });
  const proposals = await live.propose();
  await live.cutOff();
  const signed = await live.sign(proposals);
  await until(
    async () => live.source.participant.node.topology.find(live.logicalId)!.sink.pendingCount,
    (count) => count === 0,
  );
  const groups = await live.activate(signed);

  assert.deepEqual(
    groups.map(({ parties }) => parties.length),
    [100, 10],
  );
  assert.ok(micros(groups[1]!.recordTime) - micros(groups[0]!.recordTime) >= 2000);
});

test('live topology: the limit of unsent transactions is checked once per call', async (t) => {
  const timing = { ...QUICK_TIMING, outboxMs: 200 };
  const live = await Live.start(t, { parties: { local: 6, ...LOCAL_ONLY }, maxUnsent: 5, timing });
  const proposals = await live.propose(live.parties.slice(0, 3));
  const sink = live.source.participant.node.topology.find(live.logicalId)!.sink;
  await until(
    async () => sink.pendingCount,
    (count) => count === 0,
  );
  const more = await live.propose(live.parties.slice(3));
  await until(
    async () => sink.pendingCount,
    (count) => count === 0,
  );
  const signed = await live.sign([...proposals, ...more]);

  const body = { transactions: signed, store: live.store };
  await call(live.source.adminAddress, 'write', 'AddTransactions', body);
  assert.equal(sink.pendingCount, 6);
  const another = live.mapping(live.parties[0]!, [live.host(live.source), live.host(live.target)]);
  const options = { must_fully_authorize: false };
  await assert.rejects(live.authorize(live.source, another, options), { id: PENDING });
});

test('live topology: a disconnected target signs a proposal that names it, and nothing is stored', async (t) => {
  const live = await Live.start(t);
  const [proposal] = await live.propose(live.parties.slice(0, 1));
  await live.cutOff();

  const [signed] = await live.sign([proposal!]);

  assert.equal((proposal!['signatures'] as unknown[]).length, 1);
  assert.equal((signed!['signatures'] as unknown[]).length, 2);
  assert.deepEqual(signed!['transaction'], proposal!['transaction']);
  const { authorized } = live.target.participant.node.topology;
  assert.equal(authorized.store.all('ptp').length, 0);
});

test('live topology: a target signs no proposal of another node, and none without a signature', async (t) => {
  const live = await Live.start(t, { fresh: { name: 'rebuilt' } });
  const [party = ''] = live.parties;
  const { fresh } = live.sandbox.participants;
  const hosts = [live.host(live.source), live.host(fresh!, true)];
  const foreign = await live.authorize(live.source, live.mapping(party, hosts), {
    must_fully_authorize: false,
  });
  await live.cutOff();

  await assert.rejects(live.sign([foreign]), {
    code: 'NOT_FOUND',
    id: 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE',
  });
  await assert.rejects(live.sign([{ ...foreign, signatures: [] }]), {
    code: 'INVALID_ARGUMENT',
    id: 'PROTO_DESERIALIZATION_FAILURE',
  });
});

test('live topology: open proposals are listed with their exact bytes until they are authorised', async (t) => {
  const live = await Live.start(t);
  const proposals = await live.propose();
  const list = async () => {
    const base_query = { store: live.store, head_state: {}, proposals: true };
    const body = { base_query, include_mappings: ['ptp'], filter_namespace: '' };
    const answer = await call(live.target.adminAddress, 'read', 'ListAllV2', body);
    return ((answer['result'] as Message | undefined)?.['items'] ?? []) as Message[];
  };
  const items = await until(list, (found) => found.length === 3);

  const inner = items.map((item) => {
    const bytes = item['transaction'] as Buffer;
    const { data } = decode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', bytes);
    const signed = decode('com.digitalasset.canton.protocol.v30.SignedTopologyTransaction', data!);
    return { ...signed };
  });
  const hex = (all: readonly Message[]) =>
    all.map((one) => (one['transaction'] as Buffer).toString('hex')).sort();
  assert.deepEqual(hex(inner), hex(proposals));
  assert.ok(inner.every((one) => one['proposal'] === true));

  await live.cutOff();
  await live.activate(await live.sign(inner));
  await live.reconnect();
  assert.equal((await until(list, (found) => found.length === 0)).length, 0);
});

test('live topology: with the delegation loaded the target signs with one key for both namespaces', async (t) => {
  const live = await Live.start(t);
  await live.delegate();
  const proposals = await live.propose();
  await live.cutOff();
  const [signed] = await live.sign(proposals);

  const signers = (signed!['signatures'] as { signed_by: string }[]).map((one) => one.signed_by);
  assert.deepEqual(
    signers,
    [live.source, live.target].map(({ uid }) => namespaceOf(uid)),
  );
});

/** All hosting changes of three parties from their activation to the removal of the source, sorted. */
async function hostingEvents(live: Live, count: number): Promise<string[]> {
  const begin = live.source.ledger.ledger.end;
  await live.transfer();
  await live.reconnect();
  await live.clearFlags();
  await live.removeSource();

  const events = await until(
    async () =>
      (await live.topologyUpdates(live.source, begin)).flatMap((one) => one['events'] as Message[]),
    (found) => found.length >= count,
  );
  const kinds = events.map((event) => Object.keys(event).filter((key) => key !== 'event'));
  return kinds.flat().map((kind) => kind.replace('participant_authorization_', ''));
}

const three = (kind: string) => Array<string>(3).fill(kind);

test('live topology: on protocol version 34 neither the flag nor its end shows as an event of its own', async (t) => {
  const live = await Live.start(t, { synchronizers: { source: { protocolVersion: 34 } } });

  const events = await hostingEvents(live, 6);

  assert.deepEqual(events, [...three('added'), ...three('revoked')]);
});

test('live topology: on protocol version 35 a host is onboarding, and added when its flag is cleared', async (t) => {
  const live = await Live.start(t);

  const events = await hostingEvents(live, 9);

  assert.deepEqual(events, [...three('onboarding'), ...three('added'), ...three('revoked')]);
});

test('live topology: the target removes the source alone where the delegation is loaded, without force', async (t) => {
  const live = await Live.start(t);
  await live.delegate();
  await live.transfer();
  await live.reconnect();
  await live.clearFlags();
  const [party = ''] = live.parties;

  const mapping = live.mapping(party, [live.host(live.target)]);
  await assert.rejects(live.authorize(live.source, mapping), {
    id: 'TOPOLOGY_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS',
  });
  await live.authorize(live.target, mapping);

  await live.untilHosts([party], [live.target.uid]);
});

test('live topology: an undo on the source takes effect whether the target is there or not', async (t) => {
  const live = await Live.start(t);
  await live.transfer();
  await live.undo(live.parties.slice(0, 1));
  await live.reconnect();
  await live.undo(live.parties.slice(1));

  assert.deepEqual(live.target.hosts(live.parties[0]!, 'acme'), [live.source.uid]);
  assert.equal(live.target.isDamaged(), false);
});

function micros(time: Message): number {
  const { seconds, nanos = 0 } = time as { seconds: string; nanos?: number };
  return Number(seconds) * 1e6 + nanos / 1000;
}
