import assert from 'node:assert/strict';
import test from 'node:test';

import { gateSummaryOf } from '../../model/gate-summary.js';
import { newLiveRecord } from '../../model/live.js';
import { newMigration, type Migration } from '../../model/migration.js';
import type { Gate } from '../../model/phase.js';
import type { HashedPlan } from '../../model/plan.js';
import { LIVE_PLAN, NOT_VERIFIED, PLAN, REPORT, WARM_PLAN } from '../client/samples.js';

const at = (gate: Gate, hashed: HashedPlan, change: Partial<Migration> = {}) =>
  gateSummaryOf({ ...newMigration('migrate-participant/old::1'), hashed, ...change }, gate).join('\n');

test('gate summary: before the first change it has nodes, route, parties, contracts, downtime, what stays and warnings', () => {
  const summary = at('root-key', PLAN);

  assert.match(summary, /^old \(old::1220\S+\) to new \(new::1220\S+\)\nroute new-synchronizer, from /);
  assert.match(summary, /^2 parties to move \(1 local, 1 multi-hosted\); 1 to stay$/m);
  assert.doesNotMatch(summary, /^stays: 1 admin/m);
  assert.match(summary, /^not copied: user participant_admin \(every participant has its own\)$/m);
  assert.match(
    summary,
    /^12,350 active contracts to move; 2 contracts shared with 1 stakeholder that does not move: they move$/m,
  );
  assert.match(summary, /^out of service: old, for about 1 min 9 s, estimated$/m);
  assert.match(summary, /^warning: PruningScheduled: old prunes by schedule/m);
  assert.doesNotMatch(summary, /equal|canton-migrate/);
});

test('gate summary: after a warm copy the downtime is that of now, and on the live route there is none', () => {
  const { transfer } = newMigration('m');
  const catchUps = [{ offset: '40', created: 1_000, archived: 300, seconds: 2 }];
  const warm = at('interrupt-service', WARM_PLAN, {
    transfer: { ...transfer, caughtUpOffset: '40', catchUps },
  });

  assert.match(
    warm,
    /^out of service: old, for about .+ if it is frozen now, after a catch-up of 1,300 changes$/m,
  );
  assert.match(
    at('root-key', LIVE_PLAN),
    /^out of service: never, old serves until new does; about .+ to the gate switch, estimated$/m,
  );
});

test('gate summary: behind a comparison it has what was proven, and whether that still holds', () => {
  const { verification } = REPORT;

  assert.match(
    at('cut-over', PLAN, { verification: verification }),
    /^12,350 contracts equal on both nodes: source at offset 41, target at 42, at 2026-01-02T04:05:06.000Z$/m,
  );
  assert.match(
    at('cut-over', PLAN, { verification: verification, isVerificationStale: true }),
    /^stale: 12,350 contracts equal .*; the target has changed since and is compared again$/m,
  );
  assert.match(
    at('cut-over', PLAN, { verification: NOT_VERIFIED }),
    /^not equal: 3 contracts differ; source at offset 41/m,
  );
});

test('gate summary: at the switch it has the lag, what is in flight, and the comparison of two nodes that serve', () => {
  const compared = {
    ...{ contractCount: 7, packages: [], recordTime: '2026-01-02T04:05:06.000000Z' },
    ...{ sourceOffset: '9', targetOffset: '12' },
  };
  const switching = {
    ...{ readAt: '2026-01-02T04:06:06.000Z', targetLagMs: 340, flagsSet: 0, submittedOnSource: 2 },
    ...{ inFlight: { submissions: 1, transactions: 0 }, disagreeing: ['other::1'], unmatched: [] },
  };
  const summary = at('switch', LIVE_PLAN, { live: { ...newLiveRecord(), compared, switching } });

  assert.match(summary, /the target lags by at most 0\.3 s; onboarding flags set: 0$/m);
  assert.match(
    summary,
    /^in flight on the source: 1 submission, 0 transactions; 2 ledger transactions /m,
  );
  assert.match(summary, /^warning: commitments disagree with 1 participant$/m);
  assert.match(
    summary,
    /^7 contracts equal while both served, at .*: source at offset 9, target at 12$/m,
  );
});

test('gate summary: what has changed since the plan is in it', () => {
  const found = [{ name: 'dar-added' as const, named: ['iou 1.0.1'], count: 1 }];
  const summary = at('cut-over', PLAN, { differences: { readAt: '2026-11-29', found } });

  assert.match(
    summary,
    /^Read at 2026-11-29, changed since the plan:\nchanged: DARs that were added on the source: iou 1\.0\.1/m,
  );
});

test('gate summary: where the nodes have another number of contracts than the plan it says so, and why', () => {
  const { verification } = REPORT;
  const summary = at('cut-over', PLAN, { verification: { ...verification, contractCount: 12_351 } });

  assert.match(
    summary,
    /^12,351 active contracts by the last reading: 12,350 contracts when it was planned; others created/m,
  );
  const partyCounts = PLAN.plan.partyCounts.map((its) => ({ ...its, contractCount: 12_345 }));
  assert.match(
    at('root-key', { ...PLAN, plan: { ...PLAN.plan, partyCounts } }),
    /^12,350 in all: a contract of several parties counts for each of them$/m,
  );
  assert.doesNotMatch(at('cut-over', PLAN, { verification }), /by the last reading/);
});
