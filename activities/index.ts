import { GATE_OF } from '../model/gates.js';
import type { ByReference } from '../model/listed.js';
import { DEFAULT_APPROVAL, type ApprovalPolicy } from '../model/plan.js';
import { activationActivities } from './hosting/activation.js';
import { claimActivities } from './nodes/claims.js';
import { currentCaller, type MigrationPair } from './attempt/caller.js';
import { catchUpActivities } from './contracts/catch-up.js';
import { commitmentsActivities } from './contracts/commitments.js';
import { continuationActivities } from './attempt/continuation.js';
import { cutOverActivities } from './nodes/cut-over.js';
import { delegateNamespaceActivities } from './namespace/delegate-namespace.js';
import { differencesActivities } from './contracts/differences.js';
import { searchAttributeActivities } from './attempt/search-attributes.js';
import { asActivities } from './attempt/failures.js';
import { sourceWatchActivities } from './nodes/source-watch.js';
import { freezingActivities } from './nodes/freezing.js';
import { disconnectedHostingActivities } from './hosting/disconnected-hosting.js';
import { hostingActivities } from './hosting/hosting.js';
import { hostingRequestActivities } from './hosting/hosting-requests.js';
import { unchangedSignersActivities } from './hosting/unchanged-signers.js';
import { knownNamespacesActivities } from './namespace/known-namespaces.js';
import { liveWithdrawalActivities } from './hosting/live-withdrawal.js';
import { leftOnNodesActivities } from './nodes/left-on-nodes.js';
import { localSettingsActivities } from './local-state/local-settings.js';
import { isolationActivities } from './hosting/isolation-monitor.js';
import { joiningActivities } from './hosting/joining.js';
import { keptReportsActivities, type ReportKeeping } from './report/kept-reports.js';
import { latePackagesActivities } from './packages/late-packages.js';
import { migrateDarsActivities } from './packages/migrate-dars.js';
import { migrateLocalStateActivities } from './local-state/migrate-local-state.js';
import { missingActivities } from './local-state/missing.js';
import { onboardingActivities } from './hosting/onboarding.js';
import { ownerActivities } from './hosting/owners.js';
import { parkingActivities } from './nodes/parking.js';
import type { ParticipantAccess } from '../model/participant-access.js';
import { participantsOf, type Participants } from './nodes/participants.js';
import { publishedActivities } from './contracts/published.js';
import { planActivities } from './plan/plan.js';
import { readLocalStateActivities } from './local-state/read-local-state.js';
import { reassignmentActivities } from './contracts/reassignments.js';
import { recreatePartiesActivities } from './hosting/recreate-parties.js';
import type { SizeOf } from './attempt/result-size.js';
import { removalActivities } from './hosting/removal.js';
import { assertNotReset, runActivities } from './attempt/runs.js';
import { repairActivities } from './contracts/repair.js';
import { sourceReturnActivities } from './nodes/source-return.js';
import type { Spool } from './contracts/spooling.js';
import type { SwitchHook } from './nodes/switch-hook.js';
import { trafficActivities } from './nodes/traffic.js';
import { switchingActivities } from './nodes/switching.js';
import { takenSignatureActivities } from './hosting/taken-signatures.js';
import { targetCheckActivities } from './hosting/target-check.js';
import { transferActiveContractsActivities } from './contracts/transfer-active-contracts.js';
import { explainedByUpgrade, heldByFreeze, upgradeActivities } from './nodes/upgrades.js';
import { verifyActivities } from './contracts/verify.js';
import { withdrawLocalStateActivities } from './local-state/withdraw-local-state.js';
import { withdrawalActivities } from './hosting/withdrawal.js';
import type { ListStore } from '../storage/list-store.js';
import { openLists, openReports } from '../storage/open.js';
import { defaultListFolder } from '../storage/places.js';

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
  /** Where long lists are kept; the default folder of the machine if left out. */
  lists?: ListStore;
  /** Where reports are kept, unsigned in the default folder of the machine if left out, and what signs them. */
  reports?: ReportKeeping;
  /** How large a result is as a payload; as its JSON if left out. */
  sizeOf?: SizeOf;
  /** Names of the search attributes that the namespace has; all of a migration if left out. */
  searchAttributes?: readonly string[];
  /** What moves the clients on the live route; an operator does it if there is none. */
  switchHook?: SwitchHook;
}

/** Returns every activity, ready to be registered. */
export function createActivities(dependencies: ActivityDependencies): Activities {
  const { participants, approval = DEFAULT_APPROVAL, migrations, sizeOf } = dependencies;
  const { lists = openLists(defaultListFolder(process.env), []) } = dependencies;
  const { reports = { store: openReports(defaultListFolder(process.env), []) } } = dependencies;
  const rules = { approval, ...(migrations && { migrations }) };
  const find = participantsOf(participants, rules);
  const functions = functionsOf(find, { ...dependencies, approval, lists, reports });
  // Whoever is to be refused is refused before anything is read, or noted as begun.
  const steps = explainedByUpgrade(heldByFreeze(functions, find), find);
  return asActivities(
    steps,
    async (name) => {
      await assertNotReset(name);
      if (name in GATE_OF) await currentCaller(rules).proveMigration();
    },
    { resolve: (input) => lists.resolve(input), ...(sizeOf && { sizeOf }) },
  ) as Activities;
}

/** Every activity as it is written: with the items of each list. The one place where they are wired. */
function functionsOf(
  find: Participants,
  {
    spool,
    approval,
    lists,
    reports,
    switchHook,
    searchAttributes,
  }: Required<Pick<ActivityDependencies, 'approval' | 'lists' | 'reports'>> & ActivityDependencies,
) {
  return {
    ...claimActivities(find),
    ...keptReportsActivities(reports),
    ...continuationActivities(),
    ...runActivities(),
    ...searchAttributeActivities(searchAttributes),
    ...planActivities(find, { spoolFolder: spool.folder, approval, lists }),
    ...delegateNamespaceActivities(find),
    ...knownNamespacesActivities(find),
    ...unchangedSignersActivities(find),
    ...recreatePartiesActivities(find, lists),
    ...migrateDarsActivities(find),
    ...latePackagesActivities(find),
    ...migrateLocalStateActivities(find),
    ...missingActivities(find),
    ...localSettingsActivities(find),
    ...readLocalStateActivities(find),
    ...withdrawLocalStateActivities(find),
    ...freezingActivities(find, lists),
    ...transferActiveContractsActivities(find, spool),
    ...catchUpActivities(find, spool),
    ...repairActivities(find, spool),
    ...reassignmentActivities(find),
    ...differencesActivities(find, lists),
    ...sourceReturnActivities(find),
    ...cutOverActivities(find),
    ...verifyActivities(find, spool, lists),
    ...domainActivities(find),
    ...sourceWatchActivities(find),
    ...parkingActivities(find),
    ...withdrawalActivities(find),
    ...joiningActivities(find),
    ...targetCheckActivities(find),
    ...onboardingActivities(find),
    ...ownerActivities(find),
    ...hostingRequestActivities(find, lists),
    ...takenSignatureActivities(lists),
    ...activationActivities(find, lists),
    ...isolationActivities(find),
    ...hostingActivities(find),
    ...commitmentsActivities(find),
    ...switchingActivities(find, switchHook),
    ...removalActivities(find),
    ...liveWithdrawalActivities(find),
    ...trafficActivities(find),
    ...upgradeActivities(find),
    ...leftOnNodesActivities(find),
  };
}

/** Those of participants that can do less than one of Canton 3.5. */
function domainActivities(find: Participants) {
  return { ...disconnectedHostingActivities(find), ...publishedActivities(find) };
}

type Functions = ReturnType<typeof functionsOf>;

/** Every activity as a workflow calls it: a list of an input may be a reference to where it is kept. */
export type Activities = {
  [Name in keyof Functions]: Parameters<Functions[Name]> extends [infer Input]
    ? (input: ByReference<Input>) => ReturnType<Functions[Name]>
    : Functions[Name];
};
