import type { WithdrawalReport } from '../../model/report.js';
import type { MigrationStatus } from '../../model/steering.js';
import type { MigrationSnapshot, PendingStep } from '../snapshot.js';
import { count, duration, indent, shortId, table, type Style } from './style.js';

/** Where a migration stands. */
export function renderStatus(snapshot: MigrationSnapshot, style: Style): string {
  const { status } = snapshot;
  const head = [style.bold(snapshot.id), `${stateOf(snapshot)}, started ${snapshot.startedAt}`];
  if (!status)
    return [...head, withoutWorker(snapshot, style), ...pendingLines(snapshot.pending)].join('\n');
  return [
    ...head,
    status.summary,
    phaseTable(status, style),
    ...contractLines(status),
    ...warmCopyLines(status),
    ...verificationLines(status, style),
    ...pendingLines(snapshot.pending),
    ...gateLines(status, style),
    ...failureLines(status, style),
    ...(status.withdrawal ? [renderWithdrawal(status.withdrawal, style)] : []),
    ...(status.planHash === undefined ? [] : [`plan ${status.planHash}`]),
  ].join('\n');
}

/** What the operator does next: the last line of every output about a migration. */
export function nextOf({ execution, status, pending }: MigrationSnapshot): string {
  const retried = pending.find(({ attempt }) => attempt > 1);
  if (status?.state === 'running' && retried) {
    return `wait, it is tried again; check that the participants answer${status.isPastPointOfNoReturn ? '' : ', or canton-migrate abort'}`;
  }
  if (status) return status.next;
  return execution === 'running'
    ? 'start a worker: canton-migrate worker --config <file>'
    : 'start a worker to read more about it: canton-migrate worker --config <file>';
}

/** One line for what is going on now, as it is printed when it changes and there is no terminal. */
export function progressLine({ status, pending, execution }: MigrationSnapshot): string {
  if (!status)
    return execution === 'running' ? 'no worker answers; the migration waits for one' : execution;
  const retried = pending.find(({ attempt }) => attempt > 1);
  const { contracts } = status;
  const progress =
    isMoving(status) && contracts
      ? `, ${count(contracts.done)} of ${count(contracts.total)} contracts, ${count(contracts.perSecond)} a second`
      : '';
  const where = status.summary.includes(status.stage) ? '' : `${status.stage}: `;
  return `${where}${shortId(status.summary)}${progress}${retried ? `; ${pendingLine(retried)}` : ''}`;
}

/** What an abort took back and what it left. */
export function renderWithdrawal({ withdrawn, stays }: WithdrawalReport, style: Style): string {
  return [
    style.bold('Withdrawn'),
    ...(withdrawn.length === 0
      ? ['  nothing, nothing had been changed']
      : withdrawn.map((what) => `  ${what}`)),
    ...(stays.length === 0
      ? []
      : [style.bold('Stays'), ...stays.map(({ what, why }) => `  ${what}: ${why}`)]),
  ].join('\n');
}

/** Where the migration waits for an approval, and what the operator confirms with it. */
export function gateLines({ gate }: MigrationStatus, style: Style): string[] {
  if (!gate) return [];
  return [
    style.notice(`Gate ${gate.name} waits for an approval. Whoever approves confirms that`),
    indent(gate.statement),
  ];
}

function stateOf({ execution, status }: MigrationSnapshot): string {
  if (execution !== 'running' && status?.state !== 'migrated' && status?.state !== 'aborted')
    return execution;
  return (status?.state ?? execution).replaceAll('-', ' ');
}

function withoutWorker({ execution }: MigrationSnapshot, style: Style): string {
  const effect =
    execution === 'running' ? 'the migration waits for one' : 'only Temporal itself can be asked';
  return style.notice(`no worker answers: ${effect}`);
}

const MARKS = { waiting: ' ', running: '>', done: '+', withdrawn: '-' };

function phaseTable({ phases }: MigrationStatus, style: Style): string {
  const rows = phases.map(({ phase, state, changed, durationMs }) => [
    `${MARKS[state]} ${phase}`,
    state === 'done' ? style.good(state) : state,
    state === 'done' ? duration(durationMs) : '',
    changed.map(shortId).join('\n') || (state === 'done' ? 'nothing, it was there already' : ''),
  ]);
  return table(style, ['phase', '', 'took', 'changed'], rows);
}

/** Whether contracts are on their way just now. */
export function isMoving({ contracts, state }: MigrationStatus): boolean {
  return contracts !== undefined && state === 'running' && contracts.done < contracts.total;
}

function contractLines(status: MigrationStatus): string[] {
  const { contracts } = status;
  if (!contracts || contracts.total === 0) return [];
  const { done, total, perSecond, etaSeconds } = contracts;
  const left = isMoving(status)
    ? `, ${count(perSecond)} a second, ${duration(etaSeconds * 1000)} left`
    : '';
  return [`${count(done)} of ${count(total)} contracts imported${left}`];
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
    `frozen now, the source would be out of service for about ${duration(freezeSeconds * 1000)}`,
  ];
}

/** The proof that the cut-over gate waits for, or what stands against it. */
function verificationLines({ verification }: MigrationStatus, style: Style): string[] {
  if (!verification) return [];
  const { state, verifiedAt, totals } = verification;
  if (verification.isEqual) {
    const equal = `${count(verification.contractCount)} contracts equal on source and target at ${verifiedAt}`;
    if (state === 'verified') return [style.good(`verified: ${equal}`)];
    return [style.notice(`stale: ${equal}, the target changed since and is compared again`)];
  }
  const named = verification.differences.map(
    ({ kind, contractId, parties }) =>
      `  ${kind} on the target: ${contractId} (${parties.map(shortId).join(', ')})`,
  );
  const kinds = `${count(totals.missing)} missing, ${count(totals.extra)} extra, ${count(totals.different)} different`;
  const differing = `${count(verification.differenceCount)} contracts differ (${kinds}) at ${verifiedAt}`;
  return [style.bad(`not verified: ${differing}`), ...named];
}

function pendingLines(pending: PendingStep[]): string[] {
  return pending.map(pendingLine);
}

function pendingLine({ step, attempt, progress, lastFailure, nextAttemptAt }: PendingStep): string {
  const { compared, of, etaSeconds } = (progress ?? {}) as Compared;
  const far =
    compared === undefined
      ? ''
      : `, ${count(compared)} of ${count(of ?? compared)} contracts, ${duration((etaSeconds ?? 0) * 1000)} left`;
  const name = step.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const failure = lastFailure === undefined ? '' : `, last failure: ${lastFailure}`;
  const next = nextAttemptAt === undefined ? '' : `, again at ${nextAttemptAt}`;
  return `at ${name}${far}${attempt > 1 ? `, attempt ${attempt}` : ''}${failure}${next}`;
}

/** What the comparison says of its progress. */
interface Compared {
  compared?: number;
  of?: number;
  etaSeconds?: number;
}

function failureLines({ lastFailure }: MigrationStatus, style: Style): string[] {
  if (!lastFailure) return [];
  return [
    style.bad(
      `${lastFailure.type} (${lastFailure.kind}) in ${lastFailure.stage}: ${lastFailure.message}`,
    ),
    `  cure: ${lastFailure.cure}`,
  ];
}
