import {
  CancelledFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';

import type { NodeUids } from '../activities/claims.js';
import type { Activities } from '../activities/index.js';
import { listed, refused } from '../model/failure.js';
import { leftToDo } from '../model/left-to-do.js';
import { newMigration, phaseOf, type Migration } from '../model/migration.js';
import { PREPARATION, WITHDRAWAL, type Phase } from '../model/phase.js';
import { isLive, migrationId, type HashedPlan, type MigrationPlan } from '../model/plan.js';
import type { Explained, MigrationReport, Verification } from '../model/report.js';
import type { MigrationRequest } from '../model/request.js';
import { SEARCH_ATTRIBUTES } from '../model/steering.js';
import { recordedSignatures, signatureRequests } from './ceremony.js';
import { assertClaimed, claim } from './claims.js';
import { runUnderSourceId } from './delegation.js';
import { attendFence, migrationFrom, standFence, type Carried } from './fence.js';
import * as liveRoute from './live-route.js';
import { ending } from './outcome.js';
import * as cutOver from './phases/cut-over.js';
import * as delegateNamespace from './phases/delegate-namespace.js';
import * as migrateDars from './phases/migrate-dars.js';
import * as migrateLocalState from './phases/migrate-local-state.js';
import * as recreateParties from './phases/recreate-parties.js';
import * as transferActiveContracts from './phases/transfer-active-contracts.js';
import * as verify from './phases/verify.js';
import * as withdrawal from './phases/withdrawal.js';
import { activitiesAfter, undoingActivities } from './proxies.js';
import { attempt, attend, begin, clearance, gate, phase, publish } from './steering.js';

/** Doubled after each failure of an undo. */
const FIRST_UNDO_PAUSE_MS = 10_000;

/**
 * Moves a participant to another one with the same namespace: plan, seven phases, three gates.
 *
 * By one of two routes: over another synchronizer, which this file tells, or live on the one that both are on, which
 * `live-route.ts` tells.
 *
 * Runs as `migrate-participant/<source uid>`; started under another id it waits for a child of that id, so that a
 * source never has two. `fenced` is what a run whose history got too long leaves to the next one. Fails as
 * `Aborted` after an abort and as `NotVerified` if the outcome is not proven.
 */
export async function migrateParticipant(
  request: MigrationRequest,
  ...fenced: Carried | []
): Promise<MigrationReport> {
  const isFenced = fenced.length === 3;
  const migration = isFenced ? migrationFrom(fenced) : newMigration(workflowInfo().workflowId);
  const untilNoReturn = new CancellationScope();
  attend(migration, untilNoReturn);
  attendFence(migration);
  if (isFenced) return CancellationScope.nonCancellable(() => fence(migration));
  upsertSearchAttributes({ [SEARCH_ATTRIBUTES.phase]: [PREPARATION] });
  const act = activitiesAfter(() => clearance(migration));
  try {
    const nodes = await untilNoReturn.run(() =>
      attempt(migration, PREPARATION, () => act.readRequestedNodes(request)),
    );
    if (migration.workflowId !== migrationId(nodes.sourceUid)) {
      return await runUnderSourceId(migration, request, nodes.sourceUid, () => publish(migration));
    }
    const planned = await untilNoReturn.run(async () => {
      const target = { name: request.target, uid: nodes.targetUid };
      await attempt(migration, PREPARATION, () => claim(target, 'target', act));
      return prepare(migration, act, request, nodes);
    });
    await untilNoReturn.run(() => migrateUpToNoReturn(migration, act, planned));
  } catch (error) {
    if (!isCancellation(error) || migration.delegatedTo) throw error;
    await CancellationScope.nonCancellable(() => withdraw(migration));
    if (migration.abortedBy === undefined) throw error;
    const isUntouched = migration.phases.every(({ state }) => state === 'waiting');
    const effect = isUntouched ? 'nothing had been changed' : 'the source serves as before';
    throw ending('Aborted', `aborted by ${migration.abortedBy}: ${effect}`, migration.withdrawal);
  }
  return CancellationScope.nonCancellable(() => serveFromTarget(migration, act));
}

/** Everything that can be taken back, by the route of the plan. */
async function migrateUpToNoReturn(
  migration: Migration,
  act: Activities,
  planned: HashedPlan,
): Promise<void> {
  migration.signatures = await attempt(migration, PREPARATION, () =>
    signatureRequests(migration.workflowId, planned, act),
  );
  await gate(migration, 'root-key');
  await (isLive(planned.plan)
    ? liveRoute.migrateUpToRemoval(migration, act, planned)
    : migrateUpToCutOver(migration, act, planned));
}

/** To another synchronizer. Ends with the source parked and the target connected, both proven equal until then. */
async function migrateUpToCutOver(
  migration: Migration,
  act: Activities,
  planned: HashedPlan,
): Promise<void> {
  const { plan: agreed } = planned;
  const { transfer } = migration;

  await phase(migration, 'delegate-namespace', () =>
    delegateNamespace.apply(agreed, act, migration.signatures),
  );
  await phase(migration, 'recreate-parties', () => recreateParties.apply(agreed, act));
  await phase(migration, 'migrate-dars', () => migrateDars.apply(agreed, act));
  await phase(migration, 'migrate-local-state', () => migrateLocalState.apply(agreed, act));

  if (transferActiveContracts.isWarm(agreed)) {
    await gate(migration, 'warm-copy');
    await begin(migration, 'transfer-active-contracts', () =>
      transferActiveContracts.copyAhead(planned, act, transfer),
    );
  }
  // The first phase that interrupts service.
  await gate(migration, 'interrupt-service');
  await phase(migration, 'transfer-active-contracts', () =>
    transferActiveContracts.apply(planned, act, transfer),
  );
  const compare = async () => {
    await migrateLocalState.compare(agreed, act);
    if (migration.repairBy !== undefined) await verify.repair(planned, act, transfer);
    delete migration.repairBy;
    const compared = await verify.compare(planned, act, transfer);
    migration.verification = { ...compared, verifiedAt: new Date().toISOString() };
    migration.isVerificationStale = false;
    if (!compared.isEqual) throw verify.notEqual(migration.verification);
  };
  await attempt(migration, 'verify', compare);

  await gate(migration, 'cut-over');
  do {
    await attempt(migration, 'cut-over', async () => {
      await cutOver.parkSource(agreed, act, transfer.pinnedOffset!);
      // The gate may have been shut for hours: what was compared has to be what will serve.
      if (await verify.isProven(planned, act, migration.verification!)) return;
      migration.isVerificationStale = true;
      await compare();
    });
    // An abort that came with the answer still counts; from the next line on it is refused.
    if (CancellationScope.current().consideredCancelled)
      throw new CancelledFailure('aborted before the cut-over');
    migration.isPastPointOfNoReturn = true;
    // A node that changed since it was compared is not connected, and everything can be taken back again.
    migration.isPastPointOfNoReturn = await CancellationScope.nonCancellable(() =>
      connectProven(migration, act, agreed),
    );
  } while (!migration.isPastPointOfNoReturn);
}

/** Returns whether the target was connected: if a connect may have been sent, the next attempt has to know. */
async function connectProven(
  migration: Migration,
  act: Activities,
  agreed: MigrationPlan,
): Promise<boolean> {
  let isConnected = false;
  let isBegun = false;
  await attempt(migration, 'cut-over', async () => {
    const proof = verify.proofOf(migration.verification!);
    try {
      isConnected = await cutOver.connect(agreed, act, proof, isBegun);
    } catch (error) {
      isBegun = true;
      throw error;
    }
  });
  return isConnected;
}

/** The point of no return and what follows: only forward. */
async function serveFromTarget(migration: Migration, act: Activities): Promise<MigrationReport> {
  const planned = migration.hashed!;
  const verification = migration.verification!;
  if (isLive(planned.plan)) {
    await liveRoute.serve(migration, act);
    migration.report = reportOf(migration, planned, verification);
    return fence(migration);
  }
  await phase(migration, 'cut-over', () => cutOver.apply(planned.plan, act, migration.transfer));
  await phase(migration, 'verify', async () => [
    ...(await verify.apply(planned, act, { ...verification, late: migration.transfer.late })),
    ...(await migrateLocalState.complete(planned.plan, act)),
  ]);
  await act.removeExport({ planHash: planned.hash, offset: migration.transfer.copyOffset! });
  migration.report = reportOf(migration, planned, verification);
  return fence(migration);
}

/** The target serves, the source stays parked: until an operator closes the migration, that is looked at. */
async function fence(migration: Migration): Promise<MigrationReport> {
  await standFence(
    migration,
    activitiesAfter(() => Promise.resolve()),
  );
  return ended(migration);
}

async function ended(migration: Migration): Promise<MigrationReport> {
  migration.state = 'migrated';
  publish(migration);
  await condition(allHandlersFinished);
  return migration.report!;
}

/** Makes the plan; while there is an obstacle, an operator removes it and resumes. */
async function prepare(
  migration: Migration,
  act: Activities,
  request: MigrationRequest,
  claimed: NodeUids,
): Promise<HashedPlan> {
  const hashed = await attempt(migration, PREPARATION, async () => {
    const made = await act.readPlan(request);
    migration.hashed = made;
    const { obstacles } = made.plan;
    assertClaimed(made.plan, claimed);
    if (obstacles.length === 0) return made;
    throw refused(
      'PlanObstructed',
      listed(
        obstacles.map(({ what, cure }) => `${what} (${cure})`),
        20,
      ),
    );
  });
  const { source, target, direction } = hashed.plan;
  upsertSearchAttributes({
    [SEARCH_ATTRIBUTES.source]: [source.uid],
    [SEARCH_ATTRIBUTES.target]: [target.uid],
    [SEARCH_ATTRIBUTES.direction]: [direction],
  });
  return hashed;
}

/** Takes back, in reverse order, what was begun. Never given up; a failing undo waits for an operator too. */
async function withdraw(migration: Migration): Promise<void> {
  migration.isPaused = false;
  migration.isWithdrawing = true;
  migration.state = 'aborting';
  delete migration.gate;
  if (migration.lastFailure) migration.firstFailure = migration.lastFailure;
  delete migration.lastFailure;
  const planned = migration.hashed;
  const act = undoingActivities();
  const withdrawn: string[] = [];
  const takeBack = async (name: Phase, undo: () => Promise<string[]>) => {
    const its = phaseOf(migration, name);
    if (its.state === 'waiting') return;
    migration.undoPauseMs = FIRST_UNDO_PAUSE_MS;
    withdrawn.push(...(await attempt(migration, name, undo)));
    its.state = 'withdrawn';
  };
  const undos = planned ? undosOf(migration, planned, act) : [];
  for (const [name, undo] of undos) await takeBack(name, undo);
  const isDelegated = phaseOf(migration, 'delegate-namespace').state !== 'waiting';
  migration.undoPauseMs = FIRST_UNDO_PAUSE_MS;
  const checked =
    planned && isDelegated
      ? await attempt(migration, WITHDRAWAL, () =>
          migration.live?.leftIsolated === undefined
            ? withdrawal.check(planned, act, migration.transfer)
            : withdrawal.checkSource(planned, act),
        )
      : [];
  const { firstFailure } = migration;
  migration.withdrawal = {
    withdrawn,
    stays: planned ? remains(migration, planned) : [],
    checked,
    ...(firstFailure && { firstFailure }),
  };
  migration.state = 'aborted';
  publish(migration);
  await condition(allHandlersFinished);
}

/** What an abort takes back, in its order. */
function undosOf(migration: Migration, planned: HashedPlan, act: Activities): liveRoute.Undo[] {
  const { plan } = planned;
  if (isLive(plan)) return liveRoute.undos(migration, planned, act);
  return [
    ['transfer-active-contracts', () => transferActiveContracts.undo(planned, act, migration.transfer)],
    ['migrate-local-state', () => migrateLocalState.undo(plan, act)],
    ['migrate-dars', () => migrateDars.undo(plan, act, migration.transfer)],
    ['recreate-parties', () => recreateParties.undo(plan, act, migration.transfer)],
  ];
}

/** What an abort leaves, and why. */
function remains(migration: Migration, planned: HashedPlan): Explained[] {
  const { plan } = planned;
  if (isLive(plan)) return liveRoute.remains(migration, planned);
  const wasBegun = (name: Phase) => phaseOf(migration, name).state !== 'waiting';
  return [
    ...(wasBegun('delegate-namespace') ? delegateNamespace.remains(plan) : []),
    ...(wasBegun('recreate-parties') ? recreateParties.remains(plan, migration.transfer) : []),
    ...(wasBegun('migrate-dars') ? migrateDars.remains(plan, migration.transfer) : []),
    ...(wasBegun('transfer-active-contracts')
      ? transferActiveContracts.remains(planned, migration.transfer)
      : []),
  ];
}

function reportOf(
  migration: Migration,
  { plan: agreed, hash }: HashedPlan,
  verification: Verification,
): MigrationReport {
  return {
    outcome: 'migrated',
    sourceUid: agreed.source.uid,
    targetUid: agreed.target.uid,
    planHash: hash,
    phases: migration.phases.map(({ phase: name, changed, workedMs, waitedMs }) => ({
      phase: name,
      changed,
      workedMs,
      waitedMs,
    })),
    approvals: migration.approvals,
    signatures: recordedSignatures(migration),
    verification,
    leftToDo: leftToDo(agreed),
  };
}
