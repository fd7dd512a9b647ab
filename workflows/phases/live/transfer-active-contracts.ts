import { leftPackages } from '../../../model/late-packages.js';
import type { Activities } from '../../../activities/index.js';
import { typeOf } from '../../../model/failure.js';
import { copiedCount, type ActivationGroup, type LiveRecord } from '../../../model/live.js';
import type { TransferRecord } from '../../../model/migration.js';
import type { HashedPlan, LivePlan } from '../../../model/plan.js';
import { movedParties } from '../../../model/plan.js';
import type { LiveRun } from '../../run.js';
import { noteFound, noteJoined } from '../connections.js';
import * as dars from '../migrate-dars.js';
import { counted } from '../../../model/count.js';
import { importPrefix, nodesOf, refOf, reassignmentsOf } from '../../../model/plan-parts.js';
import { awaitTraffic } from '../traffic.js';
import { groupInput, hostOf, onboardingOf, proposalsOf, windowOf } from './live-input.js';
import * as recreateParties from './recreate-parties.js';

/** Give the target every DAR. It does not come back by itself any more after a restart, and is no host yet. */
export async function migrateDars({ plan, act, live, migration }: LiveRun): Promise<string[]> {
  await act.ensureConnected(hostOf(plan, live));
  return dars.apply(plan, act, migration.transfer);
}

/** Disconnect the target from every synchronizer, before the backup and the activation. The source goes on serving. */
export async function isolate(run: LiveRun): Promise<string[]> {
  await disconnect(run);
  return dars.takeNoted(run.migration.transfer);
}

async function disconnect({ plan, act, live, migration }: LiveRun): Promise<void> {
  // The last time that the target may be connected for its vetting before it becomes a host.
  if (live.targetOffset === undefined) {
    await dars.bringLate(plan, act, migration.transfer, hostOf(plan, live));
    await awaitTraffic(plan, act, { isLate: true });
  }
  await noteJoined(plan, act, migration.transfer, 'target');
  const { ledgerEnd, connections } = await act.isolateTarget(nodesOf(plan));
  noteFound(plan, migration.transfer, 'target', connections);
  live.targetOffset ??= ledgerEnd;
  live.sourceOffset ??= (await act.readLedgerEnd({ participant: refOf(plan.source) })).ledgerEnd;
}

/**
 * Look whether the target is still disconnected while its backup is taken, and could be connected: fails if somebody
 * connected it, or an upgrade of the synchronizer left it behind.
 */
export async function watchIsolated({ plan, act }: LiveRun): Promise<void> {
  await act.readFrozenTarget({ target: refOf(plan.target) });
  await act.readTargetUpgraded(onboardingOf(plan));
}

/**
 * Make the target a host of the parties, while it is disconnected.
 *
 * From the activation until every contract is there the target must not connect: the activities check it before each
 * call, and nothing here connects it. Source: live-route 1 and 2.
 */
export async function activate(run: LiveRun): Promise<string[]> {
  const { plan, act, live, migration } = run;
  const { transfer } = migration;
  const { isProposalEffective } = plan.live;
  await act.readReassignments(reassignmentsOf(run.planned));
  if (!live.isActivationBegun) {
    await awaitTraffic(plan, act, { isLate: true });
    await disconnect(run);
    const { add, former } = plan.vetting;
    const known = [...add, ...former].map(({ packageId }) => packageId);
    const packageIds = [...known, ...leftPackages(plan.request)];
    await act.readKnownVetting({ ...onboardingOf(plan), packageIds });
    if (!isProposalEffective) await recreateParties.propose(plan, act, migration);
    // Nothing is in effect yet. A target that cannot be connected afterwards would be lost.
    await act.readTargetUpgraded({ ...onboardingOf(plan), isBeginning: true });
    live.isActivationBegun = true;
  }
  if (isProposalEffective)
    await recreateParties.propose(plan, act, migration, { window: windowOf(live) });
  await act.activateParties({ ...proposalsOf(plan), beginExclusive: live.targetOffset! });
  if (live.groups.length === 0) {
    const beginExclusive = live.sourceOffset!;
    const activation = { ...onboardingOf(plan), parties: movedParties(plan), beginExclusive };
    Object.assign(live, await act.readActivations(activation));
  }
  // Whatever the contracts at the activation need was there before it. A target restored from its backup needs it again.
  await dars.uploadLate(plan, act, transfer);
  return [...dars.takeNoted(transfer), activated(live.groups)];
}

/**
 * Give the target the contracts of the parties, while it is disconnected: those at the offset of the activation, no
 * later ones. Everything since reaches the target by itself. Source: live-route 2, step 8.
 */
export async function copy({ planned, act, live, migration }: LiveRun): Promise<string[]> {
  await copyGroups(planned, act, live, migration.transfer);
  return [
    `${counted(copiedCount(live), 'contract')} imported, exported at the offset of ${live.groups.length === 1 ? 'the activation' : 'each activation'}`,
  ];
}

/** More groups are told by the first and the last of them. */
const GROUPS_NAMED = 3;

/** When which parties became active: a hundred become so at a time. */
function activated(groups: readonly ActivationGroup[]): string {
  const [first, last] = [groups[0]!.offset, groups.at(-1)!.offset];
  const total = groups.reduce((sum, { parties }) => sum + parties.length, 0);
  const all = `${counted(total, 'party', 'parties')} became active on the target`;
  if (groups.length === 1) return `${all} at offset ${first} of the source`;
  if (groups.length > GROUPS_NAMED)
    return `${all} in ${groups.length} groups, at offsets ${first} to ${last} of the source`;
  const each = groups.map(({ offset, parties }) => `${parties.length} at offset ${offset}`);
  return `${all}, ${each.join(', ')} of the source`;
}

/** Group by group; one that is copied is skipped. */
export async function copyGroups(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
  record: TransferRecord,
): Promise<void> {
  while (live.copied.length < live.groups.length) {
    const index = live.copied.length;
    const input = {
      ...groupInput(planned, live, index),
      workflowIdPrefix: `${importPrefix(planned.hash)}-g${index}`,
      importedBefore: copiedCount(live),
    };
    record.copyOffset = input.offset;
    if (planned.plan.live.staleOnTarget > 0) {
      // Of an earlier attempt: what is gone since is purged, what is missing imported.
      const { alias } = planned.plan.target.synchronizer;
      const { sent } = await act.repairDifferences({ ...input, alias });
      live.copied.push(sent);
      continue;
    }
    const { exported, checkpoint } = await act.copyActiveContracts({
      ...input,
      targetLedgerEnd: record.targetLedgerEnd ?? live.targetOffset!,
      ...(record.checkpoint && { checkpoint: record.checkpoint }),
    });
    record.targetLedgerEnd = checkpoint.targetLedgerEnd;
    live.copied.push(exported.total.contractCount);
    delete record.checkpoint;
  }
}

/** Runs a step that relies on what the target has. If it does not have that any more, the proof is forgotten. */
export function proven(work: (run: LiveRun) => Promise<string[]>): (run: LiveRun) => Promise<string[]> {
  return async (run) => {
    try {
      return await work(run);
    } catch (error) {
      forgetProof(run.live, run.migration.transfer, error);
      throw error;
    }
  };
}

/** A target that was changed is compared again; one that is brought back to an earlier state has to get all contracts again. */
export function forgetProof(live: LiveRecord, record: TransferRecord, error: unknown): void {
  const type = typeOf(error) ?? '';
  if (['EqualityStale', 'TargetRestored', 'TargetExposed'].includes(type)) delete live.provenLedgerEnd;
  if (['TargetRestored', 'TargetExposed'].includes(type)) forget(live, record);
}

/** Copies every group from its beginning at the next attempt. */
function forget(live: LiveRecord, record: TransferRecord): void {
  live.copied = [];
  delete record.checkpoint;
  delete record.copyOffset;
  delete record.targetLedgerEnd;
}

/** Remove what was exported from the worker's disk. */
export async function removeExports({ planned, act, live }: LiveRun): Promise<string[]> {
  for (const { offset } of live.groups) await act.removeExport({ planHash: planned.hash, offset });
  return [];
}
