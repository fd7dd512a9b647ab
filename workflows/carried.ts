import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';

import { carriedOf, migrationOf, type Carried } from '../model/carried.js';
import { refused } from '../model/failure.js';
import type { Migration } from '../model/migration.js';
import { PREPARATION } from '../model/phase.js';
import { migrationId } from '../model/plan.js';
import { PLANNED_MEMO } from '../model/planned.js';
import type { MigrationState } from '../model/steering.js';
import type { migrateParticipant } from './migrate-participant.js';
import { activitiesAfter } from './proxies.js';
import { isOffset, malformedStart, quoted, recordOf } from './steering/edge.js';
import { endingWith } from './steering/outcome.js';

/**
 * Bytes of JSON that are carried over. Temporal terminates a run that hands over more than 2 MB in all its
 * arguments together; one with more state than this goes on with a long history instead.
 */
const MOST_CARRIED = 1_500_000;

/**
 * Whether a migration continues as new at the next place where it can: its history is long, as the server
 * says, by its events, its bytes or the updates that it was sent.
 */
export function isDue(migration: Migration): boolean {
  return workflowInfo().continueAsNewSuggested && fitsOneStart(migration);
}

function fitsOneStart(migration: Migration): boolean {
  const state = JSON.stringify([migration.request, ...carriedOf(migration)]);
  return new TextEncoder().encode(state).length <= MOST_CARRIED;
}

/**
 * Waits until something is so, at most for `limitMs`, and returns whether it is.
 *
 * While it waits, a migration with a long history continues as new, and the next run waits again. It may not
 * be called while anything that changes a node is under way.
 */
export async function waitOrContinueAsNew(
  migration: Migration,
  isSo: () => boolean,
  limitMs?: number,
): Promise<boolean> {
  const isOver = () => isSo() || isDue(migration);
  for (;;) {
    if (limitMs === undefined) await condition(isOver);
    else if (!(await condition(isOver, limitMs))) return false;
    if (isSo()) return true;
    await continueAsNewIfLong(migration, isSo);
  }
}

/**
 * Continues as new if the history of this one is long, once nobody waits for an answer of it. Returns if it
 * is not long, and as soon as something else is `isAsked` for.
 */
export async function continueAsNewIfLong(
  migration: Migration,
  isAsked: () => boolean = () => false,
): Promise<void> {
  if (!isDue(migration)) return;
  // What an operator asked for, or is being answered, must not be lost with this run.
  await condition(() => allHandlersFinished() || isAsked());
  if (isAsked()) return;
  // The memo does not carry over by itself, and without it the worker lets the next run change nothing.
  const { memo } = workflowInfo();
  const next = makeContinueAsNewFunc<typeof migrateParticipant>(memo && { memo });
  await next(migration.request!, ...carriedOf(migration));
}

/**
 * Returns what a run left to this one, if it can be that. Nothing may be done with it before {@link
 * proveContinuation}.
 *
 * Whoever may start a workflow can give it any arguments, and with these a migration would begin behind its
 * plan, its gates and its proof. A retry policy and a cron schedule begin runs with the arguments of the
 * first one, so that it is not enough that there was a run before. Fails with `StartForged`, or
 * `StartMalformed` if it is no such state.
 */
export function carriedOver(carried: readonly unknown[]): Omit<Migration, 'request'> {
  const { continuedFromExecutionRunId } = workflowInfo();
  if (continuedFromExecutionRunId === undefined || continuedFromExecutionRunId === '') {
    const found = `found ${carried.length} arguments behind the request, expected none`;
    const why = 'only a run that continues as new hands them over, and there was none before this one';
    throw endingWith(PREPARATION, refused('StartForged', `${found}: ${why}; nothing was changed`));
  }
  const problem = problemOf(carried, workflowInfo().workflowId, plannedHash());
  if (problem !== undefined) throw malformedStart(problem);
  return migrationOf(carried as Carried);
}

/**
 * Returns once Temporal has said that a run before this one left what this one was given. Fails with
 * `StartForged`.
 */
export async function proveContinuation({ stage }: Migration): Promise<void> {
  try {
    await activitiesAfter(() => Promise.resolve()).readContinuation();
  } catch (error) {
    throw endingWith(stage, error);
  }
}

type Expected = [name: string, value: unknown, isRight: boolean];

/** The plan by which the worker lets this run change something. */
function plannedHash(): unknown {
  return recordOf(workflowInfo().memo?.[PLANNED_MEMO])?.['planHash'];
}

/** What is wrong with a state that a run is given; `planHash` is that of the memo, of a run that was planned. */
export function problemOf(
  carried: readonly unknown[],
  workflowId: string,
  planHash: unknown,
): string | undefined {
  if (carried.length !== 3) return `found ${carried.length} arguments behind the request, expected 3`;
  const [rest, hashed, report] = carried.map(recordOf);
  const isWatched = rest?.['state'] === 'watching';
  const isPlanned = isWatched || (Array.isArray(rest?.['steps']) && rest['steps'].length > 0);
  const expected: Expected[] = [
    ['workflowId', rest?.['workflowId'], rest?.['workflowId'] === workflowId],
    ['state', rest?.['state'], STATES.includes(rest?.['state'])],
    ...LISTS.map((name): Expected => [name, rest?.[name], Array.isArray(rest?.[name])]),
    ...FACTS.map((name): Expected => [name, rest?.[name], typeof rest?.[name] === 'boolean']),
    ['transfer', rest?.['transfer'], recordOf(rest?.['transfer']) !== undefined],
    ['timeline', rest?.['timeline'], isTimeline(rest?.['timeline'])],
    ...(isPlanned || carried[1] != null ? expectedOfPlan(hashed, workflowId) : []),
    ...(isPlanned ? expectedOfSteps(rest, hashed, planHash) : expectedUnplanned(rest)),
    ...(isWatched ? expectedOfWatch(rest, hashed, report) : [nothing('report', carried[2])]),
  ];
  const wrong = expected.find(([, , isRight]) => !isRight);
  return wrong && `${wrong[0]}: found ${quoted(wrong[1])}, which no run of this migration leaves`;
}

type Fields = Readonly<Record<string, unknown>> | undefined;

function expectedOfPlan(hashed: Fields, workflowId: string): Expected[] {
  const plan = recordOf(hashed?.['plan']);
  const uid = recordOf(plan?.['source'])?.['uid'];
  return [
    ['plan.source.uid', uid, typeof uid === 'string' && migrationId(uid) === workflowId],
    ['plan.target', plan?.['target'], recordOf(plan?.['target']) !== undefined],
    ['plan.request', plan?.['request'], recordOf(plan?.['request']) !== undefined],
  ];
}

/** Before there are steps nothing was approved nor done. */
function expectedUnplanned(rest: Fields): Expected[] {
  const gone = ['gate', 'stepAt', 'live', 'watch', 'withdrawn'].map((name) =>
    nothing(name, rest?.[name]),
  );
  const isAhead = rest?.['isPastPointOfNoReturn'] === false;
  return [...gone, ['isPastPointOfNoReturn', rest?.['isPastPointOfNoReturn'], isAhead]];
}

/** What the worker lets it change is what its memo says, so it has to be the same plan. */
function expectedOfSteps(rest: Fields, hashed: Fields, planHash: unknown): Expected[] {
  const { steps, stepAt } = rest ?? {};
  const count = Array.isArray(steps) ? steps.length : 0;
  const isStep =
    typeof stepAt === 'number' && Number.isSafeInteger(stepAt) && stepAt >= 0 && stepAt < count;
  return [
    ['hash', hashed?.['hash'], isSame(hashed?.['hash'], planHash)],
    ['stepAt', stepAt, isStep],
  ];
}

function expectedOfWatch(rest: Fields, hashed: Fields, report: Fields): Expected[] {
  const watch = recordOf(rest?.['watch']);
  return [
    ['watch.expectedLedgerEnd', watch?.['expectedLedgerEnd'], isOffset(watch?.['expectedLedgerEnd'])],
    ['report.planHash', report?.['planHash'], isSame(report?.['planHash'], hashed?.['hash'])],
    ['report.verification', report?.['verification'], recordOf(report?.['verification']) !== undefined],
  ];
}

function isTimeline(value: unknown): boolean {
  const timeline = recordOf(value);
  return ['spans', 'samples', 'steps', 'events'].every((name) => Array.isArray(timeline?.[name]));
}

function nothing(name: string, value: unknown): Expected {
  return [name, value, value == null];
}

const STATES: readonly unknown[] = [
  'running',
  'waiting-for-approval',
  'paused',
  'stopped',
  'aborting',
  'watching',
] satisfies MigrationState[];
const LISTS = ['phases', 'steps', 'approvals', 'signatures'];
const FACTS = ['isPaused', 'isPastPointOfNoReturn', 'isCancelRequested', 'isWithdrawing'];

function isSame(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && one === other;
}
