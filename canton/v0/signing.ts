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
import {
  PublicKeySchema,
  SignatureFormat,
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
import { encodingIn, encodingOf, unwrapSigned } from './encoding.js';
import { memberOf } from './ids.js';
import { hasOwnId, toPublicKey } from './keys.js';
import { queryOf, storeIdOf } from './stores.js';
import type { Topology } from './topology.js';
import { toOwnKey } from './vault.js';

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
      const storeId = storeIdOf(store);
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
      const root = await this.findRoot(namespace, store);
      const key = root && toPublicKey(root.key);
      if (key) found.set(namespace, key);
    }
    return found;
  }

  /**
   * Written as a domain of this protocol version takes it, or as the root delegation is, which the participant publishes
   * to its own domain. Another call gives another one: what was revoked can be issued again, but not with the same id.
   */
  async generateDelegation({
    namespace,
    targetKey,
    protocolVersion,
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
    const transaction = wrapped(data, await this.readEncoding(namespace, protocolVersion));
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
    const root = await this.findRoot(signedBy, store);
    if (!root)
      throw this.channel.refuse(
        TopologyManagerReadService.method.listNamespaceDelegation,
        `no root delegation names the key ${signedBy}`,
      );
    const signed = create(SignedTopologyTransactionSchema, {
      transaction: Buffer.from(transaction, 'base64'),
      key: root.key,
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

  private async readEncoding(namespace: string, protocolVersion: number | undefined): Promise<number> {
    if (protocolVersion !== undefined) return encodingOf(protocolVersion);
    const root = await this.findRoot(namespace, 'authorized');
    if (root) return root.encoding;
    throw this.channel.refuse(
      TopologyManagerReadService.method.listNamespaceDelegation,
      `no root delegation of ${namespace}`,
    );
  }

  /** The key of a root delegation, and how the row is encoded. */
  private async findRoot(
    namespace: string,
    store: TopologyStore,
  ): Promise<{ key: SigningPublicKey; encoding: number } | undefined> {
    const rows = await this.topology.listRoots(store, namespace);
    for (const { signed } of rows) {
      // It is its own delegation, so that the key that signed it is the one that it names.
      const { key, transaction } = unwrapSigned(signed);
      if (key?.id === namespace && hasOwnId(key)) return { key, encoding: encodingIn(transaction) };
    }
    return undefined;
  }
}

function wrapped(data: Uint8Array, version: number): Uint8Array {
  return toBinary(
    UntypedVersionedMessageSchema,
    create(UntypedVersionedMessageSchema, { wrapper: { case: 'data', value: data }, version }),
  );
}
