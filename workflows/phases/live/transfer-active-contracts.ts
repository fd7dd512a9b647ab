import { leftPackages } from '../../../model/late-packages.js';
import type { Activities } from '../../../activities/index.js';
import { mismatch, typeOf } from '../../../model/failure.js';
import {
  activationStatusOf,
  describeActivation,
  isCopied,
  type LiveRecord,
} from '../../../model/live.js';
import { countOf } from '../../../model/listed.js';
import type { TransferRecord } from '../../../model/migration.js';
import type { HashedPlan, LivePlan } from '../../../model/plan.js';
import { movedParties } from '../../../model/plan.js';
import type { LiveRun } from '../../run.js';
import { noteFound, noteJoined } from '../connections.js';
import * as dars from '../migrate-dars.js';
import { counted } from '../../../model/count.js';
import { importPrefix, nodesOf, refOf, reassignmentsOf } from '../../../model/plan-parts.js';
import { awaitTraffic } from '../traffic.js';
import { copiedOf, copyInput, hostOf, onboardingOf, proposalsOf, windowOf } from './live-input.js';
import * as recreateParties from './recreate-parties.js';

/** Why a target is left disconnected that others made a host before the migration did. */
export const HOST_BEFORE =
  'somebody made it a host outside of the migration, while it was connected and had no contracts, and it may have processed ledger transactions over contracts that it does not have';

/** Give the target every DAR. It does not come back by itself any more after a restart, and is no host yet. */
export async function migrateDars({ plan, act, live, migration }: LiveRun): Promise<string[]> {
  const host = hostOf(plan, live);
  await act.ensureConnected(host);
  return dars.apply(plan, act, migration.transfer, host);
}

/** Disconnect the target from every synchronizer, before the backup and the activation. The source goes on serving. */
export async function isolate(run: LiveRun): Promise<string[]> {
  await disconnect(run);
  return dars.takeNoted(run.migration.transfer);
}

async function disconnect({ plan, act, live, migration }: LiveRun): Promise<void> {
  // Whoever took it off meanwhile: it must not be connected again.
  if (live.leftIsolated !== undefined) throw hostsAlready(plan);
  // The last time that the target may be connected for its vetting before it becomes a host.
  if (live.targetOffset === undefined) {
    await dars.bringLate(plan, act, migration.transfer, hostOf(plan, live));
    await awaitTraffic(plan, act, { isLate: true });
  }
  await noteJoined(plan, act, migration.transfer, 'target');
  const { ledgerEnd, connections } = await act.isolateTarget(nodesOf(plan));
  noteFound(plan, migration.transfer, 'target', connections);
  if (live.targetOffset !== undefined) return;
  const { ledgerEnd: sourceOffset } = await act.readLedgerEnd({ participant: refOf(plan.source) });
  const input = { ...onboardingOf(plan), parties: movedParties(plan) };
  if ((await act.readExposure(input)).isExposed) {
    // Once it is taken off, nothing tells it any more.
    live.leftIsolated = HOST_BEFORE;
    throw hostsAlready(plan);
  }
  Object.assign(live, { targetOffset: ledgerEnd, sourceOffset });
}

/** The target has signed nothing for the migration by then. */
function hostsAlready({ source, target }: LivePlan): Error {
  return mismatch(
    'TargetHostsAlready',
    `${target.name}: expected no host of the parties before it was disconnected, found a host of some: somebody signed for it outside the migration, ` +
      `and it was connected without their contracts. To take it off them does not help. Nothing is lost on ${source.name}, which serves all parties`,
  );
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
  // What was signed since an attempt that failed is added, and what was changed since is proposed anew.
  const isRepeated = live.isActivationBegun;
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
  if (isProposalEffective || isRepeated)
    await recreateParties.propose(plan, act, migration, { window: windowOf(live) });
  await act.activateParties({ ...proposalsOf(plan), beginExclusive: live.targetOffset! });
  if (!live.activation) {
    const beginExclusive = live.sourceOffset!;
    const input = { ...onboardingOf(plan), parties: movedParties(plan), beginExclusive };
    live.activation = await act.readActivations(input);
  }
  // Whatever the contracts at the activation need was there before it. A target restored from its backup needs it again.
  await dars.uploadLate(plan, act, transfer);
  return [...dars.takeNoted(transfer), describeActivation(activationStatusOf(live.activation))];
}

/**
 * Give the target the contracts of the parties, while it is disconnected: those that were there at the activation, no
 * later ones. Everything since reaches the target by itself. Source: live-route 2, step 8.
 */
export async function copy({ planned, act, live, migration }: LiveRun): Promise<string[]> {
  await copyContracts(planned, act, live, migration.transfer);
  const { copied = 0, activation } = live;
  const when =
    countOf(activation!.groups) === 1
      ? 'as of the activation'
      : 'each as of the first activation of a stakeholder';
  return [
    ...dars.importsOtherwise(planned.plan, migration.transfer),
    `${counted(copied, 'contract')} imported, ${when}`,
  ];
}

/** Once; what is copied is left alone. */
export async function copyContracts(
  planned: HashedPlan<LivePlan>,
  act: Activities,
  live: LiveRecord,
  record: TransferRecord,
): Promise<void> {
  if (!live.activation || isCopied(live)) return;
  const workflowIdPrefix = importPrefix(planned.hash);
  const importMode = dars.importModeOf(planned.plan, record);
  const input = { ...copyInput(planned, live, live.activation), workflowIdPrefix, importMode };
  record.copyOffset = input.offset;
  if (planned.plan.live.staleOnTarget > 0) {
    // Of an earlier attempt: what is gone since is purged, what is missing imported.
    const { alias } = planned.plan.target.synchronizer;
    const carried = { ...input, ...copiedOf(live.activation) };
    live.copied = (await act.repairDifferences({ ...carried, alias })).sent;
    return;
  }
  const { exported, checkpoint } = await act.copyActiveContracts({
    ...input,
    targetLedgerEnd: record.targetLedgerEnd ?? live.targetOffset!,
    ...(record.checkpoint && { checkpoint: record.checkpoint }),
  });
  record.targetLedgerEnd = checkpoint.targetLedgerEnd;
  live.copied = exported.total.contractCount;
  delete record.checkpoint;
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

/** Copies from the beginning at the next attempt. */
function forget(live: LiveRecord, record: TransferRecord): void {
  delete live.copied;
  delete record.checkpoint;
  delete record.copyOffset;
  delete record.targetLedgerEnd;
}

/** Remove what was exported from the worker's disk. */
export async function removeExports({ planned, act, live }: LiveRun): Promise<string[]> {
  const offset = live.activation?.first.offset;
  if (offset !== undefined) await act.removeExport({ planHash: planned.hash, offset });
  return [];
}
