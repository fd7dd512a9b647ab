import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { apply } from '../../workflows/phases/transfer-active-contracts.js';
import { createContractOn } from '../support/ledger-changes.js';
import { callsOf, failing, partyOf, startPhases, type Migrating } from '../support/steps.js';

const BEFORE = { upTo: 'migrate-dars' } as const;
/** 60 contracts in 3 import calls. */
const THREE_SHARDS = { ...BEFORE, shardContracts: 20 };

const contracts = ({ sandbox: { participants } }: Migrating) => ({
  source: participants.source.contracts().sort(),
  target: participants.target.contracts().sort(),
});

const countOf = (calls: { method: string }[], method: string) =>
  calls.filter((call) => call.method === method).length;

/** What is left of exports on the worker. */
const spooled = ({ spoolFolder }: Migrating) =>
  readdirSync(spoolFolder, { recursive: true, encoding: 'utf8' });

test('transfer-active-contracts: every shard is one import call, one after the other', async (t) => {
  const migrating = await startPhases(t, THREE_SHARDS);
  const { sandbox, act, agreed, record } = migrating;

  const calls = await callsOf(migrating, () => apply(agreed, act, record));

  assert.equal(countOf(calls, 'ImportAcs'), 3);
  assert.deepEqual([record.importedShards, record.importedContracts], [3, 60]);
  assert.equal(record.targetLedgerEnd, String(sandbox.participants.target.ledger.ledger.end));
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: an import whose answer was lost is recognised and not sent again', async (t) => {
  const migrating = await startPhases(t, THREE_SHARDS);
  const { sandbox, act, agreed, record } = migrating;
  sandbox.faults.dropReply('ImportAcs', { skip: 1 });

  const calls = await callsOf(migrating, async () => {
    await assert.rejects(apply(agreed, act, record), failing('Unavailable', 'transient', 'ImportAcs'));
    assert.deepEqual([record.importedShards, contracts(migrating).target.length], [1, 40]);
    await apply(agreed, act, record);
  });

  assert.equal(countOf(calls, 'ImportAcs'), 3);
  assert.equal(countOf(calls, 'ExportAcs'), 1);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: a target that died during an import goes on with the shard that was lost', async (t) => {
  const migrating = await startPhases(t, THREE_SHARDS);
  const { sandbox, act, agreed, record } = migrating;
  const { target } = sandbox.participants;
  sandbox.faults.crash('target', { at: 'during', method: 'ImportAcs', afterBytes: 1, skip: 1 });
  await assert.rejects(apply(agreed, act, record), failing('Unavailable', 'transient', 'ImportAcs'));
  assert.deepEqual([target.isUp, record.importedShards], [false, 1]);

  await target.restart();
  const calls = await callsOf(migrating, () => apply(agreed, act, record));

  assert.equal(countOf(calls, 'ImportAcs'), 2);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: a broken export is never trusted, although its bytes are a whole snapshot', async (t) => {
  const migrating = await startPhases(t, BEFORE);
  const { sandbox, act, agreed, record } = migrating;
  sandbox.faults.breakStream('ExportAcs', { afterBytes: 1 });

  await assert.rejects(apply(agreed, act, record), failing('Unavailable', 'transient', 'ExportAcs'));
  assert.deepEqual(spooled(migrating), []);
  assert.deepEqual(contracts(migrating).target, []);
  await apply(agreed, act, record);

  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

// The source closes what it has sent as a valid gzip with fewer contracts, and only then says that it failed.
test('transfer-active-contracts: an export that fails after valid but fewer contracts is thrown away', async (t) => {
  const migrating = await startPhases(t, BEFORE);
  const { sandbox, act, agreed, record } = migrating;
  sandbox.participants.source.ledger.failExport(10);

  await assert.rejects(
    apply(agreed, act, record),
    failing('FailedPrecondition', 'refused', 'ExportAcs'),
  );
  assert.deepEqual(spooled(migrating), []);
  assert.deepEqual(contracts(migrating).target, []);
  await apply(agreed, act, record);

  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: an export lost between two shards is made again at the same offset', async (t) => {
  const migrating = await startPhases(t, THREE_SHARDS);
  const { sandbox, act, agreed, record, spoolFolder } = migrating;
  sandbox.faults.failBefore('ImportAcs', { skip: 1 });
  await assert.rejects(apply(agreed, act, record), failing('Unavailable', 'transient', 'ImportAcs'));
  for (const name of readdirSync(spoolFolder)) rmSync(join(spoolFolder, name), { recursive: true });

  const calls = await callsOf(migrating, () => apply(agreed, act, record));

  assert.equal(countOf(calls, 'ExportAcs'), 1);
  assert.equal(countOf(calls, 'ImportAcs'), 2);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: an export that is not the recorded one is a mismatch', async (t) => {
  const migrating = await startPhases(t, THREE_SHARDS);
  const { sandbox, act, agreed, record } = migrating;
  sandbox.faults.failBefore('ImportAcs', { skip: 1 });
  await assert.rejects(apply(agreed, act, record));
  const { exported } = record;
  assert.ok(exported);
  record.exported = { ...exported, total: { ...exported.total, digest: 'ff'.repeat(32) } };

  await assert.rejects(apply(agreed, act, record), failing('ExportChanged', 'mismatch', 'ffff'));

  assert.equal(contracts(migrating).target.length, 20);
});

test('transfer-active-contracts: a contract that was reassigned before is named before the import', async (t) => {
  const migrating = await startPhases(t, BEFORE);
  const { sandbox, act, agreed, record } = migrating;
  const { source } = sandbox.participants;
  const parties = [partyOf(migrating, 'Alice')];
  const poison = createContractOn(source, { parties, reassignmentCounter: 1 });

  const calls = await callsOf(migrating, () =>
    assert.rejects(apply(agreed, act, record), failing('ContractReassigned', 'refused', poison)),
  );

  assert.equal(countOf(calls, 'ImportAcs'), 0);
  assert.deepEqual(contracts(migrating).target, []);
});

test('transfer-active-contracts: a contract that became shared since the plan is named before the import', async (t) => {
  const migrating = await startPhases(t, BEFORE);
  const { sandbox, act, agreed, record } = migrating;
  const { source } = sandbox.participants;
  const [foreign] = source.parties('acme').filter(({ party }) => party.startsWith('counterparty'));
  const parties = [partyOf(migrating, 'Alice'), foreign!.party];
  const shared = createContractOn(source, { parties });

  const calls = await callsOf(migrating, () =>
    assert.rejects(apply(agreed, act, record), failing('ContractShared', 'refused', shared)),
  );

  assert.equal(countOf(calls, 'ImportAcs'), 0);
});

// The phase before it was left out: the target lacks the second package of the source.
test('transfer-active-contracts: contracts of a package that the target lacks are named before the import', async (t) => {
  const migrating = await startPhases(t, { upTo: 'recreate-parties' });
  const { sandbox, act, agreed, record } = migrating;
  const { ledger, packages } = sandbox.participants.source.ledger;
  const lacking = packages.newest('lab-other')?.packageId;
  const [first] = [...ledger.active(ledger.end)].filter(
    (slot) => ledger.index.row(slot).packageId === lacking,
  );

  const calls = await callsOf(migrating, () =>
    assert.rejects(
      apply(agreed, act, record),
      failing('ContractPackageMissing', 'refused', 'export has 15', ledger.contractId(first!)),
    ),
  );

  assert.equal(countOf(calls, 'ImportAcs'), 0);
});

test('transfer-active-contracts: a target that somebody connects between two shards gets no further byte', async (t) => {
  const migrating = await startPhases(t, THREE_SHARDS);
  const { sandbox, act, agreed, record } = migrating;
  const { target } = sandbox.participants;
  const connecting: typeof act = {
    ...act,
    importShard: async (input) => {
      const done = await act.importShard(input);
      await target.participant.node.connections.connect('da');
      return done;
    },
  };

  await assert.rejects(
    apply(agreed, connecting, record),
    failing('StillConnected', 'mismatch', 'da (connected)'),
  );

  assert.equal(contracts(migrating).target.length, 20);
  await apply(agreed, act, record);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

// A package that was there when the export was checked is taken away before the import.
test('transfer-active-contracts: an import that the target refuses says what to do about it', async (t) => {
  const migrating = await startPhases(t, BEFORE);
  const { sandbox, act, agreed, record } = migrating;
  const { packages } = sandbox.participants.target.ledger;
  const losing: typeof act = {
    ...act,
    exportActiveContracts: async (input) => {
      const exported = await act.exportActiveContracts(input);
      packages.remove(packages.dars().find(({ name }) => name === 'lab-other')!.main);
      return exported;
    },
  };

  await assert.rejects(
    apply(agreed, losing, record),
    failing('InvalidArgument', 'refused', 'IMPORT_ACS_ERROR', 'upload the missing DAR'),
  );

  assert.deepEqual(contracts(migrating).target, []);
});
