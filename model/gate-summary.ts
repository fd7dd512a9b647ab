import { linesWithin } from './bounds.js';
import { count, counted } from './count.js';
import { lastCount, ofSeveral, sincePlan } from './contract-numbers.js';
import { sincePlanLines } from './differences.js';
import { duration } from './duration.js';
import { countOf } from './listed.js';
import { sinceOf, type ServingComparison, type SwitchReading } from './live.js';
import type { Migration } from './migration.js';
import { partiesStatusOf } from './parties-status.js';
import { GATES, type Gate } from './phase.js';
import { isLive, isReverse, routeInWords, type MigrationPlan } from './plan.js';
import type { PartyCount } from './plan-parties.js';
import type { Verification } from './report.js';
import { bounded } from './shown-text.js';
import { confirmedOfSplice } from './splice.js';
import { secondsToSwitch, warmFreezeSeconds } from './transfer-cost.js';

/** Of all lines together as JSON: they are in every answer of the query and in the card. */
const SUMMARY_BYTES = 8_000;
/** Of each kind of thing that there may be many of. */
const NAMED = 6;
const LINE_LIMIT = 400;

/**
 * What an operator approves at a gate, as plain text in the order of its weight: nodes and route, parties, contracts, time
 * out of service, what stays, warnings, what has changed since the plan, and behind a comparison what it proved.
 */
export function gateSummaryOf(migration: Migration, gate: Gate): string[] {
  const { hashed, differences } = migration;
  if (!hashed) return [];
  const { plan } = hashed;
  const lines = [
    `${plan.source.name} (${plan.source.uid}) to ${plan.target.name} (${plan.target.uid})`,
    routeInWords(plan),
    partiesLine(plan),
    ...exceptionLines(plan),
    ...contractsLines(migration, plan),
    ...downtimeLines(migration, plan, gate),
    ...(differences ? sincePlanLines(differences).map(withoutMark) : []),
    ...warningLines(plan),
    ...proofLines(migration, gate),
  ];
  return linesWithin(
    lines.map((line) => bounded(line, LINE_LIMIT)),
    SUMMARY_BYTES,
  );
}

/** What an approval of a gate confirms; of the first one, after which changes begin, also the route. */
export function statementOf(gate: Gate, plan: MigrationPlan): string {
  const statement = GATES[gate].statement + confirmedOfSplice(gate, plan);
  return gate === 'root-key'
    ? `${statement}; and the migration takes the ${routeInWords(plan)}`
    : statement;
}

function partiesLine(plan: MigrationPlan): string {
  const { moving, staying, counts } = partiesStatusOf(plan);
  const moved = counts.filter(({ treatment }) => treatment === 'move');
  const classes = moved.length > 0 ? ` (${moved.map(classOf).join(', ')})` : '';
  return `${counted(moving, 'party', 'parties')} to move${classes}; ${count(staying)} to stay`;
}

function classOf({ class: its, count: many, contractCount }: PartyCount): string {
  const contracts =
    contractCount === undefined ? '' : ` with ${counted(contractCount, 'active contract')}`;
  return `${count(many)} ${its}${contracts}`;
}

/** What stays, why, and the parties that take more than others do. */
function exceptionLines(plan: MigrationPlan): string[] {
  const { counts, exceptions } = partiesStatusOf(plan);
  // The admin party stays always.
  const staying = counts.filter((its) => its.treatment === 'leave' && its.class !== 'admin');
  const named = exceptions.first.slice(0, NAMED);
  const more = exceptions.count - named.length;
  const { excluded } = plan.localState;
  return [
    ...staying
      .slice(0, NAMED)
      .map(({ class: its, count: many, reason }) => `stays: ${count(many)} ${its}: ${reason}`),
    ...named.map(({ party, class: its, what }) => `exception: ${party} (${its}): ${what}`),
    ...(more > 0 ? [`exceptions: ${count(more)} more`] : []),
    ...excluded.slice(0, NAMED).map(({ what, why }) => `not copied: ${what} (${why})`),
    ...(excluded.length > NAMED ? [`not copied: ${count(excluded.length - NAMED)} more`] : []),
  ];
}

/** As the plan has them, and where that is not so any more what the nodes had last. */
function contractsLines(migration: Migration, plan: MigrationPlan): string[] {
  const now = lastCount(migration) ?? plan.contracts.total;
  const { counts } = partiesStatusOf(plan);
  const parts = counts.map(({ contractCount = 0 }) => contractCount);
  const why = sincePlan(plan, now);
  return [
    contractsLine(plan),
    ...(why === undefined ? [] : [`${counted(now, 'active contract')} by the last reading: ${why}`]),
    ...ofSeveral(parts, plan.contracts.total),
  ];
}

function contractsLine(plan: MigrationPlan): string {
  const { total, shared, sharedWith, treatment } = plan.contracts;
  const moved = isReverse(plan)
    ? `${counted(total, 'active contract')}, of which ${plan.target.name} has ${count(plan.changes.common)}: ` +
      `${count(plan.changes.missing)} to import, ${count(plan.changes.extra)} to purge there`
    : `${counted(total, 'active contract')} to move`;
  if (shared === 0) return moved;
  const fate = { include: 'they move', exclude: 'they stay behind', undecided: 'undecided' }[treatment];
  const others = counted(
    countOf(sharedWith),
    'stakeholder that does not move',
    'stakeholders that do not move',
  );
  return `${moved}; ${counted(shared, 'contract')} shared with ${others}: ${fate}`;
}

/** As the plan estimates it; once a copy or a reading says more, as it would be now. */
function downtimeLines(migration: Migration, plan: MigrationPlan, gate: Gate): string[] {
  if (isLive(plan)) {
    const never = `out of service: never, ${plan.source.name} serves until ${plan.target.name} does`;
    if (gate === 'switch')
      return [never, ...(migration.live?.switching ? switchLines(migration.live.switching) : [])];
    return [`${never}; about ${inWords(secondsToSwitch(plan))} to the gate switch, estimated`];
  }
  const { caughtUpOffset, pinnedOffset, catchUps } = migration.transfer;
  const name = plan.source.name;
  if (gate === 'cut-over' || pinnedOffset !== undefined)
    return [`${name} is out of service now, until ${plan.target.name} serves`];
  if (caughtUpOffset !== undefined) {
    const last = catchUps.at(-1);
    const changed = last ? last.created + last.archived : 0;
    const now = inWords(warmFreezeSeconds(plan, changed));
    const since = last ? `, after a catch-up of ${counted(changed, 'change')}` : '';
    return [`out of service: ${name}, for about ${now} if it is frozen now${since}`];
  }
  const isCold = (plan.request.options?.copy ?? 'cold') === 'cold';
  const seconds = isCold ? plan.freezeSeconds.cold : plan.freezeSeconds.warm;
  return [`out of service: ${name}, for about ${inWords(seconds)}, estimated`];
}

function switchLines(reading: SwitchReading): string[] {
  const { readAt, targetLagMs, flagsSet, inFlight, submittedOnSource, disagreeing, unmatched } = reading;
  return [
    `at ${readAt} the target lags by at most ${duration(targetLagMs)}; onboarding flags set: ${count(flagsSet)}`,
    `in flight on the source: ${counted(inFlight.submissions, 'submission')}, ` +
      `${counted(inFlight.transactions, 'transaction')}; ` +
      `${counted(submittedOnSource, 'ledger transaction')} submitted through it since ${sinceOf(reading)}`,
    ...(disagreeing.length > 0
      ? [`warning: commitments disagree with ${counted(disagreeing.length, 'participant')}`]
      : []),
    ...(unmatched.length > 0
      ? [`without matching commitments so far: ${counted(unmatched.length, 'participant')}`]
      : []),
  ];
}

function warningLines({ warnings }: MigrationPlan): string[] {
  const named = warnings.slice(0, NAMED).map(({ type, what }) => `warning: ${type}: ${what}`);
  const more = warnings.length - named.length;
  return [...named, ...(more > 0 ? [`warnings: ${count(more)} more`] : [])];
}

/** What was compared before the gate, by the proof that holds now. */
function proofLines({ verification, live, isVerificationStale }: Migration, gate: Gate): string[] {
  if (gate === 'switch') return live?.compared ? [servingProof(live.compared)] : [];
  return gate === 'cut-over' && verification ? [proofOf(verification, isVerificationStale)] : [];
}

function proofOf(
  { isEqual, contractCount, verifiedAt, ...its }: Verification,
  isStale: boolean,
): string {
  const where = `source at offset ${its.sourceOffset}, target at ${its.targetLedgerEnd}, at ${verifiedAt}`;
  if (!isEqual) return `not equal: ${counted(its.differenceCount, 'contract')} differ; ${where}`;
  const equal = `${counted(contractCount, 'contract')} equal on both nodes: ${where}`;
  return isStale ? `stale: ${equal}; the target has changed since and is compared again` : equal;
}

function servingProof({ contractCount, recordTime, ...offsets }: ServingComparison): string {
  return (
    `${counted(contractCount, 'contract')} equal while both served, at ${recordTime}: ` +
    `source at offset ${offsets.sourceOffset}, target at ${offsets.targetOffset}`
  );
}

function inWords(seconds: number): string {
  return duration(seconds * 1_000);
}

function withoutMark(line: string): string {
  return line.replace(/^- /, 'changed: ');
}
