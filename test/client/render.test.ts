import assert from 'node:assert/strict';
import { test } from 'node:test';

import { renderPlan, renderPlanSummary } from '../../client/render/plan.js';
import { renderReport, renderVerification } from '../../client/render/report.js';
import { renderAbortPreview } from '../../client/render/abort-preview.js';
import { gateLines } from '../../client/render/gate.js';
import {
  nextOf,
  progressKey,
  progressLine,
  renderStatus,
  renderTuning,
} from '../../client/render/status.js';
import { renderLive } from '../../client/render/live.js';
import type { SignatureToProvide } from '../../model/ceremony.js';
import { duration } from '../../model/duration.js';
import { liveStatusOf, newLiveRecord } from '../../model/live.js';
import { newMigration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import { nextStepOf } from '../../model/next-step.js';
import { createStyle, roughly, shortId, wrapped } from '../../client/render/style.js';
import { table } from '../../client/render/table.js';
import { matchGolden } from './golden.js';
import { LIVE_PLAN, NOT_VERIFIED, OBSTRUCTED, PLAN, REPORT, SNAPSHOTS, WARM_PLAN } from './samples.js';

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

test('render: a plan of the live route tells its sequence, the point of no return, and who signs', () => {
  matchGolden('plan-live', renderPlan(LIVE_PLAN, plain));
});

test('render: a plan says how long the source is out of service, what is asked for first', () => {
  const cold = 'Out of service: about 1 min 10 s (cold copy), about 1 min 5 s with --copy warm\n';
  const warm = 'Out of service: about 11 min (warm copy), about 2 h with --copy cold\n';

  assert.ok(renderPlan(PLAN, plain).includes(cold));
  assert.ok(renderPlan(WARM_PLAN, plain).includes(warm));
  const small = { ...PLAN, plan: { ...PLAN.plan, freezeSeconds: { cold: 66, warm: 67 } } };
  assert.ok(renderPlan(small, plain).includes('about 1 min 5 s, with a cold or a warm copy\n'));
});

test('render: a plan says in which mode contracts are imported, and why they are validated', () => {
  const imports = { mode: 'validation' as const, reasons: ['one reason', 'another'] };
  const { contracts } = PLAN.plan;
  const many = { ...PLAN.plan, imports, contracts: { ...contracts, total: 100_000 } };
  const why = '  imported in mode VALIDATION, because one reason; another\n';

  assert.match(renderPlan(PLAN, plain), /^ {2}imported in mode ACCEPT, as the source has them: /m);
  assert.ok(!renderPlan(PLAN, plain).includes('parallelism'));
  assert.ok(renderPlan({ ...PLAN, plan: many }, plain).includes(why));
  assert.match(renderPlan({ ...PLAN, plan: many }, plain), /^ {2}on a target .*batching\.parallelism/m);
});

for (const [name, snapshot] of Object.entries(SNAPSHOTS)) {
  test(`render: ${name.replace('-', ' of a migration: ')}`, () => {
    matchGolden(
      name,
      `${renderStatus(snapshot, plain)}\nnext: ${nextOf(snapshot)}\n\n${progressLine(snapshot)}`,
    );
  });
}

test('render: without a terminal a twentieth of the contracts has one line, a pause another', () => {
  const at = (imported: number, rest: object = {}) => {
    const { status, ...snapshot } = SNAPSHOTS['status-transfer']!;
    const progress = { imported, of: 1_000, perSecond: 10, ...rest };
    const pending = [{ step: 'copyActiveContracts', attempt: 1, progress }];
    return progressKey({
      ...snapshot,
      pending,
      status: { ...status!, contracts: { ...status!.contracts!, done: 0 } },
    });
  };

  assert.equal(at(100), at(149));
  assert.notEqual(at(149), at(150));
  assert.notEqual(at(100), at(100, { held: 'paused' }));
});

test('render: the pace of a transfer is what a call should take, and the limit', () => {
  assert.equal(
    renderTuning({ targetSeconds: 5 }),
    'pace: import calls of about 5 s, no limit on contracts per second',
  );
  assert.equal(
    renderTuning({ targetSeconds: 10, contractsPerSecond: 2_500 }),
    'pace: import calls of about 10 s, at most 2,500 contracts/s',
  );
});

// A copy of changes alone has no number of contracts that says that it is over.
test('render: once the target serves no pace is shown', () => {
  const { contracts, ...status } = SNAPSHOTS['status-watching']!.status!;
  assert.ok(contracts && status.tuning);

  assert.doesNotMatch(renderStatus({ ...SNAPSHOTS['status-watching']!, status }, plain), /^pace/m);
});

test('render: a report tells per phase what changed and per party the proof', () => {
  matchGolden('report', renderReport(REPORT, plain));
  matchGolden('report-terminal', renderReport(REPORT, drawn));
});

test('render: before an abort whoever is asked sees what of this migration is taken back, and what stays', () => {
  const { status } = SNAPSHOTS['status-transfer']!;
  const preview = {
    takenBack: [
      { phase: 'migrate-dars' as const, changed: ['3 DARs uploaded', '5 packages vetted'] },
      { phase: 'transfer-active-contracts' as const, changed: [] },
    ],
    stays: [{ what: 'the delegation of the namespace', why: 'its removal is final' }],
  };

  const text = renderAbortPreview(preview, status!, plain);

  assert.match(text, /taken back +migrate-dars: 3 DARs uploaded; 5 packages vetted/);
  assert.match(text, /taken back +transfer-active-contracts: what it has begun/);
  assert.match(text, /stays +the delegation of the namespace +its removal is final/);
  assert.match(text, /^Abort is possible: the source serves again\.$/m);
  const nothing = renderAbortPreview({ takenBack: [], stays: [] }, status!, plain);
  assert.equal(nothing, 'Nothing was changed yet.');
  const tooLate = renderAbortPreview(preview, { ...status!, isPastPointOfNoReturn: true }, plain);
  assert.equal(tooLate, 'The point of no return has been passed.');
});

test('render: a failed verification names the contracts that differ, and how many more', () => {
  matchGolden('not-verified', renderVerification(NOT_VERIFIED, plain));
});

test('render: of more parties than travel with a report it counts them, and shows those that are not equal', () => {
  const parties = { storedList: 'ab'.repeat(32), count: 100_000 };

  const text = renderVerification({ ...NOT_VERIFIED, parties }, plain);

  assert.match(
    text,
    /^99,999 parties equal, 1 different\n {2}party .*\n {2}alice::.* 12,345 +12,344 +different$/m,
  );
});

test('render: plain text holds no colours and no drawn lines', () => {
  assert.doesNotMatch(renderPlan(PLAN, plain), /[─│┌]/);
});

test('render: a table longer than a screen is cut and says so', () => {
  const rows = Array.from({ length: 1_100 }, (_, index) => [`party ${index}`]);

  assert.match(table(plain, ['party'], rows), /\.\.\. and 1,040 more, all of them with --json$/);
});

test('render: durations read as people say them', () => {
  assert.deepEqual([40, 9_940, 9_960, 59_400, 59_600, 65_000, 119_700, 7_800_000].map(duration), [
    '0.0 s',
    '9.9 s',
    '10 s',
    '59 s',
    '1 min 0 s',
    '1 min 5 s',
    '2 min 0 s',
    '2 h 10 min',
  ]);
});

test('render: estimates are no more exact than they are', () => {
  assert.deepEqual([0, 7, 69, 118, 250, 638, 3_599, 7_391, 90_000].map(roughly), [
    '0 s',
    '7 s',
    '1 min 10 s',
    '2 min',
    '4 min',
    '11 min',
    '1 h',
    '2 h',
    '25 h',
  ]);
});

test('render: fingerprints are shortened, names are not', () => {
  assert.equal(shortId(`alice::1220${'ab'.repeat(32)}`), 'alice::1220abab...abab');
});

test('render: a sentence is broken between words, a table and a command are not', () => {
  assert.equal(
    wrapped('  cure: ask who signs\nok', 12),
    ['  cure: ask', '    who', '    signs', 'ok'].join('\n'),
  );
  const bold = createStyle({ isTerminal: true, hasColor: true }).bold('cure: ask');
  assert.equal(wrapped(`${bold} who`, 13), `${bold} who`);
  assert.equal(wrapped('│ a cell of a table │', 10), '│ a cell of a table │');
  const pasted = "canton-migrate pause 'a b' --as 'Ada Lovelace'";
  assert.equal(
    wrapped(`wait, then ${pasted}, or do it again`, 20),
    ['wait, then', `  ${pasted},`, '  or do it again'].join('\n'),
  );
  const theirs = 'temporal operator search-attribute create --name A --type Keyword';
  assert.equal(wrapped(`next: ${theirs}`, 20), `next:\n  ${theirs}`);
});

test('status: an optional proof takes one line, and keys that have all signed none', () => {
  const of = SNAPSHOTS['status-gate']!.status!;
  const bytes = { hex: 'ab'.repeat(300), base64: 'ab'.repeat(200) };
  const proof: SignatureToProvide = {
    ...({ purpose: 'root-key-proof', algorithm: 'ED25519' } as const),
    ...{ isRequired: false, signedBy: '1220ab' },
    ...{ hash: 'cd', toSign: bytes, command: 'openssl', file: 'f' },
  };
  const signers = [{ signedBy: '1220cd', requests: 1, parties: 1, given: 1, isRequired: true }];
  const hostings = { requests: 1, parties: 1, given: 1, missing: 0, keys: 1, signers };
  const text = gateLines({ ...of, signatures: [proof], hostings }, plain).join('\n');

  assert.match(
    text,
    /^Optional, a proof that the root key is at hand: canton-migrate .* --signer 1220ab$/m,
  );
  assert.doesNotMatch(text, /abab|openssl|1220cd/);
});

test('status: while signatures of others are awaited, it names whose, and how to have them signed', () => {
  const namespace = `1220${'cd'.repeat(32)}`;
  const namespaces = [{ namespace, count: 1 }];
  const awaited = { parties: 1, named: ['joint'], namespaces, namespaceCount: 1 };
  const live = { ...newLiveRecord(), awaited };
  const migration = { ...newMigration('a-migration'), live, stage: 'recreate-parties' } as const;
  const next = nextStepOf({ ...migration, state: 'running' });
  assert.match(next, /canton-migrate signatures export a-migration --missing/);

  const { summary } = statusOf({ ...migration, state: 'running' });
  assert.equal(summary, 'recreate-parties waits for signatures of others: 1 party');

  const status = { ...SNAPSHOTS['status-transfer']!.status!, live: liveStatusOf(live) };
  const lines = renderLive(status, plain);
  assert.ok(
    lines.some((line) => line.includes(`Not signed by ${namespace}`)),
    lines.join('\n'),
  );
});
