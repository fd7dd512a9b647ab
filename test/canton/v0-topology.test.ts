import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonValue } from '@bufbuild/protobuf';

import { TopologyManagerWriteService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_manager_write_service_pb.js';
import { VettedPackagesSchema } from '../../canton/gen/com/digitalasset/canton/protocol/v0/topology_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { failure } from './replay.js';
import {
  A,
  answering,
  B,
  connect210,
  NEW,
  OLD,
  PARTIES,
  recorded,
  recording210,
  requestOf210,
} from './replay-210.js';

const write = TopologyManagerWriteService.method;
const OLD_T = '1220a740f9f1d93a78330b3074036a7598021d74175180f23fe4e28f156ad6b780fd';
const NEW_T = '1220ff25d6d9beb9c6ba395578aa30161085cc6c7946045e243ff057448117dca2b8';

interface Rows {
  results: { context: { serialized: string } }[];
}

function serialized(file: string, order: number): Uint8Array[] {
  const { results } = recording210(file, order).response_json as unknown as Rows;
  return results.map(({ context }) => Buffer.from(context.serialized, 'base64'));
}

test('v0 topology: a delegation is issued for a key that the node was given, as recorded', async (t) => {
  const { participant, sent } = await connect210(t, [
    recorded('happy', 15),
    recorded('happy', 16),
    recorded('happy', 17),
  ]);

  const targetKey = await participant.vault.findSigningKey(NEW);
  await participant.topology.proposeDelegation({ namespace: OLD, targetKey: targetKey! });

  assert.deepEqual(sent.slice(1), [
    { method: 'ImportPublicKey', request: requestOf210('happy', 16) },
    { method: 'AuthorizeNamespaceDelegation', request: requestOf210('happy', 17) },
  ]);
});

test('v0 topology: the root and the new delegation are listed and loaded as recorded', async (t) => {
  const { participant, sent } = await connect210(t, [
    recorded('happy', 18),
    recorded('happy', 19),
    recorded('happy', 20),
  ]);
  const { topology } = participant;

  assert.deepEqual(await topology.listDelegations('authorized', OLD), [
    { namespace: OLD, targetKey: OLD, restriction: 'CanSignAllMappings', serial: 0 },
    { namespace: OLD, targetKey: NEW, restriction: 'CanSignAllButNamespaceDelegations', serial: 0 },
  ]);
  const signed = await topology.listSignedDelegations(OLD);
  await topology.addTransactions(
    signed.map((its) => its.signed),
    'authorized',
  );

  assert.deepEqual(
    signed.map(({ signedBy }) => signedBy),
    [[OLD], [OLD]],
  );
  assert.deepEqual(
    sent.map(({ request }) => request),
    [18, 18, 19, 20].map((order) => requestOf210('happy', order)),
  );
});

// Rows in the encoding of another protocol version never leave the node that loads them.
test('v0 topology: delegations are asked for in the encoding of the target domain', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('topology', 41)]);

  const signed = await participant.topology.listSignedDelegations(OLD_T, { protocolVersion: 5 });

  assert.deepEqual(sent[0]?.request, requestOf210('topology', 41));
  assert.deepEqual(
    signed.map((its) => Buffer.from(its.signed)),
    serialized('topology', 41),
  );
});

test('v0 topology: a delegation that was issued again is one', async (t) => {
  const { participant } = await connect210(t, [recorded('topology', 102)]);

  const found = await participant.topology.listDelegations('authorized', OLD_T);

  assert.deepEqual(
    found.map(({ targetKey }) => targetKey),
    [OLD_T, NEW_T],
  );
});

test('v0 topology: what is loaded again is skipped if it is in effect, and refused if it was revoked', async (t) => {
  const duplicate = recorded('topology', 51);
  const [, delegation] = serialized('topology', 56);
  const inEffect = await connect210(t, [duplicate, recorded('topology', 56)]);
  const revoked = await connect210(t, [duplicate, recorded('topology', 90)]);

  await inEffect.participant.topology.addTransactions([delegation!], 'authorized');
  const error = await failure(revoked.participant.topology.addTransactions([delegation!], 'authorized'));

  assert.deepEqual([error.kind, error.errorId], ['refused', 'DUPLICATE_TOPOLOGY_TRANSACTION']);
  assert.match(error.message, /revoked since/);
});

test('v0 topology: a party is hosted as recorded, and one that is hosted already is left', async (t) => {
  const hosted = recorded('happy', 33);
  const again = recorded('topology', 70);
  const { participant, sent } = await connect210(t, [hosted, again]);
  const hosting = {
    party: PARTIES[0]!,
    participantUid: `pnew::${NEW}`,
    permission: 'submission',
  } as const;

  await participant.topology.hostParty(hosting);
  await participant.topology.hostParty(hosting);

  const request = requestOf210('happy', 33);
  assert.deepEqual(
    sent.map((its) => its.request),
    [request, request],
  );
});

test('v0 topology: a hosting is removed by exactly its row, and none that is gone already', async (t) => {
  const gone = recorded('abandoned-target', 11);
  const { participant, sent } = await connect210(t, [gone]);
  const { authorization, ...row } = requestOf210('happy', 33) as Record<string, JsonValue>;

  await participant.topology.unhostParty({
    party: PARTIES[0]!,
    participantUid: `pnew::${NEW}`,
    permission: 'submission',
  });

  assert.ok(authorization);
  assert.deepEqual(sent[0]?.request, { authorization: { change: 'Remove' }, ...row });
});

// Targets that were given up. A participant that joined after them is not told of them: only the domain is.
test('v0 topology: the mapping of a party is all its rows, and has every host that the store has', async (t) => {
  const { participant } = await connect210(t, [recorded('abandoned-target', 7)]);
  const store = { synchronizerId: B };

  const [mapping] = await participant.topology.listPartyMappings(store, {});

  assert.equal(mapping?.threshold, 1);
  assert.equal(mapping.hosts.length, 3);
  assert.ok(mapping.hosts.every(({ participantUid }) => !participantUid.startsWith('PAR::')));
  const [host] = mapping.hosts;
  const { participantUid } = host!;
  assert.deepEqual(
    (await participant.topology.listPartyMappings(store, { participantUid })).map((its) => its.hosts),
    [mapping.hosts],
  );
  assert.deepEqual(await participant.topology.listPartyMappings(store, {}, { isProposal: true }), []);
});

// The filter is a prefix: what another store has comes too.
test('v0 topology: rows of another store do not count', async (t) => {
  const { participant } = await connect210(t, [recorded('topology', 3)]);

  assert.equal((await participant.topology.listDelegations('authorized', OLD_T)).length, 1);
  assert.deepEqual(await participant.topology.listDelegations({ synchronizerId: B }, OLD_T), []);
});

test('v0 topology: what a participant may do for its parties is asked as recorded', async (t) => {
  const { participant } = await connect210(t, [recorded('happy', 56)]);
  const { topology } = participant;

  const hosted = await topology.listEffectiveHosting(B, `pnew::${NEW}`);

  assert.deepEqual(
    hosted.map(({ party }) => party),
    [...PARTIES, `pnew::${NEW}`],
  );
  assert.ok(hosted.every(({ permission }) => permission === 'submission'));
  assert.deepEqual(await topology.listEffectiveHosting(B, `pold::${OLD}`), []);
  assert.deepEqual(await topology.listEffectiveHosting(A, `pnew::${NEW}`), []);
});

test('v0 topology: vetted are the packages of every row together', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('packages', 20)]);
  const { results } = recording210('packages', 20).response_json as unknown as {
    results: { item: { package_ids: string[] } }[];
  };

  const vetted = await participant.topology.findVettedPackages('authorized', `pnew::${NEW}`);

  assert.deepEqual(sent[0]?.request, requestOf210('packages', 20));
  assert.ok(results.length > 1);
  assert.deepEqual(
    new Set(vetted?.packages.map(({ packageId }) => packageId)),
    new Set(results.flatMap(({ item }) => item.package_ids)),
  );
  assert.equal(await participant.topology.findVettedPackages('authorized', `pother::${NEW}`), undefined);
});

test('v0 topology: vetting adds one row of what lacks, and removes a row with what is to go by exactly it', async (t) => {
  const participantUid = `pnew::${NEW}`;
  const row = (packageIds: string[]) => ({
    context: { store: 'Authorized' },
    item: { $typeName: VettedPackagesSchema.typeName, participant: participantUid, packageIds },
  });
  const { participant, sent } = await connect210(t, [
    answering(TopologyManagerReadService.method.listVettedPackages, {
      results: [row(['a', 'b']), row(['c'])],
    }),
    answering(write.authorizeVettedPackages),
  ]);
  const propose = (ids: string[]) =>
    participant.topology.proposeVettedPackages('authorized', {
      participantUid,
      packages: ids.map((packageId) => ({ packageId })),
      serial: 0,
    });

  await propose(['a', 'b', 'c']);
  assert.equal(sent.filter(({ method }) => method === 'AuthorizeVettedPackages').length, 0);

  await propose(['a', 'c', 'd']);

  assert.deepEqual(
    sent.filter(({ method }) => method === 'AuthorizeVettedPackages').map(({ request }) => request),
    [
      { authorization: {}, participant: participantUid, package_ids: ['a', 'd'] },
      {
        authorization: { change: 'Remove', force_change: true },
        participant: participantUid,
        package_ids: ['a', 'b'],
      },
    ],
  );
});

test('v0 topology: what a domain grants a participant is what both sides say', async (t) => {
  const { participant } = await connect210(t, [recorded('topology', 23)]);
  const store = { synchronizerId: A };

  const uids = await participant.topology.listParticipants(store);
  assert.ok(uids.includes(`pold::${OLD_T}`), uids.join());
  const grant = await participant.topology.readGrant(store, `pold::${OLD_T}`);
  assert.equal(grant.permission, 'submission');
  assert.equal((await participant.topology.readGrant(store, `pno::${NEW}`)).permission, undefined);
});

test('v0 topology: a participant does not know the hosts of the time before it joined', async (t) => {
  const { participant } = await connect210(t, [recorded('abandoned-target', 2)]);

  const [mapping] = await participant.topology.listPartyMappings({ synchronizerId: B }, {});

  assert.equal(mapping?.hosts.length, 1);
});
