import {
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';

import { cardOf } from '../model/card.js';
import { isCopied } from '../model/live.js';
import { isApproved, keepTime, statusOf, type Migration } from '../model/migration.js';
import { GATES, type Gate, type Stage } from '../model/phase.js';
import type { ReportedFailure } from '../model/report.js';
import { SEARCH_ATTRIBUTES, type ApproveInput } from '../model/steering.js';
import { approvalOf, refuseUnsigned } from './approvals.js';
import { attendCeremony } from './ceremony.js';
import {
  abort,
  approve,
  pause,
  plan,
  refuseAbort,
  refuseApproval,
  refusePause,
  refuseRepair,
  refuseResume,
  refuseRetune,
  repair,
  resume,
  retune,
  status,
  transferProgress,
  transferTuning,
} from './messages.js';
import { readProgress } from './edge.js';
import { ending, reportedFailure } from './outcome.js';

/** Refusals of the first reads that no resume can mend: the request has to be another one. */
const MALFORMED = [
  'RequestInvalid',
  'UnknownParticipant',
  'UnknownSynchronizer',
  'TooManyParties',
  'MigrationNotAllowed',
];

/** Between two readings at an open gate; doubled each time up to the longest, so that history stays small. */
const FIRST_LOOK_MS = 10_000;
const LONGEST_LOOK_MS = 15 * 60_000;

/** An undo is never given up: a try costs some ten events of the history, and 50,000 end a workflow. */
const LONGEST_UNDO_PAUSE_MS = 60 * 60_000;

/** Answers operators. Handlers record a decision, the story above acts on it. */
export function attend(migration: Migration, untilNoReturn: CancellationScope): void {
  CancellationScope.current().cancelRequested.catch(() => (migration.isCancelRequested = true));
  setHandler(status, () => statusOf(migration), {
    description: 'where the migration stands and what to do next',
  });
  attendTransfer(migration);
  attendCeremony(migration);
  setHandler(plan, () => migration.hashed, { description: 'the plan and its hash' });
  setHandler(
    approve,
    (input) => {
      migration.approvals.push(approvalOf(migration, input));
      return statusOf(migration);
    },
    {
      validator: (input: ApproveInput) => {
        refuseApproval(migration, input);
        refuseUnsigned(migration, input);
      },
      description:
        'approve a gate: {gate, planHash, approver}; target-backup also {evidence} or {waiver}, and where approvers are configured {signedAt, signature}',
    },
  );
  setHandler(
    pause,
    () => {
      migration.isPaused = true;
      publish(migration);
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
      if (migration.state === 'stopped' || migration.state === 'paused')
        enter(migration, migration.stage, 'running');
      return statusOf(migration);
    },
    {
      validator: (input) => refuseResume(migration, input),
      description: 'go on after a pause or a stop: {by}',
    },
  );
  setHandler(
    retune,
    ({ targetSeconds = migration.tuning.targetSeconds, contractsPerSecond: limit }) => {
      const contractsPerSecond = limit === undefined ? migration.tuning.contractsPerSecond : limit;
      migration.tuning = {
        targetSeconds,
        ...(typeof contractsPerSecond === 'number' && { contractsPerSecond }),
      };
      publish(migration);
      return statusOf(migration);
    },
    {
      validator: (input) => refuseRetune(migration, input),
      description: 'change the pace of the transfer: {targetSeconds, contractsPerSecond, by}',
    },
  );
  setHandler(
    repair,
    ({ by }) => {
      migration.repairBy = by;
      enter(migration, migration.stage, 'running');
      return statusOf(migration);
    },
    {
      validator: (input) => refuseRepair(migration, input),
      description: 'send missing contracts again and purge extra ones, after a comparison: {by}',
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

/** A signal that says nothing is not answered, and changes nothing but the count of these. */
function drop(migration: Migration): void {
  migration.droppedSignals = (migration.droppedSignals ?? 0) + 1;
}

/**
 * What the running transfer asks and tells.
 *
 * Signals of other names wait in the SDK for a handler that never comes; Temporal bounds their number. A default handler
 * would be worse: with one, the SDK throws at a name that begins with `__temporal_`, and the workflow task fails for ever.
 */
function attendTransfer(migration: Migration): void {
  setHandler(transferTuning, () => ({ ...migration.tuning, isPaused: migration.isPaused }), {
    description: 'for the running transfer: how fast to go',
  });
  setHandler(
    transferProgress,
    (told) => {
      const progress = readProgress(migration, told);
      if (!progress) {
        drop(migration);
        return;
      }
      const { checkpoint, offset, contractsPerSecond, isHeld } = progress;
      const { transfer, live } = migration;
      // Of several copies, only of the one that is under way; of a superseded one a signal may come late.
      if (offset !== transfer.copyOffset || transfer.exported || (live && isCopied(live))) return;
      if (checkpoint.contractCount < (transfer.checkpoint?.contractCount ?? 0)) return;
      transfer.checkpoint = checkpoint;
      migration.contractsPerSecond = contractsPerSecond;
      if (isHeld && migration.isPaused && migration.state === 'running')
        enter(migration, migration.stage, 'paused');
      publish(migration);
    },
    { description: 'of the running transfer: how far it is' },
  );
}

export function enter(migration: Migration, stage: Stage, state: Migration['state']): void {
  if (migration.stage !== stage) upsertSearchAttributes({ [SEARCH_ATTRIBUTES.phase]: [stage] });
  migration.stage = stage;
  migration.state = state;
  keepTime(migration, Date.now());
  publish(migration);
}

export function publish(migration: Migration): void {
  setCurrentDetails(cardOf(statusOf(migration)));
}

/**
 * Waits until an operator approves what comes next, with the hash of the plan. `look` keeps current meanwhile what the
 * operator has to know; its failures are told, and a decision does not wait for it.
 */
export async function gate(migration: Migration, name: Gate, look: () => Promise<void>): Promise<void> {
  const { before } = GATES[name];
  migration.gate = name;
  delete migration.differences;
  enter(migration, before, 'waiting-for-approval');
  const isDecided = () => isApproved(migration, name);
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)) {
    await until(isDecided, () => told(migration, before, look));
    if (await condition(isDecided, pauseMs)) break;
  }
  delete migration.gate;
}

/** Runs `work`, and ends it early once something is so. */
async function until(isSo: () => boolean, work: () => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  let isOver = false;
  const over = condition(() => isOver || isSo()).then(
    () => scope.cancel(),
    () => undefined,
  );
  try {
    await scope.run(work);
  } catch (error) {
    if (!isCancellation(error) || !isSo()) throw error;
  } finally {
    isOver = true;
    await over;
  }
}

async function told(migration: Migration, stage: Stage, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    delete migration.lastFailure;
  } catch (error) {
    const failure = isCancellation(error) ? undefined : reportedFailure(stage, error);
    if (!failure) throw error;
    migration.lastFailure = failure;
  }
  publish(migration);
}

/**
 * Runs `work` until it succeeds; each time it stops, an operator mends the cause and resumes, or aborts. A failure that
 * `isPassedOn` is thrown.
 */
export async function attempt<T>(
  migration: Migration,
  stage: Stage,
  work: () => Promise<T>,
  isPassedOn: (failure: ReportedFailure) => boolean = () => false,
): Promise<T> {
  for (;;) {
    enter(migration, stage, migration.state === 'aborting' ? 'aborting' : 'running');
    try {
      const result = await work();
      delete migration.lastFailure;
      return result;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = reportedFailure(stage, error);
      // Not a failure of ours but a bug: it blocks the workflow task, so that a fixed worker can go on.
      if (!failure) throw error;
      if (isPassedOn(failure)) throw error;
      if (MALFORMED.includes(failure.type)) throw ending(failure.type, failure.message, failure);
      migration.lastFailure = failure;
      await stopped(migration, stage);
    }
  }
}

async function stopped(migration: Migration, stage: Stage): Promise<void> {
  const before = migration.state;
  enter(migration, stage, 'stopped');
  const isCancelled = () => migration.isPastPointOfNoReturn && migration.isCancelRequested;
  const isDecided = () => migration.state !== 'stopped' || isCancelled();
  await (migration.undoPauseMs === undefined
    ? condition(isDecided)
    : pauseBeforeRetry(migration, isDecided));
  if (isCancelled()) {
    const { message } = migration.lastFailure!;
    throw ending(
      'NotVerified',
      `ended by a cancellation, not verified: ${message}`,
      migration.verification,
    );
  }
  migration.state = before;
}

/** A failed undo is tried again by itself, less and less often; a resume does it at once. */
async function pauseBeforeRetry(migration: Migration, isDecided: () => boolean): Promise<void> {
  const pauseMs = migration.undoPauseMs!;
  migration.retryAt = new Date(Date.now() + pauseMs).toISOString();
  publish(migration);
  await condition(isDecided, pauseMs);
  delete migration.retryAt;
  migration.undoPauseMs = Math.min(pauseMs * 2, LONGEST_UNDO_PAUSE_MS);
}

/** Before every activity: holds a paused migration, and keeps the card of the UI current. */
export async function clearance(migration: Migration): Promise<void> {
  publish(migration);
  if (!migration.isPaused) return;
  const { stage, state } = migration;
  enter(migration, stage, 'paused');
  await condition(() => !migration.isPaused);
  enter(migration, stage, state);
}
