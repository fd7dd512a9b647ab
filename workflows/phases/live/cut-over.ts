import type { Activities } from '../../../activities/index.js';
import { typeOf } from '../../../model/failure.js';
import { notCompared } from '../../../model/counter-participants.js';
import {
  DEFAULT_LIVE_QUIET_SECONDS,
  describeCommitments,
  type LiveRecord,
} from '../../../model/live.js';
import { partiesOf } from '../../../model/plan-parties.js';
import type { TransferRecord } from '../../../model/migration.js';
import { countOf } from '../../../model/listed.js';
import { movedParties, type HashedPlan, type LivePlan } from '../../../model/plan.js';
import type { LiveRun } from '../../run.js';
import { connectionsOf } from '../connections.js';
import { bringLate, takeNoted } from '../migrate-dars.js';
import * as migrateLocalState from '../migrate-local-state.js';
import { counted } from '../../../model/count.js';
import { neededOf, nodesOf, reassignmentsOf, refOf, wantedOf } from '../../../model/plan-parts.js';
import { hostOf, unreliableOf } from './live-input.js';
import { compareServing } from './verify.js';

/** Connect the target, now that it has every contract. Source: live-route 2, step 10. */
export async function connect({ plan, act, live, migration }: LiveRun): Promise<string[]> {
  const host = hostOf(plan, live);
  await act.ensureConnected(host);
  live.caughtUpAt ??= (await act.awaitCaughtUp(host)).caughtUpAt;
  await bringLate(plan, act, migration.transfer, hostOf(plan, live));
  return takeNoted(migration.transfer);
}

/** Make the target a full host beside the source. Source: live-route 2, step 11. */
export async function clearFlags({ plan, act, live }: LiveRun): Promise<string[]> {
  // The ledger end of this very attempt: an earlier one would find an earlier activation. Source: live-route 5.
  await act.clearOnboardingFlags({ ...hostOf(plan, live), beginExclusive: live.targetOffset! });
  // It may have been restarted and connected again meanwhile: periods from before that prove nothing of it.
  live.caughtUpAt = (await act.awaitCaughtUp(hostOf(plan, live))).caughtUpAt;
  return [];
}

/**
 * Wait until every counter-participant agrees, and compare both nodes while both serve. Source:
 * live-route 2, step 11b.
 */
export async function compareBoth(run: LiveRun): Promise<string[]> {
  const { plan, planned, act, live, migration } = run;
  // First whether it still is what was proven: commitments of one that is not would only disagree.
  await act.ensureConnected(hostOf(plan, live));
  await checkTarget(plan, act);
  const { matched, unshared } = await act.awaitCommitments({
    ...hostOf(plan, live),
    since: live.caughtUpAt!,
    counterParticipants: plan.live.counterParticipants.before,
    ...unreliableOf(plan),
  });
  Object.assign(live, { commitments: matched, unshared });
  await compareNow(planned, act, live);
  await migrateLocalState.compare(plan, act, migration.transfer);
  await readSwitching(plan, act, live);
  return [];
}

/** Whether the target may really do what its mappings say: before clients move to it, and the source is removed. */
async function checkTarget(plan: LivePlan, act: Activities): Promise<void> {
  const { alias } = plan.target.synchronizer;
  const needs = neededOf(plan);
  await act.checkTarget({ ...nodesOf(plan), alias, needs, parties: wantedOf(plan), isLive: true });
}

/** Compare both nodes while both serve. */
async function compareNow(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
): Promise<void> {
  const offsets = await act.readCommonOffsets({
    ...hostOf(planned.plan, live),
    sinceOffset: live.sourceOffset!,
    targetSinceOffset: live.provenLedgerEnd!,
  });
  live.compared = await compareServing({ planned, act, live }, offsets);
}

/** Keep what the operator has to know before clients move current, and bring what comes of packages. */
export async function watchSwitch({ plan, act, live, migration }: LiveRun): Promise<void> {
  await bringLate(plan, act, migration.transfer, hostOf(plan, live));
  await readSwitching(plan, act, live);
}

/** What the operator has to know before clients move; `live` keeps it for the status. */
async function readSwitching(plan: LivePlan, act: Activities, live: LiveRecord): Promise<void> {
  const { sourceOffset, ...reading } = await act.readSwitching({
    ...hostOf(plan, live),
    sinceOffset: live.switchOffset ?? live.activation!.first.offset,
    since: live.caughtUpAt!,
    counterParticipants: plan.live.counterParticipants.before,
    ...unreliableOf(plan),
  });
  const before = live.switching?.readAt;
  live.longestLagMs = Math.max(live.longestLagMs ?? 0, reading.targetLagMs);
  live.switchOffset = sourceOffset;
  live.switching = { ...reading, ...(before !== undefined && { readBefore: before }) };
}

/**
 * Bring what came of packages, have the clients moved by the hook, if there is one, wait until none submits through the
 * source any more, and compare both nodes once more: the gate may have been open for hours, and the source is removed next.
 */
export async function quiesce({ planned, plan, act, live, migration }: LiveRun): Promise<string[]> {
  const host = hostOf(plan, live);
  const { source, target, parties } = host;
  // Here it can still be aborted; the removal cannot be held.
  await act.awaitUpgrade({ nodes: [source, target], synchronizerIds: [host.synchronizerId] });
  await bringLate(plan, act, migration.transfer, hostOf(plan, live));
  await checkTarget(plan, act);
  const moved = { migration: migration.workflowId, source, target, parties };
  if (live.isHookCalled === undefined) {
    const asked = Date.now();
    live.isHookCalled = (await act.switchClients(moved)).isCalled;
    if (live.isHookCalled) live.hookMs = Date.now() - asked;
  }
  const quietSeconds = plan.request.options?.quietSeconds ?? DEFAULT_LIVE_QUIET_SECONDS;
  await act.awaitQuietSource({ ...host, quietSeconds });
  await act.readReassignments(reassignmentsOf(planned));
  await compareNow(planned, act, live);
  return takeNoted(migration.transfer);
}

/**
 * Remove the source as host of the parties: the point of no return. Then the target connects by itself again.
 *
 * Source: live-route 2, steps 13 and 14.
 */
export async function removeSource({ plan, act, live, migration }: LiveRun): Promise<string[]> {
  const { source, target } = plan;
  const isBegun = live.isRemovalBegun === true;
  // Whatever this attempt comes to, the next one has to know that the removal may have been proposed.
  live.isRemovalBegun = true;
  const removal = act.removeSourceHosting({
    ...hostOf(plan, live),
    isBegun,
    targetSigns: plan.live.targetSigns,
    compared: live.compared!,
    checks: {
      planned: wantedOf(plan),
      since: live.caughtUpAt!,
      isServingOthers: countOf(partiesOf(plan, 'staying')) > 0,
      ...unreliableOf(plan),
    },
  });
  await removal.catch((error: unknown) => {
    if (typeOf(error) === 'EqualityStale') delete live.isRemovalBegun;
    throw error;
  });
  await act.connectTarget({
    target: refOf(target),
    synchronizerId: target.synchronizer.logicalId,
    connections: servingConnections(plan, migration.transfer),
    proof: { targetLedgerEnd: live.provenLedgerEnd! },
  });
  const { contractCount, recordTime } = live.compared!;
  return [
    `${counted(contractCount, 'contract')} equal on both nodes while both served, at ${recordTime}`,
    describeCommitments(live),
    ...notCompared(plan.live.unreliable),
    ...(live.isHookCalled ? ['clients moved by the hook'] : []),
    `${source.name} hosts none of the ${counted(countOf(movedParties(plan)), 'party', 'parties')} any more`,
  ];
}

/** As before the migration; but to the synchronizer it serves now, it connects by itself if the source does. */
function servingConnections(plan: LivePlan, record: TransferRecord) {
  const { source, target } = plan;
  const { alias } = target.synchronizer;
  const { isManualConnect = false } =
    source.connections.find((its) => its.alias === source.synchronizer.alias) ?? {};
  const others = connectionsOf(plan, record, 'target').filter((its) => its.alias !== alias);
  return [...others, { alias, isConnected: true, isManualConnect }];
}
