import { randomBytes } from 'node:crypto';

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';

import type { SigningChanges } from '../../model/participant-changes.js';
import type { SigningReads } from '../../model/participant-reads.js';
import type {
  DetachedSignature,
  OwnKey,
  PublicSigningKey,
  TopologyStore,
  UnsignedTransaction,
} from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { framedKey } from '../fingerprint.js';
import {
  CryptoKeyFormat,
  PublicKeySchema,
  SignatureFormat,
  SigningKeyScheme,
  type SigningPublicKey,
} from '../gen/com/digitalasset/canton/crypto/v0/crypto_pb.js';
import {
  SignedTopologyTransactionSchema,
  TopologyChangeOp,
  TopologyTransactionSchema,
} from '../gen/com/digitalasset/canton/protocol/v0/topology_pb.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { UntypedVersionedMessageSchema } from '../gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';
import { transactionHash } from '../transaction-hash.js';
import { onlyOnCanton3 } from './absent.js';
import { encodingOf, unwrapSigned } from './encoding.js';
import { memberOf } from './ids.js';
import { queryOf, AUTHORIZED } from './stores.js';
import type { Topology } from './topology.js';
import { SIGNING_SPECS, toOwnKey } from './vault.js';

/** Characters of the id of a row, by which it is removed. */
const ID_CHARACTERS = 32;

/** Topology transactions that are signed outside of any participant. Source: canton-2.10 3. */
export class Signing implements SigningReads, SigningChanges {
  constructor(
    private readonly channel: Channel,
    private readonly topology: Topology,
  ) {}

  async listOwnKeys(uid: string, stores: TopologyStore[]): Promise<OwnKey[]> {
    const found = new Map<string, OwnKey>();
    for (const store of stores) {
      const storeId =
        store === 'authorized' ? AUTHORIZED : 'synchronizerId' in store && store.synchronizerId;
      if (storeId === false) continue;
      const { results } = await this.channel.unary(
        TopologyManagerReadService.method.listOwnerToKeyMapping,
        { baseQuery: queryOf(storeId), filterKeyOwnerType: 'PAR', filterKeyOwnerUid: uid },
      );
      for (const { context, item } of results) {
        if (context?.store !== storeId || item?.keyOwner !== memberOf(uid)) continue;
        const key = item.publicKey && toOwnKey(item.publicKey.key);
        if (key) found.set(key.fingerprint, key);
      }
    }
    return [...found.values()];
  }

  async findRootKey(
    namespace: string,
    store: TopologyStore = 'authorized',
  ): Promise<PublicSigningKey | undefined> {
    return (await this.findRootKeys([namespace], store)).get(namespace);
  }

  async findRootKeys(
    namespaces: readonly string[],
    store: TopologyStore,
  ): Promise<Map<string, PublicSigningKey>> {
    const found = new Map<string, PublicSigningKey>();
    for (const namespace of namespaces) {
      const key = await this.readRootKey(namespace, store);
      if (key) found.set(namespace, toPublicKey(key));
    }
    return found;
  }

  /** As a domain of this protocol version takes it; another call gives another one. */
  async generateDelegation({
    namespace,
    targetKey,
    protocolVersion = 0,
  }: {
    namespace: string;
    targetKey: Uint8Array;
    protocolVersion?: number;
  }): Promise<UnsignedTransaction> {
    const { key } = fromBinary(PublicKeySchema, targetKey);
    if (key.case !== 'signingPublicKey') throw new Error('the key of a delegation is no signing key');
    const content = create(TopologyTransactionSchema, {
      transaction: {
        case: 'stateUpdate',
        value: {
          operation: TopologyChangeOp.Add,
          id: randomBytes(ID_CHARACTERS / 2).toString('hex'),
          mapping: {
            case: 'namespaceDelegation',
            value: { namespace, targetKey: key.value, isRootDelegation: false },
          },
        },
      },
    });
    const data = toBinary(TopologyTransactionSchema, content);
    const transaction = wrapped(data, encodingOf(protocolVersion));
    return {
      transaction: Buffer.from(transaction).toString('base64'),
      hash: transactionHash(transaction),
    };
  }

  async addSigned(
    { transaction }: UnsignedTransaction,
    { signedBy, signature }: DetachedSignature,
    store: TopologyStore,
  ): Promise<void> {
    const key = await this.readRootKey(signedBy, store);
    if (!key) throw new Error(`no root delegation names the key ${signedBy}`);
    const signed = create(SignedTopologyTransactionSchema, {
      transaction: Buffer.from(transaction, 'base64'),
      key,
      signature: {
        format: SignatureFormat.RawSignatureFormat,
        signature: Buffer.from(signature, 'base64'),
        signedBy,
      },
    });
    await this.topology.addTransactions([wrapped(toBinary(SignedTopologyTransactionSchema, signed), 0)]);
  }

  /** There is no store in which it could sign without a consequence: only the delegation itself shows it. */
  async proveOwnKeys(): Promise<void> {
    return Promise.resolve();
  }

  generatePartyMappings = onlyOnCanton3;
  buildPartyMapping = onlyOnCanton3;
  assembleProposal = onlyOnCanton3;
  addSignatures = onlyOnCanton3;

  private async readRootKey(
    namespace: string,
    store: TopologyStore,
  ): Promise<SigningPublicKey | undefined> {
    const rows = await this.topology.listRoots(store, namespace);
    return rows.map(({ signed }) => unwrapSigned(signed).key).find((key) => key?.id === namespace);
  }
}

function wrapped(data: Uint8Array, version: number): Uint8Array {
  return toBinary(
    UntypedVersionedMessageSchema,
    create(UntypedVersionedMessageSchema, { wrapper: { case: 'data', value: data }, version }),
  );
}

function toPublicKey({ id, scheme, format, publicKey }: SigningPublicKey): PublicSigningKey {
  const bare = format === CryptoKeyFormat.Tink ? tinkKeyOf(publicKey) : publicKey;
  return {
    fingerprint: id,
    spec: SIGNING_SPECS.get(scheme) ?? SigningKeyScheme[scheme] ?? `${scheme}`,
    publicKey: Buffer.from(framedKey({ publicKey: bare })).toString('base64'),
  };
}

/** Of a Tink keyset with one Ed25519 key: 32 bytes, behind their own field header. */
function tinkKeyOf(keyset: Uint8Array): Uint8Array {
  const at = Buffer.from(keyset).indexOf(ED25519_KEY_VALUE);
  return at < 0
    ? keyset
    : keyset.subarray(at + ED25519_KEY_VALUE.length, at + ED25519_KEY_VALUE.length + 32);
}

/** `value` of the key data, 34 bytes, which begins with `key_value`, 32 bytes. */
const ED25519_KEY_VALUE = Buffer.from([0x12, 34, 0x12, 32]);
