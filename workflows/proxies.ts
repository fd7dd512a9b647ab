import { ActivityCancellationType, proxyActivities, type ActivityOptions } from '@temporalio/workflow';

import type { Activities } from '../activities/index.js';
import type { FailureType } from '../model/cures.js';
import { messageOf, typeOf } from '../model/failure.js';
import { approvalsFor, type Grounds } from '../model/gates.js';
import type { NodeRef } from '../model/participant.js';
import type { Approval } from '../model/report.js';
import { bounded, plain } from '../model/shown-text.js';
import { readable } from './unreadable.js';

/**
 * What every activity has, then the groups by how long they may take and who may wait for them.
 *
 * `WAIT_CANCELLATION_COMPLETED` in words: the SDK's real default lets an undo begin while the cancelled activity
 * still writes. Attempts are not counted, because a crash of a worker counts as one; the schedule-to-close
 * timeout bounds the retries instead, and then an operator decides. A dead worker is noticed after the heartbeat
 * timeout.
 */
const EVERY = {
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
} satisfies ActivityOptions;

/** Reads of both nodes. The longest counts the ACS for the plan: a million contracts take about a minute. */
const READ: ActivityOptions = { ...EVERY, startToCloseTimeout: '30m', scheduleToCloseTimeout: '1h' };

/** Changes that wait until they are read back: topology, parties, DARs, connections. */
const ENSURE: ActivityOptions = { ...EVERY, startToCloseTimeout: '40m', scheduleToCloseTimeout: '1h' };

/** The same where traffic may hold up what they wait for, as long as each batch of it is sent within half an hour. */
const TOPOLOGY: ActivityOptions = {
  ...EVERY,
  startToCloseTimeout: '8h',
  scheduleToCloseTimeout: '12h',
};

/** Export, import and comparison of the ACS: bound by its size, so by a day. */
const TRANSFER: ActivityOptions = {
  ...EVERY,
  startToCloseTimeout: '24h',
  scheduleToCloseTimeout: '48h',
};

/** Compensation is retried until it succeeds. */
const UNDO: ActivityOptions = { ...EVERY, startToCloseTimeout: '24h' };

/** What nothing waits for long: a store that is away for longer is told, and asked again later. */
const KEEP: ActivityOptions = { ...EVERY, startToCloseTimeout: '2m', scheduleToCloseTimeout: '3m' };

/** For as long as the source watch runs; a worker that is gone is noticed by its heartbeats. */
const WATCH: ActivityOptions = { ...EVERY, startToCloseTimeout: '365 days' };

const OPTIONS: Record<keyof Activities, ActivityOptions> = {
  readRequestedNodes: READ,
  readNodesToPark: READ,
  readNodesLeft: READ,
  readHolder: READ,
  findTakenNodes: READ,
  readContinuation: UNDO,
  readLostRun: UNDO,
  readNothingLeft: READ,
  readSearchAttributes: READ,
  watchHolder: WATCH,
  awaitUpgrade: WATCH,
  readTargetUpgraded: READ,
  watchIsolatedTarget: WATCH,
  readPlan: READ,
  readNamespaceDelegation: TOPOLOGY,
  readUnchangedParties: READ,
  readUnchangedSigners: READ,
  readReassignments: READ,
  readDifferences: READ,
  readConnections: READ,
  readHostedParties: READ,
  readServingState: READ,
  readFrozenTarget: READ,
  generateDelegation: READ,
  ensureNamespaceDelegation: ENSURE,
  submitSignedDelegation: ENSURE,
  loadNamespaceDelegation: TOPOLOGY,
  awaitTraffic: ENSURE,
  ensureNamespacesKnown: TOPOLOGY,
  ensurePartiesHosted: TOPOLOGY,
  awaitPartiesHosted: WATCH,
  ensurePartiesHostedDisconnected: TOPOLOGY,
  withdrawPartiesDisconnected: UNDO,
  awaitHostingPublished: TOPOLOGY,
  findMissingPackages: READ,
  findMissingLocalState: READ,
  ensureDar: ENSURE,
  ensureVetting: TOPOLOGY,
  readLatePackages: READ,
  ensureIdentityProviders: ENSURE,
  ensureUsers: ENSURE,
  ensurePartyAnnotations: ENSURE,
  ensureResourceLimits: ENSURE,
  ensurePruningSchedule: ENSURE,
  readLocalState: READ,
  isolateTarget: ENSURE,
  quiesceSource: ENSURE,
  ensureSourceParked: ENSURE,
  // The target replays what the import changed: as long as the ACS is large.
  connectTarget: TRANSFER,
  connectProvenTarget: TRANSFER,
  pingSelf: ENSURE,
  readLedgerEnd: READ,
  copyActiveContracts: TRANSFER,
  catchUp: TRANSFER,
  repairDifferences: TRANSFER,
  compareActiveContracts: TRANSFER,
  readPublishedContracts: TRANSFER,
  withdrawParties: UNDO,
  withdrawVetting: UNDO,
  readPackagesInUse: UNDO,
  removeDar: UNDO,
  withdrawUsers: UNDO,
  withdrawPartyAnnotations: UNDO,
  withdrawIdentityProviders: UNDO,
  purgeImported: UNDO,
  returnSource: UNDO,
  removeExport: UNDO,
  readReturnedSource: UNDO,
  readClearedTarget: UNDO,
  readParkedSource: READ,
  watchSource: WATCH,
  ensureParkedAgain: ENSURE,
  ensureParked: ENSURE,
  ensureJoined: ENSURE,
  checkTarget: TOPOLOGY,
  ensureManualConnect: ENSURE,
  ensureConnected: TRANSFER,
  ensureOnboardingProposed: TOPOLOGY,
  generateHostings: READ,
  takeSignatures: READ,
  awaitHostingSignatures: WATCH,
  readKnownVetting: READ,
  activateParties: TOPOLOGY,
  findActivations: UNDO,
  readActivations: READ,
  awaitCaughtUp: TRANSFER,
  clearOnboardingFlags: TRANSFER,
  awaitCommitments: TRANSFER,
  readSwitching: ENSURE,
  awaitQuietSource: ENSURE,
  switchClients: ENSURE,
  removeSourceHosting: TOPOLOGY,
  readCommonOffsets: READ,
  readRemoval: READ,
  withdrawOnboarding: UNDO,
  readExposure: UNDO,
  purgeHosted: UNDO,
  leaveTarget: UNDO,
  keepReport: KEEP,
  readKeptReport: READ,
};

/** Waits until the synchronizers that a step found frozen are upgraded; `why` is what the step said. */
export type Hold = (why: string, act: Pick<Activities, 'awaitUpgrade'>) => Promise<void>;

/**
 * Returns the activities; `before` runs first each time. Each is given the approvals of its gate. A step that finds a
 * synchronizer frozen is tried again after `hold`.
 */
export function activitiesAfter(
  before: () => Promise<void>,
  approvals: () => Approval[] = () => [],
  hold?: Hold,
): Activities {
  const groundsOf = (name: keyof Activities): Grounds => {
    const signed = approvalsFor(name, approvals());
    return signed.length > 0 ? { approvals: signed } : {};
  };
  return activitiesWith((name) => OPTIONS[name], before, groundsOf, hold);
}

/** The same activities for an abort: patient without limit, and held by nothing but a frozen synchronizer. */
export function undoingActivities(hold: Hold): Activities {
  return activitiesWith(
    () => UNDO,
    () => Promise.resolve(),
    () => ({ isTakingBack: true }),
    hold,
  );
}

/** Each with a summary: what an operator reads on the timeline, the activity and the thing it is about. */
function activitiesWith(
  options: (name: keyof Activities) => ActivityOptions,
  before: () => Promise<void>,
  groundsOf: (name: keyof Activities) => Grounds,
  hold?: Hold,
): Activities {
  const calls = (Object.keys(OPTIONS) as (keyof Activities)[]).map((name) => [
    name,
    async (input: unknown): Promise<unknown> => {
      await before();
      const grounds = groundsOf(name);
      const proxy = proxyActivities<Record<string, (...given: unknown[]) => Promise<unknown>>>({
        ...options(name),
        summary: summaryOf(name, input),
      });
      try {
        const result = await proxy[name]!(input, ...(Object.keys(grounds).length > 0 ? [grounds] : []));
        return readable(result, `the step ${name}`);
      } catch (error) {
        // The run was told too, and ends as soon as it has handed over: nothing of it may go on meanwhile.
        if (typeOf(error) === RESET) return new Promise(() => undefined);
        if (!hold || typeOf(error) !== FROZEN) throw error;
        await hold(messageOf(error), activities);
        return activities[name](input as never);
      }
    },
  ]);
  const activities = Object.fromEntries(calls) as Activities;
  return activities;
}

/** The failure of a step that waits for the upgrade of a synchronizer. */
const FROZEN: FailureType = 'SynchronizerFrozen';
/** The failure of every step of a run that Temporal's Reset began. */
const RESET: FailureType = 'RunReset';

/** Longer ones end in a refusal of the server, which would fail the workflow task for ever. */
const SUMMARY_LIMIT = 200;

function summaryOf(name: string, input: unknown): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const { dar, participant, target, source } = (input ?? {}) as {
    dar?: { name: string; version: string };
    participant?: string | NodeRef;
    target?: NodeRef;
    source?: NodeRef;
  };
  const node = participant ?? target ?? source ?? 'both participants';
  const about = dar ? `${dar.name} ${dar.version}` : `(${typeof node === 'string' ? node : node.name})`;
  return bounded(plain(`${words} ${about}`), SUMMARY_LIMIT);
}
