import type { LedgerPort } from '../node.js';
import type { Vault } from '../vault.js';
import type { Requirement } from './authority.js';
import { referenced } from './authority.js';
import { normalized, type Mapping } from './mapping.js';
import { checkLocally } from './local-checks.js';
import { alreadyExists, noSigningKey, serialMismatch, topologyRefusal } from './refusals.js';
import { StoreOver } from './store.js';
import {
  buildTransaction,
  isSameMapping,
  mergedSignatures,
  signers,
  type Operation,
  type SignedTransaction,
  type TopologyTransaction,
} from './transaction.js';
import { admit, type Forces, type Validating } from './validation.js';

/** What a manager needs of its node. */
export interface ManagerNode {
  readonly uid: string;
  readonly vault: Pick<Vault, 'holds' | 'sign'>;
  readonly ledger: () => Pick<LedgerPort, 'withActiveContracts' | 'packages'>;
}

/** What is proposed. */
export interface Proposal {
  readonly operation: Operation;
  /** 0: the manager chooses. */
  readonly serial: number;
  readonly mapping: Mapping;
  /** Fingerprints; empty: the manager chooses. */
  readonly signedBy: readonly string[];
  readonly mustFullyAuthorize: boolean;
  readonly forces: Forces;
}

/** Where a manager puts what it has accepted: the Authorized store, or the way to the synchronizer. */
export interface Sink {
  /** Refuses a call where too many transactions are under way already. */
  checkCapacity(): void;
  accept(signed: SignedTransaction): void;
  /** Says that everything one call brought has been accepted. */
  end(): void;
}

/** Proposes, signs and adds topology transactions to one store of a node. Source: admin-api 1.6. */
export class TopologyManager {
  constructor(
    private readonly node: ManagerNode,
    readonly against: Validating,
    private readonly sink: Sink,
  ) {}

  /**
   * Builds, signs and adds a transaction; returns it with the signatures of this node only. Where every one
   * of them is known of a proposal nothing changes, whether the proposal suffices or not. Source: networks D;
   * golden35/multi-hosted-and-decentralised.jsonl 38; golden35/multi-hosted-and-decentralised.jsonl 39.
   */
  propose(proposal: Proposal): SignedTransaction {
    const transaction = this.build(proposal);
    const keys = this.chooseKeys(transaction, proposal);
    const signatures = keys.map((key) => this.node.vault.sign(key, transaction.hash));
    const signed = { transaction, signatures, isProposal: !proposal.mustFullyAuthorize };
    this.add([signed], proposal.forces);
    return signed;
  }

  /**
   * Adds the node's signature to the stored transaction with this hash; returns it with all of its
   * signatures.
   */
  proposeByHash(
    hash: string,
    { signedBy, mustFullyAuthorize, forces }: Omit<Proposal, 'operation' | 'serial' | 'mapping'>,
  ): SignedTransaction {
    const found = this.against.store.findById(hash.toLowerCase());
    if (!found) {
      const cause = `Topology transaction with hash ${hash} does not exist or is not a proposal`;
      throw topologyRefusal(this.against, 'TRANSACTION_NOT_FOUND', 11, cause, { txHash: hash });
    }
    const { transaction, isProposal } = found;
    const [signed] = this.sign([{ transaction, signatures: found.signatures, isProposal }], signedBy);
    this.add([{ ...signed!, isProposal: !mustFullyAuthorize }], forces);
    return signed!;
  }

  /**
   * Adds transactions one by one; those before the first refused one stay added. Skips what is stored already
   * with the same signers.
   */
  add(transactions: readonly SignedTransaction[], forces: Forces): void {
    if (transactions.every((signed) => this.isKnown(signed))) return;
    this.sink.checkCapacity();
    const { against, note } = this.together(transactions);
    try {
      for (const signed of transactions) {
        if (this.isKnown(signed)) continue;
        checkLocally(this.node, this.against, signed.transaction, forces);
        const admitted = admit(against, signed, forces);
        this.sink.accept(this.asSent(admitted, signed));
        note(admitted);
      }
    } finally {
      this.sink.end();
    }
  }

  /**
   * Whether it suffices the synchronizer decides once it is ordered: what goes there says what it said
   * before. Source: networks D.
   */
  private asSent(admitted: SignedTransaction, { isProposal }: SignedTransaction): SignedTransaction {
    return this.against.psid === undefined ? admitted : { ...admitted, isProposal };
  }

  /** What a call brings may depend on namespaces that the same call makes known before. */
  private together(transactions: readonly SignedTransaction[]) {
    const codes = transactions.slice(0, -1).map(({ transaction }) => transaction.mapping.code);
    if (!codes.includes('nsd') && !codes.includes('dnd'))
      return { against: this.against, note: () => undefined };
    const store = new StoreOver(this.against.store);
    const authority = this.against.authority.over(store);
    return {
      against: { ...this.against, store, authority },
      note: (admitted: SignedTransaction) => void store.add(admitted, 0n, 0n),
    };
  }

  /** Returns the transactions with the node's signatures added; stores nothing. */
  sign(transactions: readonly SignedTransaction[], signedBy: readonly string[]): SignedTransaction[] {
    return transactions.map((signed) => {
      const keys = this.usableKeys(signed.transaction, signedBy);
      const signatures = keys
        .filter((key) => !signers(signed).includes(key))
        .map((key) => this.node.vault.sign(key, signed.transaction.hash));
      return { ...signed, ...mergedSignatures(signed, { signatures }) };
    });
  }

  /** Builds a transaction with the serial it needs; refuses a wrong explicit one. Source: admin-api 1.6. */
  build({
    operation,
    serial,
    mapping,
  }: Pick<Proposal, 'operation' | 'serial' | 'mapping'>): TopologyTransaction {
    const wanted = normalized(mapping);
    const draft = buildTransaction(operation, serial, wanted);
    const stored = this.against.store.latest(draft.key)?.transaction;
    if (!stored) {
      if (serial > 1) throw serialMismatch(this.against, serial, 1);
      return buildTransaction(operation, 1, wanted);
    }
    if (stored.operation === operation && isSameMapping(stored.mapping, wanted)) {
      if (serial !== 0 && serial !== stored.serial) {
        throw alreadyExists(this.against, stored.mapping, this.ownSigners(stored));
      }
      return stored;
    }
    const next = stored.serial + 1;
    if (serial !== 0 && serial !== next) throw serialMismatch(this.against, serial, next);
    return buildTransaction(operation, next, wanted);
  }

  private isKnown(signed: SignedTransaction): boolean {
    const known = this.against.store.findEver(signed.transaction);
    return known !== undefined && signers(signed).every((id) => signers(known).includes(id));
  }

  private ownSigners(transaction: TopologyTransaction): string[] {
    const stored = this.against.store.findEver(transaction);
    return stored ? signers(stored) : [];
  }

  /** A transaction that is authorised already needs a key that has not signed it. */
  private chooseKeys(transaction: TopologyTransaction, { signedBy }: Proposal): string[] {
    const latest = this.against.store.latest(transaction.key);
    const known = latest?.transaction.id === transaction.id ? latest : undefined;
    const used = known ? signers(known) : [];
    // What is ordered and not in effect yet asks for other signatures than the change to it did.
    if (known && used.some((key) => this.node.vault.holds(key)) && this.hasNoKey(transaction))
      throw alreadyExists(this.against, known.transaction.mapping, used);
    const usable = this.usableKeys(transaction, signedBy);
    if (known && usable.every((key) => used.includes(key)))
      throw alreadyExists(this.against, known.transaction.mapping, used);
    return usable;
  }

  private hasNoKey(transaction: TopologyTransaction): boolean {
    const requirement = this.against.authority.requirement(transaction);
    return this.bestKeys(transaction, requirement).length === 0;
  }

  private usableKeys(transaction: TopologyTransaction, signedBy: readonly string[]): string[] {
    const requirement = this.against.authority.requirement(transaction);
    const able = this.ableKeys(transaction, requirement);
    if (signedBy.length > 0) {
      const unusable = signedBy.filter((key) => !able.has(key));
      if (unusable.length > 0) throw noSigningKey(this.against, requirement, unusable);
      return [...signedBy];
    }
    const chosen = this.bestKeys(transaction, requirement);
    if (chosen.length === 0) throw noSigningKey(this.against, requirement, []);
    return chosen;
  }

  private ableKeys(transaction: TopologyTransaction, requirement: Requirement): Set<string> {
    const { code } = transaction.mapping;
    const able = new Set(requirement.extraKeys.filter((key) => this.node.vault.holds(key)));
    for (const namespace of referenced(requirement)) {
      for (const key of this.against.authority.signersFor(namespace, code).keys()) {
        if (this.node.vault.holds(key)) able.add(key);
      }
    }
    if (transaction.key === `nsd/${transaction.namespace}/${transaction.namespace}`)
      able.add(transaction.namespace);
    return able;
  }

  /** Takes, per namespace, the key with the longest chain, of those the highest. Source: admin-api 1.6. */
  private bestKeys(transaction: TopologyTransaction, requirement: Requirement): string[] {
    const chosen = new Set<string>();
    for (const namespace of referenced(requirement)) {
      const own = [...this.against.authority.signersFor(namespace, transaction.mapping.code)]
        .filter(([key]) => this.node.vault.holds(key))
        .sort(
          ([oneKey, one], [otherKey, other]) => other.chain - one.chain || (oneKey < otherKey ? 1 : -1),
        );
      if (own[0]) chosen.add(own[0][0]);
    }
    for (const key of requirement.extraKeys) if (this.node.vault.holds(key)) chosen.add(key);
    return [...chosen];
  }
}
