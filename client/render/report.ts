import { describeDowntime } from '../../model/downtime.js';
import { ofSeveral } from '../../model/contract-numbers.js';
import { describeHostings } from '../../model/ceremony.js';
import { count, counted, firstLines, firstOf } from '../../model/count.js';
import { duration, isWait } from '../../model/duration.js';
import { isStored } from '../../model/listed.js';
import { describeWatch } from '../../model/source-watch.js';
import {
  comparedWhen,
  type PartyComparison,
  type PhaseReport,
  type RunReport,
  type Verification,
} from '../../model/report.js';
import { partyLines } from '../../model/parties-status.js';
import { shown } from '../../model/shown-text.js';
import { shortId, type Style } from './style.js';
import { ROWS_LIMIT, table } from './table.js';

/** Heads of {@link timeCells}. */
export const TIME_HEADS = ['active', 'waiting for operators'];
/** What a phase without changes says. */
export const NOTHING_CHANGED = 'nothing to change';

const NAMES_AS_GIVEN = 'names of approvers were taken as given: no approvers are configured';

/** The outcome: per phase what changed and how long it took, per party the proof. */
export function renderReport(found: RunReport, style: Style): string {
  const report = shown(found);
  const phases = report.phases.map((its) => [
    its.phase,
    ...timeCells(its),
    its.changed.map(shortId).join('\n') || NOTHING_CHANGED,
  ]);
  const approvals = report.approvals.map(
    ({ gate, approver, approvedAt, evidence, waiver, signed }) =>
      `${gate} approved by ${approver} at ${approvedAt}${backupOf(evidence, waiver)}${signed ? `, signed with ${signed.fingerprint}` : ''}`,
  );
  if (report.approvers === 'taken-as-given') approvals.push(NAMES_AS_GIVEN);
  const signatures = (report.signatures ?? []).map(
    ({ purpose, signedBy, by, providedAt }) =>
      `${purpose} signed by ${shortId(signedBy)}, submitted by ${by} at ${providedAt}`,
  );
  const { signatureCount = signatures.length } = report;
  if (signatureCount > signatures.length)
    signatures.push(`... and ${count(signatureCount - signatures.length)} more signatures`);
  const hostings = report.hostings
    ? [
        `signatures for the parties: ${describeHostings(report.hostings.counts, report.outcome === 'migrated')}`,
      ]
    : [];
  return [
    headlineOf(report, style),
    table(style, ['phase', ...TIME_HEADS, 'changed'], phases),
    ...(report.parties ? [partyLines(report.parties).map(shortId).join('\n')] : []),
    ...(report.downtime ? [describeDowntime(report.downtime).join('\n')] : []),
    ...(report.verification ? [renderVerification(report.verification, style, report.sincePlan)] : []),
    [...approvals, ...signatures, ...hostings].join('\n'),
    renderLeftToDo(report, style),
    closedLine(report),
    `Plan hash ${report.planHash}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function headlineOf({ outcome, standing, sourceUid, targetUid }: RunReport, style: Style): string {
  const nodes = `${shortId(sourceUid)} to ${shortId(targetUid)}`;
  if (outcome === 'migrated') return style.good(style.bold(`Migrated ${nodes}`));
  const unfinished = standing?.ended === undefined ? 'not over yet' : 'ended from outside';
  const how = outcome === 'aborted' ? 'aborted' : unfinished;
  return style.bold(`Migration of ${nodes}: ${how}`);
}

/** How long a phase was at work, and how long it waited for operators, if it did. */
export function timeCells({ workedMs, waitedMs }: Pick<PhaseReport, 'workedMs' | 'waitedMs'>): string[] {
  return [duration(workedMs), isWait(waitedMs) ? duration(waitedMs) : ''];
}

function backupOf(evidence: string | undefined, waiver: string | undefined): string {
  if (evidence !== undefined) return `, backup: ${evidence}`;
  return waiver === undefined ? '' : `, without a backup: ${waiver}`;
}

/** What is left to do by hand; empty for a report of a former version. */
function renderLeftToDo(report: Partial<RunReport>, style: Style): string {
  const { leftToDo = [] } = shown(report);
  if (leftToDo.length === 0) return '';
  return [
    style.bold('Still to do by hand'),
    ...leftToDo.flatMap(({ what, why }, index) => [`  ${index + 1}. ${what}`, `     ${why}`]),
  ].join('\n');
}

function closedLine({ closedBy, closedAt, watch }: RunReport): string {
  if (closedBy === undefined) return '';
  const found = watch ? `: ${describeWatch(watch)}` : '';
  return `Closed by ${closedBy} at ${closedAt}${found}`;
}

/** How many contracts differ, by kind. */
export function kindsOf({ totals }: Pick<Verification, 'totals'>): string {
  const { missing, extra, different } = totals;
  return `${count(missing)} missing, ${count(extra)} extra, ${count(different)} different`;
}

/** The first contracts that differ, each with its kind and stakeholders, and how many more there are. */
export function differenceLines(
  { differences, differenceCount }: Pick<Verification, 'differences' | 'differenceCount'>,
  limit: number,
): string[] {
  const named = differences
    .slice(0, limit)
    .map(
      ({ kind, contractId, parties }) =>
        `${kind} on the target: ${contractId} (${parties.map(shortId).join(', ')})`,
    );
  return firstLines(named, differenceCount, '  ');
}

/** What of the parties the target has on other synchronizers, which is no part of the comparison. */
export function elsewhereLines({ elsewhere = [] }: Pick<Verification, 'elsewhere'>): string[] {
  return elsewhere.map(
    ({ synchronizerId, contractCount, contractIds }) =>
      `not compared: ${counted(contractCount, 'contract')} of the parties on ${shortId(synchronizerId)}, where the target is not to serve them: ${firstOf(contractIds, contractCount)}`,
  );
}

/** Of more parties than a report lists. */
function partyLine(all: number, unequal: number): string {
  const equal = `${counted(all - unequal, 'party', 'parties')} equal`;
  return unequal === 0 ? equal : `${equal}, ${count(unequal)} different`;
}

/** Below a table that has each party. */
export function ofSeveralParties(parties: readonly PartyComparison[], all: number): string[] {
  return ofSeveral(
    parties.map(({ source }) => source.contractCount),
    all,
  );
}

/** The comparison of the contracts on both nodes, with the first differences by name. */
export function renderVerification(found: Verification, style: Style, sincePlan?: string): string {
  const verification = shown(found);
  const { parties, unequalParties, unequalPartyCount } = verification;
  const rows = (isStored(parties) ? unequalParties : parties)
    .slice(0, ROWS_LIMIT)
    .map(({ party, source, target, isEqual }) => [
      shortId(party),
      source.contractCount,
      target.contractCount,
      isEqual ? style.good('equal') : style.bad('different'),
    ]);
  const title = verification.isEqual
    ? style.good(
        `${counted(verification.contractCount, 'contract')}, equal on both nodes ${comparedWhen(verification)}${sincePlan === undefined ? '' : ` (${sincePlan})`}`,
      )
    : style.bad(
        `${counted(verification.differenceCount, 'contract')} not the same on both nodes: ${kindsOf(verification)}`,
      );
  return [
    title,
    ...(isStored(parties) ? [partyLine(parties.count, unequalPartyCount)] : []),
    ...(rows.length > 0 ? [table(style, ['party', 'on source', 'on target', 'digest'], rows)] : []),
    ...(isStored(parties) ? [] : ofSeveralParties(parties, verification.contractCount)),
    ...differenceLines(verification, ROWS_LIMIT),
    ...elsewhereLines(verification),
  ].join('\n');
}
