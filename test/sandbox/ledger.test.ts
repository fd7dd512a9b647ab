import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildDar } from '../../sandbox/dar.js';
import type { Message } from '../../sandbox/wire.js';
import { reached } from '../support/reached.js';
import { NAMES, sampleDar, startHalf, type Half, type Refused } from './half-support.js';

const dars = [{ bytes: sampleDar('lab-iou'), description: 'lab-iou-1.0.0.dar' }];
const LAB_IOU = { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' };
const EVERYTHING = { filters_for_any_party: { cumulative: [{ wildcard_filter: {} }] } };

async function connected(half: Half): Promise<Half> {
  half.topology.vettedIds.set(NAMES.A.logicalId, new Set(half.port.packageIds()));
  half.connect(NAMES.A);
  return half;
}

function submit(
  half: Half,
  actAs: string,
  command: Message,
  command_id = `c-${Math.random()}`,
): Promise<Message> {
  return half.unary('CommandService', 'SubmitAndWaitForTransaction', {
    commands: {
      act_as: [actAs],
      command_id,
      user_id: 'lab',
      commands: [command],
    },
  });
}

function createIou(payer: string, owner: string): Message {
  const values = [{ party: payer }, { party: owner }, { int64: '7' }, { text: 'z' }];
  const fields = values.map((value) => ({ value }));
  return { create: { template_id: LAB_IOU, create_arguments: { fields } } };
}

function transfer(contract_id: string, owner: string): Message {
  const record = { fields: [{ label: 'newOwner', value: { party: owner } }] };
  return {
    exercise: { template_id: LAB_IOU, contract_id, choice: 'Transfer', choice_argument: { record } },
  };
}

test('ledger: a transfer archives one contract and creates the next, for whoever sees it', async (t) => {
  const half = await connected(await startHalf(t, { seed: { dars, contracts: [] } }));
  await submit(half, NAMES.alice, createIou(NAMES.alice, NAMES.bob));
  const [first = ''] = half.control.activeContractIds();
  const { transaction } = (await submit(half, NAMES.bob, transfer(first, NAMES.carol))) as {
    transaction: { events: Message[] };
  };
  // Bob sees the end of his contract, not the one that is Carol's now.
  assert.deepEqual(
    transaction.events.map((event) => event['event']),
    ['archived'],
  );

  await assert.rejects(submit(half, NAMES.bob, transfer(first, NAMES.carol)), {
    errorId: 'CONTRACT_NOT_FOUND',
  });
  const updates = await half.stream('UpdateService', 'GetUpdates', {
    begin_exclusive: '0',
    end_inclusive: '2',
    update_format: { include_transactions: { event_format: EVERYTHING } },
  });
  const kinds = updates.map((one) =>
    ((one['transaction'] as Message)['events'] as Message[]).map((event) => event['event']),
  );
  assert.deepEqual(kinds, [['created'], ['archived', 'created']]);
});

test('ledger: a repeated exercise fails by its contract, with another id until the end of the contract is indexed', async (t) => {
  const settings = { indexingMs: 300 };
  const half = await connected(await startHalf(t, { seed: { dars, contracts: [] }, settings }));
  await submit(half, NAMES.alice, createIou(NAMES.alice, NAMES.bob));
  const [contract = ''] = half.control.activeContractIds();
  const answers: string[] = [];
  const first = submit(half, NAMES.bob, transfer(contract, NAMES.carol), 'once');
  await reached(() => !half.control.activeContractIds().includes(contract));

  await assert.rejects(submit(half, NAMES.bob, transfer(contract, NAMES.carol), 'once'), (error) => {
    const { code, errorId, message } = error as Refused;
    answers.push(code, errorId ?? '', message);
    return true;
  });
  await first;

  assert.deepEqual(answers.slice(0, 2), ['FAILED_PRECONDITION', 'UNKNOWN_CONTRACT_SYNCHRONIZERS']);
  const text = `The following contracts have been archived: List(${contract}) on synchronizer syncA::`;
  assert.ok(answers[2]!.includes(text), answers[2]);
  await assert.rejects(submit(half, NAMES.bob, transfer(contract, NAMES.carol), 'once'), {
    errorId: 'CONTRACT_NOT_FOUND',
  });
});

test('ledger: a contract of a synchronizer that is not connected is not used, and is there once it is', async (t) => {
  const half = await connected(await startHalf(t, { seed: { dars, contracts: [] } }));
  await submit(half, NAMES.alice, createIou(NAMES.alice, NAMES.bob));
  const [contract = ''] = half.control.activeContractIds();
  half.topology.vettedIds.set(NAMES.B.logicalId, new Set(half.port.packageIds()));
  half.topology.connections = [NAMES.B];

  await assert.rejects(submit(half, NAMES.bob, transfer(contract, NAMES.carol)), (error) => {
    const { code, errorId, message } = error as Refused;
    assert.deepEqual([code, errorId], ['FAILED_PRECONDITION', 'UNKNOWN_CONTRACT_SYNCHRONIZERS']);
    const unknown = 'are currently unknown due to ongoing contract reassignments';
    return message.includes(`The synchronizers for the contracts (${contract}) ${unknown}`);
  });
  half.topology.connections = [NAMES.A];
  await submit(half, NAMES.bob, transfer(contract, NAMES.carol));
});

test('ledger: a submission needs capacity, a connection, known parties and vetting, in this order', async (t) => {
  const half = await startHalf(t, { seed: { dars, contracts: [] } });
  const attempt = () => submit(half, NAMES.alice, createIou(NAMES.alice, NAMES.bob));
  const limit = (most: number) =>
    half.unary('ResourceManagementService', 'SetResourceLimits', {
      new_limits: { max_inflight_validation_requests: most, max_submission_burst_factor: 0.5 },
    });
  await limit(0);
  await assert.rejects(attempt(), { code: 'ABORTED', errorId: 'PARTICIPANT_BACKPRESSURE' });
  await limit(500);
  await assert.rejects(attempt(), { errorId: 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER' });
  half.connect(NAMES.A);
  half.topology.unknownParties.add(NAMES.bob);
  await assert.rejects(attempt(), { errorId: 'UNKNOWN_INFORMEES' });
  half.topology.unknownParties.clear();
  await assert.rejects(attempt(), { errorId: 'PACKAGE_SELECTION_FAILED' });
  await connected(half);
  await attempt();
  assert.equal(half.control.activeContractIds().length, 1);
});

test('ledger: a limit left out is cleared, a burst factor is mandatory', async (t) => {
  const half = await startHalf(t);
  const set = (new_limits: Message) =>
    half.unary('ResourceManagementService', 'SetResourceLimits', { new_limits });
  await assert.rejects(set({ max_submission_rate: 5 }), { errorId: 'PROTO_DESERIALIZATION_FAILURE' });
  await set({ max_submission_rate: 5, max_submission_burst_factor: 1 });
  await half.restart();
  const { current_limits } = await half.unary('ResourceManagementService', 'GetResourceLimits');
  const { max_inflight_validation_requests, max_submission_rate } = current_limits as Message;
  assert.deepEqual([max_inflight_validation_requests, max_submission_rate], [undefined, 5]);
});

test('ledger: an ACS read goes on where its token points to, at the offset asked for', async (t) => {
  const contracts = {
    count: 30,
    packageName: 'lab-iou',
    parties: [NAMES.alice, NAMES.bob, NAMES.carol],
    partiesPerContract: 2,
    paddingBytes: 10,
    synchronizer: NAMES.A.logicalId,
  };
  const half = await startHalf(t, { seed: { dars, contracts: [contracts] } });
  const offset = String(half.control.ledger.end);
  half.control.seed(contracts);
  const read = (extra: Message = {}) =>
    half.stream('StateService', 'GetActiveContracts', {
      active_at_offset: offset,
      event_format: EVERYTHING,
      ...extra,
    });
  const all = await read();
  assert.equal(all.length, 30);
  const rest = await read({ stream_continuation_token: all[19]!['stream_continuation_token'] });
  assert.deepEqual(rest, all.slice(20));
  const ofCarol = await read({
    event_format: { filters_by_party: { [NAMES.carol]: { cumulative: [{ wildcard_filter: {} }] } } },
  });
  assert.equal(ofCarol.length, 20);
});

test('ledger: a contract unassigned and not assigned is an incomplete entry', async (t) => {
  const half = await connected(await startHalf(t, { seed: { dars, contracts: [] } }));
  await submit(half, NAMES.alice, createIou(NAMES.alice, NAMES.bob));
  half.control.unassign(half.control.activeContractIds()[0]!, NAMES.B.logicalId);
  await half.restart();
  const entries = await half.stream('StateService', 'GetActiveContracts', {
    active_at_offset: String(half.control.ledger.end),
    event_format: EVERYTHING,
  });
  assert.deepEqual(
    entries.map((entry) => entry['contract_entry']),
    ['incomplete_unassigned'],
  );
});

test('ledger: a contract that goes to another synchronizer leaves with one event, arrives with another, and is incomplete in between', async (t) => {
  const half = await connected(await startHalf(t, { seed: { dars, contracts: [] } }));
  await submit(half, NAMES.alice, createIou(NAMES.alice, NAMES.bob));
  const { control } = half;
  const [contractId = ''] = control.activeContractIds();
  const begin = control.ledger.end;
  control.unassign(contractId, NAMES.B.logicalId);
  const between = control.ledger.end;
  control.assign(contractId);
  await half.restart();

  const updates = await half.stream('UpdateService', 'GetUpdates', {
    begin_exclusive: String(begin),
    end_inclusive: String(half.control.ledger.end),
    update_format: {
      include_transactions: { event_format: EVERYTHING, transaction_shape: 1 },
      include_reassignments: EVERYTHING,
    },
  });
  const events = updates.map((its) => (its['reassignment'] as { events: Message[] }).events[0]!);
  assert.deepEqual(
    events.map(({ event }) => event),
    ['unassigned', 'assigned'],
  );
  const [left, came] = [events[0]!['unassigned'] as Message, events[1]!['assigned'] as Message];
  assert.equal(left['contract_id'], contractId);
  assert.equal(left['reassignment_id'], came['reassignment_id']);
  assert.deepEqual([left['reassignment_counter'], came['reassignment_counter']], ['1', '1']);
  const entriesAt = async (offset: number) => {
    const request = { active_at_offset: String(offset), event_format: EVERYTHING };
    const entries = await half.stream('StateService', 'GetActiveContracts', request);
    return entries.map((entry) => entry['contract_entry']);
  };
  assert.deepEqual(await entriesAt(between), ['incomplete_unassigned']);
  assert.deepEqual(await entriesAt(half.control.ledger.end), ['active_contract']);
});

test('ledger: requests in flight fall to zero by themselves', async (t) => {
  const half = await startHalf(t);
  const count = () =>
    half.unary('ParticipantInspectionService', 'CountInFlight', { synchronizer_id: NAMES.A.logicalId });
  // The first call of a client may take longer than the requests are in flight.
  await count();
  half.control.setInFlight(NAMES.A.logicalId, { submissions: 2, transactions: 1 }, 5);
  assert.ok('pending_submissions' in (await count()));
  const limit = performance.now() + 5000;
  while (Object.keys(await count()).length > 0) assert.ok(performance.now() < limit);
});

test('packages: a DAR of two packages is vetted whole, unvetted whole, and removed', async (t) => {
  const half = await startHalf(t);
  half.connect(NAMES.A);
  const bytes = buildDar({ name: 'lab-third', version: '1.0.0', moduleName: 'LabThird' }, [
    { name: 'lab-base', version: '1.0.0', moduleName: 'LabBase' },
  ]);
  const upload = (extra: Message = {}) =>
    half.unary('PackageService', 'UploadDar', {
      dars: [{ bytes, description: 'lab-third-1.0.0.dar' }],
      vet_all_packages: true,
      synchronize_vetting: true,
      ...extra,
    });
  const [main] = (await upload())['dar_ids'] as string[];
  await upload({ dars: [{ bytes, description: 'another name' }] });
  const request = { main_package_id: main };
  const { description, packages } = await half.unary('PackageService', 'GetDarContents', request);
  assert.equal((description as Message)['description'], 'lab-third-1.0.0.dar');
  const names = (packages as Message[]).map((one) => one['name']);
  assert.deepEqual(names, ['lab-third', 'lab-base']);
  assert.equal(half.topology.vetted(NAMES.A.logicalId).size, 2);
  assert.deepEqual((await half.unary('PackageService', 'GetDar', request))['payload'], bytes);

  await half.restart();
  await half.unary('PackageService', 'UnvetDar', request);
  assert.equal(half.topology.vetted(NAMES.A.logicalId).size, 0);
  await half.unary('PackageService', 'RemoveDar', request);
  await half.restart();
  await assert.rejects(half.unary('PackageService', 'GetDar', request), { errorId: 'DAR_NOT_FOUND' });
  assert.equal(half.port.packageIds().size, 30);
});

test('packages: an upload checks the expected main package and the synchronizer', async (t) => {
  const half = await startHalf(t);
  const bytes = sampleDar('lab-iou');
  const upload = (dar: Message, extra: Message = {}) =>
    half.unary('PackageService', 'UploadDar', { dars: [{ bytes, ...dar }], ...extra });
  await assert.rejects(upload({ expected_main_package_id: 'ab' }), {
    errorId: 'MAIN_PACKAGE_IN_DAR_DOES_NOT_MATCH_EXPECTED',
  });
  half.connect(NAMES.A, NAMES.B);
  const vetting = { vet_all_packages: true };
  await assert.rejects(upload({}, vetting), {
    errorId: 'PACKAGE_SERVICE_CANNOT_AUTODETECT_SYNCHRONIZER',
  });
  half.connect(NAMES.A);
  await assert.rejects(upload({}, { ...vetting, synchronizer_id: NAMES.B.logicalId }), {
    errorId: 'PACKAGE_SERVICE_NOT_CONNECTED_TO_SYNCHRONIZER',
  });
  await upload({});
});
