import type { ContractPackage } from './acs.js';
import { linesWithin, withinBytes } from './bounds.js';
import { counted, firstOf } from './count.js';
import { countOf, type Listed } from './listed.js';
import type { CommitmentPeriod } from './participant.js';

/** How long nobody submits through the source before it is removed. Commands that meet the removal fail cleanly. */
export const DEFAULT_LIVE_QUIET_SECONDS = 10;

/** An instant at which parties became active on the target. */
export interface ActivationTime {
  /** Of the activation event on the source. Decimal int64. */
  offset: string;
  /** RFC 3339, microseconds. */
  recordTime: string;
}

/** Parties that became active on the target at one instant: their contracts are exported as of this very offset. */
export interface ActivationGroup extends ActivationTime {
  /** In the order of the plan. */
  parties: string[];
}

/** Signatures of others that the hosting of parties still needs, given on a node of their own or handed in. */
export interface AwaitedSignatures {
  /** How many lack some. */
  parties: number;
  /** The first of them. */
  named: string[];
  /** Those who have not signed, with for how many parties: the first by that number. Some of them may be enough. */
  namespaces: { namespace: string; count: number }[];
  /** How many there are in all. */
  namespaceCount: number;
}

/** When the parties became active on the target, a hundred at a time. */
export interface Activation {
  /** Ordered by time. */
  groups: Listed<ActivationGroup>;
  /** Of all groups. */
  partyCount: number;
  first: ActivationTime;
  last: ActivationTime;
  /** Parties that the target hosted before it became a host of these: it has their contracts. Ordered. */
  hostedBefore: Listed<string>;
}

/** What the live route knows of itself, beside the transfer. It outlives an attempt of a phase. */
export interface LiveRecord {
  /** While others have to sign. */
  awaited?: AwaitedSignatures;
  /** Ledger end of the target once it was disconnected, before it became a host. Decimal int64. */
  targetOffset?: string;
  /** Ledger end of the source once the target was disconnected, before it became a host. Decimal int64. */
  sourceOffset?: string;
  /** Whether the hosting may have taken effect: from here on the target must have every contract before it connects. */
  isActivationBegun: boolean;
  /** Absent until it was read. */
  activation?: Activation;
  /** Contracts that were copied; absent until all of them are. */
  copied?: number;
  /** Ledger end of the target when both nodes were found equal; absent while nothing says that they are. Decimal int64. */
  provenLedgerEnd?: string;
  /** When the target had caught up, RFC 3339. */
  caughtUpAt?: string;
  /** What the gate `switch` shows, and the offset of the source up to which it was read. */
  switching?: SwitchReading;
  /** Decimal int64. */
  switchOffset?: string;
  /** Commitments that were found equal, before and after the removal of the source. */
  commitments: CommitmentPeriod[];
  /** Uids of those of the plan with which no contract was shared any more then: there was nothing to compare. */
  unshared: string[];
  /** Whether the hook moved the clients; absent until it was asked. */
  isHookCalled?: boolean;
  /** How long the hook took, retries included. */
  hookMs?: number;
  /** Of all readings of the switch: {@link SwitchReading.targetLagMs}. */
  longestLagMs?: number;
  /** Whether the removal of the source may have been proposed; absent until then. */
  isRemovalBegun?: boolean;
  /** Comparison of both nodes while both served, before the removal. */
  compared?: ServingComparison;
  /** What the source hosts on the synchronizer after its removal, and goes on serving. Ordered; absent until it was read. */
  staying?: Listed<string>;
  /** Why the target is left disconnected: known in an abort, or before it where only an abort is left. */
  leftIsolated?: string;
  /** Of an abort: whether a late upgrade is all that the target, left disconnected, needs; it was no host. */
  isLateUpgradeLeft?: boolean;
}

/** Both nodes at one record time, while both were hosts. */
export interface ServingComparison {
  contractCount: number;
  /** What these contracts need. */
  packages: ContractPackage[];
  /** RFC 3339, microseconds. */
  recordTime: string;
  /** Of both nodes at that time. Decimal int64. */
  sourceOffset: string;
  targetOffset: string;
}

/** How source and target stood when the operator was asked to switch. */
export interface SwitchReading {
  /** RFC 3339. */
  readAt: string;
  /** How long the target took to answer itself over the synchronizer: how far it lags at most. */
  targetLagMs: number;
  /** Parties whose onboarding flag is still set. */
  flagsSet: number;
  /** In flight on the source, as it counts them. */
  inFlight: { submissions: number; transactions: number };
  /** Transactions of the parties that clients submitted through the source since the reading before. */
  submittedOnSource: number;
  /** Uids of participants that reported other contracts since the target caught up. Ordered. */
  disagreeing: string[];
  /** Uids of participants that share contracts with the target, are not in the plan and have not matched yet. Ordered. */
  unmatched: string[];
  /** Of the reading before, RFC 3339; absent in the first, which counts from the activation on. */
  readBefore?: string;
}

/** How many parties became active on the target, and when. */
export interface ActivationStatus extends Pick<Activation, 'partyCount' | 'first' | 'last'> {
  groupCount: number;
}

/** What operators are told of the live route. */
export interface LiveStatus {
  /** Whether the target is, or may be, a host that has not every contract yet: it must not be connected now. */
  isWindowOpen: boolean;
  awaited?: AwaitedSignatures;
  activation?: ActivationStatus;
  switching?: SwitchReading;
  /** With whom commitments match, in words; absent before any was compared. */
  matched?: string;
  /** The first of them. */
  commitments: CommitmentPeriod[];
  compared?: Omit<ServingComparison, 'packages'> & { sincePlan?: string };
  leftIsolated?: string;
}

/** Of each list of participants in the status. */
const PARTICIPANTS_BYTES = 4_000;

export function newLiveRecord(): LiveRecord {
  return {
    isActivationBegun: false,
    commitments: [],
    unshared: [],
  };
}

/** Whether every contract is copied. */
export function isCopied({ copied }: LiveRecord): boolean {
  return copied !== undefined;
}

/** Whether a connection of the target would destroy it. */
export function isWindowOpen({ isActivationBegun, provenLedgerEnd }: LiveRecord): boolean {
  return isActivationBegun && provenLedgerEnd === undefined;
}

export function liveStatusOf(record: LiveRecord): LiveStatus {
  const { awaited, activation, switching, commitments, unshared, compared, leftIsolated } = record;
  return {
    isWindowOpen: isWindowOpen(record),
    ...(awaited && { awaited }),
    ...(activation && { activation: activationStatusOf(activation) }),
    ...(commitments.length + unshared.length > 0 && { matched: describeCommitments(record) }),
    commitments: withinBytes(commitments, PARTICIPANTS_BYTES),
    ...(switching && { switching: shownReading(switching) }),
    ...(compared && { compared: comparedInShort(compared) }),
    ...(leftIsolated !== undefined && { leftIsolated }),
  };
}

function shownReading(reading: SwitchReading): SwitchReading {
  const { disagreeing, unmatched } = reading;
  return {
    ...reading,
    disagreeing: linesWithin(disagreeing, PARTICIPANTS_BYTES),
    unmatched: linesWithin(unmatched, PARTICIPANTS_BYTES),
  };
}

function comparedInShort({ contractCount, recordTime, ...offsets }: ServingComparison) {
  const { sourceOffset, targetOffset } = offsets;
  return { contractCount, recordTime, sourceOffset, targetOffset };
}

/** The same without the lists. */
export function activationStatusOf({ groups, partyCount, first, last }: Activation): ActivationStatus {
  return { groupCount: countOf(groups), partyCount, first, last };
}

/** When how many parties became active on the target. */
export function describeActivation({ groupCount, partyCount, first, last }: ActivationStatus): string {
  const all = `${counted(partyCount, 'party', 'parties')} became active on the target`;
  const at = ({ recordTime, offset }: ActivationTime) => `${recordTime}, offset ${offset} of the source`;
  if (groupCount === 1) return `${all} at ${at(first)}`;
  return `${all} in ${groupCount} groups, the first at ${at(first)}, the last at ${at(last)}`;
}

/** From when on {@link SwitchReading.submittedOnSource} counts. */
export function sinceOf({ readBefore }: SwitchReading): string {
  return readBefore ?? 'the activation';
}

/** With whom commitments match, each participant once however often it was asked. */
export function describeCommitments(compared: Pick<LiveRecord, 'commitments' | 'unshared'>): string {
  const matched = new Set(compared.commitments.map((its) => its.counterParticipantUid));
  const left = new Set(compared.unshared.filter((uid) => !matched.has(uid)));
  if (matched.size + left.size === 0)
    return 'no commitments to compare: no other participant shares a contract';
  const agreed =
    matched.size === 0 ? [] : [`commitments match with ${counted(matched.size, 'participant')}`];
  const none =
    left.size === 0 ? [] : [`no contract is shared any more with ${counted(left.size, 'participant')}`];
  return [...agreed, ...none].join(', ');
}

/** What every client has to do at the switch. Source: live-route 4. */
export const CLIENT_RULES = [
  'both nodes accept commands now: new commands go to the target',
  'a command whose outcome is not known is never repeated on the other node, which does not know its id: look for it on the node it was sent to',
  'ABORTED, UNAVAILABLE and "An error occurred" (INVALID_ARGUMENT) around a change of hosting are retried, on the same node with the same command id',
  'CONTRACT_NOT_FOUND, and UNKNOWN_CONTRACT_SYNCHRONIZERS with "have been archived", may mean on a retry that an earlier attempt was committed: look for it on that node; UNKNOWN_CONTRACT_SYNCHRONIZERS with "currently unknown" had no effect and is retried',
  'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT from the source means that the parties have left it: go to the target',
] as const;

/** Whose signatures are missing, in words. */
export function describeAwaited(awaited: AwaitedSignatures): string {
  return `waiting for ${describeLacking(awaited)}`;
}

/** The same as what is waited for. */
export function describeLacking({
  parties,
  named,
  namespaces,
  namespaceCount,
}: AwaitedSignatures): string {
  const by = namespaces.map(
    ({ namespace, count }) => `${namespace} (${counted(count, 'party', 'parties')})`,
  );
  const lacking = `signatures for the hosting of ${counted(parties, 'party', 'parties')}: ${firstOf(named, parties)}`;
  return `${lacking}. Not signed by ${firstOf(by, namespaceCount)}`;
}
