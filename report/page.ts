import { count, counted } from '../model/count.js';
import { describeDowntime } from '../model/downtime.js';
import { duration, isWait } from '../model/duration.js';
import { isStored } from '../model/listed.js';
import { comparedWhen, type Explained, type PartyComparison, type RunReport } from '../model/report.js';
import { describeWatch } from '../model/source-watch.js';
import { visibleJson } from '../model/shown-text.js';
import {
  differenceLines,
  elsewhereLines,
  kindsOf,
  NOTHING_CHANGED,
  ofSeveralParties,
} from '../client/render/report.js';
import { shortId } from '../client/render/style.js';
import { contractsChart, timeLineChart } from './charts.js';
import { Html, html, listOf, NOTHING, section, tableOf } from './markup.js';
import { PAGE_STYLE } from './page-style.js';
import { peopleSections } from './people.js';
import { BEGINNINGS } from './seal.js';
import { outageOf, wholeOf } from './times.js';
import { outcomeOf, type ReportDocument } from './document.js';

/** Parties in the page; all of them are in the report as JSON. */
const PARTIES_SHOWN = 200;
const DIFFERENCES_SHOWN = 50;
/** A freeze that is less of the whole time than this is drawn once more, enlarged. */
const ENLARGED_BELOW = 0.35;

/** The report as a page of its own, which needs nothing else and no script, up to its signature. */
export function pageOf(document: ReportDocument, fingerprint: string | undefined): string {
  const { report, writtenAt } = document;
  const { names } = report;
  const title = `Migration of ${names.source} to ${names.target}`;
  const signed =
    fingerprint === undefined
      ? html`Not signed:
        ${document.unsignedBecause ?? 'the worker has no key to sign reports with (report.signingKey of its configuration)'}.`
      : html`Signed with the key <code>${fingerprint}</code>. Check it with
          <code>canton-migrate report verify &lt;this file&gt; --key &lt;public key&gt;</code>.`;
  return `${BEGINNINGS.html}${
    html`<head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${new Html(PAGE_STYLE)}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            ${headOf(document)}
          </header>
          ${figuresOf(report)} ${section('Still to do by hand', explainedList(report.leftToDo))}
          ${section('Service', listOf(downtimeOf(report)))} ${chartsOf(report, Date.parse(writtenAt))}
          ${phasesOf(report)} ${equalityOf(report)} ${withdrawalOf(report)} ${peopleSections(report)}
          <footer>
            <p>${signed}</p>
            <p>
              Plan hash <code>${report.planHash}</code>. The data of this page as JSON is inside of it.
            </p>
          </footer>
        </main>
        <script type="application/json" id="report">
          ${new Html(embedded(document))}
        </script>
      </body> `.text
  }`;
}

/** What the page was made of, without the lists that may be long. */
function embedded(document: ReportDocument): string {
  const { verification, hostings, ...report } = document.report;
  const shown = {
    ...document,
    report: {
      ...report,
      ...(verification && { verification: { ...verification, parties: shownParties(document.report) } }),
      ...(hostings && { hostings: { counts: hostings.counts, signatures: [] } }),
    },
  };
  return visibleJson(shown).replaceAll('<', '\\u003c');
}

function headOf({ report, writtenAt }: ReportDocument): Html {
  const { outcome, sourceUid, targetUid, route, begunAt, workflowId, closedBy, closedAt } = report;
  const tone = outcome === 'migrated' ? 'good' : outcome === 'aborted' ? 'bad' : 'soft';
  const watch = report.watch ? `: ${describeWatch(report.watch)}` : '';
  return html`<p class="outcome ${tone}">${outcomeOf(report)}</p>
    ${report.standing ? html`<p>Next: ${report.standing.next}</p>` : NOTHING}
    ${
      report.lastFailure
        ? html`<p class="bad">${report.lastFailure.type}: ${report.lastFailure.message}</p>
            <p class="soft">${report.lastFailure.cure}</p>`
        : NOTHING
    }
    <dl>
      <dt>Source</dt>
      <dd><code>${sourceUid}</code></dd>
      <dt>Target</dt>
      <dd><code>${targetUid}</code></dd>
      <dt>Way</dt>
      <dd>${route}</dd>
      <dt>Migration</dt>
      <dd><code>${workflowId}</code></dd>
      <dt>Begun</dt>
      <dd>${begunAt}</dd>
      <dt>Written</dt>
      <dd>${writtenAt}</dd>
      ${
        closedBy === undefined
          ? NOTHING
          : html`<dt>Closed</dt>
              <dd>by ${closedBy} at ${closedAt ?? ''}${watch}</dd>`
      }
    </dl>`;
}

function figuresOf(report: RunReport): Html {
  const { verification, parties, downtime, phases } = report;
  const waited = phases.reduce((sum, { waitedMs }) => sum + waitedMs, 0);
  const worked = phases.reduce((sum, { workedMs }) => sum + workedMs, 0);
  const wait = isWait(waited) ? `, and ${duration(waited)} waiting for operators` : '';
  return html`<div class="figures">
    ${figure(verification ? count(verification.contractCount) : '–', verification?.isEqual ? 'contracts, equal on both nodes' : verification ? `contracts, ${count(verification.differenceCount)} not the same` : 'contracts: not compared yet')}
    ${figure(count(parties?.moving ?? 0), `parties to move, ${count(parties?.staying ?? 0)} to stay`)}
    ${figure(serviceOf(downtime), downtime?.kind === 'out-of-service' ? 'nobody served' : 'without service')}
    ${figure(duration(worked), `at work${wait}`)}
  </div>`;
}

function serviceOf(downtime: RunReport['downtime']): string {
  if (downtime?.kind !== 'out-of-service') return 'never';
  return downtime.until === undefined ? 'now' : duration(downtime.until - downtime.from);
}

function figure(value: string, what: string): Html {
  return html`<div class="figure"><b>${value}</b><span>${what}</span></div>`;
}

function downtimeOf({ downtime }: RunReport): string[] {
  return downtime ? describeDowntime(downtime) : ['the source served all the time'];
}

function chartsOf(report: RunReport, writtenAt: number): Html {
  const whole = wholeOf(report, writtenAt);
  const outage = outageOf(report, writtenAt);
  const isSmall = outage && outage[1] - outage[0] < (whole[1] - whole[0]) * ENLARGED_BELOW;
  const room = outage ? (outage[1] - outage[0]) * 0.08 : 0;
  const contracts = contractsChart(report, writtenAt);
  return html`${section(
    'Time line',
    timeLineChart(report, whole, writtenAt),
    isSmall
      ? html`<h3>The time without service, enlarged</h3>
          ${timeLineChart(report, [outage[0] - room, outage[1] + room], writtenAt)}`
      : NOTHING,
  )}${section('Contracts in the target', contracts)}`;
}

function phasesOf({ phases }: RunReport): Html {
  const rows = phases.map(({ phase, workedMs, waitedMs, changed }) => [
    phase,
    duration(workedMs),
    isWait(waitedMs) ? duration(waitedMs) : '',
    changed.length === 0
      ? html`<span class="soft">${NOTHING_CHANGED}</span>`
      : html`${changed.map((its) => html`<p>${shortId(its)}</p>`)}`,
  ]);
  return section('What was done', tableOf(['phase', 'active', 'operators', 'changed'], rows));
}

function equalityOf(report: RunReport): Html {
  const { verification } = report;
  if (!verification) return NOTHING;
  const { isEqual, contractCount, differenceCount, parties, unequalPartyCount } = verification;
  const all = isStored(parties) ? parties.count : parties.length;
  const shown = shownParties(report);
  const left = all - shown.length;
  const headline = isEqual
    ? html`<p class="good">
        ${counted(contractCount, 'contract')}, equal on both nodes
        ${comparedWhen(verification)}${report.sincePlan === undefined ? '' : ` (${report.sincePlan})`}
      </p>`
    : html`<p class="bad">
        ${counted(differenceCount, 'contract')} not the same on both nodes: ${kindsOf(verification)}
      </p>`;
  return section(
    'Contracts compared',
    headline,
    html`<p class="soft">
      Source at offset ${verification.sourceOffset}, target at ledger end
      ${verification.targetLedgerEnd}. ${counted(all, 'party', 'parties')}, ${count(unequalPartyCount)}
      different.
    </p>`,
    listOf([...differenceLines(verification, DIFFERENCES_SHOWN), ...elsewhereLines(verification)]),
    partyTable(shown),
    listOf(isStored(parties) ? [] : ofSeveralParties(parties, contractCount)),
    left > 0
      ? html`<p class="soft">
          ... and ${counted(left, 'more party', 'more parties')}, all of them in the report as JSON:
          <code>canton-migrate report --format json</code>
        </p>`
      : NOTHING,
  );
}

/** Those that differ come first in the comparison. */
function shownParties({ verification }: RunReport): readonly PartyComparison[] {
  if (!verification) return [];
  const { parties, unequalParties } = verification;
  return (isStored(parties) ? unequalParties : parties).slice(0, PARTIES_SHOWN);
}

function partyTable(parties: readonly PartyComparison[]): Html {
  if (parties.length === 0) return NOTHING;
  const rows = parties.map(({ party, source, target, isEqual }) => [
    html`<span title="${party}">${shortId(party)}</span>`,
    source.contractCount,
    target.contractCount,
    isEqual
      ? html`<code class="good" title="${source.digest}">${source.digest.slice(0, 12)}</code>`
      : html`<code class="bad" title="${source.digest} on the source, ${target.digest} on the target"
          >${source.digest.slice(0, 12)} ≠ ${target.digest.slice(0, 12)}</code
        >`,
  ]);
  return tableOf(['party', 'on source', 'on target', 'digest'], rows);
}

function withdrawalOf({ withdrawal }: RunReport): Html {
  if (!withdrawal) return NOTHING;
  const { withdrawn, stays, checked, firstFailure } = withdrawal;
  return html`${section(
    'Taken back',
    firstFailure
      ? html`<p class="bad">Aborted after ${firstFailure.type}: ${firstFailure.message}</p>`
      : NOTHING,
    withdrawn.length === 0
      ? html`<p>nothing was withdrawn, nothing had been changed</p>`
      : listOf(withdrawn.map(shortId)),
  )}${section('Stays', explainedList(stays))}${section('Read of both nodes afterwards', listOf(checked.map(shortId)))}`;
}

function explainedList(items: readonly Explained[]): Html {
  if (items.length === 0) return NOTHING;
  return html`<ol>
    ${items.map(
      ({ what, why }) =>
        html`<li>
          ${what}
          <div class="why">${why}</div>
        </li> `,
    )}
  </ol>`;
}
