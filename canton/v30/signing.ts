import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';

import type {
  DetachedSignature,
  OwnKey,
  PartyMapping,
  PublicSigningKey,
  SigningAlgorithm,
  TopologyStore,
  TransactionSignature,
  UnsignedTransaction,
} from '../../model/participant.js';
import type { SigningChanges } from '../../model/participant-changes.js';
import type { SigningReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { fingerprintOf } from '../fingerprint.js';
import {
  SignatureFormat,
  SigningAlgorithmSpec,
  SigningPublicKeySchema,
} from '../gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';
import {
  Enums_TopologyChangeOp as Change,
  SignedTopologyTransactionSchema,
  TopologyTransactionSchema,
  type OwnerToKeyMapping,
} from '../gen/com/digitalasset/canton/protocol/v30/topology_pb.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import {
  TopologyManagerWriteService,
  type GenerateTransactionsRequest_ProposalSchema,
} from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';
import { UntypedVersionedMessageSchema } from '../gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';
import {
  delegationIn,
  delegationMapping,
  fromPartyMapping,
  namespaceFilters,
  partyMappingIn,
  queryOf,
  storeIdOf,
} from './topology-messages.js';
import { toPublicKey } from './party-keys.js';
import type { Topology } from './topology.js';
import { transactionHash } from '../transaction-hash.js';
import { toOwnKey } from './vault.js';

const read = TopologyManagerReadService.method;
const write = TopologyManagerWriteService.method;

type Proposal = Exclude<
  MessageInitShape<typeof GenerateTransactionsRequest_ProposalSchema>,
  { $typeName: string }
>;

/** Of the frame of a topology transaction, on protocol versions 34 and 35. Source: golden35/external-live.jsonl 30. */
const TRANSACTION_VERSION = 30;

const ALGORITHMS: Readonly<Record<SigningAlgorithm, SigningAlgorithmSpec>> = {
  ED25519: SigningAlgorithmSpec.ED25519,
  EC_DSA_SHA_256: SigningAlgorithmSpec.EC_DSA_SHA_256,
  EC_DSA_SHA_384: SigningAlgorithmSpec.EC_DSA_SHA_384,
};

/** Topology transactions that are signed elsewhere, and whether the own keys sign. Source: admin-api 1.3, 1.6 and 5.2. */
export class Signing implements SigningReads, SigningChanges {
  constructor(
    private readonly channel: Channel,
    private readonly topology: Topology,
  ) {}

  async findRootKey(
    namespace: string,
    store: TopologyStore = 'authorized',
  ): Promise<PublicSigningKey | undefined> {
    const { results } = await this.channel.unary(read.listNamespaceDelegation, {
      baseQuery: queryOf(store),
      filterNamespace: namespace,
      filterTargetKeyFingerprint: namespace,
    });
    const key = results.find(({ item }) => item?.namespace === namespace)?.item?.targetKey;
    return key && fingerprintOf(key) === namespace ? toPublicKey(key) : undefined;
  }

  async findRootKeys(
    namespaces: readonly string[],
    store: TopologyStore,
  ): Promise<Map<string, PublicSigningKey>> {
    const asked = new Set(namespaces);
    const found = new Map<string, PublicSigningKey>();
    for (const filterNamespace of namespaceFilters(asked)) {
      const { results } = await this.channel.unary(read.listNamespaceDelegation, {
        baseQuery: queryOf(store),
        filterNamespace,
      });
      for (const { namespace, targetKey } of results.flatMap(({ item }) => item ?? []))
        if (targetKey && asked.has(namespace) && fingerprintOf(targetKey) === namespace)
          found.set(namespace, toPublicKey(targetKey));
    }
    return found;
  }

  /** Fails if the participant answers another transaction than the one asked for: a root key is about to sign it. */
  async generateDelegation(wanted: {
    namespace: string;
    targetKey: Uint8Array;
  }): Promise<UnsignedTransaction> {
    const proposal = { mapping: { mapping: delegationMapping(wanted) }, store: storeIdOf('authorized') };
    const [generated] = await this.generate([proposal], 'delegation', (bytes) =>
      isDelegation(bytes, wanted),
    );
    return generated!;
  }

  /** As {@link generateDelegation}; serial 0 lets the participant choose. */
  async generatePartyMappings(
    store: TopologyStore,
    wanted: readonly PartyMapping[],
  ): Promise<UnsignedTransaction[]> {
    const proposals = wanted.map((its): Proposal => {
      const mapping = { case: 'partyToParticipant', value: fromPartyMapping(its) } as const;
      return { serial: its.serial, mapping: { mapping }, store: storeIdOf(store) };
    });
    return this.generate(proposals, 'party mapping', (bytes, at) => isPartyMapping(bytes, wanted[at]!));
  }

  /** Who reads it back takes the bytes as they come, so any encoding of the mapping will do. */
  buildPartyMapping(wanted: PartyMapping): UnsignedTransaction {
    const mapping = { case: 'partyToParticipant', value: fromPartyMapping(wanted) } as const;
    const inner = create(TopologyTransactionSchema, {
      operation: Change.ADD_REPLACE,
      serial: wanted.serial,
      mapping: { mapping },
    });
    const data = toBinary(TopologyTransactionSchema, inner);
    const framed = create(UntypedVersionedMessageSchema, {
      wrapper: { case: 'data', value: data },
      version: TRANSACTION_VERSION,
    });
    const bytes = toBinary(UntypedVersionedMessageSchema, framed);
    return { transaction: Buffer.from(bytes).toString('base64'), hash: transactionHash(bytes) };
  }

  assembleProposal(
    transaction: UnsignedTransaction,
    signatures: readonly TransactionSignature[],
  ): Uint8Array {
    return assemble(transaction, signatures, { isProposal: true });
  }

  /** What the participant signs stays where it is: in our hands. Source: live-route 2, step 5. */
  async addSignatures(signed: Uint8Array[], store: TopologyStore = 'authorized'): Promise<Uint8Array[]> {
    const { transactions } = await this.channel.unary(write.signTransactions, {
      transactions: signed.map((bytes) => fromBinary(SignedTopologyTransactionSchema, bytes)),
      store: storeIdOf(store),
    });
    return transactions.map((transaction) => toBinary(SignedTopologyTransactionSchema, transaction));
  }

  private async generate(
    proposals: Proposal[],
    what: string,
    isWanted: (transaction: Uint8Array, at: number) => boolean,
  ): Promise<UnsignedTransaction[]> {
    const { generatedTransactions } = await this.channel.unary(write.generateTransactions, {
      proposals: proposals.map((proposal) => ({ operation: Change.ADD_REPLACE, ...proposal })),
    });
    if (generatedTransactions.length !== proposals.length)
      throw this.channel.refuse(
        write.generateTransactions,
        `${generatedTransactions.length} transactions came back, expected ${proposals.length}`,
      );
    return generatedTransactions.map(({ serializedTransaction: bytes, transactionHash: told }, at) => {
      const hash = transactionHash(bytes);
      if (hash !== Buffer.from(told).toString('hex') || !isWanted(bytes, at)) {
        throw this.channel.refuse(
          write.generateTransactions,
          `the transaction that came back is not the ${what} that was asked for, or its hash is not its own`,
        );
      }
      return { transaction: Buffer.from(bytes).toString('base64'), hash };
    });
  }

  async addSigned(
    transaction: UnsignedTransaction,
    signature: DetachedSignature,
    store: TopologyStore,
  ): Promise<void> {
    const signed = assemble(transaction, [signature], { isProposal: false });
    await this.topology.addTransactions([signed], store);
  }

  async listOwnKeys(uid: string, stores: TopologyStore[]): Promise<OwnKey[]> {
    const found = await this.findOwnKeys(uid, stores);
    return (found?.publicKeys ?? []).flatMap(({ key }) => toOwnKey(key) ?? []);
  }

  async proveOwnKeys({
    uid,
    stores,
    protocolVersion,
  }: Parameters<SigningChanges['proveOwnKeys']>[0]): Promise<void> {
    const temporary = `canton-migrate-${randomBytes(8).toString('hex')}`;
    const namespace = uid.slice(uid.lastIndexOf('::') + 2);
    const [root, keys] = await Promise.all([
      this.topology.listSignedDelegations(namespace),
      this.findOwnKeys(uid, stores),
    ]);
    if (!keys) throw this.channel.refuse(read.listOwnerToKeyMapping, `${uid} has no list of its keys`);
    await this.channel.unary(write.createTemporaryTopologyStore, { name: temporary, protocolVersion });
    try {
      const store = { temporary };
      await this.topology.addTransactions(
        root.map(({ signed }) => signed),
        store,
      );
      // Every signing key in the list has to sign it, and so has the namespace key. Source: admin-api 1.6.
      await this.channel.unary(write.authorize, {
        type: {
          case: 'proposal',
          value: {
            change: Change.ADD_REPLACE,
            mapping: { mapping: { case: 'ownerToKeyMapping', value: keys } },
          },
        },
        mustFullyAuthorize: true,
        store: storeIdOf(store),
      });
    } finally {
      await this.channel.unary(write.dropTemporaryTopologyStore, { storeId: { name: temporary } });
    }
  }

  /** A change of the list reaches one store before the other; what has the higher serial is newer. */
  private async findOwnKeys(
    uid: string,
    stores: TopologyStore[],
  ): Promise<OwnerToKeyMapping | undefined> {
    const answers = await Promise.all(
      stores.map((store) =>
        this.channel.unary(read.listOwnerToKeyMapping, {
          baseQuery: queryOf(store),
          filterKeyOwnerType: 'PAR',
          filterKeyOwnerUid: uid,
        }),
      ),
    );
    const [newest] = answers
      .flatMap(({ results }) => results)
      .filter(({ item }) => item?.member === `PAR::${uid}`)
      .sort((one, other) => (other.context?.serial ?? 0) - (one.context?.serial ?? 0));
    return newest?.item;
  }
}

function assemble(
  { transaction }: UnsignedTransaction,
  signatures: readonly TransactionSignature[],
  { isProposal }: { isProposal: boolean },
): Uint8Array {
  const signed = create(SignedTopologyTransactionSchema, {
    transaction: Buffer.from(transaction, 'base64'),
    signatures: signatures.filter((its) => !its.signedTogether).map(toSignature),
    multiTransactionSignatures: signatures.flatMap((its) => {
      if (!its.signedTogether) return [];
      const transactionHashes = [...its.signedTogether].sort().map((hash) => Buffer.from(hash, 'hex'));
      return [{ transactionHashes, signatures: [toSignature(its)] }];
    }),
    proposal: isProposal,
  });
  return toBinary(SignedTopologyTransactionSchema, signed);
}

function toSignature({ signedBy, algorithm, signature }: DetachedSignature) {
  return {
    format: algorithm === 'ED25519' ? SignatureFormat.CONCAT : SignatureFormat.DER,
    signature: Buffer.from(signature, 'base64'),
    signedBy,
    signingAlgorithmSpec: ALGORITHMS[algorithm],
  };
}

function isPartyMapping(transaction: Uint8Array, wanted: PartyMapping): boolean {
  const found = partyMappingIn(transaction);
  const serial = wanted.serial || (found?.serial ?? 0);
  return found !== undefined && isDeepStrictEqual(found, { ...wanted, serial });
}

function isDelegation(
  transaction: Uint8Array,
  { namespace, targetKey }: { namespace: string; targetKey: Uint8Array },
): boolean {
  const found = delegationIn(transaction);
  return (
    found?.namespace === namespace &&
    found.restriction === 'CanSignAllButNamespaceDelegations' &&
    found.targetKey === fingerprintOf(fromBinary(SigningPublicKeySchema, targetKey))
  );
}
