import assert from 'node:assert/strict';
import test from 'node:test';

import { carriedOf, migrationOf } from '../../model/carried.js';
import { isLost, takenOver, waysFrom, type LostRun, type Way } from '../../model/lost-run.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { PLAN, REPORT, SOURCE_UID } from '../client/samples.js';
import { migrationId } from '../../model/plan.js';

const ID = migrationId(SOURCE_UID);

function lost(change: Partial<Migration>, end: LostRun['end'] = 'terminated'): LostRun {
  const migration: Migration = {
    ...newMigration(ID),
    hashed: PLAN,
    steps: [{ name: 'freeze-source', phase: 'cut-over', serving: 'nobody', state: 'done' }],
    ...change,
  };
  return {
    runId: 'the-lost-run',
    end,
    closedAt: '2026-01-01T00:00:00.000Z',
    planned: {} as LostRun['planned'],
    request: PLAN.plan.request,
    carried: carriedOf(migration),
  };
}

const AT_GATE: Partial<Migration> = {
  state: 'waiting-for-approval',
  stage: 'cut-over',
  gate: 'cut-over',
  gateSince: '2026-01-01T00:00:00.000Z',
};

const taken = (run: LostRun, way: Way) => migrationOf(takenOver(run, { way, by: 'ada' }));

test('lost run: whichever way it is taken over, a gate that was open is not, and only a reset stops it', () => {
  const states: Record<Way, string> = { back: 'aborting', forward: 'running', stopped: 'stopped' };
  for (const [way, state] of Object.entries(states) as [Way, string][]) {
    const next = taken(lost(AT_GATE), way);
    assert.deepEqual([way, next.state, next.isWithdrawing], [way, state, way === 'back']);
    assert.equal(next.gate, undefined, way);
    assert.equal(next.gateSince, undefined, way);
    assert.deepEqual(next.approvals, []);
  }
  assert.match(taken(lost(AT_GATE), 'stopped').lastFailure!.message, /stood at the gate cut-over/);
});

test('lost run: an abort that was asked for goes on, past the point of no return the only way is forward', () => {
  const asked = lost({ state: 'running', abortedBy: 'eve' });
  assert.deepEqual(waysFrom(migrationOf(asked.carried)), ['back']);
  for (const way of ['stopped', 'back'] as const) {
    const { state, isWithdrawing, abortedBy } = taken(asked, way);
    assert.deepEqual([state, isWithdrawing, abortedBy], ['aborting', true, 'eve']);
  }
  const past = lost({ state: 'running', isPastPointOfNoReturn: true, isCancelRequested: true });
  assert.deepEqual(waysFrom(migrationOf(past.carried)), ['forward']);
  const { state, isPastPointOfNoReturn } = taken(past, 'stopped');
  assert.deepEqual([state, isPastPointOfNoReturn], ['stopped', true]);
});

test('lost run: only a run that came to no end of its own is lost', () => {
  assert.equal(isLost(lost(AT_GATE)), true);
  assert.equal(isLost(lost(AT_GATE, 'timed-out')), true);
  for (const end of ['completed', 'failed', 'cancelled'] as const)
    assert.equal(isLost(lost(AT_GATE, end)), false, end);
  assert.equal(isLost(lost({ state: 'aborted' })), false);
  const { closedBy, ...report } = REPORT;
  assert.ok(closedBy);
  assert.equal(isLost(lost({ state: 'watching', report: REPORT })), false);
  assert.equal(isLost(lost({ state: 'watching', report })), true);
  assert.equal(taken(lost({ state: 'watching', report }), 'stopped').state, 'watching');
});
