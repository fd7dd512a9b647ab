import { createHash, randomBytes } from 'node:crypto';
import type { End } from './contract-index.js';

/** A hosting change of a party, as `GetUpdates` shows it. */
export interface PartyAuthorization {
  readonly party: string;
  readonly participantUid: string;
  readonly permission: string | undefined;
  readonly kind: 'added' | 'changed' | 'revoked' | 'onboarding';
}

/** Who submitted a ledger transaction through this node. */
export interface Submission {
  readonly userId: string;
  readonly actAs: readonly string[];
}

/** How far a node has processed a synchronizer: positions in its two logs. */
export interface Progress {
  readonly logicalId: string;
  readonly topology: number;
  readonly exchange: number;
  /** UTC, microseconds. */
  readonly recordTimeMicros: number;
}

/** A contract on its way from one synchronizer to another one: what both ends of it say. */
export interface Reassignment {
  /** Logical id. */
  readonly source: string;
  /** Logical id. */
  readonly target: string;
  readonly reassignmentId: string;
}

/** A contract left a synchronizer; until it is assigned, it has not reached the other. */
export interface Unassignment extends Reassignment {
  readonly slot: number;
}

/** What is written into the ledger in one step, at one offset. */
export interface LedgerEntry {
  readonly offset: number;
  readonly updateId: string;
  readonly workflowId: string;
  readonly commandId: string;
  readonly synchronizerId: string;
  readonly effectiveAtMicros: number;
  readonly recordTimeMicros: number;
  /** Slots `firstSlot` to `firstSlot + created - 1` are created here. */
  readonly firstSlot: number;
  readonly created: number;
  readonly ended: readonly { readonly slot: number; readonly end: End }[];
  /** Of one effective time; several of them are one event. */
  readonly authorizations?: readonly PartyAuthorization[];
  readonly submission?: Submission;
  readonly unassignment?: Unassignment;
  /** What is created here came from another synchronizer. */
  readonly assignment?: Reassignment;
}

/** A ledger entry before it has its place. */
export type NewEntry = Partial<Omit<LedgerEntry, 'offset' | 'firstSlot'>> &
  Pick<LedgerEntry, 'synchronizerId'>;

/** Gives an entry its place and what it does not say itself. */
export function place(entry: NewEntry, offset: number, firstSlot: number, now: number): LedgerEntry {
  return {
    workflowId: '',
    commandId: '',
    effectiveAtMicros: now,
    recordTimeMicros: now,
    created: 0,
    ended: [],
    updateId: newUpdateId(),
    ...entry,
    offset,
    firstSlot,
  };
}

/** Makes the id of an update. */
export function newUpdateId(): string {
  return `1220${createHash('sha256').update(randomBytes(16)).digest('hex')}`;
}
