import { count } from '../model/count.js';
import { duration } from '../model/duration.js';
import { shortId, type Style } from '../client/render/style.js';
import { table } from '../client/render/table.js';
import { isEqual, type Comparison } from './compare.js';
import type { FinalFailure } from './figures.js';

/** What a load test has to say, while it runs and at its end. Times are RFC 3339. */
export interface LoadReport {
  /** In every command id, and in the note of every contract. */
  run: string;
  seed: number;
  clients: number;
  startedAt: string;
  seconds: number;
  parties: string[];
  /** Name of the participant that takes new commands. */
  serving: string;
  moves: { to: string; why: string; at: string }[];
  /** Committed ones. */
  commands: { create: number; transfer: number; settle: number; total: number };
  perSecond: number;
  /** Attempts that were followed by another one, by reason. */
  retries: Record<string, number>;
  /** Commands that an attempt left open, and whose outcome was found out. */
  resolvedCount: number;
  /** Commands that their client gave up, and by reason. */
  failureCount: number;
  failures: Record<string, number>;
  /** The first ones. */
  namedFailures: FinalFailure[];
  /** In the model of the clients. */
  contractCount: number;
  /** The longest time between two successful commands of one client. */
  pauses: {
    longestMs: number;
    /** Up to the first marked event. */
    beforeMarksMs: number;
    marks: { name: string; at: string; longestMs: number }[];
  };
  /** At the end only. */
  comparison?: Comparison;
}

/** Contracts that differ, shown to people; `--json` has more of them. */
const SHOWN_LIMIT = 10;

/** Whether nothing was lost, nothing is there twice, and no client gave up. */
export function isGood({ failureCount, comparison }: LoadReport): boolean {
  return failureCount === 0 && comparison !== undefined && isEqual(comparison);
}

/** One line for a load test that runs. */
export function renderProgress(report: LoadReport): string {
  const { commands, perSecond, retries, failureCount, pauses, serving } = report;
  const retryCount = Object.values(retries).reduce((sum, times) => sum + times, 0);
  return [
    `${count(commands.total)} commands, ${perSecond.toFixed(1)}/s`,
    `${count(retryCount)} retries, ${count(failureCount)} final failures`,
    `longest pause ${seconds(pauses.longestMs)}`,
    `${serving} serves`,
  ].join('; ');
}

/** The outcome, for people. */
export function renderReport(report: LoadReport, style: Style): string {
  const { commands, pauses } = report;
  const figures: [string, string][] = [
    ['commands', `${count(commands.total)} in ${duration(report.seconds * 1_000)}`],
    ['rate', `${report.perSecond.toFixed(1)} per second, ${count(report.clients)} clients`],
    ['kinds', `${commands.create} create, ${commands.transfer} transfer, ${commands.settle} settle`],
    ...numbers('retries', report.retries),
    ['unknown outcomes resolved', count(report.resolvedCount)],
    ...numbers('final failures', report.failures),
    ['longest pause of a client', seconds(pauses.longestMs)],
    ...(pauses.marks.length > 0
      ? [['longest pause before any event', seconds(pauses.beforeMarksMs)] as [string, string]]
      : []),
    ...pauses.marks.map(({ name, longestMs }): [string, string] => [
      `longest pause around ${name}`,
      seconds(longestMs),
    ]),
    ...report.moves.map(({ to, why, at }): [string, string] => [`moved to ${to}`, `${at}, ${why}`]),
  ];
  const failures = report.namedFailures.map(
    ({ commandId, node, message }) => `  ${commandId} on ${node}: ${message}`,
  );
  return [
    table(style, ['figure', 'found'], figures),
    ...(failures.length > 0 ? [style.bad('Abandoned by clients'), failures.join('\n')] : []),
    ...(report.comparison ? [renderComparison(report.comparison, style)] : []),
  ].join('\n\n');
}

function renderComparison(comparison: Comparison, style: Style): string {
  const { node, missing, extra, doubled, foreign } = comparison;
  const summary = `${count(missing)} missing, ${count(extra)} extra, ${count(doubled)} done twice`;
  const title = `Contracts that clients know and contracts on ${node}: ${summary}`;
  const rows = comparison.parties.map((row) => [
    shortId(row.party),
    row.expected,
    row.found,
    row.missing,
    row.extra,
  ]);
  const differing = comparison.differing
    .slice(0, SHOWN_LIMIT)
    .map(
      ({ kind, contractId, stakeholders }) =>
        `  ${kind}: ${contractId} (${stakeholders.map(shortId).join(', ')})`,
    );
  return [
    isEqual(comparison) ? style.good(title) : style.bad(title),
    table(
      style,
      ['party', 'known', 'found', 'missing', 'extra'],
      [...rows, ['all together', comparison.expected, comparison.found, missing, extra]],
    ),
    ...differing,
    ...(foreign > 0 ? [`${count(foreign)} contracts of somebody else came meanwhile`] : []),
  ].join('\n');
}

function numbers(name: string, byReason: Record<string, number>): [string, string][] {
  const entries = Object.entries(byReason).sort();
  if (entries.length === 0) return [[name, '0']];
  return entries.map(([reason, times]) => [`${name}: ${reason}`, count(times)]);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}
