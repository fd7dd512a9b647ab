import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { test } from 'node:test';

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';

import { algorithmOf } from '../../model/ceremony.js';
import {
  CryptoKeyFormat,
  PublicKeySchema,
  SigningKeyScheme,
  SigningPublicKeySchema,
  type SigningPublicKey,
} from '../../canton/gen/com/digitalasset/canton/crypto/v0/crypto_pb.js';
import {
  SignedTopologyTransactionSchema,
  TopologyTransactionSchema,
} from '../../canton/gen/com/digitalasset/canton/protocol/v0/topology_pb.js';
import {
  GenerateSigningKeyResponseSchema,
  VaultService,
} from '../../canton/gen/com/digitalasset/canton/crypto/admin/v0/vault_service_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_manager_write_service_pb.js';
import { UntypedVersionedMessageSchema } from '../../canton/gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';
import { encodingIn, encodingOf, protocolVersionOfRow, unwrapSigned } from '../../canton/v0/encoding.js';
import { hasOwnId, toPublicKey } from '../../canton/v0/keys.js';
import { transactionHash } from '../../canton/transaction-hash.js';
import { answering, connect210, NEW, OLD, recorded, recording210 } from './replay-210.js';
import { messagesOf, recordings210 } from './recordings.js';

interface Rows {
  results?: { context?: { store?: string; serialized?: string } }[];
}

/** Every row of a list of topology transactions that was recorded. */
function rows(): { file: string; order: number; store: string; serialized: Buffer }[] {
  return recordings210()
    .filter(({ rpc }) => /TopologyManagerReadService\/List/.test(rpc))
    .flatMap(({ file, order, response_json: json }) =>
      ((json as Rows | null)?.results ?? []).flatMap(({ context }) =>
        context?.serialized
          ? [
              {
                file,
                order,
                store: context.store ?? '',
                serialized: Buffer.from(context.serialized, 'base64'),
              },
            ]
          : [],
      ),
    );
}

/** Every row says which key signed it. */
function publicKeyOf(key: SigningPublicKey) {
  const { publicKey } = toPublicKey(key)!;
  return createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
}

test('v0 signing: every recorded row is signed over the hash of its transaction, by the key that it names', () => {
  const all = rows();
  assert.ok(all.length > 100, `${all.length}`);
  for (const { file, order, serialized } of all) {
    const { transaction, key, signature } = unwrapSigned(serialized);
    const hash = Buffer.from(transactionHash(transaction), 'hex');

    assert.ok(hasOwnId(key!), `${file} ${order}`);
    assert.equal(signature?.signedBy, key!.id);
    assert.ok(verify(null, hash, publicKeyOf(key!), signature.signature), `${file} ${order}`);
  }
});

test('v0 signing: a row that is taken apart and put together is the same bytes', () => {
  for (const { file, order, serialized } of rows()) {
    const outer = fromBinary(UntypedVersionedMessageSchema, serialized);
    const signed = fromBinary(SignedTopologyTransactionSchema, outer.wrapper.value!);
    const again = toBinary(
      UntypedVersionedMessageSchema,
      create(UntypedVersionedMessageSchema, {
        wrapper: { case: 'data', value: toBinary(SignedTopologyTransactionSchema, signed) },
      }),
    );

    assert.ok(serialized.equals(again), `${file} ${order}`);
  }
});

// Domain 5 has protocol version 5, A and B have 7.
test('v0 signing: the rows of a domain tell its protocol version', () => {
  const told = new Map<string, Set<number>>();
  for (const { store, serialized } of rows()) {
    const [name = ''] = store.split('::');
    if (!told.has(name)) told.set(name, new Set());
    told.get(name)!.add(protocolVersionOfRow(serialized));
  }

  assert.deepEqual([...(told.get('domA') ?? [])], [7]);
  assert.deepEqual([...(told.get('domB') ?? [])], [7]);
  // What is only in a node's own store may be in any.
  assert.deepEqual([...told.get('Authorized')!].sort(), [5, 7]);
});

test('v0 signing: a list for another protocol version is written in the encoding of that one', () => {
  const of = (order: number) => {
    const { results } = recording210('topology', order).response_json as Rows;
    return results!.map(({ context }) =>
      encodingIn(unwrapSigned(Buffer.from(context!.serialized!, 'base64')).transaction),
    );
  };

  assert.deepEqual(of(41), [encodingOf(5), encodingOf(5)]);
  assert.deepEqual(of(42), [encodingOf(7), encodingOf(7)]);
});

test('v0 signing: a delegation that is signed outside is loaded as a participant would have signed it', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const root = rootOf(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const { listNamespaceDelegation } = TopologyManagerReadService.method;
  const { participant, sent } = await connect210(t, [
    recorded('happy', 15),
    answering(listNamespaceDelegation, {
      results: [
        {
          context: { store: 'Authorized', serialized: signedRow(root) },
          item: { namespace: root.id, targetKey: root, isRootDelegation: true },
          targetKeyFingerprint: root.id,
        },
      ],
    }),
    answering(TopologyManagerWriteService.method.addSignedTopologyTransaction),
  ]);
  const { signing, vault } = participant;
  const targetKey = (await vault.findSigningKey(NEW))!;
  const wanted = { namespace: root.id, targetKey };

  const key = (await signing.findRootKey(root.id))!;
  const made = await signing.generateDelegation({ ...wanted, protocolVersion: 7 });
  const other = await signing.generateDelegation(wanted);
  const hash = Buffer.from(made.hash, 'hex');
  const signature = sign(null, hash, privateKey).toString('base64');
  await signing.addSigned(
    made,
    { signedBy: root.id, algorithm: algorithmOf(key.spec), signature },
    'authorized',
  );

  const { serialized } = sent.at(-1)!.request as { serialized: string };
  const loaded = unwrapSigned(Buffer.from(serialized, 'base64'));
  assert.equal(key.fingerprint, root.id);
  assert.equal(encodingIn(loaded.transaction), 3);
  assert.ok(verify(null, hash, publicKeyOf(loaded.key!), loaded.signature!.signature));
  assert.equal(loaded.signature!.format, 1);
  const { data } = {
    data: fromBinary(UntypedVersionedMessageSchema, loaded.transaction).wrapper.value!,
  };
  const { transaction } = fromBinary(TopologyTransactionSchema, data);
  assert.equal(transaction.case, 'stateUpdate');
  const { id, mapping } = transaction.value;
  assert.match(id, /^[0-9a-zA-Z]{32}$/);
  assert.deepEqual(
    mapping.case === 'namespaceDelegation' && [
      mapping.value.namespace,
      mapping.value.targetKey?.id,
      mapping.value.isRootDelegation,
    ],
    [root.id, NEW, false],
  );
  // Without a protocol version it is written as the root is, and it is another row each time.
  const bytes = Buffer.from(other.transaction, 'base64');
  assert.equal(encodingIn(bytes), 1);
  assert.notEqual(other.hash, made.hash);
});

test('v0 signing: keys of every recorded kind become keys that anybody can use', () => {
  const [answer] = messagesOf(
    recording210('rootkey', 48).response,
    recording210('rootkey', 48).response_json,
  );
  const { publicKey: key } = fromBinary(GenerateSigningKeyResponseSchema, answer!.bytes);
  const found = toPublicKey(key!)!;

  assert.ok(hasOwnId(key!));
  assert.equal(found.spec, 'EC_P256');
  const { asymmetricKeyDetails } = publicKeyOf(key!);
  assert.equal(asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(hasOwnId({ ...key!, id: NEW }), false);
  assert.equal(toPublicKey({ ...key!, publicKey: Buffer.from('no keyset') }), undefined);
  assert.equal(toPublicKey({ ...key!, scheme: SigningKeyScheme.Sm2 }), undefined);
});

test('v0 signing: a key whose bytes are not those of its fingerprint is not handed on', async (t) => {
  const { listPublicKeys } = VaultService.method;
  const [answer] = messagesOf(
    recording210('happy', 15).response,
    recording210('happy', 15).response_json,
  );
  const { publicKeys } = fromBinary(listPublicKeys.output, answer!.bytes);
  publicKeys[0]!.publicKey!.key.value!.publicKey[90]! ^= 1;
  const { participant } = await connect210(t, [
    recorded('happy', 15),
    answering(listPublicKeys, { publicKeys }),
  ]);

  const found = await participant.vault.findSigningKey(NEW);

  assert.equal(fromBinary(PublicKeySchema, found!).key.value?.id, NEW);
  assert.equal(await participant.vault.findSigningKey(NEW), undefined);
});

test('v0 signing: what only Canton 3 can is a bug to ask for', async (t) => {
  const { participant, sent } = await connect210(t, []);
  const { signing, topology } = participant;
  const mapping = { party: `a::${OLD}`, threshold: 1, hosts: [], serial: 1 };

  await assert.rejects(signing.addSignatures([]), /Canton 2\.10 has no such call/);
  await assert.rejects(
    topology.proposePartyMapping('authorized', mapping),
    /Canton 2\.10 has no such call/,
  );
  await assert.rejects(signing.generatePartyMappings('authorized', []), /2\.10 has no such call/);
  assert.deepEqual(sent, []);
});

/** A root key as a participant keeps it in the form raw. */
function rootOf(publicKey: Uint8Array): SigningPublicKey {
  const id = `1220${createHash('sha256')
    .update(Buffer.from([0, 0, 0, 12]))
    .update(publicKey)
    .digest('hex')}`;
  return create(SigningPublicKeySchema, {
    id,
    format: CryptoKeyFormat.Raw,
    publicKey,
    scheme: SigningKeyScheme.Ed25519,
  });
}

/** A row with this key, in the encoding of protocol version 5; nobody looks at its signature. */
function signedRow(key: SigningPublicKey): Uint8Array {
  const framed = (value: Uint8Array, version: number) =>
    toBinary(
      UntypedVersionedMessageSchema,
      create(UntypedVersionedMessageSchema, { wrapper: { case: 'data', value }, version }),
    );
  const signed = create(SignedTopologyTransactionSchema, {
    transaction: framed(Buffer.from('root'), 1),
    key,
    signature: { signedBy: key.id },
  });
  return framed(toBinary(SignedTopologyTransactionSchema, signed), 0);
}
