import assert from 'node:assert/strict';
import test from 'node:test';

import { Channel } from '../../canton/channel.js';
import { Endpoint } from '../../canton/endpoint.js';
import { refused } from '../../canton/errors.js';
import { scanPartyMappings, type MappingReading } from '../../canton/v30/party-mappings.js';
import type { ListAllV2Request } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import type { PartyMapping } from '../../model/participant.js';
import { startSandbox } from '../../sandbox/index.js';

const PARTIES = {
  ...{ local: 3, multiHosted: 2, external: 40, decentralized: 2, foreign: 2 },
  ...{ jointlyConfirmed: 1, decentralizedShared: 1, inOthersNamespace: 2 },
};

/** A channel to a node that refuses what is too large for it; notes what it is asked. */
function limited(address: string, isTooLarge: (asked: string) => boolean) {
  const channel = new Channel(new Endpoint('source', { address }));
  const asked: string[] = [];
  const unaryItems: Channel['unaryItems'] = (method, request, field) => {
    const { filterNamespace: start = '', baseQuery } = request as ListAllV2Request;
    const isPart = baseQuery?.timeQuery?.case === 'range';
    const its = `${method.name} ${start}${isPart ? ' of a time' : ''}`;
    asked.push(its);
    if (!isTooLarge(its)) return channel.unaryItems(method, request, field);
    const context = { participant: 'source', api: 'Admin API', address, credential: 'none' } as const;
    const named = { ...context, method: method.name, traceId: '' };
    // eslint-disable-next-line require-yield
    return (async function* () {
      throw refused(named, 'an answer of too many bytes', { code: 'RESOURCE_EXHAUSTED' });
    })();
  };
  const pretended = new Proxy(channel, {
    get: (its, name) => (name === 'unaryItems' ? unaryItems : (Reflect.get(its, name) as unknown)),
  });
  return { channel: pretended, asked, close: () => channel.close() };
}

async function sorted(mappings: AsyncIterable<PartyMapping>): Promise<PartyMapping[]> {
  const found: PartyMapping[] = [];
  for await (const mapping of mappings) found.push(mapping);
  return found.sort((a, b) => (a.party < b.party ? -1 : 1));
}

test('party mappings: read in pages, of whatever size, they are those of the one answer', async (t) => {
  const sandbox = await startSandbox({ scenario: { parties: PARTIES, contracts: { count: 0 } } });
  t.after(() => sandbox.close());
  const { admin } = sandbox.addresses.source;
  const store = { synchronizerId: sandbox.synchronizers.source.info.logicalId };
  const read = async (isTooLarge: (asked: string) => boolean, reading: MappingReading, filter = {}) => {
    const { channel, asked, close } = limited(admin, isTooLarge);
    t.after(close);
    return { found: await sorted(scanPartyMappings(channel, store, filter, reading)), asked };
  };
  const own = { participantUid: sandbox.participants.source.uid };

  for (const filter of [{}, own]) {
    const whole = await read(() => false, {}, filter);
    assert.deepEqual(whole.asked, ['ListPartyToParticipant ']);
    assert.ok(whole.found.length > 50);
    // Few are read in one answer, also where there might have been many.
    const few = await read(() => false, { mayBeMany: true }, filter);
    assert.deepEqual(few.found, whole.found);
    assert.deepEqual(few.asked, ['ListAllV2 122000', 'ListPartyToParticipant ']);
    // What is too large is read in parts, pages too; no mapping is lost or comes twice.
    const parts = await read((its) => its === 'ListPartyToParticipant ', {}, filter);
    assert.deepEqual(parts.found, whole.found);
    assert.ok(parts.asked.length > 10);
    const many = { mayBeMany: true };
    const paged = await read((its) => its === 'ListAllV2 122000', many, filter);
    assert.deepEqual(paged.found, whole.found);
    const halved = await read(
      (its) => its === 'ListAllV2 122000' || its === 'ListAllV2 12203',
      many,
      filter,
    );
    assert.deepEqual(halved.found, whole.found);
    const isPaged = ({ asked }: { asked: string[] }) =>
      asked.every((its) => its.startsWith('ListAllV2'));
    assert.ok(isPaged(paged) && isPaged(halved));
    assert.ok(halved.asked.length > paged.asked.length);
  }
  const proposed = await read((its) => its === 'ListPartyToParticipant ', { isProposal: true });
  assert.deepEqual(proposed.found, []);
});

test('party mappings: hosts that are the same are one list', async (t) => {
  const sandbox = await startSandbox({ scenario: { contracts: { count: 0 } } });
  t.after(() => sandbox.close());
  const { channel, close } = limited(sandbox.addresses.source.admin, () => false);
  t.after(close);
  const store = { synchronizerId: sandbox.synchronizers.source.info.logicalId };

  const found = await sorted(scanPartyMappings(channel, store, {}, {}));

  const lists = new Set(found.map(({ hosts }) => hosts));
  const different = new Set([...lists].map((hosts) => JSON.stringify(hosts)));
  assert.equal(lists.size, different.size);
  assert.ok(found.length > lists.size);
});
