import type { Activities } from '../../../activities/index.js';
import {
  DEFAULT_LIVE_QUIET_SECONDS,
  describeCommitments,
  type LiveRecord,
} from '../../../model/live.js';
import type { Migration } from '../../../model/migration.js';
import { movedParties, type HashedPlan, type MigrationPlan } from '../../../model/plan.js';
import { bringLate } from '../migrate-dars.js';
import { counted, refOf } from '../plan-input.js';
import { hostOf, windowOf } from './live-input.js';
import { compareServing } from './verify.js';

/** A migration by this route. */
export type LiveMigration = Migration & { live: LiveRecord };

/**
 * Connect the target, which has every contract, and make it a full host beside the source.
 *
 * Clears the onboarding flags, waits until every counter-participant agrees, and compares both nodes while both serve.
 * Source: Canton facts, live route 2, steps 10 to 11b.
 */
export async function onboard(
  planned: HashedPlan,
  act: Activities,
  { live, transfer }: LiveMigration,
): Promise<void> {
  const { plan } = planned;
  const host = hostOf(plan);
  await act.reconnectOnboarded({
    ...host,
    window: windowOf(live),
    verifiedLedgerEnd: live.provenLedgerEnd!,
  });
  live.caughtUpAt ??= (await act.awaitCaughtUp(host)).caughtUpAt;
  await bringLate(plan, act, transfer);
  // The ledger end of this very attempt: an earlier one would find an earlier activation. Source: live route 5.
  await act.clearOnboardingFlags({ ...host, beginExclusive: live.targetOffset! });
  const { matched, unshared } = await act.awaitCommitments({
    ...host,
    since: live.caughtUpAt,
    counterParticipants: plan.live!.counterParticipants.before,
  });
  Object.assign(live, { commitments: matched, unshared });
  await compareNow(planned, act, live);
}

/** Compare both nodes while both serve. */
async function compareNow(planned: HashedPlan, act: Activities, live: LiveRecord): Promise<void> {
  const offsets = await act.readCommonOffsets({
    ...hostOf(planned.plan),
    sinceOffset: live.sourceOffset!,
    targetSinceOffset: live.provenLedgerEnd!,
  });
  live.compared = await compareServing(planned, act, offsets);
}

/** What the operator has to know before clients move; `live` keeps it for the status. */
export async function readSwitching(
  plan: MigrationPlan,
  act: Activities,
  live: LiveRecord,
): Promise<void> {
  const { sourceOffset, ...reading } = await act.readSwitching({
    ...hostOf(plan),
    sinceOffset: live.switchOffset ?? live.sourceOffset!,
  });
  const before = live.switching?.readAt;
  live.switchOffset = sourceOffset;
  live.switching = { ...reading, ...(before !== undefined && { readBefore: before }) };
}

/**
 * Bring what came of packages, have the clients moved by the hook, if there is one, wait until none submits through the
 * source any more, and compare both nodes once more: the gate may have been open for hours, and the source is removed next.
 */
export async function quiesce(
  planned: HashedPlan,
  act: Activities,
  { live, transfer, workflowId }: LiveMigration,
): Promise<void> {
  const { plan } = planned;
  const host = hostOf(plan);
  const { source, target, parties } = host;
  await bringLate(plan, act, transfer);
  const moved = { migration: workflowId, source, target, parties };
  live.isHookCalled ??= (await act.switchClients(moved)).isCalled;
  const quietSeconds = plan.request.options?.quietSeconds ?? DEFAULT_LIVE_QUIET_SECONDS;
  await act.awaitQuietSource({ ...host, quietSeconds });
  await compareNow(planned, act, live);
}

/**
 * Remove the source as host of the parties: the point of no return. Then the target connects by itself again.
 *
 * Source: Canton facts, live route 2, steps 13 and 14.
 */
export async function apply(plan: MigrationPlan, act: Activities, live: LiveRecord): Promise<string[]> {
  const { source, target } = plan;
  await act.removeSourceHosting({
    ...hostOf(plan),
    signer: plan.live!.removalSigner,
  });
  await act.connectTarget({
    target: refOf(target),
    synchronizerId: target.synchronizer.logicalId,
    connections: servingConnections(plan),
  });
  const { contractCount, recordTime } = live.compared!;
  return [
    `${counted(contractCount, 'contract')} equal on both nodes while both served, at ${recordTime}`,
    describeCommitments(live),
    ...(live.isHookCalled ? ['clients moved by the hook'] : []),
    `${source.name} hosts none of the ${counted(movedParties(plan).length, 'party', 'parties')} any more`,
  ];
}

/** As before the migration; but to the synchronizer it serves now, it connects by itself if the source does. */
function servingConnections({ source, target }: MigrationPlan) {
  const { alias } = target.synchronizer;
  const { isManualConnect = false } =
    source.connections.find((its) => its.alias === source.synchronizer.alias) ?? {};
  const others = target.connections.filter((its) => its.alias !== alias);
  return [...others, { alias, isConnected: true, isManualConnect }];
}
