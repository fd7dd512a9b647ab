import assert from 'node:assert/strict';
import { test } from 'node:test';

import { liveProgress, readHeartbeat, withLiveProgress } from '../../client/live-progress.js';
import type { MigrationSnapshot, PendingStep } from '../../client/index.js';
import { SNAPSHOTS, STATUS } from './samples.js';

const copying = (progress?: object, rest: Partial<PendingStep> = {}): PendingStep => ({
  step: 'copyActiveContracts',
  attempt: 1,
  ...(progress && { progress }),
  ...rest,
});

const AHEAD = { imported: 11_000, of: 12_400, perSecond: 2_100, etaSeconds: 1 };
const IMPORTING = { what: 'importing', done: 11_000, total: 12_400, isHeld: false } as const;

function snapshot(pending: PendingStep[], status = STATUS): MigrationSnapshot {
  return { ...SNAPSHOTS['status-transfer']!, status, pending };
}

test('progress: a heartbeat is read without the checkpoint it keeps for the next attempt', () => {
  const heartbeat = { imported: 5, of: 9, checkpoint: { contractCount: 5, digest: 'ab' } };

  assert.deepEqual(readHeartbeat(Buffer.from(JSON.stringify(heartbeat))), { imported: 5, of: 9 });
});

// A payload codec that this client does not have, and an activity that said nothing yet.
test('progress: a heartbeat that cannot be read, or is none, is no progress', () => {
  for (const text of ['null', '\u0001\u0002', '']) {
    assert.equal(readHeartbeat(Buffer.from(text)), undefined, text);
  }
  assert.equal(readHeartbeat(undefined), undefined);
});

test('progress: the heartbeat of the copy is what the status says, unless the migration knows of more', () => {
  assert.deepEqual(withLiveProgress(STATUS, [copying(AHEAD)]).contracts, {
    done: 11_000,
    total: 12_400,
    perSecond: 2_100,
    etaSeconds: 1,
  });
  assert.equal(withLiveProgress(STATUS, [copying({ ...AHEAD, imported: 9_000 })]), STATUS);
  assert.equal(withLiveProgress(STATUS, [copying()]), STATUS);
});

test('progress: while no heartbeat can be read, the copy is where the migration says', () => {
  const { done, total, perSecond, etaSeconds } = STATUS.contracts!;
  const told = { what: 'importing', done, total, perSecond, etaSeconds, isHeld: false };

  assert.deepEqual(liveProgress(snapshot([copying()])), told);
  assert.deepEqual(liveProgress(snapshot([copying({ ...AHEAD, imported: 9_000 })])), told);
});

test('progress: a copy that is held, or waits for its next attempt, says so and promises no time', () => {
  const held = copying({ imported: 11_000, of: 12_400, perSecond: 7, held: 'paused' });
  const waiting = copying(AHEAD, { attempt: 2, nextAttemptAt: '2026-01-02T03:14:05.000Z' });

  assert.deepEqual(liveProgress(snapshot([held])), { ...IMPORTING, isHeld: true, perSecond: 7 });
  assert.deepEqual(liveProgress(snapshot([waiting])), { ...IMPORTING, perSecond: 0 });
});

test('progress: without a worker it is where it was last, and nobody knows for how long', () => {
  const unknown = { ...SNAPSHOTS['status-no-worker']!, pending: [copying(AHEAD)] };

  assert.deepEqual(liveProgress(unknown), { ...IMPORTING, perSecond: 0 });
});

test('progress: a migration that is stopped, ended or at a gate is not on its way', () => {
  for (const state of ['stopped', 'waiting-for-approval', 'aborting', 'migrated'] as const) {
    assert.equal(liveProgress(snapshot([copying(AHEAD)], { ...STATUS, state })), undefined, state);
  }
});
