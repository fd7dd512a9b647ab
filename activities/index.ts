import { GATE_OF } from '../model/gates.js';
import { DEFAULT_APPROVAL, type ApprovalPolicy } from '../model/plan.js';
import { activationActivities } from './activation.js';
import { claimActivities } from './claims.js';
import { currentCaller, type MigrationPair } from './caller.js';
import { catchUpActivities } from './catch-up.js';
import { commitmentsActivities } from './commitments.js';
import { continuationActivities } from './continuation.js';
import { cutOverActivities } from './cut-over.js';
import { delegateNamespaceActivities } from './delegate-namespace.js';
import { differencesActivities } from './differences.js';
import { asActivities } from './failures.js';
import { fenceActivities } from './fence.js';
import { freezingActivities } from './freezing.js';
import { hostingActivities } from './hosting.js';
import { liveWithdrawalActivities } from './live-withdrawal.js';
import { localSettingsActivities } from './local-settings.js';
import { latePackagesActivities } from './late-packages.js';
import { migrateDarsActivities } from './migrate-dars.js';
import { migrateLocalStateActivities } from './migrate-local-state.js';
import { missingActivities } from './missing.js';
import { onboardingActivities } from './onboarding.js';
import { parkingActivities } from './parking.js';
import type { ParticipantAccess } from './participant.js';
import { participantsOf } from './participants.js';
import { planActivities } from './plan.js';
import { readLocalStateActivities } from './read-local-state.js';
import { reassignmentActivities } from './reassignments.js';
import { recreatePartiesActivities } from './recreate-parties.js';
import { removalActivities } from './removal.js';
import { repairActivities } from './repair.js';
import { sourceReturnActivities } from './source-return.js';
import type { Spool } from './spooling.js';
import type { SwitchHook } from './switch-hook.js';
import { switchingActivities } from './switching.js';
import { transferActiveContractsActivities } from './transfer-active-contracts.js';
import { verifyActivities } from './verify.js';
import { withdrawLocalStateActivities } from './withdraw-local-state.js';
import { withdrawalActivities } from './withdrawal.js';

/** What the activities need of the worker. */
export interface ActivityDependencies {
  /** By their names in the worker's configuration. */
  participants: ReadonlyMap<string, ParticipantAccess>;
  /** Where on the worker's disk exports are kept, and what seals them. */
  spool: Spool;
  /** What is asked of whoever approves a gate. */
  approval?: ApprovalPolicy;
  /** The migrations that may be made; every one between its participants if left out. */
  migrations?: readonly MigrationPair[];
  /** What moves the clients on the live route; an operator does it if there is none. */
  switchHook?: SwitchHook;
}

/** Returns every activity, ready to be registered: the one place where they are wired. */
export function createActivities({
  participants,
  spool,
  approval = DEFAULT_APPROVAL,
  migrations,
  switchHook,
}: ActivityDependencies) {
  const rules = { approval, ...(migrations && { migrations }) };
  const find = participantsOf(participants, rules);
  const activities = {
    ...claimActivities(find),
    ...continuationActivities(),
    ...planActivities(find, spool.folder, approval),
    ...delegateNamespaceActivities(find),
    ...recreatePartiesActivities(find),
    ...migrateDarsActivities(find),
    ...latePackagesActivities(find),
    ...migrateLocalStateActivities(find),
    ...missingActivities(find),
    ...localSettingsActivities(find),
    ...readLocalStateActivities(find),
    ...withdrawLocalStateActivities(find),
    ...freezingActivities(find),
    ...transferActiveContractsActivities(find, spool),
    ...catchUpActivities(find),
    ...repairActivities(find, spool),
    ...reassignmentActivities(find),
    ...differencesActivities(find),
    ...sourceReturnActivities(find),
    ...cutOverActivities(find),
    ...verifyActivities(find, spool),
    ...fenceActivities(find),
    ...parkingActivities(find),
    ...withdrawalActivities(find),
    ...onboardingActivities(find),
    ...activationActivities(find),
    ...hostingActivities(find),
    ...commitmentsActivities(find),
    ...switchingActivities(find, switchHook),
    ...removalActivities(find),
    ...liveWithdrawalActivities(find),
  };
  // Whoever is to be refused is refused before anything is read, or noted as begun.
  return asActivities(activities, async (name) => {
    if (name in GATE_OF) await currentCaller(rules).proveMigration();
  });
}

export type Activities = ReturnType<typeof createActivities>;
