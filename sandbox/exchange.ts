import type { Contract } from './ledger/contract.js';
import type { Damage } from './ledger/damage.js';
import type { Reassignment, Submission } from './ledger/entry.js';
import type { Ledger } from './ledger/ledger.js';
import type { Journal } from './node.js';

/** A ledger transaction that concerns more than one participant, as the synchronizer ordered it. */
export interface SharedTransaction {
  readonly updateId: string;
  readonly workflowId: string;
  /** UTC, microseconds. */
  readonly recordTimeMicros: number;
  readonly effectiveAtMicros: number;
  readonly submitterUid: string;
  /** Only the submitter shows it; empty if there is none. */
  readonly commandId: string;
  readonly submission?: Submission;
  readonly created: readonly Contract[];
  readonly archived: readonly {
    readonly contractId: string;
    readonly stakeholders: readonly string[];
  }[];
  /** Instead of all that: one contract leaves the synchronizer. */
  readonly unassigned?: Reassignment & {
    readonly contractId: string;
    readonly stakeholders: readonly string[];
  };
}

/** The time a participant was away before it connected last. */
export interface Absence {
  /** It had processed everything up to here when it left; UTC, microseconds. */
  readonly since: number;
  /** Its ledger ends when it left and when it came back, before it caught up: what lies between came by repairs. */
  readonly begin: number;
  readonly end: number;
}

/** A participant that runs, as the simulation of commitments looks at it. */
export interface Peer {
  readonly uid: string;
  /** Since when without a break; UTC, microseconds; undefined while disconnected. */
  readonly connectedSince: number | undefined;
  /** How it came back; undefined if it was never connected before. */
  readonly absence: Absence | undefined;
  /** It has processed everything up to here; UTC, microseconds. */
  readonly cleanTime: number;
  readonly ledger: Ledger;
  readonly damage: Damage;
}

/**
 * Orders the ledger transactions that several participants of one synchronizer have a part in, and keeps them: who was
 * away reads them by position.
 */
export class Exchange {
  /** Ordered by record time. */
  readonly log: SharedTransaction[] = [];
  /** The participants that run, by uid. */
  readonly peers = new Map<string, Peer>();
  private readonly members = new Set<string>();
  private readonly spent = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private readonly pending = new Set<ReadonlySet<string>>();
  /** By uid: the reconciliation periods, numbered from 1970, in which the participant saw an event. */
  private readonly eventful = new Map<string, Set<number>>();

  constructor(
    private readonly journal: Journal,
    /** Length of a reconciliation period, microseconds; periods end at multiples of it. */
    readonly interval: number,
  ) {
    for (const uid of journal.replay('member')) this.members.add(uid);
    for (const one of journal.replay('exchanged')) this.keep(one);
  }

  /** Notes a real participant, for good: what its parties have a part in is shared. */
  enroll(uid: string): void {
    if (this.members.has(uid)) return;
    this.journal.append('member', uid);
    this.members.add(uid);
  }

  /** Whether there is another real participant than this one. */
  hasOthers(uid: string): boolean {
    return this.members.size > (this.members.has(uid) ? 1 : 0);
  }

  /** Whether a participant is real, not only topology entries. */
  isMember(uid: string): boolean {
    return this.members.has(uid);
  }

  /** Whether a shared transaction has archived the contract. */
  isSpent(contractId: string): boolean {
    return this.spent.has(contractId);
  }

  /** Orders a transaction; every connected participant has processed it when this returns. */
  append(transaction: SharedTransaction): void {
    this.journal.append('exchanged', transaction);
    this.keep(transaction);
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls back after every transaction from now on; returns how to stop that. */
  onAppended(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Puts a request in flight on these participants; returns how to end it. */
  announce(uids: ReadonlySet<string>): () => void {
    this.pending.add(uids);
    return () => this.pending.delete(uids);
  }

  /** How many requests are in flight on a participant that others submitted. */
  pendingOn(uid: string): number {
    return [...this.pending].filter((uids) => uids.has(uid)).length;
  }

  /** Notes an event of the synchronizer that a participant sees, once it is connected; UTC, microseconds. */
  saw(uid: string, timeMicros: number): void {
    const periods = this.eventful.get(uid) ?? new Set<number>();
    this.eventful.set(uid, periods.add(Math.floor(timeMicros / this.interval)));
  }

  /** Whether a participant saw an event between a tick and the next one: only then it commits to what it had at the tick. */
  hasSeenAfter(uid: string, tick: number): boolean {
    return this.eventful.get(uid)?.has(tick / this.interval) === true;
  }

  private keep(transaction: SharedTransaction): void {
    this.log.push(transaction);
    for (const { contractId } of transaction.archived) this.spent.add(contractId);
  }
}
