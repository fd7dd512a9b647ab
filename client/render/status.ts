import { count } from '../../model/count.js';
import { duration } from '../../model/duration.js';
import { describeAwaited } from '../../model/live.js';
import { partyLines } from '../../model/parties-status.js';
import { describeAlias, describeWatch } from '../../model/source-watch.js';
import { comparedWhen, type ReportedFailure, type WithdrawalReport } from '../../model/report.js';
import { shown } from '../../model/shown-text.js';
import { describeDropped, type MigrationStatus, type Tuning } from '../../model/steering.js';
import { stepLines } from '../../model/steps.js';
import { liveProgress, WATCH, type LiveProgress } from '../live-progress.js';
import type { MigrationSnapshot, PendingStep } from '../snapshot.js';
import { gateLines, hostingLines } from './gate.js';
import { renderLive } from './live.js';
import {
  differenceLines,
  elsewhereLines,
  kindsOf,
  NOTHING_CHANGED,
  TIME_HEADS,
  timeCells,
} from './report.js';
import { roughly, shortId, type Style } from './style.js';
import { table } from './table.js';

/** Contracts that differ, named in the status; the report and `--json` name more. */
const DIFFERENCES_SHOWN = 10;
/** A line is printed for each such part of the contracts. */
const PARTS = 20;

/** Where a migration stands. */
export function renderStatus(found: MigrationSnapshot, style: Style): string {
  const snapshot = shown(found);
  const { status } = snapshot;
  const head = headOf(snapshot, style);
  const steps = snapshot.pending.filter(({ step }) => !isShownOtherwise(step, status));
  const pending = [...liveLines(snapshot), ...steps.map(pendingLine)];
  if (!status) return [...head, withoutWorker(snapshot, style), ...pending].join('\n');
  // Everything else is known to the run that it waits for.
  if (status.state === 'delegated') return [...head, status.summary].join('\n');
  return [
    ...head,
    status.summary,
    ...stepLines(status),
    ...(status.parties ? partyLines(status.parties).map(shortId) : []),
    phaseTable(status, style),
    ...contractLines(snapshot),
    ...tuningLines(status),
    ...warmCopyLines(status),
    ...(status.awaited ? [style.notice(describeAwaited(status.awaited))] : []),
    ...renderLive(status, style),
    ...verificationLines(status, style),
    ...pending,
    ...gateLines(found.status!, style),
    ...(status.gate ? [] : hostingLines(status, style)),
    ...(status.gate ? [] : approvalLines(status)),
    ...watchLines(status, style),
    ...failureLines(status, style),
    ...(status.droppedSignals === undefined ? [] : [describeDropped(status.droppedSignals)]),
    ...(status.withdrawal ? [renderWithdrawal(status.withdrawal, style)] : []),
    ...(status.planHash === undefined ? [] : [`plan ${status.planHash}`]),
  ].join('\n');
}

/** The source watch and whose signatures are missing have lines of their own. */
function isShownOtherwise(step: string, status: MigrationStatus | undefined): boolean {
  if (step === 'awaitHostingSignatures') return (status?.awaited ?? status?.live?.awaited) !== undefined;
  return step === WATCH && status?.watch !== undefined;
}

/** What the operator does next: the last line of every output about a migration. */
export function nextOf(snapshot: MigrationSnapshot): string {
  const { execution, status, pending } = shown(snapshot);
  const retried = pending.find(({ attempt }) => attempt > 1);
  if (status?.state === 'running' && retried) {
    return `wait, it is being retried; check that the participants answer${status.isPastPointOfNoReturn ? '' : ', or canton-migrate abort'}`;
  }
  if (status) return status.next;
  return execution === 'running'
    ? 'start a worker: canton-migrate worker --config <file>'
    : 'start a worker to read more about it: canton-migrate worker --config <file>';
}

/** One line for what is going on now, as it is printed when there is no terminal. */
export function progressLine(found: MigrationSnapshot): string {
  const snapshot = shown(found);
  const [where, retry] = wordsOf(snapshot);
  const live = liveProgress(snapshot);
  return `${where}${live ? `, ${liveText(live)}` : ''}${retry}`;
}

/** Equal for two snapshots that one line is enough for: each twentieth of the contracts has a line. */
export function progressKey(snapshot: MigrationSnapshot): string {
  const { what, done = 0, total = 1, isHeld } = liveProgress(snapshot) ?? {};
  const part = Math.floor((done / Math.max(1, total)) * PARTS);
  return JSON.stringify([...wordsOf(snapshot), what, part, isHeld]);
}

/** What is going on, without how far it is, and the step that is tried again. */
function wordsOf({ status, pending, execution }: MigrationSnapshot): [string, string] {
  if (!status) {
    const words = execution === 'running' ? 'no worker answers; the migration waits for one' : execution;
    return [words, ''];
  }
  // A worker that takes the watch over from another one is no news.
  const retried = pending.find(({ attempt, step }) => attempt > 1 && step !== WATCH);
  const where = status.summary.includes(status.stage) ? '' : `${status.stage}: `;
  return [`${where}${shortId(status.summary)}`, retried ? `; ${pendingLine(retried)}` : ''];
}

/** How far a copy or a comparison is. */
function liveText(live: LiveProgress): string {
  return `${live.what} ${count(live.done)} of ${count(live.total)} contracts${paceOf(live)}`;
}

/** How fast it goes and how long it still takes, if that is known; begins with a comma. */
export function paceOf({ isHeld, perSecond, etaSeconds }: LiveProgress): string {
  if (isHeld) return ', paused';
  if (perSecond === 0) return '';
  const left = etaSeconds === undefined ? '' : `, ${roughly(etaSeconds)} left`;
  return `, ${count(perSecond)}/s${left}`;
}

/** How fast a transfer may go. */
export function renderTuning({ targetSeconds, contractsPerSecond }: Tuning): string {
  const limit =
    contractsPerSecond === undefined
      ? 'no limit on contracts per second'
      : `at most ${count(contractsPerSecond)} contracts/s`;
  return `pace: import calls of about ${count(targetSeconds)} s, ${limit}`;
}

/** What an abort took back, what it left and why, and what was read of both nodes then. */
export function renderWithdrawal(report: WithdrawalReport, style: Style): string {
  // `checked` is absent in a report of a former version.
  const { withdrawn, stays, checked = [], firstFailure }: Partial<WithdrawalReport> = shown(report);
  const rows = [
    ...(withdrawn ?? []).map((what) => ['withdrawn', shortId(what), '']),
    ...(stays ?? []).map(({ what, why }) => ['stays', shortId(what), why]),
    ...checked.map((what) => ['checked', shortId(what), '']),
  ];
  return [
    ...(firstFailure ? failureOf(firstFailure, style, 'aborted after ') : []),
    rows.length === 0
      ? 'nothing was withdrawn, nothing had been changed'
      : table(style, ['', 'what', 'why'], rows),
  ].join('\n');
}

/** What it is, both nodes by the names that the operator knows, how it stands and who made it so. */
function headOf(snapshot: MigrationSnapshot, style: Style): string[] {
  const { id, startedAt, status } = snapshot;
  const { sourceName, targetName, startedBy } = status ?? {};
  const by = startedBy === undefined ? '' : ` by ${startedBy}`;
  return [
    ...(sourceName === undefined || targetName === undefined
      ? [style.bold(id)]
      : [style.bold(`${sourceName} to ${targetName}`), id]),
    `${stateOf(snapshot)}, started ${startedAt}${by}`,
  ];
}

/** Who approved what so far; at an open gate that is said there. */
function approvalLines({ approvals }: MigrationStatus): string[] {
  return approvals.map(
    ({ gate, approver, approvedAt }) => `${gate} approved by ${approver} at ${approvedAt}`,
  );
}

function stateOf({ execution, status }: MigrationSnapshot): string {
  if (execution !== 'running' && status?.state !== 'migrated' && status?.state !== 'aborted')
    return execution;
  const by = status?.pausedBy === undefined ? '' : ` by ${status.pausedBy}`;
  if (status?.gate && by !== '') return `paused${by}, at gate ${status.gate.name}`;
  return `${(status?.state ?? execution).replaceAll('-', ' ')}${by}`;
}

function withoutWorker({ execution }: MigrationSnapshot, style: Style): string {
  const effect =
    execution === 'running' ? 'the migration waits for one' : 'only Temporal itself can be asked';
  return style.notice(`no worker answers: ${effect}`);
}

const MARKS = { waiting: ' ', running: '>', done: '+', withdrawn: '-' };

function phaseTable({ phases, gate }: MigrationStatus, style: Style): string {
  const isWaiting = (state: string) => gate !== undefined && state === 'running';
  const rows = phases.map((its) => [
    `${MARKS[its.state]} ${its.phase}`,
    its.state === 'done' ? style.good(its.state) : isWaiting(its.state) ? 'waits' : its.state,
    ...(its.state === 'done' ? timeCells(its) : ['', '']),
    its.changed.map(shortId).join('\n') || (its.state === 'done' ? NOTHING_CHANGED : ''),
  ]);
  return table(style, ['phase', '', ...TIME_HEADS, 'changed'], rows);
}

/** What is imported, unless a line of its own says how far the import is. */
function contractLines(snapshot: MigrationSnapshot): string[] {
  const { contracts } = snapshot.status ?? {};
  if (!contracts || contracts.total === 0) return [];
  if (liveProgress(snapshot)?.what === 'importing') return [];
  return [`${count(contracts.done)} of ${count(contracts.total)} contracts imported${noted(contracts)}`];
}

/** Why a number is not that of the plan, if it is not. */
function noted({ sincePlan }: { sincePlan?: string }): string {
  return sincePlan === undefined ? '' : ` (${sincePlan})`;
}

function liveLines(snapshot: MigrationSnapshot): string[] {
  const live = liveProgress(snapshot);
  return live ? [liveText(live)] : [];
}

/** When nothing is imported any more, whatever was. */
const IMPORTED: readonly MigrationStatus['state'][] = ['aborting', 'aborted', 'watching', 'migrated'];

/** The pace, as long as there is something to import. */
function tuningLines({ tuning, contracts, state }: MigrationStatus): string[] {
  const isOver = contracts !== undefined && contracts.done >= contracts.total;
  if (!tuning || isOver || IMPORTED.includes(state)) return [];
  return [renderTuning(tuning)];
}

/** What a copy ahead of the freeze has caught up with, and what the freeze would take. */
function warmCopyLines({ warmCopy }: MigrationStatus): string[] {
  if (!warmCopy) return [];
  const { catchUps, freezeSeconds } = warmCopy;
  return [
    ...catchUps.map(
      ({ offset, created, archived, seconds }) =>
        `caught up to offset ${offset}: ${count(created)} contracts imported, ${count(archived)} purged, in ${duration(seconds * 1000)}`,
    ),
    ...(freezeSeconds === undefined
      ? []
      : [`if frozen now, the source would be out of service for about ${roughly(freezeSeconds)}`]),
  ];
}

/** The proof that the cut-over gate waits for, or what stands against it. */
function verificationLines({ verification }: MigrationStatus, style: Style): string[] {
  if (!verification) return [];
  const { state, isEqual, contractCount, differenceCount, verifiedAt } = verification;
  if (isEqual) {
    const equal = `${count(contractCount)} contracts equal on source and target ${comparedWhen(verification)}${noted(verification)}`;
    if (state === 'verified')
      return [style.good(`verified: ${equal}`), ...elsewhereLines(verification).map(style.notice)];
    return [style.notice(`stale: ${equal}, the target has changed since and will be compared again`)];
  }
  const differing = `${count(differenceCount)} contracts differ (${kindsOf(verification)}) at ${verifiedAt}`;
  return [
    style.bad(`not verified: ${differing}`),
    ...differenceLines(verification, DIFFERENCES_SHOWN),
    ...elsewhereLines(verification),
  ];
}

function pendingLine({ step, attempt, progress, lastFailure, nextAttemptAt }: PendingStep): string {
  const { waitingFor } = (progress ?? {}) as { waitingFor?: unknown };
  const name = step.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const waiting = typeof waitingFor !== 'string' ? '' : `, waiting for ${shortId(waitingFor)}`;
  const failure = lastFailure === undefined ? '' : `, last failure: ${lastFailure}`;
  const next = nextAttemptAt === undefined ? '' : `, again at ${nextAttemptAt}`;
  return `at ${name}${waiting}${attempt > 1 ? `, attempt ${attempt}` : ''}${failure}${next}`;
}

/** The last failure, and of an abort the one that led to it; the report of the withdrawal has that too. */
function failureLines(
  { lastFailure, firstFailure, withdrawal }: MigrationStatus,
  style: Style,
): string[] {
  return [
    ...(lastFailure ? failureOf(lastFailure, style) : []),
    ...(firstFailure && !withdrawal ? failureOf(firstFailure, style, 'aborted after ') : []),
  ];
}

function failureOf(
  { type, kind, stage, message, cure }: ReportedFailure,
  style: Style,
  before = '',
): string[] {
  return [style.bad(`${before}${type} (${kind}) in ${stage}: ${message}`), `  cure: ${cure}`];
}

/** How the parked source stands. */
function watchLines({ watch, closedBy }: MigrationStatus, style: Style): string[] {
  if (!watch) return [];
  const paint = {
    parked: style.good,
    removed: style.good,
    unreachable: style.good,
    unreadable: style.notice,
    alarm: style.bad,
  };
  const aliases = watch.aliases.map((its) => `  ${describeAlias(its)}`);
  const state = closedBy === undefined ? '' : `, when it was closed by ${closedBy}`;
  return [paint[watch.state](`source watch: ${describeWatch(watch)}${state}`), ...aliases];
}
