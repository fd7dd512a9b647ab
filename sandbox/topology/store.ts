import { mergedSignatures, type SignedTransaction, type TopologyTransaction } from './transaction.js';
import type { MappingCode } from './mapping.js';

/** A topology transaction in a store. Times: UTC, microseconds. */
export interface StoredTransaction extends SignedTransaction {
  readonly sequenced: bigint;
  readonly validFrom: bigint;
  /** Absent while nothing has replaced it. */
  validUntil?: bigint;
}

/** The transactions of one topology store, in the order they were sequenced. */
export class TopologyStore {
  private readonly entries: StoredTransaction[] = [];
  private readonly current = new Map<string, StoredTransaction>();
  private readonly proposals = new Map<string, StoredTransaction[]>();
  private readonly byCode = new Map<MappingCode, StoredTransaction[]>();
  private readonly histories = new Map<string, StoredTransaction[]>();
  private readonly byId = new Map<string, StoredTransaction>();
  private readonly versions = new Map<string, number>();

  /** Adds a transaction: it ends what it replaces, and the proposals it overtakes. */
  add(signed: SignedTransaction, sequenced: bigint, validFrom: bigint): StoredTransaction {
    const { transaction } = signed;
    const stored: StoredTransaction = { ...signed, sequenced, validFrom };
    if (signed.isProposal) {
      const others = this.openProposals(transaction.key);
      const same = others.find((other) => other.transaction.id === transaction.id);
      if (same) same.validUntil = validFrom;
      this.proposals.set(transaction.key, [...others.filter((other) => other !== same), stored]);
    } else {
      const before = this.current.get(transaction.key);
      if (before) before.validUntil = validFrom;
      this.current.set(transaction.key, stored);
      this.endProposals(transaction.key, transaction.serial, validFrom);
    }
    this.entries.push(stored);
    this.byId.set(transaction.id, stored);
    const history = this.histories.get(transaction.key);
    if (history) history.push(stored);
    else this.histories.set(transaction.key, [stored]);
    const { code } = transaction.mapping;
    const alike = this.byCode.get(code);
    if (alike) alike.push(stored);
    else this.byCode.set(code, [stored]);
    if (code === 'nsd' || code === 'dnd') this.versions.set(transaction.namespace, this.entries.length);
    return stored;
  }

  private endProposals(key: string, serial: number, validFrom: bigint): void {
    const open = this.openProposals(key);
    for (const proposal of open)
      if (proposal.transaction.serial <= serial) proposal.validUntil = validFrom;
    const left = open.filter((proposal) => proposal.validUntil === undefined);
    if (left.length > 0) this.proposals.set(key, left);
    else this.proposals.delete(key);
  }

  /** Returns the last authorised transaction of a unique key, whether effective already or not. */
  latest(key: string): StoredTransaction | undefined {
    return this.current.get(key);
  }

  /** Returns the proposals of a unique key that still wait for signatures. */
  openProposals(key: string): readonly StoredTransaction[] {
    return this.proposals.get(key) ?? [];
  }

  /** Returns the stored copy of a transaction, authorised or proposed, that nothing has replaced. */
  find(signed: SignedTransaction): StoredTransaction | undefined {
    const { key, id } = signed.transaction;
    const latest = this.latest(key);
    if (latest?.transaction.id === id) return latest;
    return this.openProposals(key).find((proposal) => proposal.transaction.id === id);
  }

  /** Lists what was ever stored under a unique key, in order. */
  history(key: string): readonly StoredTransaction[] {
    return this.histories.get(key) ?? [];
  }

  /** Returns the last copy of a transaction ever stored. */
  findEver({ key, id }: TopologyTransaction): StoredTransaction | undefined {
    const last = this.findById(id);
    return last?.transaction.key === key ? last : undefined;
  }

  /** Returns the last copy of the transaction with this hash, in hex. */
  findById(id: string): StoredTransaction | undefined {
    return this.byId.get(id);
  }

  /** Lists every transaction ever stored, of one type or of all, in order. */
  all(code?: MappingCode): readonly StoredTransaction[] {
    return code === undefined ? this.entries : (this.byCode.get(code) ?? []);
  }

  /** Changes whenever a delegation or definition of this namespace does. */
  version(namespace: string): number {
    return this.versions.get(namespace) ?? 0;
  }

  /**
   * Returns a transaction with the signatures its stored copy has as well, those behind its own. Source:
   * golden35/multi-hosted-and-decentralised.jsonl 40.
   */
  withKnownSignatures(signed: SignedTransaction): SignedTransaction {
    const known = this.find(signed);
    return known ? { ...signed, ...mergedSignatures(signed, known) } : signed;
  }
}

/** What is added over a store, which stays as it is itself. */
export class StoreOver extends TopologyStore {
  constructor(private readonly base: TopologyStore) {
    super();
  }

  override latest(key: string): StoredTransaction | undefined {
    return super.latest(key) ?? this.base.latest(key);
  }

  override openProposals(key: string): readonly StoredTransaction[] {
    const below = this.base.openProposals(key).map((proposal) => ({ ...proposal }));
    return [...below, ...super.openProposals(key)];
  }

  override findById(id: string): StoredTransaction | undefined {
    return super.findById(id) ?? this.base.findById(id);
  }

  override history(key: string): readonly StoredTransaction[] {
    return [...this.base.history(key), ...super.history(key)];
  }

  override all(code?: MappingCode): readonly StoredTransaction[] {
    return [...this.base.all(code), ...super.all(code)];
  }

  override version(namespace: string): number {
    return this.base.version(namespace) + super.version(namespace);
  }
}

/** Which entries a read wants. */
export type AsOf =
  | { readonly kind: 'open' }
  | { readonly kind: 'at'; readonly time: bigint }
  | { readonly kind: 'range'; readonly from?: bigint; readonly until?: bigint };

/** Whether an entry is part of the state a read asks for. */
export function isPartOf(entry: StoredTransaction, asOf: AsOf): boolean {
  if (asOf.kind === 'open') return entry.validUntil === undefined;
  if (asOf.kind === 'at') {
    return (
      entry.validFrom <= asOf.time && (entry.validUntil === undefined || entry.validUntil > asOf.time)
    );
  }
  return (
    (asOf.from === undefined || entry.validFrom >= asOf.from) &&
    (asOf.until === undefined || entry.validFrom <= asOf.until)
  );
}
