import assert from 'node:assert/strict';
import test from 'node:test';

import { newMigration, statusOf, type Migration } from '../../model/migration.js';
import type { HashedPlan } from '../../model/plan.js';

const HASH = 'a'.repeat(64);
const HASHED = { plan: { source: { uid: 's::1' }, target: { uid: 't::2' } }, hash: HASH } as HashedPlan;

function atGate(change: Partial<Migration> = {}): Migration {
  const migration = newMigration('migrate-participant/s::1');
  return {
    ...migration,
    hashed: HASHED,
    gate: 'root-key',
    state: 'waiting-for-approval',
    stage: 'delegate-namespace',
    ...change,
  };
}

test('status: at a gate the next step is the command that opens it, with the hash', () => {
  const { next, gate } = statusOf(atGate());

  assert.equal(next, `canton-migrate approve root-key --plan-hash ${HASH}, or canton-migrate abort`);
  assert.match(gate!.statement, /root namespace key/);
});

test('status: a pause at a gate is visible, and the next step is the resume', () => {
  const { summary, next } = statusOf(atGate({ isPaused: true }));

  assert.match(summary, /paused at the gate root-key/);
  assert.equal(next, 'canton-migrate resume, or canton-migrate abort');
});

test('status: past the point of no return, and while it takes things back, no abort is offered', () => {
  const stopped = {
    state: 'stopped',
    lastFailure: { stage: 'verify', kind: 'refused', type: 'X', message: 'm', cure: 'mend it' },
  } as const;

  assert.equal(
    statusOf(atGate({ ...stopped, isPastPointOfNoReturn: true })).next,
    'mend it: canton-migrate resume',
  );
  assert.equal(
    statusOf(atGate({ ...stopped, isWithdrawing: true })).next,
    'mend it: canton-migrate resume',
  );
});
