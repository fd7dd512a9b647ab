import assert from 'node:assert/strict';
import test from 'node:test';

import { cardOf } from '../../model/card.js';
import { newLiveRecord } from '../../model/live.js';
import type { StoredList } from '../../model/listed.js';
import { reportOf } from '../../model/migration-report.js';
import { statusOf } from '../../model/migration-status.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { exceptionsAmong } from '../../model/party-exceptions.js';
import { countParties } from '../../model/plan-parties.js';
import type { PlannedParty } from '../../model/plan.js';
import type { Verification } from '../../model/report.js';
import { plannedMemo } from '../../model/planned.js';
import { LIVE_PLAN } from '../client/samples.js';

const MANY = 100_000;
const LIMIT_BYTES = 100_000;
const fingerprint = (index: number) => `1220${index.toString(16).padStart(64, '0')}`;
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

const party = (index: number): PlannedParty => ({
  party: `wallet-${index}::${fingerprint(index)}`,
  class: index % 10 === 0 ? 'local' : 'external',
  treatment: index % 50 === 7 ? 'leave' : 'move',
  reason: index % 50 === 7 ? `reason ${index % 1_000} of a node` : '',
  permission: 'submission',
  contractCount: 3,
  ...(index % 10 > 0 && { signers: { namespaces: [fingerprint(index)], needed: 1 } }),
});

const stored: StoredList = { storedList: 'ab'.repeat(32), count: MANY };

/** Of 100,000 parties, with as much of everything else as a node may have. */
function huge(): Migration {
  const parties = times(MANY, party);
  const migration = newMigration(`migrate-participant/old::${fingerprint(1)}`);
  const lines = (of: string) =>
    times(2_000, (index) => `${of} of wallet-${index}::${fingerprint(index)}`);
  migration.hashed = {
    ...LIVE_PLAN,
    plan: {
      ...LIVE_PLAN.plan,
      parties: stored,
      partyCounts: countParties(parties),
      partyExceptions: exceptionsAmong(parties, 'old::1'),
      contracts: {
        ...LIVE_PLAN.plan.contracts,
        sharedWith: times(20_000, (index) => `payer-${index}::${fingerprint(index)}`),
      },
    },
  };
  for (const phase of migration.phases) phase.changed = lines('hosting');
  const uids = times(1_000, (index) => `node-${index}::${fingerprint(index)}`);
  migration.live = {
    ...newLiveRecord(),
    activation: {
      groups: { storedList: 'cd'.repeat(32), count: 1_000 },
      partyCount: MANY,
      first: { offset: '1', recordTime: '2026-01-02T04:05:06.000000Z' },
      last: { offset: '9', recordTime: '2026-01-02T04:05:06.000000Z' },
      hostedBefore: stored,
    },
    commitments: uids.map((counterParticipantUid) => ({
      counterParticipantUid,
      fromExclusive: '2026-01-02T04:05:00Z',
      toInclusive: '2026-01-02T04:05:06Z',
      state: 'match',
    })),
    unshared: uids,
    switching: {
      readAt: '2026-01-02T04:05:06Z',
      targetLagMs: 1,
      flagsSet: 0,
      inFlight: { submissions: 0, transactions: 0 },
      submittedOnSource: 0,
      disagreeing: uids,
      unmatched: uids,
    },
  };
  migration.verification = UNEQUAL;
  migration.approvals = times(200, (index) => ({
    gate: 'root-key',
    approver: `Approver ${index}`,
    approvedAt: '2026-01-02T04:05:06Z',
    evidence: 'x'.repeat(200),
  }));
  migration.withdrawal = {
    withdrawn: lines('hosting'),
    stays: lines('hosting').map((what) => ({ what, why: 'signed already' })),
    checked: lines('hosting'),
  };
  return migration;
}

const UNEQUAL: Verification = {
  isEqual: false,
  contractCount: MANY,
  sourceOffset: '9',
  targetLedgerEnd: '9',
  parties: stored,
  unequalParties: times(500, (index) => ({
    party: party(index).party,
    source: { contractCount: 3, digest: 'ab'.repeat(32) },
    target: { contractCount: 2, digest: 'cd'.repeat(32) },
    isEqual: false,
  })),
  unequalPartyCount: 5_000,
  packages: times(2_000, (index) => ({
    packageId: fingerprint(index),
    name: 'lab-iou',
    contractCount: 3,
  })),
  differences: times(1_500, (index) => ({
    contractId: `00${'cd'.repeat(68)}`,
    parties: times(200, (other) => party(index + other).party),
    kind: 'missing',
  })),
  differenceCount: 1_500,
  totals: { missing: 1_500, extra: 0, different: 0 },
  verifiedAt: '2026-01-02T04:05:06.000Z',
};

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

test('status: with 100,000 parties, status, card, memo and report have less than 100 kB, and count what they leave out', () => {
  const migration = huge();

  const status = statusOf({ ...migration, state: 'aborted' });
  const report = reportOf(
    migration,
    times(MANY, (index) => ({
      purpose: 'namespace-delegation',
      signedBy: fingerprint(index),
      hash: fingerprint(index),
      by: 'the custodian',
      providedAt: '2026-01-02T04:05:06Z',
    })),
  );

  const answers = {
    status,
    report,
    card: cardOf(status),
    memo: plannedMemo(migration.hashed!, new Date(0)),
  };
  for (const [name, answer] of Object.entries(answers))
    assert.ok(bytesOf(answer) < LIMIT_BYTES, `${name} has ${bytesOf(answer)} bytes`);
  assert.deepEqual([status.parties?.moving, status.parties?.staying], [98_000, 2_000]);
  assert.deepEqual(
    [status.live?.activation?.groupCount, status.verification?.differenceCount],
    [1_000, 1_500],
  );
  assert.match(status.live!.switching!.disagreeing.at(-1)!, /^\.\.\. and \d+ more$/);
  assert.match(status.withdrawal!.withdrawn.at(-1)!, /^\.\.\. and [\d,]+ more$/);
  assert.equal(report.signatureCount, MANY);
});

test('status: at the gate root-key what is not signed yet is shown, and how much there is', () => {
  const migration = huge();
  const [stage, gate] = ['delegate-namespace', 'root-key'] as const;
  const request = (index: number) => ({
    purpose: 'namespace-delegation' as const,
    isRequired: true,
    key: { fingerprint: fingerprint(index), publicKey: 'AAAA', keySpec: 'EC_P256' } as never,
    algorithm: 'EC_DSA_SHA_256' as const,
    hash: fingerprint(index),
    toSign: 'A'.repeat(48),
    transaction: 'A'.repeat(500),
    ...(index < 50 && { provided: { signature: 'AAAA', by: 'Ada', providedAt: '2026-01-02' } }),
  });

  const status = statusOf({ ...migration, stage, gate, signatures: times(400, request) });

  assert.ok(bytesOf(status) < LIMIT_BYTES, `${bytesOf(status)} bytes`);
  assert.equal(status.signatureCount, 400);
  assert.ok(status.signatures!.length > 0);
  assert.ok(status.signatures!.every(({ providedBy }) => providedBy === undefined));
  assert.match(cardOf(status), /^\d+ of 400 to sign are shown/m);
});
