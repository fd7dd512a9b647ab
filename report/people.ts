import { describeHostings } from '../model/ceremony.js';
import { count, firstLines } from '../model/count.js';
import { partyLines } from '../model/parties-status.js';
import type { Approval, RunReport } from '../model/report.js';
import { shortId } from '../client/render/style.js';
import { html, listOf, NOTHING, section, tableOf, timeText, type Html } from './markup.js';

/** Parties by class and exceptions, who approved and signed, and what else operators did or had to look at. */
export function peopleSections(report: RunReport): Html {
  return html`${partiesOf(report)}${approvalsOf(report)}${signaturesOf(report)}${eventsOf(report)}`;
}

function partiesOf({ parties }: RunReport): Html {
  if (!parties) return NOTHING;
  const rows = parties.counts.map(({ class: its, treatment, reason, count: many }) => [
    its,
    treatment === 'move' ? 'move' : 'stay',
    many,
    reason,
  ]);
  const { count: all, first } = parties.exceptions;
  const named = first.map(({ party, class: its, what }) => `${shortId(party)} (${its}): ${what}`);
  return section(
    'Parties',
    html`<p>${partyLines(parties)[0] ?? ''}</p>`,
    rows.length > 0 ? tableOf(['class', '', 'parties', 'why'], rows) : NOTHING,
    all > 0
      ? html`<h3>Exceptions</h3>
          ${listOf(firstLines(named, all, ''))}`
      : NOTHING,
  );
}

function approvalsOf({ approvals, approvers }: RunReport): Html {
  const note =
    approvers === 'signed'
      ? 'Each was signed by an approver of the configuration, over this migration, gate and plan.'
      : 'Names were taken as given: the configuration lists no approvers.';
  if (approvals.length === 0) return NOTHING;
  const isSigned = approvals.some(({ signed }) => signed);
  const hasBackup = approvals.some((its) => backupOf(its) !== '');
  return section(
    'Approvals',
    html`<p class="soft">${note}</p>`,
    tableOf(
      [
        'gate',
        'approved by',
        'at (UTC)',
        ...(isSigned ? ['signed with'] : []),
        ...(hasBackup ? ['backup'] : []),
      ],
      approvals.map((its) => [
        its.gate,
        its.approver,
        html`<span class="time">${timeText(its.approvedAt)}</span>`,
        ...(isSigned ? [html`<code>${its.signed?.fingerprint ?? ''}</code>`] : []),
        ...(hasBackup ? [backupOf(its)] : []),
      ]),
    ),
  );
}

function backupOf({ evidence, waiver }: Approval): string {
  if (evidence !== undefined) return evidence;
  return waiver === undefined ? '' : `none: ${waiver}`;
}

function signaturesOf({ signatures = [], signatureCount, hostings, outcome }: RunReport): Html {
  const lines = signatures.map(
    ({ purpose, signedBy, by, providedAt }) =>
      `${purpose} signed by ${shortId(signedBy)}, submitted by ${by} at ${providedAt}`,
  );
  const all = signatureCount ?? lines.length;
  return section(
    'Signatures of keys outside of the nodes',
    listOf([
      ...firstLines(lines, all, ''),
      ...(hostings
        ? [`for the parties: ${describeHostings(hostings.counts, outcome === 'migrated')}`]
        : []),
    ]),
  );
}

const EVENTS = {
  paused: 'paused by',
  resumed: 'resumed by',
  repair: 'repair asked for by',
  failed: 'stopped:',
  abort: 'aborted by',
} as const;

function eventsOf({ timeline: { events, eventsLeftOut = 0 } }: RunReport): Html {
  const lines = events.map(
    ({ at, kind, what }) => html`<span class="soft time">${timeText(at)}</span> ${EVENTS[kind]} ${what}`,
  );
  const left = eventsLeftOut > 0 ? [`${count(eventsLeftOut)} more in between`] : [];
  return section('Pauses and failures', listOf([...lines, ...left]));
}

/** The same as lines of text. */
export function eventLines({ timeline: { events, eventsLeftOut = 0 } }: RunReport): string[] {
  const lines = events.map(
    ({ at, kind, what }) => `${new Date(at).toISOString()}  ${EVENTS[kind]} ${what}`,
  );
  return eventsLeftOut > 0 ? [...lines, `${count(eventsLeftOut)} more in between`] : lines;
}
