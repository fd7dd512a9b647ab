import {
  CancelledFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
  ApplicationFailure,
} from '@temporalio/workflow';

import type { Activities } from '../activities/index.js';
import { cardOf } from '../model/card.js';
import { listed, refused } from '../model/failure.js';
import { newMigration, phaseOf, statusOf, type Migration } from '../model/migration.js';
import { GATES, PREPARATION, type Gate, type Phase, type Stage } from '../model/phase.js';
import { migrationId, type HashedPlan } from '../model/plan.js';
import type { MigrationReport, Verification } from '../model/report.js';
import type { MigrationRequest } from '../model/request.js';
import { SEARCH_ATTRIBUTES } from '../model/steering.js';
import { runUnderSourceId } from './delegation.js';
import {
  abort,
  approve,
  pause,
  plan,
  refuseAbort,
  refuseApproval,
  refusePause,
  refuseResume,
  resume,
  status,
} from './messages.js';
import { reportedFailure } from './outcome.js';
import * as cutOver from './phases/cut-over.js';
import * as delegateNamespace from './phases/delegate-namespace.js';
import * as migrateDars from './phases/migrate-dars.js';
import * as recreateParties from './phases/recreate-parties.js';
import * as transferActiveContracts from './phases/transfer-active-contracts.js';
import * as verify from './phases/verify.js';
import { activitiesAfter, undoingActivities } from './proxies.js';

/** Refusals of the first reads that no resume can mend: the request has to be another one. */
const MALFORMED = ['RequestInvalid', 'UnknownParticipant', 'UnknownSynchronizer'];

/**
 * Moves a participant to another one with the same namespace: plan, six phases, three gates.
 *
 * Runs as `migrate-participant/<source uid>`; started under another id it waits for a child of that id, so that a
 * source never has two. Fails as `Aborted` after an abort and as `NotVerified` if the outcome is not proven.
 */
export async function migrateParticipant(request: MigrationRequest): Promise<MigrationReport> {
  const migration = newMigration(workflowInfo().workflowId);
  const untilNoReturn = new CancellationScope();
  attend(migration, untilNoReturn);
  const act = activitiesAfter(() => clearance(migration));
  try {
    const planned = await untilNoReturn.run(() => prepare(migration, act, request));
    if (migration.workflowId !== migrationId(planned.plan.source.uid)) {
      return await runUnderSourceId(migration, request, planned, () => publish(migration));
    }
    await untilNoReturn.run(() => migrateUpToCutOver(migration, act, planned));
  } catch (error) {
    if (!isCancellation(error) || migration.delegatedTo) throw error;
    await CancellationScope.nonCancellable(() => withdraw(migration));
    if (migration.abortedBy === undefined) throw error;
    const message = `aborted by ${migration.abortedBy}: the source serves as before`;
    throw ApplicationFailure.nonRetryable(message, 'Aborted', migration.withdrawal);
  }
  return CancellationScope.nonCancellable(() => serveFromTarget(migration, act));
}

/** Everything that can be taken back. Ends with the source parked and both nodes proven equal. */
async function migrateUpToCutOver(
  migration: Migration,
  act: Activities,
  planned: HashedPlan,
): Promise<void> {
  const { plan: agreed } = planned;
  const { transfer } = migration;

  await gate(migration, 'root-key');
  await phase(migration, 'delegate-namespace', () => delegateNamespace.apply(agreed, act));
  await phase(migration, 'recreate-parties', () => recreateParties.apply(agreed, act));
  await phase(migration, 'migrate-dars', () => migrateDars.apply(agreed, act));

  // The first phase that interrupts service.
  await gate(migration, 'interrupt-service');
  await phase(migration, 'transfer-active-contracts', () =>
    transferActiveContracts.apply(planned, act, transfer),
  );
  await attempt(migration, 'verify', async () => {
    migration.verification = await verify.compare(planned, act, transfer.pinnedOffset!);
    if (!migration.verification.isEqual) throw verify.notEqual(migration.verification);
  });

  await gate(migration, 'cut-over');
  await attempt(migration, 'cut-over', () => cutOver.parkSource(agreed, act, transfer.pinnedOffset!));
  // An abort that came with the answer still counts; from the next line on it is refused.
  if (CancellationScope.current().consideredCancelled)
    throw new CancelledFailure('aborted before the cut-over');
  migration.isPastPointOfNoReturn = true;
}

/** The point of no return and what follows: only forward. */
async function serveFromTarget(migration: Migration, act: Activities): Promise<MigrationReport> {
  const planned = migration.hashed!;
  const verification = migration.verification!;
  await phase(migration, 'cut-over', () => cutOver.apply(planned.plan, act));
  await phase(migration, 'verify', () => verify.apply(planned, act, verification));
  await act.removeExport({ planHash: planned.hash, pinnedOffset: migration.transfer.pinnedOffset! });
  migration.state = 'migrated';
  publish(migration);
  await condition(allHandlersFinished);
  return reportOf(migration, planned, verification);
}

/** Makes the plan; while there is an obstacle, an operator removes it and resumes. */
async function prepare(
  migration: Migration,
  act: Activities,
  request: MigrationRequest,
): Promise<HashedPlan> {
  const hashed = await attempt(migration, PREPARATION, async () => {
    const made = await act.readPlan(request);
    const { obstacles } = made.plan;
    if (obstacles.length === 0) return made;
    throw refused(
      'PlanObstructed',
      listed(
        obstacles.map(({ what, cure }) => `${what} (${cure})`),
        20,
      ),
    );
  });
  migration.hashed = hashed;
  const { source, target, direction } = hashed.plan;
  upsertSearchAttributes({
    [SEARCH_ATTRIBUTES.source]: [source.uid],
    [SEARCH_ATTRIBUTES.target]: [target.uid],
    [SEARCH_ATTRIBUTES.direction]: [direction],
  });
  return hashed;
}

/** Waits until an operator approves what comes next, with the hash of the plan. */
async function gate(migration: Migration, name: Gate): Promise<void> {
  migration.gate = name;
  enter(migration, GATES[name].before, 'waiting-for-approval');
  await condition(() => migration.approvals.some((approval) => approval.gate === name));
  delete migration.gate;
}

/** Runs a phase and reports what it changed and how long it took, waiting for operators included. */
async function phase(migration: Migration, name: Phase, apply: () => Promise<string[]>): Promise<void> {
  const its = phaseOf(migration, name);
  const startedAt = Date.now();
  its.state = 'running';
  its.changed = await attempt(migration, name, apply);
  its.state = 'done';
  its.durationMs = Date.now() - startedAt;
  publish(migration);
}

/** Runs `work` until it succeeds; each time it stops, an operator mends the cause and resumes, or aborts. */
async function attempt<T>(migration: Migration, stage: Stage, work: () => Promise<T>): Promise<T> {
  for (;;) {
    enter(migration, stage, migration.state === 'aborting' ? 'aborting' : 'running');
    try {
      return await work();
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = reportedFailure(stage, error);
      // Not a failure of ours but a bug: it blocks the workflow task, so that a mended worker can go on.
      if (!failure) throw error;
      if (MALFORMED.includes(failure.type))
        throw ApplicationFailure.nonRetryable(failure.message, failure.type, failure);
      migration.lastFailure = failure;
      await stopped(migration, stage);
    }
  }
}

async function stopped(migration: Migration, stage: Stage): Promise<void> {
  const before = migration.state;
  enter(migration, stage, 'stopped');
  const isCancelled = () => migration.isPastPointOfNoReturn && migration.isCancelRequested;
  await condition(() => migration.state !== 'stopped' || isCancelled());
  if (isCancelled()) {
    const { message } = migration.lastFailure!;
    throw ApplicationFailure.nonRetryable(
      `ended by a cancellation, not verified: ${message}`,
      'NotVerified',
      migration.verification,
    );
  }
  migration.state = before;
}

/** Before every activity: holds a paused migration, and keeps the card of the UI current. */
async function clearance(migration: Migration): Promise<void> {
  trackImport(migration);
  publish(migration);
  if (!migration.isPaused) return;
  const { stage, state } = migration;
  enter(migration, stage, 'paused');
  await condition(() => !migration.isPaused);
  enter(migration, stage, state);
}

/** Takes back, in reverse order, what was begun. Never given up; a failing undo waits for an operator too. */
async function withdraw(migration: Migration): Promise<void> {
  migration.isPaused = false;
  migration.state = 'aborting';
  delete migration.gate;
  const planned = migration.hashed;
  const act = undoingActivities();
  const withdrawn: string[] = [];
  const takeBack = async (name: Phase, undo: (agreed: HashedPlan) => Promise<string[]>) => {
    const its = phaseOf(migration, name);
    if (!planned || its.state === 'waiting') return;
    withdrawn.push(...(await attempt(migration, name, () => undo(planned))));
    its.state = 'withdrawn';
  };
  await takeBack('transfer-active-contracts', (agreed) =>
    transferActiveContracts.undo(agreed, act, migration.transfer),
  );
  await takeBack('migrate-dars', ({ plan: agreed }) => migrateDars.undo(agreed, act));
  await takeBack('recreate-parties', ({ plan: agreed }) => recreateParties.undo(agreed, act));
  const isDelegated = phaseOf(migration, 'delegate-namespace').state !== 'waiting';
  migration.withdrawal = {
    withdrawn,
    stays: planned && isDelegated ? [delegateNamespace.remains(planned.plan)] : [],
  };
  migration.state = 'aborted';
  publish(migration);
  await condition(allHandlersFinished);
}

/** Answers operators. Handlers record a decision, the story above acts on it. */
function attend(migration: Migration, untilNoReturn: CancellationScope): void {
  CancellationScope.current().cancelRequested.catch(() => (migration.isCancelRequested = true));
  setHandler(status, () => statusOf(migration), {
    description: 'where the migration stands and what to do next',
  });
  setHandler(plan, () => migration.hashed, { description: 'the plan and its hash' });
  setHandler(
    approve,
    ({ gate: name, approver }) => {
      migration.approvals.push({ gate: name, approver, approvedAt: new Date().toISOString() });
      return statusOf(migration);
    },
    {
      validator: (input) => refuseApproval(migration, input),
      description: 'approve a gate: {gate, planHash, approver}',
    },
  );
  setHandler(
    pause,
    () => {
      migration.isPaused = true;
      return statusOf(migration);
    },
    {
      validator: (input) => refusePause(migration, input),
      description: 'hold before the next step: {by}',
    },
  );
  setHandler(
    resume,
    () => {
      migration.isPaused = false;
      if (migration.state === 'stopped') migration.state = 'running';
      return statusOf(migration);
    },
    {
      validator: (input) => refuseResume(migration, input),
      description: 'go on after a pause or a stop: {by}',
    },
  );
  setHandler(
    abort,
    ({ by }) => {
      migration.abortedBy = by;
      untilNoReturn.cancel();
      return statusOf(migration);
    },
    {
      validator: (input) => refuseAbort(migration, input),
      description: 'take everything back, before the cut-over: {by}',
    },
  );
}

function enter(migration: Migration, stage: Stage, state: Migration['state']): void {
  if (migration.stage !== stage) upsertSearchAttributes({ [SEARCH_ATTRIBUTES.phase]: [stage] });
  migration.stage = stage;
  migration.state = state;
  publish(migration);
}

function publish(migration: Migration): void {
  setCurrentDetails(cardOf(statusOf(migration)));
}

/** The rate over the shards finished so far. */
function trackImport(migration: Migration): void {
  const { transfer } = migration;
  if (!transfer.exported) return;
  migration.importStartedAt ??= Date.now();
  const seconds = (Date.now() - migration.importStartedAt) / 1000;
  if (seconds > 0 && transfer.importedShards < transfer.exported.shardCount) {
    migration.contractsPerSecond = transfer.importedContracts / seconds;
  }
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
    phases: migration.phases.map(({ phase: name, changed, durationMs }) => ({
      phase: name,
      changed,
      durationMs,
    })),
    approvals: migration.approvals,
    verification,
  };
}
