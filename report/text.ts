import { duration } from '../model/duration.js';
import { shown } from '../model/shown-text.js';
import { renderReport } from '../client/render/report.js';
import { renderWithdrawal } from '../client/render/status.js';
import { createStyle, indent } from '../client/render/style.js';
import { outcomeOf, type ReportDocument } from './document.js';
import { eventLines } from './people.js';
import { BEGINNINGS } from './seal.js';
import { spansIn, wholeOf } from './times.js';

const PLAIN = createStyle({ isTerminal: false, hasColor: false });

/** The report as text without colours, up to its signature. */
export function textOf(document: ReportDocument, fingerprint: string | undefined): string {
  const report = shown(document.report);
  const { writtenAt } = document;
  const lines = [
    `Migration  ${report.workflowId}`,
    `Way        ${report.route}`,
    `Begun      ${report.begunAt}`,
    `Written    ${writtenAt}`,
    `Outcome    ${outcomeOf(report)}`,
    ...(report.standing ? [`Next       ${report.standing.next}`] : []),
    ...(report.lastFailure
      ? [`Failure    ${report.lastFailure.type}: ${report.lastFailure.message}`]
      : []),
  ];
  const spans = spansIn(report, wholeOf(report, Date.parse(writtenAt))).map(
    ({ stage, state, from, until }) =>
      `${new Date(from).toISOString()}  ${stage}, ${state}, ${duration(until - from)}`,
  );
  const parts = [
    lines.join('\n'),
    renderReport(report, PLAIN),
    ...(report.withdrawal ? [renderWithdrawal(report.withdrawal, PLAIN)] : []),
    `Time line\n${indent(spans.join('\n'))}`,
    ...(report.timeline.events.length > 0
      ? [`Pauses and failures\n${indent(eventLines(report).join('\n'))}`]
      : []),
    ...(fingerprint === undefined
      ? [
          `Not signed: ${document.unsignedBecause ?? 'the worker has no key to sign reports with (report.signingKey of its configuration)'}`,
        ]
      : []),
  ];
  return `${BEGINNINGS.text}\n${parts.join('\n\n')}\n${fingerprint === undefined ? '' : '\n'}`;
}
