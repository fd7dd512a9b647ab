import type { Downtime } from './downtime.js';
import type { HostingCounts, HostingSignature } from './ceremony.js';
import type { ContractDifference, ContractPackage, DifferenceKind } from './acs.js';
import type { PartiesStatus } from './parties-status.js';
import type { WatchStatus } from './source-watch.js';
import type { FailureKind } from './failure.js';
import type { Listed } from './listed.js';
import type { Gate, Phase, Stage } from './phase.js';
import type { MigrationState } from './steering.js';
import type { Timeline } from './timeline.js';

/** Count and digest of the contracts of one party on both nodes. */
export interface PartyComparison {
  party: string;
  source: { contractCount: number; digest: string };
  target: { contractCount: number; digest: string };
  isEqual: boolean;
}

/** Contracts of the parties that move, on another synchronizer of the target than the one where it was compared. */
export interface ContractsElsewhere {
  /** Logical id. */
  synchronizerId: string;
  contractCount: number;
  /** The first of them. */
  contractIds: string[];
}

export interface Verification {
  isEqual: boolean;
  contractCount: number;
  /** Offset of the source that was compared; on the live route before the cut-over that of the first activation. Decimal int64. */
  sourceOffset: string;
  /** Ledger end of the target that was compared: it is stale once the target has another one. Decimal int64. */
  targetLedgerEnd: string;
  /**
   * Of all contracts on the target, where an import does not move its ledger end: it is stale once they have another one.
   * Hexadecimal.
   */
  targetDigest?: string;
  /** Each party that moves; those that are not equal come first, then by id. */
  parties: Listed<PartyComparison>;
  /** The first of the parties that are not equal, and how many there are. */
  unequalParties: PartyComparison[];
  unequalPartyCount: number;
  /** What the target's contracts need, by what represents them there. */
  packages: ContractPackage[];
  /** The first 500 of each kind. */
  differences: ContractDifference[];
  differenceCount: number;
  /** Of `differenceCount`, by kind. */
  totals: Record<DifferenceKind, number>;
  /** Neither compared nor counted above. Ordered by synchronizer; absent if there are none. */
  elsewhere?: ContractsElsewhere[];
  /** Whether it was read from what changed since the copy: neither node was exported. Absent otherwise. */
  isCarried?: true;
  /** Whether it is the last one, for which the target serves. Absent before, and in reports of earlier versions. */
  isAfterCutOver?: true;
  /** RFC 3339. */
  verifiedAt: string;
}

/** When both nodes were compared, in words that come before the time. */
export function comparedWhen({
  isAfterCutOver,
  isCarried,
  verifiedAt,
}: Pick<Verification, 'isAfterCutOver' | 'isCarried' | 'verifiedAt'>): string {
  const how = isCarried ? ', by what changed since the copy' : '';
  return `${isAfterCutOver ? 'after the cut-over, ' : ''}at ${verifiedAt}${how}`;
}

/**
 * What a comparison proved, of which nothing else is made: both nodes were equal, the source at this offset and the
 * target at this ledger end, or with this digest. It says nothing about either node at another one. Decimal int64.
 */
export type EqualityProof = Readonly<
  Pick<Verification, 'sourceOffset' | 'targetLedgerEnd' | 'targetDigest'>
>;

/** What a phase did, in an operator's words; `changed` is empty if everything was there already. */
export interface PhaseReport {
  phase: Phase;
  changed: string[];
  /** How long its steps were at work, with what it did before its gate; retries included. */
  workedMs: number;
  /** How long it waited for operators: at its gate, paused or stopped. */
  waitedMs: number;
}

export interface Approval {
  gate: Gate;
  approver: string;
  /** At the gate `target-backup`: a name or checksum of the backup, or why none is needed. */
  evidence?: string;
  waiver?: string;
  /** RFC 3339. */
  approvedAt: string;
  /** Absent if the worker's configuration lists no approvers: the name was taken as given then. */
  signed?: {
    /** RFC 3339, by the clock of the approver. */
    at: string;
    /** Base64, as `openssl` or `ssh-keygen -Y sign` made it. */
    signature: string;
    /** Of the approver's key. */
    fingerprint: string;
  };
}

/** A signature that was handed in, without the signature itself. */
export interface RecordedSignature {
  purpose: 'namespace-delegation' | 'root-key-proof';
  /** Fingerprint. */
  signedBy: string;
  /** What was signed: hash of the transaction, or SHA-256 of the text. Hex. */
  hash: string;
  by: string;
  /** RFC 3339. */
  providedAt: string;
}

/** A thing, and the reason for it. */
export interface Explained {
  what: string;
  why: string;
}

/** What an abort took back, what it left, each with the reason, and what was read of both nodes afterwards. */
export interface WithdrawalReport {
  withdrawn: string[];
  stays: Explained[];
  /** Empty if nothing had been begun. */
  checked: string[];
  /** The failure that led to the abort. */
  firstFailure?: ReportedFailure;
}

/** What an abort would do now, as far as it is known before it is tried. */
export interface AbortPreview {
  /** Phases whose changes it takes back, with these. */
  takenBack: Pick<PhaseReport, 'phase' | 'changed'>[];
  stays: Explained[];
}

/** What is told of a migration that has a plan, however it stands. Short, however many parties there are. */
export interface RunReport {
  /** `unfinished`: what was done so far. */
  outcome: 'migrated' | 'aborted' | 'unfinished';
  /** Workflow id. */
  workflowId: string;
  sourceUid: string;
  targetUid: string;
  planHash: string;
  /** The names that the request gave source and target. */
  names: { source: string; target: string };
  /** In words. */
  route: string;
  /** RFC 3339. */
  begunAt: string;
  timeline: Timeline;
  /** How long nobody served the parties, as far as it was measured; absent if everybody was served all the time. */
  downtime?: Downtime;
  /** What became of the parties of the source. Absent in reports of earlier versions. */
  parties?: PartiesStatus;
  phases: PhaseReport[];
  approvals: Approval[];
  /** Whether approvals are signed by approvers of the configuration. Absent in reports of earlier versions. */
  approvers?: 'signed' | 'taken-as-given';
  /** What root keys signed outside of any participant. Absent in reports of earlier versions. */
  signatures?: RecordedSignature[];
  /** How many that is, if not each of them is above. */
  signatureCount?: number;
  /** What keys outside of the nodes signed for the parties; absent if there was nothing. */
  hostings?: { counts: HostingCounts; signatures: Listed<HostingSignature> };
  /** The last comparison; absent before the first one. */
  verification?: Verification;
  /** Why it has another number of contracts than the plan; absent if it has not. */
  sincePlan?: string;
  /** By hand; the most urgent first. */
  leftToDo: Explained[];
  /** How the source stood at the last look; absent while the source watch runs. */
  watch?: WatchStatus;
  /** Who closed the source watch; absent while it stands. */
  closedBy?: string;
  /** RFC 3339. */
  closedAt?: string;
  /** Of an unfinished one: how it stands, and what comes next. */
  standing?: {
    state: MigrationState;
    stage: Stage;
    next: string;
    /** Of a run that Temporal ended, how and where, in words: nothing goes on by itself. */
    ended?: string;
  };
  /** Of an abort. */
  withdrawal?: WithdrawalReport;
  /** Of one that is stopped. */
  lastFailure?: ReportedFailure;
  /** Why the store of the worker did not take it; absent if it did, and while the migration is not over. */
  notKept?: string;
}

/** The result of a migration that ended well. */
export interface MigrationReport extends RunReport {
  outcome: 'migrated';
  verification: Verification;
}

/** A failure as the operator sees it, with what to do about it. */
export interface ReportedFailure {
  stage: Stage;
  kind: FailureKind;
  /** Stable PascalCase name, listed in `docs/operating/failures.md`. */
  type: string;
  message: string;
  cure: string;
}
