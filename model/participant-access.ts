import type {
  HealthChanges,
  OnboardingChanges,
  PackagesChanges,
  PartyDetailsChanges,
  RepairChanges,
  SigningChanges,
  SynchronizersChanges,
  TopologyChanges,
  UsersChanges,
} from './participant-changes.js';
import type {
  CommitmentsReads,
  HealthReads,
  LedgerReads,
  OnboardingReads,
  PackagesReads,
  PartyDetailsReads,
  RepairReads,
  SigningReads,
  SynchronizersReads,
  TopologyReads,
  TrafficReads,
  UsersReads,
  VaultReads,
} from './participant-reads.js';

/**
 * What the activities ask of a participant, whatever its Canton generation. `canton/` implements it.
 *
 * Every method fails with a `CantonError` whose `kind` says who has to act. `find` may come back empty, `read`
 * fails if the thing is absent, `list` is complete (no paging left to the caller).
 */
export interface ParticipantReads {
  /** Name in the worker's configuration. */
  readonly name: string;
  readonly health: HealthReads;
  readonly vault: VaultReads;
  readonly topology: TopologyReads;
  readonly signing: SigningReads;
  readonly synchronizers: SynchronizersReads;
  readonly packages: PackagesReads;
  readonly repair: RepairReads;
  readonly onboarding: OnboardingReads;
  readonly commitments: CommitmentsReads;
  readonly traffic: TrafficReads;
  readonly ledger: LedgerReads;
  readonly users: UsersReads;
  readonly partyDetails: PartyDetailsReads;
}

/**
 * The same participant, and what changes it. Changes are single Canton calls: making them repeatable is the business of
 * the activity.
 */
export interface Participant extends ParticipantReads {
  readonly health: HealthReads & HealthChanges;
  readonly topology: TopologyReads & TopologyChanges;
  readonly signing: SigningReads & SigningChanges;
  readonly synchronizers: SynchronizersReads & SynchronizersChanges;
  readonly packages: PackagesReads & PackagesChanges;
  readonly repair: RepairReads & RepairChanges;
  readonly onboarding: OnboardingReads & OnboardingChanges;
  readonly users: UsersReads & UsersChanges;
  readonly partyDetails: PartyDetailsReads & PartyDetailsChanges;
}

/** How a worker reaches one participant. */
export interface ParticipantAccess {
  /** Name in the worker's configuration. */
  readonly name: string;
  /**
   * With `uid` no call goes out unless the node is that one; without it whichever node answers, also one that has no
   * identity yet.
   */
  reading(uid?: string): ParticipantReads;
  /** Each change goes out right after `fence` has returned, and only to the node `uid`. */
  changing(uid: string, fence: () => Promise<void>): Participant;
  /** Closes both channels; no call may follow. */
  close(): void;
}
