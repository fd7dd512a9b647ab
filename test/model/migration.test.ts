import assert from 'node:assert/strict';
import test from 'node:test';

import type { WatchStatus } from '../../model/source-watch.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import { DEFAULT_APPROVAL, type MigrationPlan, type PlannedParty } from '../../model/plan.js';
import { PLAN as SAMPLE } from '../client/samples.js';

const HASH = 'a'.repeat(64);
const node = (name: string) => ({
  name,
  uid: `${name}::1`,
  synchronizer: { logicalId: `${name}-sync` },
});
const PLAN = {
  ...SAMPLE.plan,
  route: { name: 'new-synchronizer' },
  source: node('s'),
  target: node('t'),
  approval: DEFAULT_APPROVAL,
  namespaces: [],
  warnings: [],
  parties: [] as PlannedParty[],
  partyCounts: [],
  partyExceptions: { count: 0, first: [] },
};
const HASHED = { plan: PLAN as unknown as MigrationPlan, hash: HASH, plannedOffset: '1' };

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
  assert.match(
    gate!.statement,
    /takes the route new-synchronizer, from s-sync to t-sync, with s out of/,
  );
});

test('status: where approvals are signed the next step is to have the text written, signed and handed in', () => {
  const ada = { name: 'Ada', algorithm: 'ed25519', publicKey: '', fingerprint: '' } as const;
  const plan = { ...HASHED.plan, approval: { ...DEFAULT_APPROVAL, approvers: [ada] } };
  const { next, gate } = statusOf(atGate({ hashed: { ...HASHED, plan } }));

  assert.deepEqual(gate!.signedBy, ['Ada']);
  assert.match(
    next,
    /--as '[^']+' --write-text approval\.txt, sign .* --signature-file approval\.txt\.sig,/,
  );
});

test('status: a pause at a gate is visible, and the next step is the resume', () => {
  const { summary, next } = statusOf(atGate({ isPaused: true }));

  assert.match(summary, /paused at the gate root-key/);
  assert.equal(next, 'canton-migrate resume, or canton-migrate abort');
});

test('status: past the point of no return, and while it takes things back, no abort is offered', () => {
  const stopped = {
    state: 'stopped',
    lastFailure: { stage: 'verify', kind: 'refused', type: 'X', message: 'm', cure: 'fix it' },
  } as const;

  assert.equal(
    statusOf(atGate({ ...stopped, isPastPointOfNoReturn: true })).next,
    'fix it: canton-migrate resume',
  );
  assert.equal(
    statusOf(atGate({ ...stopped, isWithdrawing: true })).next,
    'fix it: canton-migrate resume',
  );
});

// After a reverse migration "the source" is the node that most people know as the target.
test('status: what is to be done after the end names the nodes, and stops none that has to go on', () => {
  const left = { party: 'bob::2', class: 'local', treatment: 'leave' } as PlannedParty;
  const watching = (plan: object, watch?: WatchStatus) =>
    statusOf(
      atGate({
        state: 'watching',
        isPastPointOfNoReturn: true,
        hashed: {
          plan: { ...PLAN, ...plan } as unknown as MigrationPlan,
          hash: HASH,
          plannedOffset: '1',
        },
        ...(watch && { watch: { expectedLedgerEnd: '1', status: watch } }),
      }),
    ).next;
  const live = { route: { name: 'live' }, live: { staleOnTarget: 0 }, parties: [left] };
  const seen = { aliases: [], since: '', lastLookedAt: '', alarmCount: 0 };

  assert.equal(watching({}), 'stop the process of s for good, then canton-migrate close');
  assert.equal(
    watching({ parties: [left] }),
    'deal with 1 party that stays on s, then stop the process of s for good, then canton-migrate close',
  );
  assert.equal(
    watching(live),
    'keep s running, which serves 1 party that stays on it; canton-migrate close, then do what the report lists as still to do by hand',
  );
  assert.equal(
    watching({ ...live, parties: [] }),
    'canton-migrate close, then do what the report lists as still to do by hand',
  );
  assert.match(
    watching(live, { ...seen, state: 'unreadable' }),
    /^make t reachable for the worker again/,
  );
  assert.match(watching(live, { ...seen, state: 'alarm' }), /^find out who made s a host again/);
});
