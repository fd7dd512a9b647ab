import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Client } from '@temporalio/client';

import type { CatchUpInput } from '../../../activities/contracts/catch-up.js';
import type { ByReference } from '../../../model/listed.js';
import type { CatchUp } from '../../../model/acs.js';
import { exportInput } from '../../../workflows/phases/export-input.js';
import { copyAhead } from '../../../workflows/phases/transfer-active-contracts.js';
import { importPrefix } from '../../../model/plan-parts.js';
import { callingAs, environmentOf } from '../../support/calling.js';
import { createContractOn, removeContract } from '../../support/ledger-changes.js';
import { REQUEST, SILENT, SMALL, callsOf, temporalOf } from '../../support/stack.js';
import { failing } from '../../support/failing.js';
import { type Migrating, partyOf, startSteps } from '../../support/route-steps.js';

const NOTHING = { missing: [], extra: [] };

/** A warm copy is on the target, and the source serves. */
async function startCopied(
  t: TestContext,
  options: { sharedContracts?: 'exclude' } = {},
): Promise<Migrating> {
  const migrating = await startSteps(t, {
    upTo: 'migrate-local-state',
    request: { ...REQUEST, options: { ...REQUEST.options, ...options, copy: 'warm' } },
    ...(options.sharedContracts && {
      scenario: { ...SMALL, contracts: { count: 20, sharedWithForeign: 3 } },
    }),
  });
  await copyAhead(migrating.planned, migrating.act, migrating.migration.transfer);
  return migrating;
}

function inputOf({ sandbox, planned, record }: Migrating): ByReference<CatchUpInput> {
  return {
    ...exportInput(planned, record.caughtUpOffset!),
    alias: planned.plan.target.synchronizer.alias,
    workflowIdPrefix: importPrefix(planned.hash),
    toOffset: String(sandbox.participants.source.ledger.ledger.end),
  };
}

const catchUp = (migrating: Migrating) => migrating.act.catchUp(inputOf(migrating));

/** Catches up and returns the methods of the calls that changed the target. */
async function changesOf(migrating: Migrating): Promise<string[]> {
  const calls = await callsOf(migrating, () => catchUp(migrating), { isMutating: true });
  return calls.map(({ method }) => method);
}

function assertSame({ sandbox: { participants } }: Migrating): void {
  const [source, target] = [participants.source.contracts(), participants.target.contracts()];
  const without = (one: string[], other: string[]) => {
    const there = new Set(other);
    return one.filter((contractId) => !there.has(contractId));
  };
  assert.deepEqual({ missing: without(source, target), extra: without(target, source) }, NOTHING);
}

test('catch-up: of a source on which nothing happened it changes nothing', async (t) => {
  const migrating = await startCopied(t);

  assert.deepEqual(await changesOf(migrating), []);
});

test('catch-up: where contracts were only created it only imports', async (t) => {
  const migrating = await startCopied(t);
  createContractOn(migrating.sandbox.participants.source, { parties: [partyOf(migrating, 'Alice')] });

  assert.deepEqual(await changesOf(migrating), ['ImportAcs']);
  assertSame(migrating);
});

test('catch-up: where contracts were only archived it only purges', async (t) => {
  const migrating = await startCopied(t);
  const { source } = migrating.sandbox.participants;
  removeContract(source, source.contracts()[0]!);

  assert.deepEqual(await changesOf(migrating), ['PurgeContracts']);
  assertSame(migrating);
});

test('catch-up: it ends at the offset it is given, whatever comes after', async (t) => {
  const migrating = await startCopied(t);
  const { source } = migrating.sandbox.participants;
  const parties = [partyOf(migrating, 'Alice')];
  createContractOn(source, { parties });
  const toOffset = await migrating.participants.get('source')!.ledger.readLedgerEnd();
  const later = createContractOn(source, { parties });

  const { offset, created } = await migrating.act.catchUp({ ...inputOf(migrating), toOffset });

  assert.deepEqual({ offset, created }, { offset: toOffset, created: 1 });
  assert.ok(!migrating.sandbox.participants.target.contracts().includes(later));
});

test('catch-up: an archived contract that the target never had is no failure', async (t) => {
  const migrating = await startCopied(t);
  const { source, target } = migrating.sandbox.participants;
  const [gone = ''] = source.contracts();
  removeContract(target, gone);
  removeContract(source, gone);

  const { archived } = await catchUp(migrating);

  assert.equal(archived, 1);
  assertSame(migrating);
});

test('catch-up: contracts of excluded stakeholders come and go without a trace on the target', async (t) => {
  const migrating = await startCopied(t, { sharedContracts: 'exclude' });
  const { source, target } = migrating.sandbox.participants;
  const before = target.contracts();
  const [stranger = ''] = migrating.planned.plan.contracts.sharedWith as string[];
  const parties = [partyOf(migrating, 'Alice'), stranger];
  const [old = ''] = source.contracts().filter((id) => !before.includes(id));

  createContractOn(source, { parties });
  removeContract(source, old);
  const { created } = await catchUp(migrating);

  assert.equal(created, 0);
  assert.deepEqual(target.contracts(), before);
});

// The first attempt reads a source on which the contract is active, the second one on which it came and went.
test('catch-up: a contract that a broken attempt imported and the source has archived since is purged', async (t) => {
  const migrating = await startCopied(t);
  const { sandbox } = migrating;
  const { source } = sandbox.participants;
  removeContract(source, source.contracts()[0]!);
  const created = createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });
  sandbox.faults.failBefore('PurgeContracts');
  await assert.rejects(catchUp(migrating), failing('Unavailable', 'transient'));
  assert.ok(sandbox.participants.target.contracts().includes(created));
  removeContract(source, created);

  await catchUp(migrating);

  assertSame(migrating);
});

// Temporal gives the step away while the second window is under way.
test('catch-up: a window is recorded before the next changes anything, and the next attempt goes on there', async (t) => {
  const migrating = await startCopied(t);
  migrating.sandbox.participants.source.ledger.churn(10_600, 20);
  let recorded: { caughtUp?: CatchUp } = {};
  const losing = temporalAt((details) => {
    recorded = details as typeof recorded;
    if (recorded.caughtUp?.created) throw named('ActivityNotFoundError');
  });

  const lost = await callsOf(migrating, () => assert.rejects(catchUpIn({ client: losing }, migrating)), {
    method: 'ImportAcs',
  });
  const firstWindow = recorded.caughtUp!;
  const next = await callsOf(
    migrating,
    async () => {
      const attempt = { attempt: 2, heartbeatDetails: recorded, client: temporalOf() };
      const { created, archived } = await catchUpIn(attempt, migrating);
      assert.deepEqual({ created, archived }, { created: 10_600, archived: 20 });
    },
    { method: 'ImportAcs' },
  );

  assert.equal(lost.length, 1);
  assert.ok(firstWindow.created < 10_600);
  // The first is a probe whether an import still runs.
  assert.equal(next.length, 2);
  assertSame(migrating);
});

test('catch-up: a connected target is refused and not changed', async (t) => {
  const migrating = await startCopied(t);
  const { source, target } = migrating.sandbox.participants;
  createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });
  removeContract(source, source.contracts()[0]!);
  await target.participant.node.connections.connect('da');
  const before = target.contracts();

  await assert.rejects(catchUp(migrating), failing('StillConnected', 'mismatch', 'da'));

  assert.deepEqual(target.contracts(), before);
});

test('catch-up: a source that was pruned since is refused, with what to do about it', async (t) => {
  const migrating = await startCopied(t);
  const { source } = migrating.sandbox.participants;
  createContractOn(source, { parties: [partyOf(migrating, 'Alice')] });
  source.ledger.prune(Number(await migrating.participants.get('source')!.ledger.readLedgerEnd()));

  await assert.rejects(
    catchUp(migrating),
    failing('DataPruned', 'refused', 'PARTICIPANT_PRUNED_DATA_ACCESSED', 'abort'),
  );
});

/** A Temporal that is told of each fencing proof. */
function temporalAt(onProof: (details: unknown) => void): Client {
  const activity = { heartbeat: async (_token: unknown, details: unknown) => onProof(details) };
  return { ...temporalOf(), activity } as unknown as Client;
}

function named(name: string): Error {
  return Object.assign(new Error('not the current attempt'), { name });
}

/** One attempt, in an environment of its own. */
function catchUpIn(
  { client, ...info }: { attempt?: number; heartbeatDetails?: unknown; client: Client },
  migrating: Migrating,
): Promise<CatchUp> {
  const input = inputOf(migrating);
  const environment = environmentOf(callingAs('catchUp', input), info, { logger: SILENT, client });
  const run = () => migrating.activities.catchUp(input);
  return environment.run<[], CatchUp, typeof run>(run);
}
