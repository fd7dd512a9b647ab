import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { ApplicationFailure } from '@temporalio/common';

import { cardOf } from '../../model/card.js';
import { newLiveRecord } from '../../model/live.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import { GATES, type Gate } from '../../model/phase.js';
import { migrationId } from '../../model/plan.js';
import type { MigrationState } from '../../model/steering.js';
import { LIVE_PLAN, PLAN, REPORT, SOURCE_UID } from '../client/samples.js';
import { registeredHandlers } from '../support/registered-handlers.js';

// Only now: the SDK looks when it is loaded for what registered-handlers.ts has provided.
const { CancellationScope } = await import('@temporalio/workflow');
const { attend } = await import('../../workflows/steering/handlers.js');
const { attendWatch } = await import('../../workflows/source-watch.js');
const { attendReset } = await import('../../workflows/reset.js');
const { attendPreview } = await import('../../workflows/abort-preview.js');
const { payloadConverter } = await import('../../workflows/payload-converter.js');
const { readable, UNREADABLE } = await import('../../workflows/unreadable.js');
const workflows = await import('../../workflows/index.js');

const ID = migrationId(SOURCE_UID);
const DIGEST = 'a'.repeat(64);

const CHECKPOINT = { contractCount: 100, digest: DIGEST, targetLedgerEnd: '7', callCount: 1 };
const PROGRESS = { checkpoint: CHECKPOINT, offset: '41', contractsPerSecond: 10, isHeld: false };
const checkpoints = [
  { ...CHECKPOINT, contractCount: -1 },
  { ...CHECKPOINT, contractCount: 1.5 },
  { ...CHECKPOINT, contractCount: Number.MAX_SAFE_INTEGER + 1 },
  { ...CHECKPOINT, contractCount: Number.MAX_SAFE_INTEGER },
  { ...CHECKPOINT, contractCount: '100' },
  { ...CHECKPOINT, digest: 'none' },
  { ...CHECKPOINT, targetLedgerEnd: 7 },
  { ...CHECKPOINT, targetLedgerEnd: 'x'.repeat(100_000) },
  { ...CHECKPOINT, callCount: null },
  { ...CHECKPOINT, parts: '2' },
  { ...CHECKPOINT, brokenOff: -1 },
];

/** What the SDK hands over for any payload at all, by their kinds. */
const GARBAGE: unknown[][] = [
  [],
  ...[undefined, null, true, 0, NaN, Infinity, '', 'text', 'x'.repeat(100_000)].map((its) => [its]),
  ...[{}, [], [[]], Array.from({ length: 10_000 }, () => ({})), UNREADABLE].map((its) => [its]),
  ...[null, 7, {}, [], '', ' ', 'x'.repeat(201), 'a\u001b[2J', 'a\u202eb', 'a\nb'].map((name) => [
    { by: name, approver: name, gate: name, planHash: name, hash: name, force: name, signature: name },
  ]),
  [UNREADABLE, UNREADABLE],
];

const AWAITED = {
  parties: 3,
  named: ['joint-1'],
  namespaces: [{ namespace: '12ab', count: 3 }],
  namespaceCount: 1,
};

/** What only one of them refuses: a field that the others do not look at. */
const ITS_GARBAGE: Record<string, unknown[]> = {
  awaitedSignatures: [
    ...[-1, '1', 0.5, undefined].map((parties) => ({ ...AWAITED, parties })),
    ...[7, ['a\u001b[2J'], [''], [7], new Array(11).fill('a')].map((named) => ({ ...AWAITED, named })),
    ...[7, [null], [{ namespace: 'a' }], [{ namespace: '', count: 1 }], new Array(11).fill({})].map(
      (namespaces) => ({ ...AWAITED, namespaces }),
    ),
    { ...AWAITED, namespaceCount: null },
  ],
  transferProgress: [
    ...checkpoints.map((checkpoint) => ({ ...PROGRESS, checkpoint })),
    ...[null, NaN, -1, '7', 1e12].map((contractsPerSecond) => ({ ...PROGRESS, contractsPerSecond })),
    ...[7, {}, '', '-1', undefined].map((offset) => ({ ...PROGRESS, offset })),
    { ...PROGRESS, isHeld: 'yes' },
  ],
  retune: [
    { by: 'ada' },
    ...[NaN, -1, '5', {}, 1e300].map((its) => ({ by: 'ada', targetSeconds: its })),
    ...[NaN, -1, '5', {}, 1e300].map((its) => ({ by: 'ada', contractsPerSecond: its })),
  ],
  approve: [
    { gate: '__proto__', planHash: PLAN.hash, approver: 'ada' },
    ...Object.keys(GATES).flatMap((gate) => [
      { gate, planHash: {}, approver: 'ada' },
      { gate, planHash: PLAN.hash, approver: 'ada', evidence: [], waiver: 7 },
      { gate, planHash: PLAN.hash, approver: 'ada', evidence: 'a\u001b[2J' },
    ]),
  ],
  close: [null, 7, 'yes', {}].map((force) => ({ by: 'ada', force })),
  provideSignature: [{ hash: '1', signedBy: '2', algorithm: '3', signature: '*', by: 'ada' }],
};
const garbageOf = (name: string) => [...GARBAGE, ...(ITS_GARBAGE[name] ?? []).map((its) => [its])];

const base = (state: MigrationState, change: Partial<Migration> = {}): Migration => ({
  ...newMigration(ID),
  state,
  ...change,
});
const failure = {
  stage: 'verify',
  kind: 'mismatch',
  type: 'NotVerified',
  message: 'm',
  cure: 'c',
} as const;
const watch: Migration['watch'] = { expectedLedgerEnd: '41' };
const copying: Migration['transfer'] = {
  ...newMigration(ID).transfer,
  copyOffset: '41',
  checkpoint: { ...CHECKPOINT, contractCount: 50 },
};
const planned = { hashed: PLAN, transfer: copying };

/** A migration in each state, at each gate, and of each route. */
const STATES: Record<string, () => Migration> = {
  planning: () => base('running'),
  copying: () => base('running', { ...planned, stage: 'transfer-active-contracts' }),
  paused: () => base('paused', { ...planned, isPaused: true, stage: 'transfer-active-contracts' }),
  stopped: () =>
    base('stopped', { ...planned, lastFailure: failure, verification: REPORT.verification }),
  'stopped without a plan': () => base('stopped', { lastFailure: failure }),
  aborting: () => base('aborting', { ...planned, isWithdrawing: true, abortedBy: 'ada' }),
  aborted: () => base('aborted', { ...planned, abortedBy: 'ada' }),
  watching: () =>
    base('watching', { ...planned, stage: 'watch', isPastPointOfNoReturn: true, watch, report: REPORT }),
  'going on': () => base('running', { stage: 'watch' }),
  migrated: () => base('migrated', { ...planned, isPastPointOfNoReturn: true, watch, report: REPORT }),
  delegated: () => base('delegated', { delegatedTo: 'other' }),
  live: () => base('running', { hashed: LIVE_PLAN, transfer: copying, live: newLiveRecord() }),
  ...Object.fromEntries(
    (Object.keys(GATES) as Gate[]).map((gate) => [
      `gate ${gate}`,
      () => base('waiting-for-approval', { ...planned, gate, stage: GATES[gate].before }),
    ]),
  ),
};

afterEach(() => delete (globalThis as { __TEMPORAL_ACTIVATOR__?: unknown }).__TEMPORAL_ACTIVATOR__);

const attended = (migration: Migration) =>
  registeredHandlers({ workflowId: ID }, () => {
    attend(migration, new CancellationScope());
    attendWatch(migration);
    attendReset(migration);
    attendPreview(migration);
  });

test('garbage: no handler of a migration breaks, in any state, whatever it is sent', async () => {
  for (const [state, migrationIn] of Object.entries(STATES)) {
    const migration = migrationIn();
    const { handlers } = await attended(migration);
    const before = JSON.stringify({ ...migration, droppedSignals: 0 });
    for (const { kind, name, handler, validator } of handlers) {
      const where = `${kind} ${name} of ${state}`;
      for (const [index, args] of garbageOf(name).entries()) {
        if (kind === 'update') assertRejected(validator, args, `${where}, garbage ${index}`);
        else assert.doesNotThrow(() => handler(...args), `${where}, garbage ${index}`);
      }
    }
    assert.equal(JSON.stringify({ ...migration, droppedSignals: 0 }), before, state);
    const dropped = garbageOf('transferProgress').length + garbageOf('awaitedSignatures').length;
    assert.equal(migration.droppedSignals, dropped, state);
    assert.equal(statusOf(migration).droppedSignals, dropped);
    assert.match(
      cardOf(statusOf(migration)),
      /^> \*\*⚠ \d+ signals were dropped: malformed\*\*$/m,
      state,
    );
  }
});

/** Rejected with a name and a short message; an error of the language would say nothing to whoever sent it. */
function assertRejected(
  validator: ((...args: unknown[]) => void) | undefined,
  args: unknown[],
  where: string,
): void {
  assert.ok(validator, `${where}: no validator`);
  assert.throws(
    () => validator(...args),
    (error) => {
      assert.ok(error instanceof ApplicationFailure, `${where}: ${error as Error}`);
      assert.ok(error.message.length <= 2_000, where);
      return true;
    },
    where,
  );
}

/** Beside a migration itself. */
const ANSWERS_STATUS = ['claimNode', 'recoverMigration'];

test('garbage: every registered workflow has the handlers that are tried here, and none for what has no handler', async () => {
  const tried = (await attended(newMigration(ID))).handlers.map(({ kind, name }) => `${kind} ${name}`);
  const claim = { uid: SOURCE_UID, role: 'target', holder: 'other', firstRunId: 'run' };
  const starts: Record<keyof typeof workflows, () => unknown> = {
    migrateParticipant: () => workflows.migrateParticipant(PLAN.plan.request),
    planMigration: () => workflows.planMigration(PLAN.plan.request),
    parkParticipant: () =>
      workflows.parkParticipant({ participant: 'source', servedBy: 'target', by: 'ada' }),
    claimNode: () => workflows.claimNode(claim as never),
    lookAtNodes: () => workflows.lookAtNodes({ source: 'source', target: 'target' }),
    recoverMigration: () => workflows.recoverMigration({ way: 'back', by: 'ada', runId: 'run' }),
    readReport: () => workflows.readReport({ migration: ID, format: 'text', offset: 0 }),
  };
  assert.deepEqual(Object.keys(starts).sort(), Object.keys(workflows).sort());
  for (const [type, start] of Object.entries(starts)) {
    const info = { workflowId: ID, memo: claim, parent: { workflowId: 'other' } };
    const { handlers, hasDefaults } = await registeredHandlers(info, start);
    // With a default handler the SDK throws at names that begin with `__temporal_`.
    assert.equal(hasDefaults, false, type);
    const found = handlers.map(({ kind, name }) => `${kind} ${name}`);
    if (type === 'migrateParticipant') assert.deepEqual(found.sort(), tried.sort());
    else assert.deepEqual(found, ANSWERS_STATUS.includes(type) ? ['query status'] : []);
    for (const { handler } of handlers.filter(({ kind }) => kind === 'query'))
      for (const args of GARBAGE) assert.doesNotThrow(() => handler(...args), type);
  }
});

test('garbage: what a transfer really tells is taken', async () => {
  const migration = STATES['copying']!();
  const { handlers } = await attended(migration);

  handlers.find(({ name }) => name === 'transferProgress')!.handler(PROGRESS);

  assert.deepEqual(migration.transfer.checkpoint, CHECKPOINT);
  assert.equal(migration.droppedSignals, undefined);
});

test('garbage: whose signatures are missing is taken while that is waited for, and shown', async () => {
  const migration = STATES['copying']!();
  const { handlers } = await attended(migration);
  const { handler } = handlers.find(({ name }) => name === 'awaitedSignatures')!;

  handler(AWAITED);
  assert.equal(statusOf(migration).awaited, undefined);
  migration.transfer.awaited = { parties: 0, named: [], namespaces: [], namespaceCount: 0 };
  assert.equal(statusOf(migration).awaited, undefined);
  handler({ ...AWAITED, more: 'than was told' });

  assert.deepEqual(statusOf(migration).awaited, AWAITED);
  assert.match(
    cardOf(statusOf(migration)),
    /waiting for signatures for the hosting of 3 parties: joint\\?-1.*Not signed by 12ab \(3 parties\)/,
  );
  assert.match(statusOf(migration).next, /^canton-migrate signatures export /);
  assert.equal(migration.droppedSignals, undefined);
});

test('garbage: of a transfer that began again with an export in more parts nothing is dropped, of the one before all is', async () => {
  const migration = STATES['copying']!();
  const { handlers } = await attended(migration);
  const { handler } = handlers.find(({ name }) => name === 'transferProgress')!;
  const told = (checkpoint: object) => handler({ ...PROGRESS, checkpoint });
  const again = { ...CHECKPOINT, contractCount: 0, parts: 2, brokenOff: 0 };

  told({ ...CHECKPOINT, brokenOff: 2 });
  told(again);
  told({ ...CHECKPOINT, contractCount: 200 });
  told({ ...again, contractCount: 50 });
  told(again);

  assert.deepEqual(migration.transfer.checkpoint, { ...again, contractCount: 50 });
});

test('garbage: a bar is drawn whatever the counts are', () => {
  const status = statusOf(STATES['copying']!());
  for (const [done, total] of [
    [5, 3],
    [-1, 3],
    [NaN, NaN],
    [3, 0],
  ] as const) {
    const contracts = { done, total, perSecond: NaN, etaSeconds: -1 };
    assert.match(cardOf({ ...status, contracts }), / of (\d+|NaN) contracts imported$/m);
  }
});

test('garbage: payloads that cannot be decoded are read as one marker, and no result of an activity', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const payload = (encoding: string, data: string) => ({
    metadata: { encoding: bytes(encoding) },
    data: bytes(data),
  });
  const unreadable = [
    payload('json/plain', '{'),
    payload('binary/encrypted', 'x'),
    {},
    { metadata: {} },
  ];

  for (const its of unreadable) assert.equal(payloadConverter.fromPayload(its as never), UNREADABLE);
  const { by } = payloadConverter.fromPayload<{ by: string }>(payload('json/plain', '{"by":"ada"}'));
  assert.equal(by, 'ada');
  assert.throws(() => readable(UNREADABLE, 'the step readPlan'), { type: 'ResultUnreadable' });
});
