import assert from 'node:assert/strict';
import test from 'node:test';

import { cardOf } from '../../model/card.js';
import { endedStatus } from '../../model/ended.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import { partiesStatusOf, partyLines } from '../../model/parties-status.js';
import type { ReportedFailure } from '../../model/report.js';
import type { MigrationState } from '../../model/steering.js';
import { LIVE_PLAN, PLAN, REPORT } from '../client/samples.js';

const OFFER =
  /approve|provide-signature|signatures (export|import)|resume|pause|Send an Update|abort\b/i;

const migrationIn = (state: MigrationState, its: Partial<Migration> = {}): Migration => ({
  ...newMigration('migrate-participant/s::1'),
  hashed: PLAN,
  state,
  ...its,
});
const failure: ReportedFailure = {
  stage: 'plan',
  kind: 'refused',
  type: 'MigrationOpen',
  message: 'new is taken',
  cure: 'canton-migrate status x',
};

test('ended: a run that is over offers nothing that it cannot take, in its status or its card', () => {
  const ends: Migration[] = [
    migrationIn('aborted', { abortedBy: 'Ada' }),
    migrationIn('failed', { lastFailure: failure }),
    migrationIn('migrated', { watch: { status: { state: 'parked', aliases: [] } } } as never),
    migrationIn('delegated', { delegatedTo: 'migrate-participant/s::2' }),
  ];
  for (const migration of ends) {
    const status = statusOf(migration);
    assert.doesNotMatch(status.next, OFFER, migration.state);
    assert.doesNotMatch(cardOf(status), OFFER, migration.state);
    assert.doesNotMatch(cardOf(status), /^## (aborted|migrated):/m, migration.state);
  }
});

test('ended: a delegated run points to the run that works, with its id and the command', () => {
  const status = statusOf(migrationIn('delegated', { delegatedTo: 'migrate-participant/s::2' }));

  assert.match(status.summary, /migrate-participant\/s::2/);
  assert.equal(status.next, 'canton-migrate status migrate-participant/s::2');
  // What has been done there is known there.
  assert.doesNotMatch(cardOf(status), /delegate-namespace/);
});

test('ended: what an abort has purged is no progress any more', () => {
  const transfer = { checkpoint: { contractCount: 60 }, catchUps: [] };
  const copied = (state: 'running' | 'aborted') =>
    statusOf(migrationIn(state, { transfer, verification: REPORT.verification } as never));

  assert.match(cardOf(copied('running')), /60 of [\d,]+ contracts[^]*\nVerified at/);
  assert.equal(copied('aborted').contracts, undefined);
  assert.doesNotMatch(cardOf(copied('aborted')), /60 of|\nVerified at/);
});

test('ended: a run that was terminated at a gate shows no gate, and the way out', () => {
  const steps = [
    { name: 'isolate-target', phase: 'transfer-active-contracts', serving: 'source', state: 'done' },
  ] as const;
  const waiting = migrationIn('waiting-for-approval', { gate: 'cut-over', steps: [...steps] });
  const status = endedStatus(statusOf(waiting), 'terminated');

  assert.equal(status.gate, undefined);
  assert.equal(status.next, `canton-migrate recover ${status.workflowId}`);
  assert.match(status.summary, /^terminated from outside .* connect and start nothing by hand$/);
  const untouched = endedStatus(statusOf(migrationIn('waiting-for-approval')), 'terminated');
  assert.match(untouched.summary, /nothing had been changed$/);
  const watched = endedStatus(statusOf(migrationIn('watching')), 'terminated');
  assert.match(watched.next, /^canton-migrate recover /);
});

test('ended: an abort that was asked for is told nothing of a cause, one after a failure its type', () => {
  const asked = statusOf(migrationIn('aborted', { abortedBy: 'Ada' }));
  const failed = statusOf(migrationIn('aborted', { abortedBy: 'Ada', firstFailure: failure }));

  assert.doesNotMatch(asked.next, /cause/);
  assert.match(failed.next, /cause of MigrationOpen/);
});

test('ended: parties move before, have moved after, and were to move if it was aborted', () => {
  const line = (outcome?: 'moved' | 'not moved') =>
    partyLines(partiesStatusOf(LIVE_PLAN.plan, outcome))[0]!;

  assert.match(line(), / to move, /);
  assert.match(line('moved'), /part(y|ies) moved, \d+ stays?$/);
  assert.match(line('not moved'), /(was|were) to move/);
});
