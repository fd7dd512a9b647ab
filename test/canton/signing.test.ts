import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';

import type { PartyMapping } from '../../model/participant.js';
import { SignedTopologyTransactionSchema } from '../../canton/gen/com/digitalasset/canton/protocol/v30/topology_pb.js';
import { VaultService } from '../../canton/gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import {
  AuthorizeResponseSchema,
  GenerateTransactionsResponseSchema,
  TopologyManagerWriteService,
} from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';
import { arriving, startOneSynchronizer, until } from '../support/one-synchronizer.js';
import { namespaceOf } from '../support/topology-changes.js';
import { answerOf, connect, EMPTY, happy, oldNamespace } from './replay.js';

const write = TopologyManagerWriteService.method;
const targetNamespace = happy.new.split('::')[1] ?? '';

/** The delegation of the recorded migration: the transaction that was signed. */
const recorded = fromBinary(AuthorizeResponseSchema, answerOf('happy', 18)).transaction!;

function hashOf(transaction: Uint8Array): Buffer {
  const digest = createHash('sha256')
    .update(Buffer.from([0, 0, 0, 11]))
    .update(transaction)
    .digest();
  return Buffer.concat([Buffer.from([0x12, 0x20]), digest]);
}

const answer = (transaction: Uint8Array, hash = hashOf(transaction)) =>
  toBinary(
    GenerateTransactionsResponseSchema,
    create(GenerateTransactionsResponseSchema, {
      generatedTransactions: [{ serializedTransaction: transaction, transactionHash: hash }],
    }),
  );

async function generate(
  t: Parameters<typeof connect>[0],
  generated: Uint8Array,
  namespace = oldNamespace,
) {
  const { participant, sent } = await connect(t, [
    [VaultService.method.listPublicKeys, answerOf('happy', 16)],
    [write.generateTransactions, generated],
  ]);
  const targetKey = (await participant.vault.findSigningKey(targetNamespace))!;
  return { made: await participant.signing.generateDelegation({ namespace, targetKey }), sent };
}

test('signing: a generated delegation comes with the hash that a real participant signed', async (t) => {
  const { made, sent } = await generate(t, answer(recorded.transaction));

  assert.equal(made.transaction, Buffer.from(recorded.transaction).toString('base64'));
  assert.equal(made.hash, hashOf(recorded.transaction).toString('hex'));
  const { proposals } = sent[1] as { proposals: { store: object; operation: string }[] };
  assert.deepEqual(proposals[0]?.store, { authorized: {} });
  assert.equal(proposals[0]?.operation, 'TOPOLOGY_CHANGE_OP_ADD_REPLACE');
});

// A root key would sign it unseen.
test('signing: a transaction that is not the delegation asked for is refused', async (t) => {
  const refused = /not the delegation that was asked for/;

  await assert.rejects(generate(t, answer(recorded.transaction, hashOf(Buffer.from('other')))), refused);
  await assert.rejects(generate(t, answer(recorded.transaction), `1220${'ab'.repeat(32)}`), refused);
  await assert.rejects(generate(t, answer(EMPTY)), refused);
  await assert.rejects(generate(t, EMPTY), /0 transactions came back, expected 1/);
});

test('signing: a detached signature goes out in the form a participant gives its own', async (t) => {
  const { participant, sent } = await connect(t, [[write.addTransactions, EMPTY]]);
  const [signature] = recorded.signatures;
  const unsigned = {
    transaction: Buffer.from(recorded.transaction).toString('base64'),
    hash: hashOf(recorded.transaction).toString('hex'),
  };

  await participant.signing.addSigned(
    unsigned,
    {
      signedBy: oldNamespace,
      algorithm: 'ED25519',
      signature: Buffer.from(signature!.signature).toString('base64'),
    },
    'authorized',
  );

  const { transactions } = sent[0] as { transactions: { signatures: object[]; proposal?: boolean }[] };
  assert.equal(transactions[0]?.proposal, undefined);
  assert.deepEqual(transactions[0]?.signatures, [
    {
      format: 'SIGNATURE_FORMAT_CONCAT',
      signature: Buffer.from(signature!.signature).toString('base64'),
      signed_by: oldNamespace,
      signing_algorithm_spec: 'SIGNING_ALGORITHM_SPEC_ED25519',
    },
  ]);
});

test('signing: a proposal that an offline root key signed is completed by the target while it is away', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, sandbox, store, alias } = nodes;
  const party = nodes.parties[0]!;
  const wanted = await arriving(nodes, party);
  const [unsigned] = await source.signing.generatePartyMappings(store, [wanted]);
  const { vault } = sandbox.participants.source.participant.node;
  const namespace = namespaceOf(party);
  const { signature } = vault.sign(namespace, Buffer.from(unsigned!.hash, 'hex'));
  await target.synchronizers.disconnect(alias);

  const assembled = source.signing.assembleProposal(unsigned!, [
    {
      signedBy: namespace,
      algorithm: 'ED25519',
      signature: signature.toString('base64'),
    },
  ]);
  const [signed] = await target.signing.addSignatures([assembled]);
  await source.topology.addTransactions([signed!], store);

  await until(async () => sandbox.participants.source.hosts(party, alias).length === 2);
  const [mapping] = await source.topology.listPartyMappings(store, { party });
  assert.deepEqual(mapping, wanted);
});

test('signing: the target signs no mapping that does not name it, and none that nobody has signed', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, store } = nodes;
  const wanted = await arriving(nodes, nodes.parties[0]!);
  const elsewhere = { ...wanted, hosts: wanted.hosts.slice(0, 1), threshold: 1 };
  const signedBy = namespaceOf(nodes.parties[0]!);
  const signature = { signedBy, algorithm: 'ED25519', signature: 'AAAA' } as const;
  const [unsigned] = await source.signing.generatePartyMappings(store, [{ ...elsewhere, serial: 0 }]);

  await assert.rejects(
    target.signing.addSignatures([source.signing.assembleProposal(unsigned!, [signature])]),
    { kind: 'refused', errorId: 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE' },
  );
  const bare = create(SignedTopologyTransactionSchema, {
    transaction: Buffer.from(unsigned!.transaction, 'base64'),
  });
  await assert.rejects(target.signing.addSignatures([toBinary(SignedTopologyTransactionSchema, bare)]), {
    kind: 'refused',
    errorId: 'PROTO_DESERIALIZATION_FAILURE',
  });
});

// A root key would sign it unseen.
test('signing: a mapping that is not the one asked for is refused', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const [one, other] = nodes.parties as [string, string];
  const wanted = await arriving(nodes, one);
  const [made] = await nodes.source.signing.generatePartyMappings(nodes.store, [wanted]);
  const transaction = Buffer.from(made!.transaction, 'base64');
  const { participant } = await connect(t, [[write.generateTransactions, answer(transaction)]]);
  const refused = /not the party mapping that was asked for/;

  const generate = (mapping: PartyMapping) =>
    participant.signing.generatePartyMappings(nodes.store, [mapping]);
  assert.deepEqual(await generate(wanted), [made]);
  await assert.rejects(generate({ ...wanted, party: other }), refused);
  await assert.rejects(generate({ ...wanted, serial: 9 }), refused);
  const hosts = wanted.hosts.map((host) => ({ ...host, isOnboarding: false }));
  await assert.rejects(generate({ ...wanted, hosts }), refused);
});

// Source: golden35/key-rotation.jsonl 5 to 9.
test('signing: the list of own keys has those in use, and not a key that was retired and is still in the vault', async (t) => {
  const { listOwnerToKeyMapping } = TopologyManagerReadService.method;
  const { participant: before } = await connect(t, [
    [listOwnerToKeyMapping, answerOf('key-rotation', 5)],
    [VaultService.method.listMyKeys, answerOf('key-rotation', 9)],
  ]);
  const { participant: after } = await connect(t, [
    [listOwnerToKeyMapping, answerOf('key-rotation', 8)],
  ]);
  const namespace = '12209313c8057923442e2f39e94d536cc8904d4430505fecd4d92ee57c35a4bfdcdd';
  const uid = `pnew::${namespace}`;
  const fingerprints = (keys: { fingerprint: string }[]) => keys.map(({ fingerprint }) => fingerprint);

  const both = fingerprints(await before.signing.listOwnKeys(uid, ['authorized']));
  const now = fingerprints(await after.signing.listOwnKeys(uid, ['authorized']));

  const [retired, ...more] = both.filter((its) => !now.includes(its));
  assert.deepEqual([both.length, now.length, more], [4, 3, []]);
  const held = fingerprints(await before.vault.listKeys());
  assert.ok(held.includes(retired!));
  assert.deepEqual([held.length, new Set([...both, namespace])], [5, new Set(held)]);
  assert.deepEqual(await after.signing.listOwnKeys('another::1220', ['authorized']), []);
});
