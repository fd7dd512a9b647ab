import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decode, encode, type Message } from '../../sandbox/wire.js';
import {
  contentsOf,
  framed,
  normalised,
  readRecording,
  swapped,
  type Recorded,
} from './golden-support.js';
import { clientType, sampleDar, startHalf, until, type Half } from './half-support.js';

/** Recorded calls the ledger half is not held to, each with its reason. */
const DIFFERENT: Readonly<Record<string, string>> = {};

const dars = (['lab-iou', 'lab-other'] as const).map((name) => ({
  bytes: sampleDar(name),
  description: `${name}-1.0.0.dar`,
}));

interface Pair {
  readonly old: Half;
  readonly new: Half;
  /** Snapshots of a recording and our own ones that stand in for them. */
  readonly snapshots: Map<string, Buffer>;
}

const ids = JSON.parse(readFileSync(new URL('../golden/ids.json', import.meta.url), 'utf8')) as {
  files: Record<string, { old: string; new: string; A: string; B: string }>;
};

/** Starts both participants under the recorded identifiers, with the contracts of the recording. */
async function startPair(t: TestContext, recording: string): Promise<Pair> {
  const file = ids.files[recording]!;
  const synchronizer = (alias: string, logicalId: string) => {
    return { alias, logicalId, physicalId: `${logicalId}::34-0` };
  };
  const [A, B] = [synchronizer('A', file.A), synchronizer('B', file.B)];
  const old = await startHalf(t, { name: 'pold', uid: file.old, seed: { dars, contracts: [] } });
  const target = await startHalf(t, {
    name: 'pnew',
    uid: file.new,
    seed: { dars: dars.slice(0, 1), contracts: [] },
    settings: { cancelledRepairMs: 1000 },
  });
  old.topology.registrations = [A];
  target.topology.registrations = [B];
  old.topology.joined = new Set([A.logicalId]);
  target.topology.joined = new Set([B.logicalId]);
  old.connect(A);
  target.connect(B);
  old.topology.vettedIds.set(A.logicalId, new Set(old.port.packageIds()));
  target.topology.vettedIds.set(B.logicalId, new Set(target.port.packageIds()));
  return { old, new: target, snapshots: new Map() };
}

async function createRecorded(node: Half, events: readonly Message[]): Promise<string[]> {
  const ids: string[] = [];
  for (const event of events) {
    fillTo(node, Number(event['offset']) - 1);
    const payer = (event['signatories'] as string[])[0]!;
    const template = event['template_id'] as Message;
    await node.unary('CommandService', 'SubmitAndWait', {
      commands: {
        act_as: [payer],
        command_id: `c${ids.length}`,
        user_id: 'lab',
        commands: [{ create: { template_id: template, create_arguments: event['create_arguments'] } }],
      },
    });
    ids.push(node.control.activeContractIds().at(-1)!);
  }
  return ids;
}

/** Brings a node to the ledger end of the recording. */
function fillTo(node: Half, end: number): void {
  const logicalId = node.topology.registrations[0]!.logicalId;
  const missing = end - node.control.ledger.end;
  node.control.ledger.commit(Array.from({ length: missing }, () => ({ synchronizerId: logicalId })));
}

async function answer(node: Half, entry: Recorded, requests: Message[]): Promise<unknown> {
  const [service, method] = [entry.service, entry.method];
  try {
    if (entry.kind === 'unary') return await node.unary(service, method, requests[0]);
    if (entry.kind === 'server-stream') return await node.stream(service, method, requests[0]);
    return await node.upload(service, method, requests);
  } catch (error) {
    const { code, message, errorId, metadata, details } = error as Record<string, unknown>;
    return { code, message, errorId, metadata, details };
  }
}

const OURS =
  /(StateService|UpdateService|CommandService|RepairService|PackageService|PingService|InspectionService|ResourceManagementService|PruningService|v2\.admin\.[A-Za-z]+Service)$/;

/** Sends the calls of a recording that the ledger half answers and compares what comes back. */
async function replay(
  pair: Pair,
  recording: string,
  table: Map<string, string>,
  before: (entry: Recorded) => Promise<(() => Promise<void>) | void> = async () => undefined,
): Promise<number> {
  let compared = 0;
  for (const entry of readRecording(recording)) {
    const node = entry.node.startsWith('old') ? pair.old : pair.new;
    if (entry.method === 'DisconnectSynchronizer') node.disconnect();
    if (entry.method === 'ReconnectSynchronizer') node.connect(...node.topology.registrations);
    if (!OURS.test(entry.service) || entry.request === null) continue;
    const after = await before(entry);
    const definition = clientType(entry.service).service[entry.method]!;
    const sent = [entry.request].flat().map((bytes) => {
      const message = definition.requestDeserialize(Buffer.from(bytes, 'base64')) as Message;
      const snapshot = message['acs_snapshot'] as Buffer | undefined;
      const ours = snapshot && pair.snapshots.get(snapshot.toString('base64'));
      return swapped(ours ? { ...message, acs_snapshot: ours } : message, table);
    });
    const received = await answer(node, entry, sent);
    await after?.();
    const name = `${recording} ${entry.order} ${entry.label}`;
    if (DIFFERENT[`${recording} ${entry.order}`] !== undefined) continue;
    const expected = contentsOf(entry, (bytes) => definition.responseDeserialize(bytes) as Message);
    assert.deepEqual(normalised(received), normalised(expected), name);
    compared++;
  }
  return compared;
}

/** The events of a recorded ACS read. */
function recordedEvents(recording: string, order: number): Message[] {
  const entry = readRecording(recording).find((one) => one.order === order)!;
  const definition = clientType(entry.service).service[entry.method]!;
  return [entry.response!].flat().map((bytes) => {
    const message = definition.responseDeserialize(Buffer.from(bytes, 'base64')) as Message;
    return (message['active_contract'] as Message)['created_event'] as Message;
  });
}

function recordedSnapshot(recording: string, order: number): string {
  const entry = readRecording(recording).find((one) => one.order === order)!;
  const definition = clientType(entry.service).service[entry.method]!;
  const message = definition.requestDeserialize(
    Buffer.from([entry.request!].flat()[0]!, 'base64'),
  ) as Message;
  return (message['acs_snapshot'] as Buffer).toString('base64');
}

interface Uploading {
  write(message: Message): void;
  end(): void;
  cancel(): void;
}

/** Starts an import that pauses after its first bytes. */
async function pausedImport(node: Half, first: Message) {
  const client = node.client('ParticipantRepairService');
  let settle: (error: Error | null) => void = () => undefined;
  const outcome = new Promise<Error | null>((resolve) => (settle = resolve));
  const importing = client as unknown as {
    ImportAcs(reply: (error: Error | null) => void): Uploading;
  };
  const call = importing.ImportAcs((error) => settle(error));
  call.write(first);
  await until(() => node.port.isInRepair());
  return { call, outcome: outcome.finally(() => client.close()) };
}

async function ownSnapshot(
  old: Half,
  parties: readonly string[],
  file: { A: string; B: string },
  renames = true,
) {
  const chunks = await old.stream('ParticipantRepairService', 'ExportAcs', {
    party_ids: parties,
    ledger_offset: String(old.control.ledger.end),
    ...(renames && { contract_synchronizer_renames: { [file.A]: { target_synchronizer_id: file.B } } }),
  });
  return Buffer.concat(chunks.map((chunk) => chunk['chunk'] as Buffer));
}

test('golden: repair.jsonl and reconnect.jsonl', async (t) => {
  const file = ids.files['repair']!;
  const pair = await startPair(t, 'repair');
  const events = recordedEvents('repair', 25);
  const namespace = file.old.split('::')[1]!;
  const carol = `Carol::${namespace}`;

  const table = new Map<string, string>();
  const own = await createRecorded(pair.old, events);
  events.forEach((event, i) => table.set(event['contract_id'] as string, own[i]!));
  const carolEvents = ['#lab-other/LabOther', '#lab-iou/LabIou'].map((name, i) => {
    const [package_id, module_name] = name.split('/');
    const value = [{ party: carol }, { party: carol }, { int64: String(99 - i) }, { text: 'n' }];
    return {
      signatories: [carol],
      offset: String(35 + 3 * i),
      template_id: { package_id, module_name, entity_name: 'Iou' },
      create_arguments: { fields: value.map((one) => ({ value: one })) },
    };
  });
  await createRecorded(pair.old, carolEvents);
  fillTo(pair.old, 723);
  fillTo(pair.new, 27);

  const both = [`Alice::${namespace}`, `Bob::${namespace}`];
  const good = await ownSnapshot(pair.old, both, file);
  const carols = await ownSnapshot(pair.old, [carol], file);
  const stand = (order: number, bytes: Buffer) =>
    pair.snapshots.set(recordedSnapshot('repair', order), bytes);
  const [first] = framed(gunzipSync(good));
  stand(68, good);
  stand(45, good.subarray(0, good.length / 2));
  stand(60, carols);
  stand(61, await ownSnapshot(pair.old, both, file, false));
  stand(63, gzipSync(withCounter(first!.body)));
  stand(
    64,
    gzipSync(Buffer.from(first!.whole.toString('latin1').replaceAll('B\x01n', 'B\x01m'), 'latin1')),
  );
  stand(67, gzipSync(Buffer.concat([first!.whole, first!.whole])));
  stand(72, Buffer.concat([good, carols]));

  const count = await replay(pair, 'repair', table, async ({ order }) => {
    const message = {
      acs_snapshot: good.subarray(0, 40),
      contract_import_mode: 'CONTRACT_IMPORT_MODE_VALIDATION',
      synchronizer_id: file.B,
    };
    if (order === 81) {
      const { call, outcome } = await pausedImport(pair.new, message);
      return async () => {
        call.write({ acs_snapshot: good.subarray(40) });
        call.end();
        assert.equal(await outcome, null);
      };
    }
    if (order === 83) {
      const { call, outcome } = await pausedImport(pair.new, message);
      call.cancel();
      await outcome;
    }
    if (order === 84) await until(() => !pair.new.port.isInRepair());
    return undefined;
  });
  assert.ok(count > 45, `${count} calls compared`);

  pair.new.topology.unknownParties.add(file.old);
  const again = await replay(pair, 'reconnect', table, async ({ order }) => {
    // Reconnects and pings of the real node leave events of its own in between.
    if (order === 14) fillTo(pair.new, 58);
  });
  assert.ok(again > 5, `${again} calls compared`);
});

test('golden: package and ledger refusals of packages-revocation.jsonl', async (t) => {
  const pair = await startPair(t, 'packages-revocation');
  const file = ids.files['packages-revocation']!;
  const namespace = file.old.split('::')[1]!;
  const party = `Bob::${namespace}`;
  // The contract the removal of lab-iou trips over, then the ledger end the recording starts at.
  const value = [{ party }, { party }, { int64: '1' }, { text: 'n' }];
  await createRecorded(pair.new, [
    {
      signatories: [party],
      offset: '30',
      template_id: { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' },
      create_arguments: { fields: value.map((one) => ({ value: one })) },
    },
  ]);
  fillTo(pair.new, 41);
  pair.old.disconnect();
  const count = await replay(pair, 'packages-revocation', new Map());
  assert.ok(count >= 8, `${count} calls compared`);
});

test('golden: package and ledger reads of topology.jsonl', async (t) => {
  const pair = await startPair(t, 'topology');
  const parties = recordedParties('topology', 14);
  pair.old.topology.knownParties = () => parties;
  for (const party of parties.keys()) {
    const party_id_hint = party.split('::')[0];
    const isAdmin = party === pair.old.topology.uid;
    if (!isAdmin) await pair.old.unary('PartyManagementService', 'AllocateParty', { party_id_hint });
  }
  await createAuthorizations(pair.new, 105);
  pair.new.topology.knownParties = () => recordedParties('topology', 104);
  fillTo(pair.old, 721);
  const count = await replay(pair, 'topology', new Map());
  assert.ok(count >= 15, `${count} calls compared`);
});

for (const recording of ['happy', 'happy-kms']) {
  const orders =
    recording === 'happy' ? { acs: 40, known: 48, start: 23 } : { acs: 39, known: 47, start: 22 };
  test(`golden: DARs, transfer, ping and use of ${recording}.jsonl`, async (t) => {
    const pair = await startPair(t, recording);
    const file = ids.files[recording]!;
    const events = recordedEvents(recording, orders.acs);
    const own = await createRecorded(pair.old, events);
    const table = new Map(events.map((event, i) => [event['contract_id'] as string, own[i]!]));
    fillTo(pair.old, 44);
    fillTo(pair.new, orders.start);
    pair.new.topology.knownParties = () => recordedParties(recording, orders.known);
    const namespace = file.old.split('::')[1]!;
    const parties = ['Alice', 'Bob', 'Carol'].map((name) => `${name}::${namespace}`);
    pair.snapshots.set(
      recordedSnapshot(recording, orders.acs + 3),
      await ownSnapshot(pair.old, parties, file),
    );
    const count = await replay(pair, recording, table);
    assert.ok(count >= 12, `${count} calls compared`);
  });
}

/** Repeats the hosting changes of the topology events recorded in `topology.jsonl`. */
async function createAuthorizations(node: Half, order: number): Promise<void> {
  const entry = readRecording('topology').find((one) => one.order === order)!;
  const definition = clientType(entry.service).service[entry.method]!;
  for (const bytes of [entry.response!].flat()) {
    const update = definition.responseDeserialize(Buffer.from(bytes, 'base64')) as Message;
    const transaction = update['topology_transaction'] as Record<string, string> & { events: Message[] };
    const event = transaction.events[0]!['participant_authorization_added'] as Record<string, string>;
    fillTo(node, Number(transaction['offset']) - 1);
    const authorization = {
      party: event['party_id']!,
      participantUid: event['participant_id']!,
      permission: event['participant_permission'],
      kind: 'added' as const,
    };
    const progress = { logicalId: 'recorded', topology: 1, exchange: 0, recordTimeMicros: 1 };
    node.port.onPartyAuthorizations(transaction['synchronizer_id']!, [authorization], progress);
  }
  fillTo(node, 27);
}

/** Parties of a recorded `ListKnownParties`. */
function recordedParties(recording: string, order: number): Map<string, boolean> {
  const entry = readRecording(recording).find((one) => one.order === order)!;
  const definition = clientType(entry.service).service[entry.method]!;
  const bytes = Buffer.from([entry.response!].flat()[0]!, 'base64');
  const { party_details } = definition.responseDeserialize(bytes) as { party_details: Message[] };
  return new Map(party_details.map((one) => [one['party'] as string, one['is_local'] === true]));
}

/** The same record with reassignment counter 1: its `ActiveContract` gets field 3. */
function withCounter(body: Buffer): Buffer {
  const versioned = decode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', body);
  const type = 'com.digitalasset.canton.admin.participant.v30.ActiveContract';
  const wrapped = decode(type, versioned['data'] as Buffer);
  const bytes = Buffer.concat([wrapped['active_contract'] as Buffer, Buffer.of(24, 1)]);
  const data = encode(type, { active_contract: bytes });
  const whole = encode('com.digitalasset.canton.version.v1.UntypedVersionedMessage', {
    data,
    version: 30,
  });
  const prefix: number[] = [];
  for (let rest = whole.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      prefix.push(rest);
      return Buffer.concat([Buffer.from(prefix), whole]);
    }
    prefix.push((rest & 127) | 128);
  }
}
