import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { NAMES, sampleDar, startHalf, until, type Half, type LedgerSeed } from './half-support.js';
import { darBytes } from '../../sandbox/seeding.js';
import { SECRET_NOTE } from '../../sandbox/ledger/seed.js';
import type { Message } from '../../sandbox/wire.js';

const REPAIR = 'ParticipantRepairService';
const ACCEPT = { contract_import_mode: 'CONTRACT_IMPORT_MODE_ACCEPT' };
const dars = [{ bytes: sampleDar('lab-iou'), description: 'lab-iou-1.0.0.dar' }];

function seedOf(count: number): LedgerSeed {
  const contracts = {
    count,
    packageName: 'lab-iou',
    parties: [NAMES.alice, NAMES.bob],
    partiesPerContract: 2,
    paddingBytes: 0,
    synchronizer: NAMES.A.logicalId,
  };
  return { dars, contracts: [contracts] };
}

async function exported(source: Half, extra: Message = {}): Promise<Buffer> {
  const chunks = await source.stream(REPAIR, 'ExportAcs', {
    synchronizer_id: NAMES.A.logicalId,
    ledger_offset: String(source.control.ledger.end),
    contract_synchronizer_renames: {
      [NAMES.A.logicalId]: { target_synchronizer_id: NAMES.B.logicalId },
    },
    ...extra,
  });
  return Buffer.concat(chunks.map((chunk) => chunk['chunk'] as Buffer));
}

function importOf(snapshot: Buffer, extra: Message = {}): Message {
  return {
    acs_snapshot: snapshot,
    contract_import_mode: 'CONTRACT_IMPORT_MODE_VALIDATION',
    synchronizer_id: NAMES.B.logicalId,
    workflow_id_prefix: 'mig-p1',
    ...extra,
  };
}

async function pair(t: TestContext, count: number) {
  const source = await startHalf(t, { name: 'pold', seed: seedOf(count) });
  const target = await startHalf(t, { name: 'pnew', seed: { dars, contracts: [] } });
  return { source, target };
}

test('repair: an exported snapshot imports whole and is skipped the second time', async (t) => {
  const { source, target } = await pair(t, 1200);
  const snapshot = await exported(source);
  const before = target.control.ledger.end;

  await target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]);
  assert.deepEqual(target.control.activeContractIds(), source.control.activeContractIds());
  // 3 create times, of which the third starts a batch of its own: 1000 + 200 contracts.
  assert.equal(target.control.ledger.end, before + 3 + 1);

  await target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]);
  assert.equal(target.control.ledger.end, before + 5);
  assert.equal(target.control.activeContractIds().length, 1200);
});

test('repair: what was committed survives a crash', async (t) => {
  const { source, target } = await pair(t, 700);
  await target.upload(REPAIR, 'ImportAcs', [importOf(await exported(source))]);
  const ids = target.control.activeContractIds();
  await target.restart();
  assert.deepEqual(target.control.activeContractIds(), ids);
  assert.equal(ids.length, 700);
});

test('repair: an export repeats byte for byte', async (t) => {
  const source = await startHalf(t, { seed: seedOf(300) });
  assert.deepEqual(await exported(source), await exported(source));
});

test('repair: no message is no import, an empty snapshot is one offset', async (t) => {
  const target = await startHalf(t, { seed: { dars, contracts: [] } });
  await target.upload(REPAIR, 'ImportAcs', []);
  assert.equal(target.control.ledger.end, 0);
  const empty = Buffer.from('1f8b08000000000000ff03000000000000000000', 'hex');
  await target.upload(REPAIR, 'ImportAcs', [importOf(empty)]);
  assert.equal(target.control.ledger.end, 1);
});

test('repair: an import needs every synchronizer disconnected', async (t) => {
  const { source, target } = await pair(t, 1);
  const snapshot = await exported(source);
  target.connect(NAMES.B);
  await assert.rejects(target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]), {
    code: 'INVALID_ARGUMENT',
    errorId: 'IMPORT_ACS_ERROR',
    message:
      'IMPORT_ACS_ERROR(8,0): There are still synchronizers connected. Please disconnect all synchronizers.',
  });
});

test('repair: damaged bytes are refused as a real node refuses them', async (t) => {
  const { source, target } = await pair(t, 5);
  const snapshot = await exported(source);
  const attempt = (bytes: Buffer) => target.upload(REPAIR, 'ImportAcs', [importOf(bytes)]);

  await assert.rejects(attempt(Buffer.from('this is not gzip at all')), {
    code: 'UNKNOWN',
    message: 'Input is not in the .gz format',
  });
  await assert.rejects(attempt(Buffer.alloc(0)), {
    code: 'UNKNOWN',
    message: 'Input is not in the .gz format',
  });
  for (const cut of [snapshot.length - 4, snapshot.length - 30, 5]) {
    await assert.rejects(attempt(snapshot.subarray(0, cut)), (error: never) => {
      assert.equal(error['errorId'], 'PROTO_DESERIALIZATION_FAILURE');
      assert.equal(error['metadata']['reason'], 'OtherError(null)');
      return true;
    });
  }
  await assert.rejects(attempt(gzipSync(Buffer.from('garbage'))), {
    errorId: 'PROTO_DESERIALIZATION_FAILURE',
  });
  const poison = gzipSync(Buffer.from('040a00101e', 'hex'));
  await assert.rejects(attempt(poison), (error: never) => {
    const reason = 'ValueConversionError(contract,Create node in ActiveContract should not be empty)';
    assert.equal(error['metadata']['reason'], reason);
    return true;
  });
  assert.equal(target.control.ledger.end, 0);
});

test('repair: only the first gzip member counts, however the upload is cut', async (t) => {
  const { source, target } = await pair(t, 40);
  const ids = source.control.activeContractIds();
  const raw = gunzipSync(await exported(source));
  const both = Buffer.concat([gzipSync(raw), gzipSync(raw), Buffer.from('trailing')]);
  const messages = [importOf(both.subarray(0, 3))];
  for (let at = 3; at < both.length; at += 701)
    messages.push({ acs_snapshot: both.subarray(at, at + 701) });
  await target.upload(REPAIR, 'ImportAcs', messages);
  assert.deepEqual(target.control.activeContractIds(), ids);
});

test('repair: a tampered contract fails the whole call in mode VALIDATION and is taken as it is in mode ACCEPT', async (t) => {
  const { source, target } = await pair(t, 3);
  const raw = gunzipSync(await exported(source));
  // The note is the last text of the arguments in the blob; both copies change.
  const text = raw.toString('latin1').replaceAll(SECRET_NOTE, SECRET_NOTE.toUpperCase());
  const tampered = gzipSync(Buffer.from(text, 'latin1'));
  await assert.rejects(target.upload(REPAIR, 'ImportAcs', [importOf(tampered)]), {
    errorId: 'IMPORT_ACS_ERROR',
    message: /Failed to authenticate contract with id: ContractId\(00/,
  });
  assert.equal(target.control.activeContractIds().length, 0);
  await target.upload(REPAIR, 'ImportAcs', [importOf(tampered, ACCEPT)]);
  assert.deepEqual(target.control.activeContractIds(), source.control.activeContractIds());
});

test('repair: mode ACCEPT decodes every contract too', async (t) => {
  const { source, target } = await pair(t, 1);
  const raw = gunzipSync(await exported(source)).toString('latin1');
  // The blob has the id as bytes, and before them their number.
  const [contractId = ''] = source.control.activeContractIds();
  const at = raw.indexOf(Buffer.from(contractId, 'hex').toString('latin1')) - 1;
  assert.equal(raw.charCodeAt(at), contractId.length / 2);
  const broken = gzipSync(Buffer.from(`${raw.slice(0, at)}\x7f${raw.slice(at + 1)}`, 'latin1'));
  await assert.rejects(target.upload(REPAIR, 'ImportAcs', [importOf(broken, ACCEPT)]), {
    errorId: 'PROTO_DESERIALIZATION_FAILURE',
  });
  assert.equal(target.control.activeContractIds().length, 0);
});

test('repair: with another version of the package mode VALIDATION takes that one and mode ACCEPT refuses', async (t) => {
  const source = await startHalf(t, { name: 'pold', seed: seedOf(2) });
  const newer = [
    {
      bytes: darBytes({ name: 'lab-iou', version: '2.0.0', isVetted: false }),
      description: 'lab-iou 2',
    },
  ];
  const target = await startHalf(t, { name: 'pnew', seed: { dars: newer, contracts: [] } });
  const none = await startHalf(t, { name: 'pnone', seed: { dars: [], contracts: [] } });
  const snapshot = await exported(source);
  const attempt = (half: Half, extra: Message) =>
    half.upload(REPAIR, 'ImportAcs', [importOf(snapshot, extra)]);

  for (const mode of [ACCEPT, {}])
    await assert.rejects(attempt(none, mode), { message: /Could not select a representative/ });
  await assert.rejects(attempt(target, ACCEPT), {
    errorId: 'IMPORT_ACS_ERROR',
    message: /mode is ACCEPT but the selected representative package-id \w+.*use contract import mode V/,
  });
  assert.equal(target.control.activeContractIds().length, 0);
  await attempt(target, {});
  assert.equal(target.control.activeContractIds().length, 2);
});

test('repair: a second import is refused while one runs, and a cancelled one lets go after a while', async (t) => {
  const source = await startHalf(t, { name: 'pold', seed: seedOf(20) });
  const target = await startHalf(t, {
    name: 'pnew',
    seed: { dars, contracts: [] },
    settings: { cancelledRepairMs: 1000 },
  });
  const snapshot = await exported(source);
  const client = target.client(REPAIR) as never as {
    ImportAcs(reply: (error: Error | null) => void): {
      write(message: Message): void;
      cancel(): void;
    };
    close(): void;
  };
  t.after(() => client.close());
  let settle: (error: Error | null) => void = () => undefined;
  const outcome = new Promise<Error | null>((resolve) => (settle = resolve));
  const running = client.ImportAcs((error) => settle(error));
  running.write(importOf(snapshot.subarray(0, 40)));
  await until(() => target.port.isInRepair());

  await assert.rejects(target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]), {
    code: 'UNKNOWN',
    message: 'Repair in progress',
    errorId: undefined,
  });
  running.cancel();
  assert.ok(await outcome);
  await assert.rejects(target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]), {
    message: 'Repair in progress',
  });
  await until(() => !target.port.isInRepair());
  await target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]);
  assert.equal(target.control.activeContractIds().length, 20);
});

test('repair: purged contracts are gone, can be purged again with the flag, and imported again', async (t) => {
  const { source, target } = await pair(t, 4);
  const snapshot = await exported(source);
  await target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]);
  const [id = ''] = target.control.activeContractIds();
  const before = target.control.ledger.end;
  const purge = (ignore: boolean, alias = 'B') =>
    target.unary(REPAIR, 'PurgeContracts', {
      synchronizer_alias: alias,
      contract_ids: [id],
      ignore_already_purged: ignore,
    });

  await purge(false);
  assert.equal(target.control.ledger.end, before + 2);
  assert.equal(target.control.activeContractIds().length, 3);
  await assert.rejects(purge(false), {
    errorId: 'CONTRACT_PURGE_ERROR',
    message: /cannot be purged: purged contract/,
  });
  await purge(true);
  await assert.rejects(purge(true, 'nope'), { message: /Could not find Synchronizer 'nope'/ });

  await target.upload(REPAIR, 'ImportAcs', [importOf(snapshot)]);
  assert.equal(target.control.activeContractIds().length, 4);
  await target.restart();
  assert.equal(target.control.activeContractIds().length, 4);
});

test('repair: a purge during an import breaks the queue, the next one ends the process', async (t) => {
  const target = await startHalf(t, { seed: { dars, contracts: [] } });
  const client = target.client(REPAIR) as never as {
    ImportAcs(reply: () => void): { write(message: Message): void; cancel(): void };
    close(): void;
  };
  t.after(() => client.close());
  const running = client.ImportAcs(() => undefined);
  running.write(importOf(Buffer.from('1f8b', 'hex')));
  await until(() => target.port.isInRepair());
  const purge = () => target.unary(REPAIR, 'PurgeContracts', { synchronizer_alias: 'B' });
  await assert.rejects(purge(), { code: 'INTERNAL', message: 'Repair in progress' });
  await assert.rejects(purge());
  assert.equal(target.died.length, 1);
  running.cancel();
});

test('repair: an export checks its arguments', async (t) => {
  const source = await startHalf(t, { seed: seedOf(2) });
  const end = source.control.ledger.end;
  await assert.rejects(exported(source, { ledger_offset: '0' }), {
    errorId: 'INVALID_ARGUMENT_REPAIR',
    message: /Expecting positive value for offset, found 0\./,
  });
  await assert.rejects(exported(source, { ledger_offset: String(end + 1) }), {
    message: new RegExp(`Ledger offset Offset\\(${end + 1}\\) needs to be smaller or equal`),
  });
  await assert.rejects(exported(source, { party_ids: ['nocolons'] }), {
    message: /Invalid unique identifier `nocolons` with missing namespace\./,
  });
});

test('repair: history pruned during an export gives a valid gzip with fewer contracts, then the error', async (t) => {
  const source = await startHalf(t, { seed: seedOf(50) });
  source.control.failExport(10);
  await assert.rejects(exported(source), (error: { errorId?: string; received?: Message[] }) => {
    assert.equal(error.errorId, 'IO_STREAM_REPAIR_ERROR');
    const chunks = (error.received ?? []).map((one) => one['chunk'] as Buffer);
    assert.ok(gunzipSync(Buffer.concat(chunks)).length > 10_000);
    return true;
  });
  source.control.seed(seedOf(1).contracts[0]!);
  source.control.prune(source.control.ledger.end);
  await assert.rejects(exported(source, { ledger_offset: '1' }), {
    message: /PARTICIPANT_PRUNED_DATA_ACCESSED/,
  });
});

test('repair: an incomplete reassignment is a poison record, unless a synchronizer is asked for', async (t) => {
  const { source, target } = await pair(t, 3);
  const [id = ''] = source.control.activeContractIds();
  source.control.unassign(id, NAMES.B.logicalId);
  const poisoned = await exported(source, { synchronizer_id: '' });
  await assert.rejects(target.upload(REPAIR, 'ImportAcs', [importOf(poisoned)]), {
    errorId: 'PROTO_DESERIALIZATION_FAILURE',
  });
  await target.upload(REPAIR, 'ImportAcs', [importOf(await exported(source))]);
  assert.equal(target.control.activeContractIds().length, 2);
});

// golden/deadline.jsonl: the client gave up, the bytes had all arrived.
test('repair: an import whose client stops waiting after the upload commits all the same', async (t) => {
  const source = await startHalf(t, { name: 'pold', seed: seedOf(30) });
  const target = await startHalf(t, {
    name: 'pnew',
    seed: { dars, contracts: [] },
    settings: { importCallMs: 300 },
  });
  const snapshot = await exported(source);
  const client = target.client(REPAIR);
  t.after(() => client.close());
  const importing = client as unknown as {
    ImportAcs(
      options: { deadline: number },
      reply: (error: { details: string } | null) => void,
    ): { write(message: Message): void; end(): void };
  };
  const outcome = await new Promise<string | undefined>((resolve) => {
    const deadline = Date.now() + 150;
    const call = importing.ImportAcs({ deadline }, (error) => resolve(error?.details));
    call.write(importOf(snapshot.subarray(0, 100)));
    call.write({ acs_snapshot: snapshot.subarray(100) });
    call.end();
  });
  assert.match(outcome ?? '', /[Dd]eadline/);
  await until(() => target.control.activeContractIds().length === 30);
});

test('repair: an invalid workflow id prefix imports nothing', async (t) => {
  const { source, target } = await pair(t, 2);
  const snapshot = await exported(source);
  const attempt = (workflow_id_prefix: string) =>
    target.upload(REPAIR, 'ImportAcs', [importOf(snapshot, { workflow_id_prefix })]);
  await assert.rejects(attempt('bad\u00e9'), {
    code: 'UNKNOWN',
    message: /^non expected character 0xe9/,
  });
  await assert.rejects(attempt('x'.repeat(254)), {
    message: 'Daml-LF Ledger String is too long (max: 255)',
  });
  assert.equal(target.control.ledger.end, 0);
});

test('repair: excluded stakeholders, foreign synchronizers and overrides are honoured', async (t) => {
  const { source, target } = await pair(t, 2);
  const snapshot = await exported(source);
  await target.upload(REPAIR, 'ImportAcs', [
    importOf(snapshot, { excluded_stakeholder_ids: [NAMES.bob] }),
  ]);
  const foreign = await exported(source, { contract_synchronizer_renames: {} });
  await target.upload(REPAIR, 'ImportAcs', [importOf(foreign)]);
  assert.equal(target.control.activeContractIds().length, 0);
  assert.equal(target.control.ledger.end, 2);
});
