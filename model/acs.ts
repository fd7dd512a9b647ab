/** The order-independent digest of the contracts of which one party is a stakeholder. */
interface PartyDigest {
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

/** A package that contracts need: the one that represents them on the node they were read from. */
export interface ContractPackage {
  packageId: string;
  name: string;
  contractCount: number;
}

/** What one export contains: equal on both nodes exactly when they hold the same contracts. */
export interface AcsDigest {
  total: ContractSetDigest;
  /** Sorted by package id, each package once. */
  packages: ContractPackage[];
  /** Sorted by party, each party once. */
  parties: PartyDigest[];
  /** 1,024 sums; a contract is in the bucket its contract id hashes to. */
  buckets: ContractSetDigest[];
}

/** How far reading an export has come. */
export interface AcsProgress {
  contractCount: number;
  /** Bytes received so far, compressed but for what came of the update stream. */
  exportBytes: number;
}

/** Which export a spool holds; a spool of another key is never reused. */
export interface SpoolKey {
  /** Ledger offset of the export, decimal int64. */
  offset: string;
  sourceUid: string;
  /** Logical id of the synchronizer the contracts are renamed to. */
  synchronizerId: string;
  /** Hash over the exported parties, computed by the caller. */
  partiesHash: string;
}

/** A run of records in a spool, packed and sealed by itself; segments in a row make one snapshot. */
export interface SpoolSegment {
  /** Where it begins in the spool's file, bytes. */
  position: number;
  /** As it lies there: packed and sealed. */
  byteLength: number;
  /** Of these bytes, 64 hex characters. */
  sha256: string;
  contractCount: number;
  /** Unpacked. */
  recordBytes: number;
  /** Of the unpacked records. */
  crc32: number;
  /** Sum of the contracts' digests, 64 hex characters. */
  digest: string;
}

/** What a finished spool contains. It exists only for an export that ended with status OK. */
export interface SpoolManifest extends AcsDigest {
  version: 3;
  key: SpoolKey;
  /** In the order of the export. */
  segments: SpoolSegment[];
  /** Compressed bytes of the export they were made from. */
  exportBytes: number;
  /** The last update of the source before the export: a node that has another one there was restored. */
  last?: { offset: string; updateId: string };
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

/** The contracts that are not the same on both nodes. */
export interface AcsDifferences {
  totals: Record<DifferenceKind, number>;
  /** The first ones of each kind. */
  named: ContractDifference[];
}

/**
 * How far a copy has come: the first contracts of the export are on the target. Enough to go on anywhere, whatever
 * the number of contracts: the export is repeated, and its beginning recognised by count and digest.
 */
export interface CopyCheckpoint extends ContractSetDigest {
  /** Ledger end of the target after the last finished import call. Decimal int64. */
  targetLedgerEnd: string;
  /** Import calls that were made. */
  callCount: number;
  /** Calls that the export is made in, each of other parties; one if left out. They decide the order of the contracts. */
  parts?: number;
  /** Exports in these parts that broke off, one after another; none if left out. */
  brokenOff?: number;
}

/** What is recorded of an export: enough to know a repeated one as the same. */
export interface ExportedContracts {
  total: ContractSetDigest;
  /** Compressed. */
  exportBytes: number;
}

/** What brought the target up to a later offset of the serving source. */
export interface CatchUp {
  /** Offset of the source up to which the target has the contracts now. Decimal int64. */
  offset: string;
  /** Contracts imported because they were created since, and purged because they were archived since. */
  created: number;
  archived: number;
  seconds: number;
}
