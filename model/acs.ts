/** The order-independent digest of the contracts of which one party is a stakeholder. */
export interface PartyDigest {
  party: string;
  contractCount: number;
  /** Sum of the contracts' digests, 64 hex characters. */
  digest: string;
}

/** Count and digest of a set of contracts, whatever their order. */
export interface ContractSetDigest {
  contractCount: number;
  /** Sum of the contracts' digests, 64 hex characters. */
  digest: string;
}

/** What one export contains: equal on both nodes exactly when they hold the same contracts. */
export interface AcsDigest {
  total: ContractSetDigest;
  /** Sorted by party, each party once. */
  parties: PartyDigest[];
  /** 1,024 sums; a contract is in the bucket its contract id hashes to. */
  buckets: ContractSetDigest[];
}

/** How far reading an export has come. */
export interface AcsProgress {
  contractCount: number;
  /** Compressed bytes received so far. */
  exportBytes: number;
}

/** Which export a spool holds; a spool of another key is never reused. */
export interface SpoolKey {
  /** Ledger offset of the export, decimal int64. */
  pinnedOffset: string;
  sourceUid: string;
  /** Logical id of the synchronizer the contracts are renamed to. */
  synchronizerId: string;
  /** Hash over the exported parties, computed by the caller. */
  partiesHash: string;
}

/** One file of a spool: a whole snapshot of its own, importable by one call. */
export interface SpoolShard {
  /** File name inside the spool folder. */
  file: string;
  contractCount: number;
  /** Compressed. */
  byteLength: number;
  /** Of the compressed bytes, 64 hex characters. */
  sha256: string;
}

/** What a finished spool contains. It exists only for an export that ended with status OK. */
export interface SpoolManifest extends AcsDigest {
  version: 1;
  key: SpoolKey;
  /** In import order. */
  shards: SpoolShard[];
  /** Compressed bytes of the export they were made from. */
  exportBytes: number;
}

/** Where two digests disagree: the bucket numbers and parties, ascending; both empty when equal. */
export interface AcsComparison {
  isEqual: boolean;
  buckets: number[];
  parties: string[];
}

/** `missing` is at the source only, `extra` at the target only or once too often, `different` at both. */
export type DifferenceKind = 'missing' | 'extra' | 'different';

/** One contract that is not the same on both nodes. */
export interface ContractDifference {
  contractId: string;
  /** Its stakeholders on either node, ascending. */
  parties: string[];
  kind: DifferenceKind;
}

/** The contracts of the examined buckets that are not the same on both nodes. */
export interface AcsDifferences {
  totals: Record<DifferenceKind, number>;
  /** The first 100 of each kind. */
  named: ContractDifference[];
  /** Differing buckets left out to bound memory; above 0 the totals are lower bounds. */
  unexaminedBuckets: number;
}

/** What is recorded of an export: enough to know a repeated one as the same. */
export interface ExportedContracts {
  shardCount: number;
  total: ContractSetDigest;
  parties: PartyDigest[];
  /** Compressed. */
  exportBytes: number;
}
