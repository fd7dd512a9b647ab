import assert from 'node:assert/strict';
import test from 'node:test';

import type { RunReport } from '../../model/report.js';
import { eachText } from '../../model/shown-text.js';
import { contractsChart, timeLineChart } from '../../report/charts.js';
import { writeReport } from '../../report/write.js';
import { FULL } from '../support/report-samples.js';

const WRITTEN = '2026-01-02T05:22:00.000Z';
const pageOf = (report: RunReport) => writeReport({ writtenAt: WRITTEN, report }, 'html');
/** Without what no browser shows. */
const shownOf = (page: string) => page.replace(/<(script|style)\b[^]*?<\/\1>/g, '');

const HOSTILE = `</script></style><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202e`;

test('report page: it needs nothing else: no script, no address, no picture of others', () => {
  const page = pageOf(FULL);

  assert.equal(page.match(/<script\b[^>]*>/g)?.join(), '<script type="application/json" id="report">');
  assert.doesNotMatch(page, /\b(?:https?:)?\/\/|url\(|@import|<(?:link|img|iframe|object)\b/);
  assert.match(page, /default-src 'none'/);
});

test('report page: what it says of a migration stands in it', () => {
  const shown = shownOf(pageOf(FULL)).replace(/\s+/g, ' ');

  for (const text of [
    '1,250,000 contracts, equal on both nodes',
    'nobody served the parties for 20 min 0 s',
    '118 parties to move, 3 to stay',
    'stop the process of old for good',
    'Grace Hopper',
    'DarRefused: new: the DAR lab-iou 1.0.0',
    'its key does not sign for another host',
  ])
    assert.ok(shown.includes(text), text);
});

test('report page: every text of others is escaped, in the page, its attributes and its data', () => {
  // Names of ours, which the page looks up, stay.
  const kept = new Set(
    [...JSON.stringify(FULL.timeline.spans).matchAll(/"([a-z-]+)"/g)].map(([, its]) => its),
  );
  const change = (text: string) =>
    kept.has(text) ||
    /^\d{4}-/.test(text) ||
    ['migrated', 'out-of-service', 'target', 'failed', 'resumed'].includes(text)
      ? text
      : text + HOSTILE;
  const report = eachText(FULL, change);

  const page = pageOf(report);

  assert.equal(page.match(/<script\b/g)?.length, 1);
  assert.doesNotMatch(page, /<img|\u202e/);
  assert.ok(page.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/g)!.length > 20);
  const [, json = ''] =
    /<script type="application\/json" id="report">([^]*?)<\/script>/.exec(page) ?? [];
  assert.deepEqual((JSON.parse(json) as { report: RunReport }).report.route, report.route);
});

test('report page: of a hundred thousand parties the first are shown, and where the rest is', () => {
  const [one] = FULL.verification!.parties as never as NonNullable<
    RunReport['verification']
  >['unequalParties'];
  const parties = Array.from({ length: 100_000 }, (_, index) => ({
    ...one!,
    party: `wallet-${index}::1220ab`,
  }));
  const report = { ...FULL, verification: { ...FULL.verification!, parties } };

  const page = pageOf(report);
  const json = JSON.parse(writeReport({ writtenAt: WRITTEN, report }, 'json')) as { report: RunReport };

  assert.ok(page.length < 250_000, `${page.length} characters`);
  assert.match(shownOf(page), /99,800 more parties, all of them in the report as JSON/);
  assert.equal((json.report.verification!.parties as unknown[]).length, 100_000);
});

test('report page: one so far, one that was aborted, and one of which next to nothing is known are written too', () => {
  const { verification, downtime, ...rest } = FULL;
  const empty = { spans: [], samples: [], steps: [], events: [] };
  const standing = { state: 'stopped', stage: 'migrate-dars', next: 'canton-migrate resume' } as const;
  const soFar = pageOf({ ...rest, outcome: 'unfinished', standing });
  const firstFailure = {
    stage: 'verify',
    kind: 'mismatch',
    type: 'NotVerified',
    message: 'm',
    cure: 'c',
  } as const;
  const withdrawal = {
    withdrawn: ['4 DARs'],
    stays: [{ what: 'a key', why: 'kept' }],
    checked: ['as before'],
    firstFailure,
  };
  const aborted = pageOf({ ...FULL, outcome: 'aborted', withdrawal, leftToDo: [] });

  assert.ok(verification && downtime);
  assert.match(shownOf(soFar), /so far: stopped in migrate-dars[^]*canton-migrate resume/);
  assert.match(
    shownOf(aborted),
    /aborted, and taken back[^]*Aborted after NotVerified[^]*4 DARs[^]*a key[^]*as before/,
  );
  for (const format of ['html', 'text', 'json'] as const)
    assert.ok(
      writeReport({ writtenAt: WRITTEN, report: { ...rest, phases: [], timeline: empty } }, format),
    );
});

test('report charts: bars and line are inside, and what is too short to see is drawn all the same', () => {
  const spans = [
    { from: 0, stage: 'plan', state: 'running' },
    { from: 1, stage: 'verify', state: 'waiting-for-approval' },
    { from: 5_000_000, stage: 'watch', state: 'watching' },
  ] as const;
  const samples = [0, 40, 100].map((contracts, index) => ({ at: index * 1_000, contracts }));
  const report = { ...FULL, timeline: { ...FULL.timeline, spans: [...spans], samples } };

  const drawn =
    timeLineChart(report, [0, 5_000_000], 5_000_000).text + contractsChart(report, 5_000_000).text;

  assert.doesNotMatch(drawn, /NaN|Infinity|undefined/);
  const bars = [...drawn.matchAll(/class="(?:working|waiting)"\s+x="([\d.]+)"[^>]*?width="([\d.]+)"/g)];
  assert.equal(bars.length, 4);
  for (const [, x, width] of bars) {
    assert.ok(Number(width) >= 2);
    assert.ok(Number(x) + Number(width) <= 760);
  }
});
