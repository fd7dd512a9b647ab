import assert from 'node:assert/strict';
import { test } from 'node:test';

import { renderPlan, renderPlanSummary } from '../../client/render/plan.js';
import { renderReport, renderVerification } from '../../client/render/report.js';
import { nextOf, progressLine, renderStatus } from '../../client/render/status.js';
import { createStyle, duration, shortId, table } from '../../client/render/style.js';
import { matchGolden } from './golden.js';
import { NOT_VERIFIED, OBSTRUCTED, PLAN, REPORT, SNAPSHOTS } from './samples.js';

const plain = createStyle({ isTerminal: false, hasColor: false });
const drawn = createStyle({ isTerminal: true, hasColor: false });

test('render: a plan names every party with what happens to it, and ends with its hash', () => {
  matchGolden('plan', renderPlan(PLAN, plain));
  matchGolden('plan-terminal', renderPlan(PLAN, drawn));
  matchGolden('plan-summary', renderPlanSummary(PLAN));
});

test('render: an obstructed plan names every obstacle with its cure', () => {
  matchGolden('plan-obstructed', renderPlan(OBSTRUCTED, plain));
});

for (const [name, snapshot] of Object.entries(SNAPSHOTS)) {
  test(`render: ${name.replace('-', ' of a migration: ')}`, () => {
    matchGolden(
      name,
      `${renderStatus(snapshot, plain)}\nnext: ${nextOf(snapshot)}\n\n${progressLine(snapshot)}`,
    );
  });
}

test('render: a report tells per phase what changed and per party the proof', () => {
  matchGolden('report', renderReport(REPORT, plain));
  matchGolden('report-terminal', renderReport(REPORT, drawn));
});

test('render: a failed verification names the contracts that differ, and how many more', () => {
  matchGolden('not-verified', renderVerification(NOT_VERIFIED, plain));
});

test('render: plain text holds no colours and no drawn lines', () => {
  assert.doesNotMatch(renderPlan(PLAN, plain), /[─│┌]/);
});

test('render: a table longer than a screen is cut and says so', () => {
  const rows = Array.from({ length: 1_100 }, (_, index) => [`party ${index}`]);

  assert.match(table(plain, ['party'], rows), /\.\.\. and 1,040 more, all of them with --json$/);
});

test('render: durations read as people say them', () => {
  assert.deepEqual([40, 9_940, 59_400, 65_000, 7_800_000].map(duration), [
    '0.0 s',
    '9.9 s',
    '59 s',
    '1 min 5 s',
    '2 h 10 min',
  ]);
});

test('render: fingerprints are shortened, names are not', () => {
  assert.equal(shortId(`alice::1220${'ab'.repeat(32)}`), 'alice::1220abab...abab');
});
