import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';

import { FrameReader } from '../../acs/framing.js';
import { ContractRecord } from '../../acs/record.js';
import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import type { CreatedEvent } from '../../canton/gen/com/daml/ledger/api/v2/event_pb.js';
import {
  ActiveContractSchema,
  GetActiveContractsResponseSchema,
  StateService,
} from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import {
  GetUpdatesResponseSchema,
  UpdateService,
} from '../../canton/gen/com/daml/ledger/api/v2/update_service_pb.js';
import { ActiveContractSchema as SnapshotRecordSchema } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/active_contract_pb.js';
import { ExportAcsResponseSchema } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { UntypedVersionedMessageSchema } from '../../canton/gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';
import { readEntry } from '../../canton/v30/raw-entry.js';
import { creation as iou, submit } from '../support/ledger-traffic.js';
import { arrive, startOneSynchronizer } from '../support/one-synchronizer.js';
import { goldenBytes, messagesOf, recording, recordings } from './recordings.js';
import { files, happy, alice, connect, answerOf, answersOf, collect, failure, EMPTY } from './replay.js';

test('ledger: the contracts of parties at an offset come as recorded, without their payload', async (t) => {
  const { participant, sent } = await connect(t, [
    [StateService.method.getActiveContracts, answersOf('happy', 40)],
  ]);

  const scanned = participant.ledger.scanActiveContracts({ parties: [alice], offset: '44' });
  const found = (await collect(scanned)).flat();
  const created = answersOf('happy', 40);

  assert.equal(found.length, created.length);
  for (const entry of found) {
    assert.ok('contractId' in entry);
    assert.equal(entry.synchronizerId, happy.A);
    assert.equal(entry.reassignmentCounter, '0');
    assert.ok(entry.stakeholders.length > 0);
    assert.equal(new Set(entry.stakeholders).size, entry.stakeholders.length);
  }
  assert.deepEqual(sent, [
    {
      active_at_offset: '44',
      event_format: { filters_by_party: { [alice]: { cumulative: [{ wildcard_filter: {} }] } } },
    },
  ]);
});

test('ledger: an imported contract carries the workflow id of its import', async (t) => {
  const { participant } = await connect(t, [
    [StateService.method.getActiveContracts, answersOf('happy', 45)],
    [UpdateService.method.getUpdates, answersOf('repair', 73)],
  ]);

  const scanned = participant.ledger.scanActiveContracts({ parties: [alice], offset: '60' });
  const found = (await collect(scanned)).flat();

  assert.ok(found.every((entry) => 'workflowId' in entry && entry.workflowId.length > 0));
  const range = { beginExclusive: '29', endInclusive: '38' };
  const creations = await collect(participant.ledger.scanCreations(range));
  const createdBy = (prefix: string) =>
    creations
      .filter(({ workflowId }) => workflowId.startsWith(prefix))
      .reduce((sum, { createdCount }) => sum + createdCount, 0);
  assert.equal(createdBy('mig-lab-p0002'), 5);
  assert.equal(createdBy('mig-lab-p9'), 0);
});

/** Every recorded answer with a contract; as active, and as one that was unassigned or assigned only. */
function entries(): Uint8Array[] {
  const active = recordings()
    .filter(({ rpc }) => rpc.endsWith('/GetActiveContracts'))
    .flatMap(({ response, response_json: json }) => messagesOf(response, json))
    .map(({ bytes }) => bytes);
  const incomplete = active.flatMap((bytes) => {
    const { contractEntry, workflowId } = fromBinary(GetActiveContractsResponseSchema, bytes);
    if (contractEntry.case !== 'activeContract') return [];
    const { createdEvent } = contractEntry.value;
    const unassignedEvent = { contractId: 'of another event', source: happy.A, target: happy.B };
    return [
      { case: 'incompleteUnassigned' as const, value: { createdEvent, unassignedEvent } },
      { case: 'incompleteUnassigned' as const, value: { unassignedEvent } },
      { case: 'incompleteAssigned' as const, value: { assignedEvent: { source: 'X', createdEvent } } },
      { case: 'incompleteAssigned' as const, value: {} },
    ].map((entry) => {
      const message = {
        workflowId,
        contractEntry: entry,
        streamContinuationToken: Buffer.from('there'),
      };
      return toBinary(
        GetActiveContractsResponseSchema,
        create(GetActiveContractsResponseSchema, message),
      );
    });
  });
  return [...active, ...incomplete, EMPTY];
}

/** The same of an answer as {@link readEntry}, by the message. */
function entryByMessage(bytes: Uint8Array): ReturnType<typeof readEntry> {
  const answer = fromBinary(GetActiveContractsResponseSchema, bytes);
  const { contractEntry, workflowId, streamContinuationToken: continuationToken } = answer;
  if (contractEntry.case === undefined) return { stakeholders: [], continuationToken };
  const event =
    contractEntry.case === 'incompleteAssigned'
      ? contractEntry.value.assignedEvent?.createdEvent
      : contractEntry.value.createdEvent;
  const { contractId = '', signatories = [], observers = [] } = event ?? {};
  const stakeholders = [...new Set([...signatories, ...observers])];
  if (contractEntry.case !== 'activeContract')
    return { entry: { incompleteReassignmentOf: contractId }, stakeholders, continuationToken };
  const entry = {
    ...{ contractId, stakeholders, workflowId, synchronizerId: contractEntry.value.synchronizerId },
    packageId: event?.templateId?.packageId ?? '',
    representativePackageId: event?.representativePackageId ?? '',
    reassignmentCounter: contractEntry.value.reassignmentCounter.toString(),
    createdAtOffset: (event?.offset ?? 0n).toString(),
  };
  return { entry, stakeholders, continuationToken };
}

const comparable = ({ continuationToken, ...its }: ReturnType<typeof readEntry>) => ({
  ...{ ...its, token: Buffer.from(continuationToken).toString() },
});

test('ledger: entries of the ACS are read by hand as their messages are', () => {
  const bytes = entries();
  const read = bytes.map((each) => comparable(readEntry(each)));
  assert.deepEqual(
    read,
    bytes.map((each) => comparable(entryByMessage(each))),
  );
  const contracts = read.flatMap(({ entry }) => (entry && 'contractId' in entry ? [entry] : []));
  assert.ok(contracts.length > 20, `${contracts.length} contracts`);
  assert.ok(contracts.some(({ workflowId }) => workflowId !== ''));
  assert.ok(contracts.some(({ representativePackageId }) => representativePackageId !== ''));
  assert.ok(contracts.every(({ packageId, createdAtOffset }) => packageId && createdAtOffset !== '0'));
});

test('ledger: an entry of the ACS that is cut off or no text is refused as its message is', async (t) => {
  const [bytes] = answersOf('happy', 45);
  const outcome = (read: typeof readEntry, of: Uint8Array) => {
    try {
      return comparable(read(of));
    } catch {
      return 'refused';
    }
  };
  const damaged = Array.from(bytes!, (_, length) => bytes!.subarray(0, length));
  const { contractId } = readEntry(bytes!).entry as { contractId: string };
  const noText = Buffer.from(bytes!);
  noText[noText.indexOf(contractId)] = 0xff;
  for (const each of [...damaged, noText])
    assert.deepEqual(outcome(readEntry, each), outcome(entryByMessage, each));
  assert.equal(outcome(readEntry, noText), 'refused');

  for (const each of [bytes!.subarray(0, 100), noText]) {
    const { participant } = await connect(t, [[StateService.method.getActiveContracts, [each]]]);
    const scanned = participant.ledger.scanActiveContracts({ parties: [alice], offset: '60' });
    const error = await failure(collect(scanned));
    assert.equal(error.kind, 'refused');
    assert.match(
      error.message,
      /cannot be read as com\.daml\.ledger\.api\.v2\.GetActiveContractsResponse/,
    );
  }
});

test('ledger: what changed comes with the records an export would have', async (t) => {
  const { participant, sent } = await connect(t, [
    [UpdateService.method.getUpdates, answersOf('repair', 73)],
  ]);

  const request = {
    parties: [alice],
    synchronizerId: files.topology.B,
    renameTo: happy.A,
    excludedStakeholders: [],
    beginExclusive: '29',
    endInclusive: '38',
  };
  const changes = await collect(participant.ledger.scanChanges(request));

  const created = changes.flatMap((change) => change.created);
  assert.ok(created.length > 0);
  const frames = new FrameReader();
  const record = new ContractRecord();
  for (const its of created) {
    frames.feed(its.record);
    assert.ok(frames.next());
    record.decode(frames);
    assert.deepEqual(
      [record.contractId, record.synchronizerId, record.reassignmentCounter],
      [its.contractId, happy.A, 0],
    );
  }
  assert.equal(JSON.stringify(sent).includes('"include_created_event_blob":true'), true);
});

/** A recorded export of a real participant. */
const EXPORTED = goldenBytes('exports/alice-bob.raw');

/** Its records, unwrapped. */
function exportedContracts() {
  const contracts = [];
  const frames = new FrameReader();
  for (frames.feed(EXPORTED); frames.next();) {
    const { wrapper } = fromBinary(
      UntypedVersionedMessageSchema,
      frames.bytes.subarray(frames.start, frames.end),
    );
    const { activeContract } = fromBinary(SnapshotRecordSchema, wrapper.value!);
    contracts.push(fromBinary(ActiveContractSchema, activeContract));
  }
  return contracts;
}

type Transaction = Extract<
  MessageInitShape<typeof GetUpdatesResponseSchema>['update'],
  { case: 'transaction' }
>['value'];

/** Reads what changed on the synchronizer `A::1220` from a participant that answers with these transactions. */
async function readChanges(t: TestContext, transactions: Transaction[], excluded: string[] = []) {
  const answers = transactions.map((value) =>
    toBinary(
      GetUpdatesResponseSchema,
      create(GetUpdatesResponseSchema, { update: { case: 'transaction', value } }),
    ),
  );
  const { participant } = await connect(t, [[UpdateService.method.getUpdates, answers]]);
  const [first] = exportedContracts();
  return collect(
    participant.ledger.scanChanges({
      parties: [alice],
      synchronizerId: 'A::1220',
      renameTo: first!.synchronizerId,
      excludedStakeholders: excluded,
      beginExclusive: '0',
      endInclusive: '9',
    }),
  );
}

/** One transaction that creates all contracts of the recorded export. */
function creation(): Transaction {
  const events = exportedContracts().map(({ createdEvent }) => ({
    event: { case: 'created' as const, value: createdEvent! },
  }));
  return { offset: 5n, synchronizerId: 'A::1220', events };
}

test('ledger: the records of what was created are byte for byte those of a recorded export', async (t) => {
  const [change] = await readChanges(t, [creation()]);

  assert.equal(change?.offset, '5');
  assert.deepEqual(Buffer.concat(change.created.map(({ record }) => record)), EXPORTED);
});

// The import of that export, as the target's update stream showed it: recorded without blobs.
test('ledger: a recorded update stream shows the events of the recorded export it came from', () => {
  const nodeLocal = { offset: 0n, nodeId: 0, witnessParties: [] };
  const comparable = (event: CreatedEvent) => ({ ...event, ...nodeLocal, createdEventBlob: EMPTY });
  const exported = exportedContracts().map(({ createdEvent }) => comparable(createdEvent!));
  const created = answersOf('repair', 73)
    .map((bytes) => fromBinary(GetUpdatesResponseSchema, bytes).update)
    .flatMap((update) => (update.case === 'transaction' ? update.value.events : []))
    .flatMap(({ event }) => (event.case === 'created' ? [comparable(event.value)] : []));

  for (const event of exported) {
    assert.deepEqual(
      created.find(({ contractId }) => contractId === event.contractId),
      event,
    );
  }
});

test('ledger: contracts of excluded stakeholders are left out as an export leaves them out', async (t) => {
  const { request_json: request } = recording('repair', 32);
  const { excluded_stakeholder_ids: excluded } = request as { excluded_stakeholder_ids: string[] };
  const chunks = answersOf('repair', 32).map(
    (bytes) => fromBinary(ExportAcsResponseSchema, bytes).chunk,
  );

  const [change] = await readChanges(t, [creation()], excluded);

  const records = Buffer.concat(change!.created.map(({ record }) => record));
  assert.ok(records.length > 0 && records.length < EXPORTED.length);
  assert.deepEqual(records, gunzipSync(Buffer.concat(chunks)));
});

test('ledger: what changed on another synchronizer is left out', async (t) => {
  const archive = (contractId: string) => [
    { event: { case: 'archived' as const, value: { contractId } } },
  ];

  const changes = await readChanges(t, [
    { offset: 6n, synchronizerId: 'C::1220', events: archive('00aa') },
    { offset: 7n, synchronizerId: 'A::1220', events: archive('00bb') },
  ]);

  const archived = ['00bb'];
  assert.deepEqual(changes, [{ offset: '7', updateId: '', created: [], archived, isPurge: false }]);
});

test('ledger: of more than a thousand parties none is named, and what is not theirs is left out', async (t) => {
  const parties = Array.from({ length: 5_000 }, (_, at) => `party-${at}::1220${'ab'.repeat(32)}`);
  const archive = (contractId: string, party: string) => ({
    event: { case: 'archived' as const, value: { contractId, witnessParties: [party] } },
  });
  const events = [archive('00aa', parties[7]!), archive('00bb', 'other::1220')];
  const value = { offset: 2n, synchronizerId: happy.A, events };
  const update = { case: 'transaction' as const, value };
  const answer = toBinary(GetUpdatesResponseSchema, create(GetUpdatesResponseSchema, { update }));
  const { participant, sent } = await connect(t, [[UpdateService.method.getUpdates, [answer]]]);

  const changes = await collect(
    participant.ledger.scanChanges({
      parties,
      synchronizerId: happy.A,
      renameTo: happy.B,
      excludedStakeholders: [],
      beginExclusive: '1',
      endInclusive: '2',
    }),
  );

  const [{ update_format: format }] = sent as [
    { update_format: { include_transactions: { event_format: object } } },
  ];
  assert.deepEqual(Object.keys(format.include_transactions.event_format), ['filters_for_any_party']);
  assert.deepEqual(
    changes.map(({ archived }) => archived),
    [['00aa']],
  );
});

test('ledger: what left a synchronizer, and what was assigned to it, comes in the order of the ledger', async (t) => {
  const archived = { contractId: '00aa', witnessParties: [alice] };
  const unassigned = { contractId: '00bb', source: happy.A, target: happy.B, witnessParties: [alice] };
  const createdEvent = { contractId: '00cc', signatories: [alice], observers: [happy.old] };
  const assigned = { source: happy.B, target: happy.A, createdEvent };
  const elsewhere = { ...unassigned, source: happy.B, target: 'C::1220' };
  const updates: MessageInitShape<typeof GetUpdatesResponseSchema>['update'][] = [
    {
      case: 'transaction',
      value: {
        offset: 5n,
        synchronizerId: happy.A,
        events: [{ event: { case: 'archived', value: archived } }],
      },
    },
    {
      case: 'reassignment',
      value: { offset: 6n, events: [{ event: { case: 'unassigned', value: unassigned } }] },
    },
    {
      case: 'reassignment',
      value: {
        offset: 7n,
        events: [
          { event: { case: 'assigned', value: assigned } },
          { event: { case: 'unassigned', value: elsewhere } },
        ],
      },
    },
  ];
  const answers = updates.map((update) =>
    toBinary(GetUpdatesResponseSchema, create(GetUpdatesResponseSchema, { update: update! })),
  );
  const { participant } = await connect(t, [[UpdateService.method.getUpdates, answers]]);

  const range = { parties: [alice], beginExclusive: '1', endInclusive: '9' };
  const found = await collect(participant.ledger.scanTurnover({ ...range, synchronizerId: happy.A }));

  assert.deepEqual(found, [
    { offset: '5', contractId: '00aa', stakeholders: [alice], isArrival: false },
    { offset: '6', contractId: '00bb', stakeholders: [alice], isArrival: false },
    { offset: '7', contractId: '00cc', stakeholders: [alice, happy.old], isArrival: true },
  ]);
});

test('ledger: local parties are those a mapping activated here', async (t) => {
  const { participant } = await connect(t, [
    [PartyManagementService.method.listKnownParties, answerOf('happy', 48)],
    [StateService.method.getLedgerEnd, answerOf('happy', 39)],
  ]);

  const parties = await participant.ledger.listLocalParties();

  assert.ok(parties.includes(alice));
  assert.ok(!parties.includes(happy.old));
  assert.equal(await participant.ledger.readLedgerEnd(), '44');
});

test('ledger: a submission counts on the node that it was given to, for the parties it concerns', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, sandbox, parties } = nodes;
  await arrive(nodes);
  const begins = [await source.ledger.readLedgerEnd(), await target.ledger.readLedgerEnd()] as const;
  const [payer, owner, third] = parties as [string, string, string];
  for (let n = 0; n < 3; n++) await submit(sandbox.participants.source, payer, iou(payer, owner));
  const count = async (node: typeof source, beginExclusive: string, of = parties) => {
    const endInclusive = await node.ledger.readLedgerEnd();
    return node.ledger.countSubmissions({ parties: of, beginExclusive, endInclusive });
  };

  assert.equal(await count(source, begins[0]), 3);
  assert.equal(await count(source, begins[0], [third]), 0);
  assert.equal(await count(source, begins[0], []), 0);
  assert.notEqual(await target.ledger.readLedgerEnd(), begins[1]);
  assert.equal(await count(target, begins[1]), 0);
});

test('ledger: the last record time is that of the last event of the parties, however far back', async (t) => {
  const range = { parties: [alice], beginExclusive: '100', endInclusive: '4100' };
  const updates = (['transaction', 'topologyTransaction'] as const).map((kind, index) => {
    const value = { recordTime: { seconds: BigInt(index), nanos: 1_000 } };
    const update = { case: kind, value } as MessageInitShape<typeof GetUpdatesResponseSchema>['update'];
    return toBinary(GetUpdatesResponseSchema, create(GetUpdatesResponseSchema, { update: update! }));
  });
  const { participant, sent } = await connect(t, [[UpdateService.method.getUpdates, updates]]);

  assert.equal(await participant.ledger.findLastRecordTime(range), '1970-01-01T00:00:01.000001Z');
  const nothing = await connect(t, [[UpdateService.method.getUpdates, []]]);
  assert.equal(await nothing.participant.ledger.findLastRecordTime(range), undefined);
  assert.equal(
    await nothing.participant.ledger.findLastRecordTime({ ...range, parties: [] }),
    undefined,
  );
  const pieces = (nothing.sent as { begin_exclusive: string; end_inclusive: string }[]).map(
    (each) => `${each.begin_exclusive}-${each.end_inclusive}`,
  );
  assert.deepEqual(pieces, ['3100-4100', '1100-3100', '100-1100']);
  assert.equal(sent.length, 1);
});
