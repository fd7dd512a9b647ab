import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  create,
  toBinary,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
} from '@bufbuild/protobuf';

import type { Channel } from '../../canton/channel.js';
import { refused } from '../../canton/errors.js';
import {
  TopologyManagerReadService,
  type BaseQuery,
} from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { answerLimitOf, MAX_ANSWER_BYTES } from '../../canton/limits.js';
import { Topology } from '../../canton/v30/topology.js';
import type { PartyMapping } from '../../model/participant.js';
import { propose, startOneSynchronizer, until } from '../support/one-synchronizer.js';
import { namespaceOf } from '../support/topology-changes.js';

const few = (local: number) => ({ local, multiHosted: 0, external: 0, decentralized: 0, foreign: 1 });

/** A channel that takes no answer of more bytes than this, and notes how large those are that it takes. */
function limited(topology: Topology, limitBytes: number) {
  const { channel } = topology as unknown as { channel: Channel };
  const taken: number[] = [];
  let refusedCount = 0;
  const asked = async <I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
  ) => {
    const answer = await channel.unary(method, request);
    const { length } = toBinary(method.output, answer);
    if (length > limitBytes) {
      refusedCount += 1;
      const address = { api: 'Admin API', address: '', credential: 'none' } as const;
      const named = { participant: 'source', ...address, method: method.name, traceId: '' };
      const cause = `Received message larger than max (${length} vs ${limitBytes})`;
      throw refused(named, cause, { code: 'RESOURCE_EXHAUSTED' });
    }
    taken.push(length);
    return answer;
  };
  const unaryItems: Channel['unaryItems'] = async function* (method, request, field) {
    await asked(method, request);
    yield* channel.unaryItems(method, request, field);
  };
  const limitedTopology = new Topology({ unary: asked, unaryItems } as unknown as Channel);
  return { topology: limitedTopology, taken, refusedCount: () => refusedCount };
}

test('large lists: what is too large for one answer is read in parts, the same as whole', async (t) => {
  const nodes = await startOneSynchronizer(t, { parties: few(20) });
  const { source, store, parties } = nodes;
  await propose(nodes);
  const participantUid = nodes.sandbox.participants.source.uid;
  const namespace = namespaceOf(participantUid);
  const readAll = async (topology: Topology) => ({
    mappings: await topology.listPartyMappings(store, { participantUid }, { isProposal: true }),
    signed: await topology.listSignedPartyProposals(store, namespace),
  });
  const whole = await readAll(source.topology as Topology);
  const { topology, taken, refusedCount } = limited(source.topology as Topology, 4_000);

  const inParts = await readAll(topology);

  assert.equal(whole.mappings.length, parties.length);
  assert.deepEqual(inParts, whole);
  assert.ok(refusedCount() > 2, 'no part was halved');
  assert.ok(taken.length < 200, `${taken.length} calls`);
});

test('large lists: what was replaced is not listed, and what holds since one instant is refused', async (t) => {
  const nodes = await startOneSynchronizer(t, { parties: few(1) });
  const { source, store, parties } = nodes;
  const topology = source.topology as Topology;
  const participantUid = nodes.sandbox.participants.source.uid;
  const list = (of: Topology) => of.listPartyMappings(store, { participantUid });
  const [seeded] = (await list(topology)).filter(({ party }) => party === parties[0]);
  const later = [0, 1, 2, 3].map((at) => ({ ...seeded!, party: `later${at}${parties[0]!}`, serial: 0 }));
  for (const mapping of later) await topology.proposePartyMapping(store, mapping);
  await until(async () => (await list(topology)).length >= later.length + 1);
  const hosts = seeded!.hosts.map((its) => ({ ...its, permission: 'confirmation' as const }));
  await topology.proposePartyMapping(store, { ...later[0]!, hosts });
  await until(async () => (await list(topology)).some(({ serial }) => serial === 2));
  const all = limited(topology, Infinity);
  const whole = await list(all.topology);

  const inParts = limited(topology, Math.floor(all.taken[0]! * 0.75));
  assert.deepEqual(ordered(await list(inParts.topology)), ordered(whole));
  assert.ok(inParts.taken.length > 1);
  await assert.rejects(list(limited(topology, 100).topology), /larger than max/);
});

/** A node with a mapping of each kind for each namespace, one a second, that answers with five at most. */
function network(namespaces: string[]): Channel {
  const unary = async (method: DescMethodUnary, { baseQuery }: { baseQuery: BaseQuery }) => {
    const { value, case: kind } = baseQuery.timeQuery;
    const [from, until] = [kind === 'range' && value.from, kind === 'range' && value.until];
    const results = namespaces
      .map((namespace, at) => ({ namespace, at: BigInt(1_700_000_000 + at) }))
      .filter(({ at }) => (!from || at >= from.seconds) && (!until || at <= until.seconds))
      .map(({ namespace, at }) => ({
        context: { validFrom: { seconds: at } },
        item: {
          ...{ namespace, party: `one::${namespace}`, targetKey: { publicKey: Buffer.from(namespace) } },
          ...{ decentralizedNamespace: namespace, owners: [namespace], threshold: 1 },
        },
      }));
    if (results.length <= 5) return create(method.output, { results });
    const names = { participant: 'source', address: 'there', method: method.name, traceId: '' };
    const context = { ...names, api: 'Admin API', credential: 'none' } as const;
    const cause = `an answer of ${results.length}`;
    throw refused(context, cause, { code: 'RESOURCE_EXHAUSTED' });
  };
  return { unary } as unknown as Channel;
}

test('large lists: delegations, definitions and keys of a whole network are read in parts', async () => {
  const namespaces = Array.from({ length: 60 }, (_, at) => `1220${String(at).padStart(64, '0')}`);
  const store = { synchronizerId: 's' };
  const topology = new Topology(network(namespaces));

  const delegations = await topology.listDelegationsOf(store, namespaces);
  const owners = await topology.listDecentralizedNamespaces(store);
  const keyed = await topology.listPartiesWithKeys(store);

  assert.deepEqual(
    [...delegations].map(([namespace, its]) => [namespace, its.length]),
    namespaces.map((namespace) => [namespace, 1]),
  );
  assert.deepEqual(
    owners.map(({ namespace }) => namespace),
    namespaces,
  );
  assert.deepEqual(
    keyed,
    namespaces.map((namespace) => `one::${namespace}`),
  );
  const { listNamespaceDelegation, listPartyToKeyMapping, listDecentralizedNamespaceDefinition } =
    TopologyManagerReadService.method;
  const lists = [listNamespaceDelegation, listPartyToKeyMapping, listDecentralizedNamespaceDefinition];
  assert.ok(lists.every((method) => answerLimitOf(method) === MAX_ANSWER_BYTES));
});

const ordered = (mappings: PartyMapping[]) =>
  mappings.sort((one, other) => (one.party < other.party ? -1 : 1));
