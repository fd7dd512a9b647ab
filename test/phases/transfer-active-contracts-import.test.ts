import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';

import { apply } from '../../workflows/phases/transfer-active-contracts.js';
import { darBytes } from '../../sandbox/seeding.js';
import { createContractOn } from '../support/ledger-changes.js';
import { pretended } from '../support/pretending.js';
import { SMALL, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { compared, importModes, type Migrating, partyOf, startSteps } from '../support/route-steps.js';

const BEFORE = { upTo: 'migrate-local-state' } as const;
/** Import calls of 500, 500 and 250 contracts. */
const THREE_CALLS = {
  ...BEFORE,
  scenario: { ...SMALL, contracts: { count: 1_250 } },
};

const contracts = ({ sandbox: { participants } }: Migrating) => ({
  source: participants.source.contracts().sort(),
  target: participants.target.contracts().sort(),
});

const countOf = (calls: { method: string }[], method: string) =>
  calls.filter((call) => call.method === method).length;

/** Import calls with contracts: the others only ask whether an import is running. */
const sentBy = (calls: { method: string; request: string }[]) =>
  calls.filter(({ method, request }) => method === 'ImportAcs' && !request.includes('mig-probe')).length;

/** What is left of exports on the worker. */
const spooled = ({ spoolFolder }: Migrating) =>
  readdirSync(spoolFolder, { recursive: true, encoding: 'utf8' });

/** Gives the record what the transfer told the migration before it failed, as the workflow does. */
function told({ record, reports }: Migrating): void {
  const last = reports.at(-1);
  if (last) record.checkpoint = last.checkpoint;
}

test('transfer-active-contracts: contracts go in import calls one after the other, as few as the pace allows', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { sandbox, act, planned, record } = migrating;

  const calls = await callsOf(migrating, () => apply(planned, act, record));

  assert.equal(sentBy(calls), 3);
  assert.deepEqual([record.checkpoint?.callCount, record.checkpoint?.contractCount], [3, 1_250]);
  assert.equal(record.checkpoint?.digest, record.exported?.total.digest);
  assert.equal(record.targetLedgerEnd, String(sandbox.participants.target.ledger.ledger.end));
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: the first contracts are imported while the rest is still exported', async (t) => {
  const timing = { ...SMALL.timing, exportMicrosPerContract: 1_000 };
  const migrating = await startSteps(t, {
    ...BEFORE,
    scenario: { ...SMALL, timing, contracts: { count: 4_000, paddingBytes: 2_000 } },
  });
  const { act, planned, record, heartbeats } = migrating;

  await apply(planned, act, record);

  const during = (heartbeats as { imported?: number; exported?: number }[]).filter(
    ({ imported = 0, exported = 4_000 }) => imported > 0 && exported < 4_000,
  );
  assert.ok(during.length > 0, JSON.stringify(heartbeats));
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: an import whose answer was lost is recognised and not sent again', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { sandbox, act, planned, record } = migrating;
  sandbox.faults.dropReply('ImportAcs', { skip: 1 });

  const calls = await callsOf(migrating, async () => {
    await assert.rejects(apply(planned, act, record), failing('Unavailable', 'transient', 'ImportAcs'));
    assert.equal(contracts(migrating).target.length, 1_000);
    await apply(planned, act, record);
  });

  assert.equal(sentBy(calls), 3);
  assert.equal(record.checkpoint?.callCount, 3);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: a target that died during an import goes on with the call that was lost', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  sandbox.faults.crash('target', { at: 'during', method: 'ImportAcs', afterBytes: 1, skip: 1 });
  await assert.rejects(apply(planned, act, record), failing('Unavailable', 'transient', 'ImportAcs'));
  assert.equal(target.isUp, false);

  await target.restart();
  const calls = await callsOf(migrating, () => apply(planned, act, record));

  assert.equal(sentBy(calls), 2);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: a broken export never counts as complete, although its bytes are a whole snapshot', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  sandbox.faults.breakStream('ExportAcs', { afterBytes: 1 });

  await assert.rejects(apply(planned, act, record), failing('Unavailable', 'transient', 'ExportAcs'));
  assert.deepEqual(spooled(migrating), []);
  assert.equal(record.exported, undefined);
  await apply(planned, act, record);

  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

// The source closes what it has sent as a valid gzip with fewer contracts, and only then says that it failed.
test('transfer-active-contracts: an export that fails after valid but fewer contracts is made again', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { sandbox, act, planned, record } = migrating;
  sandbox.participants.source.ledger.failExport(1_100);

  await assert.rejects(apply(planned, act, record), failing('DataPruned', 'refused', 'ExportAcs'));
  assert.deepEqual(spooled(migrating), []);
  assert.equal(record.exported, undefined);
  await apply(planned, act, record);

  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: a spool lost between two calls is made again at the same offset', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { sandbox, act, planned, record, spoolFolder } = migrating;
  sandbox.faults.failBefore('ImportAcs', { skip: 1 });
  await assert.rejects(apply(planned, act, record), failing('Unavailable', 'transient', 'ImportAcs'));
  told(migrating);
  for (const name of readdirSync(spoolFolder)) rmSync(join(spoolFolder, name), { recursive: true });

  const calls = await callsOf(migrating, () => apply(planned, act, record));

  assert.equal(
    countOf(
      calls.filter(({ participant }) => participant === 'source'),
      'ExportAcs',
    ),
    1,
  );
  assert.equal(sentBy(calls), 2);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

test('transfer-active-contracts: an export that does not begin as the recorded one is a mismatch', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { sandbox, act, planned, record } = migrating;
  sandbox.faults.failBefore('ImportAcs', { skip: 1 });
  await assert.rejects(apply(planned, act, record));
  const end = String(sandbox.participants.target.ledger.ledger.end);
  record.checkpoint = {
    contractCount: 500,
    digest: 'ff'.repeat(32),
    targetLedgerEnd: end,
    callCount: 1,
  };

  await assert.rejects(apply(planned, act, record), failing('ExportChanged', 'mismatch', '500'));

  assert.equal(contracts(migrating).target.length, 500);
});

test('transfer-active-contracts: a contract that was reassigned before is named and not imported', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { source } = sandbox.participants;
  const parties = [partyOf(migrating, 'Alice')];
  const poison = createContractOn(source, { parties, reassignmentCounter: 1 });

  const calls = await callsOf(migrating, () =>
    assert.rejects(apply(planned, act, record), failing('ContractReassigned', 'refused', poison)),
  );

  assert.equal(sentBy(calls), 0);
  assert.deepEqual(contracts(migrating).target, []);
});

test('transfer-active-contracts: a contract that became shared since the plan is named and not imported', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { source } = sandbox.participants;
  const [foreign] = source.parties('acme').filter(({ party }) => party.startsWith('counterparty'));
  const parties = [partyOf(migrating, 'Alice'), foreign!.party];
  const shared = createContractOn(source, { parties });

  const calls = await callsOf(migrating, () =>
    assert.rejects(apply(planned, act, record), failing('ContractShared', 'refused', shared)),
  );

  assert.equal(sentBy(calls), 0);
});

// The phase before it was left out: the target lacks the second package of the source.
test('transfer-active-contracts: contracts of a package that the target lacks are named and not imported', async (t) => {
  const migrating = await startSteps(t, { upTo: 'recreate-parties' });
  const { sandbox, act, planned, record } = migrating;
  const { ledger, packages } = sandbox.participants.source.ledger;
  const lacking = packages.newest('lab-other')?.packageId;
  assert.ok(lacking);
  packages.remove(lacking);
  const [first] = [...ledger.active(ledger.end)].filter(
    (slot) => ledger.index.row(slot).packageId === lacking,
  );

  const calls = await callsOf(migrating, () =>
    assert.rejects(
      apply(planned, act, record),
      failing('ContractPackageMissing', 'refused', 'export has 15', lacking, ledger.contractId(first!)),
    ),
  );

  assert.equal(sentBy(calls), 0);
});

test('transfer-active-contracts: a target that somebody connects between two calls gets no further byte', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  const { repair } = migrating.participants.get('target')!;
  const importAcs = repair.importAcs.bind(repair);
  const honest = migrating.nodes.get('target')!;
  const connecting = async (request: Parameters<typeof importAcs>[0]) => {
    await importAcs(request);
    await target.participant.node.connections.connect('da');
  };
  migrating.nodes.set('target', pretended(honest, { repair: { importAcs: connecting } }));

  await assert.rejects(
    apply(planned, act, record),
    failing('StillConnected', 'mismatch', 'da (connected)'),
  );

  migrating.nodes.set('target', honest);
  assert.equal(contracts(migrating).target.length, 500);
  await apply(planned, act, record);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});

// A package that was there when the export was checked is taken away before the import.
test('transfer-active-contracts: an import that the target refuses says what to do about it', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { packages } = sandbox.participants.target.ledger;
  const { repair } = migrating.participants.get('target')!;
  const importAcs = repair.importAcs.bind(repair);
  const lacking = (request: Parameters<typeof importAcs>[0]) => {
    packages.remove(packages.dars().find(({ name }) => name === 'lab-other')!.main);
    return importAcs(request);
  };
  const honest = migrating.nodes.get('target')!;
  migrating.nodes.set('target', pretended(honest, { repair: { importAcs: lacking } }));

  await assert.rejects(
    apply(planned, act, record),
    failing('InvalidArgument', 'refused', 'IMPORT_ACS_ERROR', 'upload the missing DAR'),
  );

  assert.deepEqual(contracts(migrating).target, []);
});

// Its DAR is gone, and another version of the package is there.
test('transfer-active-contracts: in mode ACCEPT the target takes no other version of a package, and a resume validates with the same one', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { packages } = sandbox.participants.target.ledger;
  const dar = packages.dars().find(({ name }) => name === 'lab-other')!;
  const { repair } = migrating.participants.get('target')!;
  const importAcs = repair.importAcs.bind(repair);
  const replacing = (request: Parameters<typeof importAcs>[0]) => {
    packages.remove(dar.main);
    packages.add(darBytes({ name: 'lab-other', version: '2.0.0', isVetted: false }), '');
    return importAcs(request);
  };
  const honest = migrating.nodes.get('target')!;
  migrating.nodes.set('target', pretended(honest, { repair: { importAcs: replacing } }));

  await assert.rejects(
    apply(planned, act, record),
    failing('InvalidArgument', 'refused', 'mode is ACCEPT', 'resume, which uploads its DAR again'),
  );
  assert.deepEqual(contracts(migrating).target, []);

  migrating.nodes.set('target', honest);
  await apply(planned, act, record);
  assert.deepEqual(importModes(migrating), ['ACCEPT', 'VALIDATION']);
  assert.equal((await compared(migrating)).isEqual, true);
});

test('transfer-active-contracts: contracts are validated if a node was upgraded since the plan', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { act, planned, record, nodes, participants } = migrating;
  const { health } = participants.get('target')!;
  const readStatus = async () => ({ ...(await health.readStatus()), version: '3.5.12' });
  nodes.set('target', pretended(nodes.get('target')!, { health: { readStatus } }));

  await apply(planned, act, record);

  assert.equal(planned.plan.imports?.mode, 'accept');
  assert.deepEqual(importModes(migrating), ['VALIDATION']);
});

test('transfer-active-contracts: a paused transfer holds before its next call and goes on after it', async (t) => {
  const migrating = await startSteps(t, THREE_CALLS);
  const { act, planned, record, tuning, reports } = migrating;
  tuning.isPaused = true;
  const applying = apply(planned, act, record);
  const calls = await callsOf(migrating, async () => {
    while (reports.at(-1)?.isHeld !== true) await new Promise(setImmediate);
  });
  assert.equal(sentBy(calls), 0);

  tuning.isPaused = false;
  await applying;

  assert.equal(reports.at(-1)?.isHeld, false);
  assert.deepEqual(contracts(migrating).target, contracts(migrating).source);
});
