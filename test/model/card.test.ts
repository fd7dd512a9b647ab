import assert from 'node:assert/strict';
import test from 'node:test';

import { cardOf } from '../../model/card.js';
import type { SignatureToProvide } from '../../model/ceremony.js';
import { GATES } from '../../model/phase.js';
import type { MigrationStatus } from '../../model/steering.js';

const HASH = 'a'.repeat(64);

const RUNNING: MigrationStatus = {
  state: 'running',
  stage: 'transfer-active-contracts',
  summary: 'transfer-active-contracts is under way',
  next: 'nothing',
  workflowId: 'migrate-participant/s::1',
  planHash: HASH,
  phases: [],
  steps: [],
  isPastPointOfNoReturn: false,
  approvals: [],
};

const EQUAL: NonNullable<MigrationStatus['verification']> = {
  state: 'verified',
  isEqual: true,
  contractCount: 400,
  differences: [],
  differenceCount: 0,
  totals: { missing: 0, extra: 0, different: 0 },
  verifiedAt: '2026-01-02T04:05:06.000Z',
};

const cardWith = (change: Partial<MigrationStatus>) => cardOf({ ...RUNNING, ...change });

test('card: at a gate it has what is approved, each on a line, and the statement once', () => {
  const statement = GATES['warm-copy'].statement;
  const approves = ['old to new', 'changed: DARs that were added: iou_1 <2>'];
  const gate = { name: 'warm-copy' as const, statement, approves };
  const summary = `waiting for an operator to confirm, before transfer: ${statement}`;
  const card = cardWith({ state: 'waiting-for-approval', gate, summary });

  assert.match(card, /^## waiting-for-approval: gate warm-copy$/m);
  assert.match(card, /^- old to new\n- changed: DARs that were added: iou\\_1 \\<2\\>$/m);
  assert.equal(card.split(statement).length, 2, card);
});

test('card: at a gate it holds the update that the UI sends, as JSON whose names are left to be filled in', () => {
  const gate = {
    name: 'target-backup' as const,
    statement: 'the target may be disconnected',
    approves: [],
  };
  const [, json] = /^(\{.*\})$/m.exec(cardWith({ state: 'waiting-for-approval', gate }))!;

  const expected = { gate: 'target-backup', planHash: HASH, approver: '', evidence: '' };
  assert.deepEqual(JSON.parse(json!), expected);
});

test('card: why it stopped is said once, before anything else', () => {
  const message = 'target: UploadDar answered no';
  const stage = 'migrate-dars' as const;
  const lastFailure = { stage, kind: 'refused', type: 'Refused', message, cure: '' } as const;
  const summary = `migrate-dars stopped: ${message}`;
  const card = cardWith({ state: 'stopped', stage, summary, lastFailure });

  assert.match(
    card,
    /^## stopped: migrate-dars\n\n> \*\*⚠ Refused \(refused\): target: UploadDar answered no/,
  );
  assert.equal(card.split(message).length, 2, card);
});

test('card: a gate that has to be signed names who may, and no update that would be rejected', () => {
  const gate = {
    name: 'warm-copy' as const,
    statement: 's',
    approves: [],
    signedBy: ['Ada Lovelace', 'Grace Hopper'],
  };
  const card = cardWith({
    state: 'waiting-for-approval',
    gate,
  });

  assert.match(card, /signed by one of Ada Lovelace, Grace Hopper/);
  assert.doesNotMatch(card, /planHash/);
});

test('card: progress is a bar with counts, rate and the time left', () => {
  const card = cardWith({ contracts: { done: 100, total: 400, perSecond: 50, etaSeconds: 6 } });

  assert.match(card, /█████░{15} 25 %` 100 of 400 contracts imported, 50\/s, 6 s left$/m);
});

test('card: no time is promised before there is a rate, nor after the last contract', () => {
  const at = (done: number, perSecond: number) =>
    cardWith({ contracts: { done, total: 400, perSecond, etaSeconds: 0 } });

  assert.match(at(0, 0), /0 of 400 contracts imported$/m);
  const many = { done: 10_000, total: 12_350, perSecond: 2_000, etaSeconds: 2 };
  assert.match(
    cardWith({ contracts: many }),
    /10,000 of 12,350 contracts imported, 2,000\/s, 2 s left$/m,
  );
  // What does not run has no pace.
  for (const state of ['stopped', 'paused', 'aborting'] as const)
    assert.match(cardWith({ state, contracts: many }), /10,000 of 12,350 contracts imported$/m);
  assert.match(at(400, 50), /100 %` 400 of 400 contracts imported$/m);
});

test('card: a warm copy says what each catch-up brought, and how long the source would be out of service', () => {
  const catchUps = [
    { offset: '40', created: 1_500, archived: 300, seconds: 24.1 },
    { offset: '47', created: 15, archived: 3, seconds: 2.4 },
  ];

  const card = cardWith({ warmCopy: { catchUps, freezeSeconds: 67 } });

  assert.match(
    card,
    /^- Caught up to offset 40: 1,500 contracts imported, 300 purged, in 24 s\n- Caught up to offset 47: 15 /m,
  );
  assert.match(card, /^If frozen now, the source would be out of service for about 67 s$/m);
});

test('card: a comparison is verified, stale or not verified, with its time', () => {
  assert.match(
    cardWith({ verification: EQUAL }),
    /^Verified at 2026-01-02T04:05:06\.000Z: 400 contracts equal$/m,
  );
  assert.match(
    cardWith({ verification: { ...EQUAL, state: 'stale' } }),
    /^\*\*Stale\*\*: equal at 2026-01-02T04:05:06\.000Z, the target has changed since/m,
  );
});

test('card: of what differs it has the count by kind and names the first contracts and parties', () => {
  const parties = ['a::1', 'b::1', 'c::1', 'd::1'];
  const differences = Array.from({ length: 20 }, (_, index) => ({
    contractId: `00${index}`,
    parties,
    kind: 'missing' as const,
  }));

  const card = cardWith({
    verification: {
      ...EQUAL,
      state: 'not-verified',
      isEqual: false,
      differences,
      differenceCount: 1_000,
      totals: { missing: 999, extra: 1, different: 0 },
    },
  });

  assert.match(
    card,
    /^> \*\*⚠ Not verified at \S+: 999 contracts missing, 1 extra, 0 different\*\*\n[^]*^- missing: `000`/m,
  );
  assert.match(card, /^- missing: `004` of `a::1`, `b::1`, `c::1` and 1 more\n- \.\.\. and 995 more$/m);
});

test('card: at a gate that waits for signatures it says how many first, and what is optional last', () => {
  const signature = (purpose: SignatureToProvide['purpose'], isRequired: boolean) => ({
    ...{ purpose, isRequired, signedBy: '1220ab', algorithm: 'ED25519' as const, hash: purpose },
    ...{ toSign: { hex: '', base64: '' }, command: 'openssl', file: 'f' },
  });
  const signers = [{ signedBy: '1220cd', requests: 2, parties: 2, given: 0, isRequired: true }];
  const hostings = { requests: 2, parties: 2, given: 0, missing: 2, keys: 1, signers };
  const gate = {
    name: 'root-key',
    statement: 'the root key is safe',
    approves: [] as string[],
  } as const;
  const signatures = [signature('root-key-proof', false), signature('namespace-delegation', true)];
  const change = { state: 'waiting-for-approval', gate, signatures } as const;

  const card = cardWith({ ...change, hostings });

  assert.match(card, /^## Gate root-key: 3 signatures missing\n/);
  const [required, counts, optional] = [
    /\*\*To sign\*\*: namespace/,
    /1220cd/,
    /<summary>Optional signature: root/,
  ].map((its) => card.search(its));
  assert.ok(0 < required! && required! < counts! && counts! < optional!, card);
  const signed = cardWith({ ...change, hostings: { ...hostings, given: 2, missing: 0 } });
  assert.doesNotMatch(signed, /1220cd|signatures import/);
});
