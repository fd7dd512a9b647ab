import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, toBinary, type JsonValue } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';

import { VaultService } from '../../canton/gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import {
  ListPartyToParticipantResponseSchema,
  TopologyManagerReadService,
} from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';
import { activate, arriving, propose, startOneSynchronizer } from '../support/one-synchronizer.js';
import { namespaceOf } from '../support/topology-changes.js';
import { recordings } from './recordings.js';
import { happy, oldNamespace, alice, B, connect, EMPTY, answerOf, requestOf } from './replay.js';

const read = TopologyManagerReadService.method;
const write = TopologyManagerWriteService.method;

test('topology: a delegation is issued with the found key as the console does it, but for the wait', async (t) => {
  const { participant, sent } = await connect(t, [
    [VaultService.method.listPublicKeys, answerOf('happy', 16)],
    [write.authorize, EMPTY],
  ]);

  const targetKey = await participant.vault.findSigningKey(happy.new.split('::')[1] ?? '');

  assert.ok(targetKey);
  await participant.topology.proposeDelegation({ namespace: oldNamespace, targetKey });
  assert.deepEqual(sent[1], requestOf('happy', 18));
});

test('topology: delegations are read with key, restriction and serial, those of other namespaces left out', async (t) => {
  const call = recordings().findLast(
    ({ file, rpc }) => file === 'happy' && rpc.endsWith('ListNamespaceDelegation'),
  );

  assert.ok(call);
  const { participant, sent } = await connect(t, [
    [read.listNamespaceDelegation, answerOf('happy', call.order)],
  ]);

  const delegations = await participant.topology.listDelegations(B, oldNamespace);
  const byTarget = new Map(delegations.map((each) => [each.targetKey, each]));
  assert.equal(byTarget.get(oldNamespace)?.restriction, 'CanSignAllMappings');
  const delegation = byTarget.get(happy.new.split('::')[1] ?? '');
  assert.equal(delegation?.restriction, 'CanSignAllButNamespaceDelegations');
  assert.equal(delegation?.serial, 1);
  assert.deepEqual((sent[0] as { base_query: object }).base_query, {
    store: { synchronizer: { id: happy.B } },
    operation: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE',
    head_state: {},
  });
  assert.deepEqual(await participant.topology.listDelegations(B, oldNamespace.slice(0, 20)), []);
});

test('topology: delegations and root keys of many namespaces are read in one call', async (t) => {
  const { order } = recordings().findLast(
    ({ file, rpc }) => file === 'happy' && rpc.endsWith('ListNamespaceDelegation'),
  )!;
  const { participant, sent } = await connect(t, [
    [read.listNamespaceDelegation, answerOf('happy', order)],
  ]);
  const others = Array.from({ length: 200 }, (_, n) => `1220${String(n).padStart(64, '0')}`);

  const found = await participant.topology.listDelegationsOf(B, [...others, oldNamespace]);
  const rootKeys = await participant.signing.findRootKeys([...others, oldNamespace], B);

  assert.equal(sent.length, 2);
  assert.equal(found.size, 201);
  assert.deepEqual(found.get(others[0]!), []);
  const one = await participant.topology.listDelegations(B, oldNamespace);
  assert.deepEqual(found.get(oldNamespace), one);
  assert.deepEqual([...rootKeys.keys()], [oldNamespace]);
  assert.deepEqual(rootKeys.get(oldNamespace), await participant.signing.findRootKey(oldNamespace, B));
});

// Canton 3.4 does not know the newer listing.
test('topology: signed delegations are listed by either release, and loaded as they are', async (t) => {
  const { participant, sent } = await connect(t, [
    [read.listAllV2, status.UNIMPLEMENTED],
    [read.listAll, answerOf('happy', 15)],
    [write.addTransactions, EMPTY],
  ]);

  const listed = await participant.topology.listSignedDelegations(oldNamespace);
  await participant.topology.addTransactions(
    listed.map(({ signed }) => signed),
    'authorized',
  );

  assert.deepEqual(
    listed.map(({ delegation }) => [delegation.targetKey, delegation.restriction]),
    [[oldNamespace, 'CanSignAllMappings']],
  );
  const { transactions, store } = requestOf('happy', 19) as {
    transactions: JsonValue[];
    store: JsonValue;
  };
  assert.deepEqual(sent[2], { transactions: transactions.slice(0, 1), store });
});

test('topology: an upgrade is asked for under the name of either release', async (t) => {
  const { participant } = await connect(t, [
    [read.listLsuAnnouncement, status.UNIMPLEMENTED],
    [read.listSynchronizerUpgradeAnnouncement, EMPTY],
  ]);

  assert.equal(await participant.topology.findUpgrade(B), undefined);
});

test('topology: a party is proposed, read back and removed with its serial', async (t) => {
  const { participant, sent } = await connect(t, [
    [read.listPartyToParticipant, answerOf('happy', 28)],
    [write.authorize, EMPTY],
  ]);

  const [mapping] = await participant.topology.listPartyMappings(B, { party: alice });

  assert.ok(mapping);
  await participant.topology.proposePartyMapping(B, mapping);
  await participant.topology.removePartyMapping(B, { ...mapping, serial: 2 });
  assert.deepEqual(mapping, {
    party: alice,
    threshold: 1,
    hosts: [{ participantUid: happy.new, permission: 'submission', isOnboarding: false }],
    serial: 1,
  });
  const recorded = requestOf('happy', 27) as { proposal: object };
  assert.deepEqual(sent[1], { ...recorded, proposal: { ...recorded.proposal, serial: 1 } });
  const removal = { ...recorded.proposal, change: 'TOPOLOGY_CHANGE_OP_REMOVE', serial: 2 };
  assert.deepEqual(sent[2], { ...recorded, proposal: removal });
});

// Canton filters by a substring of `PAR::uid`, and by a prefix of identifier and namespace apart.
test('topology: what the filters of Canton let through beside is left out', async (t) => {
  const hosted = (party: string, participantUid: string) => ({
    context: { serial: 1 },
    item: { party, threshold: 1, participants: [{ participantUid, permission: 1 }] },
  });
  const results = [hosted('Alice::12aa', 'new::12bb'), hosted('Alice2::12aa', 'new::12bbcc')];
  const answer = create(ListPartyToParticipantResponseSchema, { results });
  const { participant, sent } = await connect(t, [
    [read.listPartyToParticipant, toBinary(ListPartyToParticipantResponseSchema, answer)],
  ]);

  const parties = async (filter: { party?: string; participantUid?: string }) =>
    (await participant.topology.listPartyMappings(B, filter, { isProposal: true })).map(
      ({ party }) => party,
    );

  assert.deepEqual(await parties({ participantUid: 'new::12bb' }), ['Alice::12aa']);
  assert.deepEqual(await parties({ party: 'Alice::12aa' }), ['Alice::12aa']);
  assert.deepEqual(await parties({}), ['Alice::12aa', 'Alice2::12aa']);
  assert.equal((sent[0] as { base_query: { proposals: boolean } }).base_query.proposals, true);
});

test('topology: the mappings of 5,000 parties come in one call', async (t) => {
  const results = Array.from({ length: 5e3 }, (_, index) => ({
    context: { serial: 1 },
    item: {
      party: `p${index}::${oldNamespace}`,
      threshold: 1,
      participants: [{ participantUid: happy.old, permission: 1 }],
    },
  }));
  const answer = create(ListPartyToParticipantResponseSchema, { results });
  const { participant, sent } = await connect(t, [
    [read.listPartyToParticipant, toBinary(ListPartyToParticipantResponseSchema, answer)],
  ]);

  const mappings = await participant.topology.listPartyMappings(B, { participantUid: happy.old });

  assert.equal(mappings.length, 5e3);
  assert.equal(sent.length, 1);
});

test('topology: vetted packages are read and written back with their times to the microsecond', async (t) => {
  const { participant, sent } = await connect(t, [
    [read.listVettedPackages, answerOf('happy', 14)],
    [write.authorize, EMPTY],
  ]);

  const found = await participant.topology.findVettedPackages(B, happy.new);

  assert.ok(found);
  const [first] = found.packages;
  assert.ok(first);
  const timed = { ...first, validFrom: '2026-11-23T00:52:33.706498Z' };
  await participant.topology.proposeVettedPackages(B, {
    participantUid: happy.new,
    packages: [timed],
    serial: found.serial + 1,
  });
  assert.deepEqual((sent[1] as { proposal: JsonValue }).proposal, {
    change: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE',
    serial: found.serial + 1,
    mapping: {
      vetted_packages: {
        participant_uid: happy.new,
        packages: [{ package_id: timed.packageId, valid_from_inclusive: timed.validFrom }],
      },
    },
  });
  assert.equal(await participant.topology.findVettedPackages(B, 'pnew::1220'), void 0);
});

test('topology: a party that signs for itself keeps its keys', async (t) => {
  const keys = {
    keys: [{ publicKey: Buffer.from('key'), format: 4, usage: [4], keySpec: 1 }],
    threshold: 1,
  };
  const results = [
    { item: { party: 'Eve::12aa', threshold: 1, participants: [], partySigningKeys: keys } },
  ];
  const answer = toBinary(
    ListPartyToParticipantResponseSchema,
    create(ListPartyToParticipantResponseSchema, { results }),
  );
  const { participant, sent } = await connect(t, [
    [read.listPartyToParticipant, answer],
    [write.authorize, EMPTY],
  ]);

  const [mapping] = await participant.topology.listPartyMappings(B, {});

  assert.ok(mapping?.signingKeys);
  await participant.topology.proposePartyMapping(B, mapping);
  assert.match(
    JSON.stringify(sent[1]),
    /"party_signing_keys":\{"keys":\[\{"format":"CRYPTO_KEY_FORMAT_DER_X509/,
  );
});

test('topology: a party is proposed with what keys there are, and leaves with its contracts by force alone', async (t) => {
  const { participant, sent } = await connect(t, [
    [read.listPartyToParticipant, answerOf('happy', 28)],
    [write.authorize, EMPTY],
  ]);
  const [mapping] = await participant.topology.listPartyMappings(B, { party: alice });

  await participant.topology.proposePartyHosting(B, mapping!);
  await participant.topology.proposePartyMapping(B, mapping!, { isForced: true });
  await participant.topology.proposePartyMapping(B, mapping!);

  const asked = sent.slice(1) as { must_fully_authorize?: boolean; force_changes?: string[] }[];
  assert.deepEqual(
    asked.map((each) => [each.must_fully_authorize, each.force_changes]),
    [
      [undefined, undefined],
      [true, ['FORCE_FLAG_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS']],
      [true, undefined],
    ],
  );
});

// Live route 2, steps 2 to 6: the source proposes, the target signs while it is away, the source adds all at once.
test('topology: proposals of the source become effective once the disconnected target has signed them', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, sandbox, store, parties } = nodes;
  const { uid } = sandbox.participants.target;
  const namespace = namespaceOf(sandbox.participants.source.uid);
  await propose(nodes);

  const open = await source.topology.listSignedPartyProposals(store, namespace);
  const proposed = await source.topology.listPartyMappings(store, {}, { isProposal: true });
  const held = await source.topology.listPartyMappings(store, { participantUid: uid });

  assert.deepEqual(open.map(({ mapping }) => mapping.party).sort(), [...parties].sort());
  assert.deepEqual(
    open.map(({ mapping }) => mapping),
    proposed,
  );
  assert.deepEqual(held, []);
  const begun = namespace.slice(0, 20);
  assert.deepEqual(await source.topology.listSignedPartyProposals(store, begun), open);
  await source.topology.proposePartyHosting(store, await arriving(nodes, parties[0]!));
  assert.deepEqual(await source.topology.listSignedPartyProposals(store, namespace), open);

  const events = await activate(nodes);
  assert.deepEqual(new Set(events.map(({ kind }) => kind)), new Set(['onboarding']));
  assert.equal(new Set(events.map(({ offset }) => offset)).size, 1);
  assert.match(events[0]!.recordTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  assert.deepEqual(await source.topology.listSignedPartyProposals(store, namespace), []);
  const hosted = await source.topology.listPartyMappings(store, { participantUid: uid });
  assert.deepEqual(hosted.map(({ party }) => party).sort(), [...parties].sort());
  assert.ok(hosted.every(({ hosts }) => hosts.some((host) => host.isOnboarding)));
});
