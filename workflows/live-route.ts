import { CancelledFailure, CancellationScope, condition, isCancellation } from '@temporalio/workflow';

import type { Activities } from '../activities/index.js';
import { isApproved, phaseOf, type Migration } from '../model/migration.js';
import { newLiveRecord } from '../model/live.js';
import type { HashedPlan } from '../model/plan.js';
import type { Phase } from '../model/phase.js';
import type { Explained } from '../model/report.js';
import { reportedFailure } from './outcome.js';
import * as delegateNamespace from './phases/delegate-namespace.js';
import * as cutOver from './phases/live/cut-over.js';
import { hostOf, onboardingOf } from './phases/live/live-input.js';
import * as recreateParties from './phases/live/recreate-parties.js';
import * as transferActiveContracts from './phases/live/transfer-active-contracts.js';
import * as verify from './phases/live/verify.js';
import * as withdrawal from './phases/live/withdrawal.js';
import * as migrateDars from './phases/migrate-dars.js';
import * as migrateLocalState from './phases/migrate-local-state.js';
import { notEqual } from './phases/verify.js';
import { attempt, begin, enter, gate, phase, publish } from './steering.js';
import { refOf } from './phases/plan-input.js';

/** Between two readings for the gate `switch`; doubled each time up to the longest, so that history stays small. */
const FIRST_LOOK_MS = 10_000;
const LONGEST_LOOK_MS = 10 * 60_000;

/**
 * The live route up to the removal of the source: everything that can be taken back. The source serves throughout.
 *
 * Ends with both nodes as hosts, proven equal, and no client on the source any more. Source: Canton facts, live route 2.
 */
export async function migrateUpToRemoval(
  migration: Migration,
  act: Activities,
  planned: HashedPlan,
): Promise<void> {
  const { plan } = planned;
  const live = (migration.live = newLiveRecord());

  const joined = plan.live!.joins ? await join(migration, planned, act) : [];
  await phase(migration, 'delegate-namespace', async () => [
    ...joined,
    ...(await delegateNamespace.apply(plan, act, migration.signatures)),
  ]);
  await phase(migration, 'recreate-parties', () =>
    recreateParties.apply(plan, act, migration.signatures),
  );
  await phase(migration, 'migrate-dars', async () => {
    // It does not come back by itself any more, and is no host yet.
    await act.ensureConnected(hostOf(plan));
    return migrateDars.apply(plan, act);
  });
  await phase(migration, 'migrate-local-state', () => migrateLocalState.apply(plan, act));

  await begin(migration, 'transfer-active-contracts', () =>
    transferActiveContracts.isolate(plan, act, { ...migration, live }),
  );
  await gate(migration, 'target-backup');
  // The target becomes a host: from here on it must not connect before it is proven equal.
  await phase(migration, 'transfer-active-contracts', () =>
    sealed(migration, () => transferActiveContracts.apply(planned, act, { ...migration, live })),
  );
  const compare = async () => {
    await transferActiveContracts.copyGroups(planned, act, live, migration.transfer);
    if (migration.repairBy !== undefined) await verify.repair(planned, act, live);
    delete migration.repairBy;
    const compared = await verify.compare(planned, act, live);
    migration.verification = { ...compared, verifiedAt: new Date().toISOString() };
    migration.isVerificationStale = false;
    Object.assign(live, {
      isProven: compared.isEqual,
      provenLedgerEnd: compared.targetLedgerEnd,
    });
    if (!compared.isEqual) throw notEqual(compared);
  };
  await attempt(migration, 'verify', () => sealed(migration, compare));

  await begin(migration, 'cut-over', async () => {
    // Whatever changed the target since it was compared: it is never connected without the proof.
    if (!live.isProven) await compare();
    try {
      await cutOver.onboard(planned, act, { ...migration, live });
    } catch (error) {
      if (reportedFailure('cut-over', error)?.type !== 'EqualityStale') throw error;
      live.isProven = false;
      migration.isVerificationStale = true;
      await compare();
      await cutOver.onboard(planned, act, { ...migration, live });
    }
    await migrateLocalState.compare(plan, act);
    await cutOver.readSwitching(plan, act, live);
  });
  await switchGate(migration, act, planned);
  await attempt(migration, 'cut-over', () => cutOver.quiesce(planned, act, { ...migration, live }));
  // An abort that came with the answer still counts; from the next line on it is refused.
  if (CancellationScope.current().consideredCancelled)
    throw new CancelledFailure('aborted before the removal of the source');
  migration.isPastPointOfNoReturn = true;
}

/** Runs a step in the window. If somebody connected the target, it is restored before the next attempt: all is copied again. */
async function sealed<T>({ live, transfer }: Migration, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isExposed = reportedFailure('transfer-active-contracts', error)?.type === 'TargetExposed';
    if (isExposed) transferActiveContracts.forget(live!, transfer);
    throw error;
  }
}

/** The removal of the source and what follows: only forward. */
export async function serve(migration: Migration, act: Activities): Promise<void> {
  const planned = migration.hashed!;
  const { plan } = planned;
  const live = migration.live!;
  await phase(migration, 'cut-over', () => cutOver.apply(plan, act, live));
  await phase(migration, 'verify', async () => [
    ...(await verify.apply(planned, act, { ...migration, live })),
    ...(await migrateLocalState.complete(plan, act)),
  ]);
  await removeExports(migration, act, planned);
}

/** Ahead of the delegation, which shows on the synchronizer; what is begun with it, an abort takes back. */
async function join(migration: Migration, { plan }: HashedPlan, act: Activities): Promise<string[]> {
  const { alias } = plan.source.synchronizer;
  let isNew = false;
  await begin(migration, 'recreate-parties', async () => {
    ({ isNew } = await act.ensureJoined({ ...onboardingOf(plan), alias }));
  });
  return isNew ? [`${plan.target.name} joined ${alias}`] : [];
}

/** Waits for the approval, and keeps what the operator has to know before it current. */
async function switchGate(migration: Migration, act: Activities, planned: HashedPlan): Promise<void> {
  migration.gate = 'switch';
  enter(migration, 'cut-over', 'waiting-for-approval');
  const isDecided = () => isApproved(migration, 'switch');
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    if (await condition(isDecided, pauseMs)) break;
    try {
      await migrateDars.bringLate(planned.plan, act, migration.transfer);
      await cutOver.readSwitching(planned.plan, act, migration.live!);
      delete migration.lastFailure;
    } catch (error) {
      const failure = isCancellation(error) ? undefined : reportedFailure('cut-over', error);
      if (!failure) throw error;
      migration.lastFailure = failure;
    }
    publish(migration);
  }
  delete migration.gate;
}

async function removeExports({ live }: Migration, act: Activities, { hash }: HashedPlan): Promise<void> {
  for (const { offset } of live!.groups) await act.removeExport({ planHash: hash, offset });
}

/** One step of an abort. */
export type Undo = [Phase, () => Promise<string[]>];

/** What an abort takes back, in its order: the hosting first, so that the source alone serves again at once. */
export function undos(migration: Migration, planned: HashedPlan, act: Activities): Undo[] {
  const { plan } = planned;
  const isLeft = () => migration.live?.leftIsolated !== undefined;
  const unlessLeft = (undo: () => Promise<string[]>) => async () => (isLeft() ? [] : undo());
  return [
    ['transfer-active-contracts', () => takeBackHosting(migration, planned, act)],
    ['cut-over', () => Promise.resolve([])],
    [
      'migrate-local-state',
      () => (isLeft() ? migrateLocalState.resumePruning(plan, act) : migrateLocalState.undo(plan, act)),
    ],
    [
      'migrate-dars',
      unlessLeft(async () => {
        // With manual connect a restart leaves it disconnected, and its vetting could not be taken back.
        await act.ensureConnected(hostOf(plan));
        return migrateDars.undo(plan, act, migration.transfer);
      }),
    ],
    ['recreate-parties', unlessLeft(() => withdrawal.restore(planned, act))],
  ];
}

async function takeBackHosting(
  migration: Migration,
  planned: HashedPlan,
  act: Activities,
): Promise<string[]> {
  const live = migration.live!;
  const { plan } = planned;
  // The root key offline, the source cannot take the hosting back, and the target only once it is connected.
  const isSourceSigning = plan.live!.proposalSigner === 'source';
  const withdraw = (signer: 'source' | 'target') =>
    withdrawal.withdrawHosting(planned, act, live, signer);
  const changed = isSourceSigning ? await withdraw('source') : [];
  await withdrawal.findActivations(planned, act, live);
  if (live.groups.length > 0) {
    const reason = await heal(migration, planned, act);
    if (reason !== '') {
      live.leftIsolated = reason;
      const { isDisconnected } = await act.leaveTarget({ target: refOf(plan.target) });
      await removeExports(migration, act, planned);
      const left = isDisconnected ? 'disconnected from every synchronizer' : 'does not answer';
      return [...changed, `${plan.target.name} ${left}`];
    }
    if (!isSourceSigning) changed.push(...(await withdraw('target')));
    changed.push(...(await withdrawal.clearTarget(planned, act)));
  }
  await withdrawal.connect(planned, act);
  await removeExports(migration, act, planned);
  return changed;
}

/**
 * Lets a target that was a host be connected again. Returns why it must not, if nothing heals it; whatever else stands in
 * the way is told and tried again.
 */
async function heal(migration: Migration, planned: HashedPlan, act: Activities): Promise<string> {
  const live = migration.live!;
  if (await withdrawal.isExposed(planned, act, live)) {
    return 'it was connected while it was a host without all contracts, and that it has processed what it has no contracts for cannot be ruled out';
  }
  try {
    await withdrawal.completeCopy(planned, act, live, migration.transfer);
  } catch (error) {
    const isStale = reportedFailure('transfer-active-contracts', error)?.type === 'EqualityStale';
    if (isStale) live.isProven = false;
    throw error;
  }
  return '';
}

/** What an abort leaves, and why. */
export function remains(migration: Migration, planned: HashedPlan): Explained[] {
  const { plan } = planned;
  const wasBegun = (name: Phase) => phaseOf(migration, name).state !== 'waiting';
  const { leftIsolated } = migration.live ?? {};
  const isLost = leftIsolated !== undefined;
  return [
    ...(wasBegun('delegate-namespace') ? delegateNamespace.remains(plan, { isTargetLost: isLost }) : []),
    ...(wasBegun('recreate-parties') ? recreateParties.remains(plan) : []),
    ...(wasBegun('migrate-dars') && !isLost ? migrateDars.remains(plan, migration.transfer) : []),
    ...(isLost ? withdrawal.remains(plan, leftIsolated, migration.transfer) : []),
  ];
}
