import assert from 'node:assert/strict';
import { test } from 'node:test';

import { status, type ServiceError } from '@grpc/grpc-js';

import { CantonError, toCantonError } from '../../canton/errors.js';
import type { FailureKind } from '../../model/failure.js';
import { failure, recordedFailure } from './failures.js';
import { recording, recordings, type Recording } from './recordings.js';

/** What every recorded failure is to us: file, order, kind, error id, and words the operator has to see. */
const EXPECTED: [string, number, FailureKind, (string | undefined)?, RegExp?][] = [
  [
    'admin-party',
    2,
    'refused',
    'PROTO_DESERIALIZATION_FAILURE',
    /FieldNotSet\(sequencer_connection_pool_delays\)/,
  ],
  ['admin-party', 9, 'refused', 'INITIAL_ONBOARDING_ERROR'],
  ['admin-party', 13, 'refused', 'TOPOLOGY_PARTY_ID_CONFLICT_WITH_ADMIN_PARTY'],
  ['commitments', 23, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /as physical synchronizer id/],
  ['commitments', 26, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /after three letter code/],
  ['commitments', 31, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /as physical synchronizer id/],
  ['commitments', 32, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /as physical synchronizer id/],
  ['deadline', 1, 'transient'],
  ['external-live', 24, 'refused', 'FAILED_TO_EXECUTE_TRANSACTION', /0 valid signatures/],
  ['external-live', 26, 'refused', 'FAILED_TO_EXECUTE_TRANSACTION', /0 valid signatures/],
  ['external-live', 27, 'refused', 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT'],
  ['external-live', 28, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['external-live', 29, 'refused', undefined, /has the reason, under the trace id/],
  [
    'external-live',
    31,
    'refused',
    'PROTO_DESERIALIZATION_FAILURE',
    /At least one signature must be provided/,
  ],
  ['external-live', 32, 'refused', undefined, /has the reason, under the trace id/],
  ['external-live', 33, 'refused', undefined, /has the reason, under the trace id/],
  ['external-live', 34, 'refused', undefined, /has the reason, under the trace id/],
  [
    'external-live',
    36,
    'refused',
    'PROTO_DESERIALIZATION_FAILURE',
    /At least one signature must be provided/,
  ],
  ['external-live', 53, 'refused', 'PARTY_CURRENTLY_ONBOARDING'],
  ['external-live', 60, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['external-live', 61, 'refused', 'TOPOLOGY_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS'],
  [
    'external-live',
    63,
    'refused',
    'PROTO_DESERIALIZATION_FAILURE',
    /At least one signature must be provided/,
  ],
  ['external-live', 67, 'refused', 'TOPOLOGY_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS'],
  ['kms-lost-keys', 2, 'refused', undefined, /has the reason, under the trace id.*trace id aaaa/],
  ['kms-lost-keys', 4, 'refused', undefined, /has the reason, under the trace id/],
  ['load', 1, 'refused', undefined, /has the reason, under the trace id/],
  ['lsu-34-to-35', 5, 'refused', 'TOPOLOGY_STORE_NOT_FOUND'],
  ['lsu-34-to-35', 16, 'refused', 'TOPOLOGY_STORE_NOT_FOUND'],
  ['lsu-34-to-35', 27, 'refused', 'TOPOLOGY_STORE_NOT_FOUND'],
  ['lsu-34-to-35', 38, 'refused', 'TOPOLOGY_STORE_NOT_FOUND'],
  ['lsu-34-to-35', 48, 'refused', 'TOPOLOGY_LSU_TOPOLOGY_FREEZE'],
  ['lsu-34-to-35', 49, 'refused', 'TOPOLOGY_LSU_TOPOLOGY_FREEZE'],
  ['lsu-34-to-35', 51, 'refused', undefined, /frozen due to an ongoing synchronizer upgrade/],
  ['lsu-34-to-35', 53, 'refused', 'TOPOLOGY_LSU_TOPOLOGY_FREEZE'],
  ['lsu-34-to-35', 107, 'refused', 'TOPOLOGY_STORE_NOT_FOUND'],
  ['lsu-34-to-35', 118, 'refused', 'SYNC_SERVICE_SYNCHRONIZER_STATUS_NOT_ACTIVE'],
  ['lsu-34-to-35', 123, 'refused', 'INVALID_ARGUMENT_REPAIR', /without its protocol version/],
  ['lsu-missed-and-late', 11, 'transient', 'SYNCHRONIZER_IS_NOT_AVAILABLE'],
  ['lsu-missed-and-late', 17, 'transient'],
  ['lsu-missed-and-late', 23, 'refused', undefined, /rebuild it, or restore its database/],
  ['lsu-missed-and-late', 27, 'refused', 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER'],
  ['multi-hosted-and-decentralised', 5, 'refused', 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT'],
  ['multi-hosted-and-decentralised', 6, 'refused', 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT'],
  [
    'multi-hosted-and-decentralised',
    18,
    'refused',
    'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT',
  ],
  [
    'multi-hosted-and-decentralised',
    24,
    'refused',
    'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT',
  ],
  ['multi-hosted-and-decentralised', 26, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['multi-hosted-and-decentralised', 27, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['multi-hosted-and-decentralised', 28, 'refused', 'TOPOLOGY_DISABLE_PARTY_WITH_ACTIVE_CONTRACTS'],
  [
    'multi-hosted-and-decentralised',
    31,
    'refused',
    'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT',
  ],
  ['multi-hosted-and-decentralised', 32, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['multi-hosted-and-decentralised', 33, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['multi-hosted-and-decentralised', 35, 'refused', 'TOPOLOGY_MAPPING_ALREADY_EXISTS'],
  ['multi-hosted-and-decentralised', 54, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['offline-root-kms', 4, 'refused', undefined, /No signing key found locally/],
  ['packages-revocation', 1, 'refused', 'INVALID_DAR'],
  ['packages-revocation', 4, 'refused', 'PACKAGE_SERVICE_CANNOT_AUTODETECT_SYNCHRONIZER'],
  [
    'packages-revocation',
    7,
    'refused',
    'PROTO_DESERIALIZATION_FAILURE',
    /ValueConversionError\(synchronizer_id/,
  ],
  ['packages-revocation', 8, 'refused', 'PACKAGE_OR_DAR_REMOVAL_ERROR'],
  ['packages-revocation', 9, 'transient', 'OFFSET_AFTER_LEDGER_END'],
  ['packages-revocation', 17, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['packages-revocation', 22, 'refused', undefined, /has the reason, under the trace id/],
  ['packages-revocation', 26, 'refused', 'TOPOLOGY_NAMESPACE_HAS_BEEN_REVOKED'],
  ['pv35-live-group', 14, 'refused', 'INVALID_STATE_PARTY_MANAGEMENT_ERROR'],
  ['pv35-live-group', 15, 'transient', 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND'],
  ['pv35-live-group', 20, 'refused', 'PARTY_CURRENTLY_ONBOARDING'],
  ['pv35-live-group', 22, 'refused', 'INVALID_ARGUMENT_PARTY_MANAGEMENT_ERROR'],
  ['pv35-live-group', 38, 'refused', 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT'],
  ['pv35-live-importparty', 1, 'transient', 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND'],
  ['pv35-live-importparty', 4, 'refused', 'IO_STREAM_PARTY_MANAGEMENT_ERROR'],
  ['pv35-live-importparty', 7, 'refused', 'IMPORT_ACS_ERROR', /already used the contract/],
  ['pv35-live-importparty', 15, 'refused', 'PARTY_ACS_IMPORT_MISSING_ONBOARDING_MAPPING'],
  ['pv35-live-undo-and-deadly', 14, 'refused', 'INVALID_STATE_PARTY_MANAGEMENT_ERROR'],
  ['pv35-live-undo-and-deadly', 30, 'refused', 'IMPORT_ACS_ERROR', /already used the contract/],
  ['pv35-live-undo-and-deadly', 31, 'refused', undefined, /rebuild it, or restore its database/],
  ['pv35-live-undo-and-deadly', 34, 'transient'],
  ['pv35-live-undo-and-deadly', 35, 'transient'],
  ['reconnect', 11, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /FieldNotSet\(timeout\)/],
  ['reconnect', 15, 'refused', 'CONTRACT_NOT_FOUND'],
  ['reconnect', 17, 'refused', 'IMPORT_ACS_ERROR', /already used the contract/],
  ['repair', 1, 'refused', 'IMPORT_ACS_ERROR', /disconnect every synchronizer of this participant/],
  ['repair', 2, 'refused', 'CONTRACT_PURGE_ERROR'],
  ['repair', 9, 'refused', 'TOPOLOGY_STORE_NOT_FOUND'],
  ['repair', 15, 'refused', undefined, /Not able to find synchronizer alias/],
  ['repair', 19, 'transient', 'PARTICIPANT_BACKPRESSURE'],
  ['repair', 23, 'refused', 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER'],
  ['repair', 35, 'refused', 'INVALID_ARGUMENT_REPAIR'],
  ['repair', 36, 'refused', 'INVALID_ARGUMENT_REPAIR'],
  ['repair', 37, 'refused', 'INVALID_ARGUMENT_REPAIR'],
  ['repair', 39, 'refused', 'INVALID_ARGUMENT_REPAIR'],
  ['repair', 41, 'refused', 'INVALID_ARGUMENT_REPAIR'],
  ['repair', 43, 'refused', undefined, /not in the \.gz format/],
  ['repair', 45, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /OtherError\(null\)/],
  ['repair', 46, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /BufferException/],
  ['repair', 49, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /FieldNotSet\(contract_import_mode\)/],
  ['repair', 51, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /UnrecognizedEnum/],
  ['repair', 54, 'refused', 'IMPORT_ACS_ERROR', /do not connect it now/],
  ['repair', 58, 'refused', undefined, /in Daml-LF Ledger String/],
  ['repair', 60, 'refused', 'IMPORT_ACS_ERROR', /upload the missing DAR/],
  ['repair', 63, 'refused', 'IMPORT_ACS_ERROR', /reassigned contracts cannot be imported/],
  ['repair', 64, 'refused', 'IMPORT_ACS_ERROR', /not what the source exported/],
  [
    'repair',
    66,
    'refused',
    'PROTO_DESERIALIZATION_FAILURE',
    /Create node in ActiveContract should not be empty/,
  ],
  ['repair', 67, 'refused', 'IMPORT_ACS_ERROR', /holds a contract twice/],
  ['repair', 75, 'refused', 'CONTRACT_PURGE_ERROR'],
  ['repair', 79, 'refused', 'CONTRACT_PURGE_ERROR'],
  ['repair', 81, 'transient', undefined, /Repair in progress/],
  ['repair', 83, 'transient', undefined, /Repair in progress/],
  ['restricted-synchronizer', 3, 'refused', 'INITIAL_ONBOARDING_ERROR'],
  ['restricted-synchronizer', 5, 'refused', 'INITIAL_ONBOARDING_ERROR'],
  ['restricted-synchronizer', 7, 'refused', 'INITIAL_ONBOARDING_ERROR'],
  ['restricted-synchronizer', 22, 'refused', 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT'],
  ['restricted-synchronizer', 25, 'refused', 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT'],
  ['restricted-synchronizer', 40, 'transient', 'SEQUENCER_REQUEST_FAILED'],
  ['restricted-synchronizer', 46, 'refused', 'TOPOLOGY_REMOVE_MUST_NOT_CHANGE_MAPPING'],
  ['throughput-topology', 8, 'refused', undefined, /exceeds maximum size/],
  ['topology', 40, 'refused', 'SYNC_SERVICE_UNKNOWN_SYNCHRONIZER'],
  ['topology', 43, 'refused', 'DAR_NOT_FOUND'],
  ['topology', 52, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /UnrecognizedEnum/],
  // The synchronizer was never known here; a node that is starting says the same of the one it is connected to.
  ['topology', 54, 'transient', 'TOPOLOGY_STORE_NOT_FOUND', /still starting/],
  ['topology', 60, 'refused', undefined, /different than inserted key/],
  ['topology', 63, 'refused', undefined, /has the reason, under the trace id/],
  ['topology', 67, 'refused', 'TOPOLOGY_NO_APPROPRIATE_SIGNING_KEY_IN_STORE'],
  ['topology', 70, 'refused', 'TOPOLOGY_MAPPING_ALREADY_EXISTS'],
  ['topology', 72, 'refused', undefined, /has the reason, under the trace id/],
  ['topology', 75, 'refused', undefined, /has the reason, under the trace id/],
  ['topology', 92, 'refused', 'TOPOLOGY_MAPPING_ALREADY_EXISTS'],
  ['topology', 94, 'refused', 'TOPOLOGY_SERIAL_MISMATCH'],
  ['topology', 96, 'refused', 'TOPOLOGY_UNKNOWN_MEMBERS'],
  // Takes effect all the same: a repeat reads it.
  ['topology', 100, 'transient', undefined, /did not complete within/],
  ['topology', 103, 'refused', 'PROTO_DESERIALIZATION_FAILURE', /FieldNotSet\(store\)/],
  [
    'trace',
    1,
    'refused',
    'SYNC_SERVICE_UNKNOWN_SYNCHRONIZER',
    /trace id 0af7651916cd43dd8448eb211c80319c/,
  ],
  ['trace', 2, 'refused', undefined, /trace id 0af7651916cd43dd8448eb211c80319c/],
  ['trace', 3, 'refused', undefined, /trace id aaaa/],
  ['traffic-control', 2, 'refused', 'NOT_CONNECTED_TO_SYNCHRONIZER'],
  ['traffic-control', 24, 'transient', 'SEQUENCER_REQUEST_FAILED', /has not the traffic/],
  ['traffic-control', 28, 'transient', undefined],
];

const SENT_TRACE_ID = 'a'.repeat(32);
const CONTEXT = {
  participant: 'target',
  api: 'Admin API',
  address: 'target.example:5012',
  credential: 'the configured token',
  traceId: SENT_TRACE_ID,
} as const;

function map(error: ServiceError, method = 'SomeService/Call'): CantonError {
  const mapped = toCantonError(error, { ...CONTEXT, method });
  assert.ok(mapped instanceof CantonError);
  return mapped;
}

function recorded(call: Recording): CantonError {
  return map(recordedFailure(call), call.rpc.split('.').at(-1));
}

test('errors: the table of expected failures covers every recorded one', () => {
  const failed = recordings().filter(({ error }) => error);

  assert.deepEqual(
    EXPECTED.map(([file, order]) => `${file} ${order}`),
    failed.map(({ file, order }) => `${file} ${order}`),
  );
});

for (const [file, order, kind, errorId, words] of EXPECTED) {
  const call = recording(file, order);
  test(`errors: ${file} ${order}, ${call.label}: ${kind}${errorId ? `, ${errorId}` : ''}`, () => {
    const error = recorded(call);

    assert.equal(error.kind, kind);
    assert.equal(error.errorId, errorId);
    assert.equal(error.code, call.error?.code);
    if (words) assert.match(error.message, words);
  });
}

test('errors: a message names participant, call, code, error id, cause and trace id', () => {
  assert.equal(
    recorded(recording('topology', 94)).message,
    'target: TopologyManagerWriteService/Authorize answered FAILED_PRECONDITION TOPOLOGY_SERIAL_MISMATCH: ' +
      `The provided serial Some(1) did not match the expected serial Some(2). (trace id ${SENT_TRACE_ID})`,
  );
});

test('errors: what Canton asks to wait is carried in milliseconds, with its category', () => {
  const error = recorded(recording('repair', 19));

  assert.equal(error.retryDelayMs, 1_000);
  assert.equal(error.category, 2);
  assert.match(error.metadata['reason'] ?? '', /^too many in-flight validation requests/);
});

test('errors: the trace id is the one in the log of the participant, else the one we sent', () => {
  assert.equal(recorded(recording('trace', 2)).traceId, '0af7651916cd43dd8448eb211c80319c');
  assert.equal(recorded(recording('topology', 60)).traceId, SENT_TRACE_ID);
});

test('errors: without details the code decides', () => {
  const kinds = (names: (keyof typeof status)[]) =>
    new Set(names.map((name) => map(failure(status[name], 'x')).kind));

  const transient = [
    'UNAVAILABLE',
    'DEADLINE_EXCEEDED',
    'RESOURCE_EXHAUSTED',
    'ABORTED',
    'INTERNAL',
    'UNKNOWN',
  ] as const;
  assert.deepEqual([...kinds([...transient])], ['transient']);
  const refused = [
    'INVALID_ARGUMENT',
    'FAILED_PRECONDITION',
    'NOT_FOUND',
    'PERMISSION_DENIED',
    'UNAUTHENTICATED',
  ] as const;
  assert.deepEqual(
    [...kinds([...refused, 'UNIMPLEMENTED', 'ALREADY_EXISTS', 'OUT_OF_RANGE', 'DATA_LOSS'])],
    ['refused'],
  );
});

// Source: admin-api 2.3. The same words mean wait on a second import, and danger on a connect or a purge.
test('errors: a connect during an import is refused, and says what must not be called now', () => {
  const poisoned = map(
    failure(status.INTERNAL, 'Repair in progress'),
    'SynchronizerConnectivityService/ReconnectSynchronizer',
  );
  const busy = map(failure(status.UNKNOWN, 'Repair in progress'), 'ParticipantRepairService/ImportAcs');

  assert.equal(poisoned.kind, 'refused');
  assert.match(poisoned.message, /a connect or a purge .* ends its process/);
  assert.equal(busy.kind, 'transient');
});

test('errors: a service that comes up late may be missing for a while, one that comes up first is missing', () => {
  const text = 'Method not found';
  assert.equal(map(failure(status.UNIMPLEMENTED, text), 'PackageService/ListDars').kind, 'transient');
  assert.equal(
    map(failure(status.UNIMPLEMENTED, text), 'TopologyManagerReadService/ListAll').kind,
    'transient',
  );
  assert.equal(
    map(failure(status.UNIMPLEMENTED, text), 'ParticipantStatusService/ParticipantStatus').kind,
    'refused',
  );
  assert.equal(map(failure(status.UNIMPLEMENTED, text), 'StateService/GetLedgerEnd').kind, 'refused');
  // Two services of this name: only the one of the Admin API comes up late.
  assert.equal(
    map(failure(status.UNIMPLEMENTED, text), 'PartyManagementService/ClearPartyOnboardingFlag').kind,
    'transient',
  );
  assert.equal(
    map(failure(status.UNIMPLEMENTED, text), 'PartyManagementService/ListKnownParties').kind,
    'refused',
  );
});

test('errors: a redacted UNIMPLEMENTED is an answer of the service itself', () => {
  const text =
    'An error occurred. Please contact the operator and inquire about the request x with tid x';

  assert.equal(map(failure(status.UNIMPLEMENTED, text), 'PackageService/ListDars').kind, 'refused');
});

test('errors: ids that need time and not an operator are transient in spite of their code', () => {
  for (const id of [
    'TOPOLOGY_STORE_NOT_INITIALIZED',
    'TOPOLOGY_INSUFFICIENT_KEYS',
    'PARTICIPANT_IS_NOT_ACTIVE',
  ]) {
    const error = map(failure(status.FAILED_PRECONDITION, `${id}(9,0a1b2c3d): not yet`));

    assert.equal(error.errorId, id);
    assert.equal(error.kind, 'transient');
  }
});

// What a node was told while it did what it was asked for stands in its own answer, as a text.
test('errors: an error inside the text of another decides on it, and the message shows both', () => {
  const inside = (inner: string) =>
    map(
      failure(status.FAILED_PRECONDITION, `INVALID_STATE_PARTY_MANAGEMENT_ERROR(9,0a1b2c3d): ${inner}`),
      'PartyManagementService/ClearPartyOnboardingFlag',
    );

  const full = inside(
    'ABORTED: TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS(2,0a1b2c3d): Too many pending topology transactions on this node.',
  );
  const there = inside(
    'ALREADY_EXISTS: TOPOLOGY_MAPPING_ALREADY_EXISTS(10,0a1b2c3d): A matching topology mapping authorized with the same keys already exists in this state',
  );

  assert.deepEqual(
    [full.kind, full.code, full.errorId, full.category],
    ['transient', 'ABORTED', 'TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS', 2],
  );
  assert.match(
    full.message,
    /answered FAILED_PRECONDITION INVALID_STATE_PARTY_MANAGEMENT_ERROR: ABORTED: TOPOLOGY_TOO_MANY/,
  );
  assert.deepEqual([there.kind, there.errorId], ['refused', 'TOPOLOGY_MAPPING_ALREADY_EXISTS']);
});

test('errors: the innermost of several errors decides, also in a text without an error of its own', () => {
  const twice =
    'Failed to submit: Status(5,FIRST_OF_TWO(11,0): not found: SYNCHRONIZER_IS_NOT_AVAILABLE(1,0): no sequencer,List())';

  const { kind, errorId } = map(failure(status.NOT_FOUND, twice));

  assert.deepEqual([kind, errorId], ['transient', 'SYNCHRONIZER_IS_NOT_AVAILABLE']);
});

test('errors: a store that a starting node cannot find yet is waited for, an unknown one is refused', () => {
  const kindOfRead = (cause: string) =>
    map(failure(status.NOT_FOUND, `TOPOLOGY_STORE_NOT_FOUND(11,0): ${cause}`)).kind;

  assert.equal(kindOfRead('No active synchronizer found for syncB::12205a7e5d1f....'), 'transient');
  assert.equal(kindOfRead("Topology store 'syncB::12205a7e5d1f...::34-0' is not known."), 'refused');
});

test('errors: a text or an id that is malformed stays so, whatever the code', () => {
  for (const text of [
    'Daml-LF Ledger String is too long (max: 255)',
    'Daml-LF Party is empty',
    'non expected character 0x2e in Daml-LF Party "a.b"',
    'Fingerprint decoding of `syncB::1220::34-0` failed with: StringConversionError(String contains reserved delimiter)',
    'Identifier decoding of `sy*nc` failed with: x',
  ])
    for (const code of [status.UNKNOWN, status.INTERNAL])
      assert.equal(map(failure(code, text)).kind, 'refused', text);
});

test('errors: an export below the pruned offset is refused, one that could not be read may be repeated', () => {
  const text = (cause: string) => `IO_STREAM_REPAIR_ERROR(9,0): ${cause}`;
  const pruned = 'PARTICIPANT_PRUNED_DATA_ACCESSED(9,0): offset 5 precedes pruned offset 7';

  assert.equal(map(failure(status.FAILED_PRECONDITION, text(pruned))).kind, 'refused');
  assert.equal(map(failure(status.FAILED_PRECONDITION, text('connection reset'))).kind, 'transient');
});

// Live route 6: nothing heals a node that connected with an incomplete import, so nothing may retry it.
test('errors: a target that has lost its history is refused by name, with what is left to do', () => {
  const text = 'Unable to find reassignment counter for ContractId(00ab)';
  const error = map(
    failure(status.INTERNAL, text),
    'SynchronizerConnectivityService/ReconnectSynchronizer',
  );

  assert.deepEqual([error.kind, error.type], ['refused', 'TargetDestroyed']);
  assert.match(
    error.message,
    /^target: SynchronizerConnectivityService\/ReconnectSynchronizer answered INTERNAL: Unable to find/,
  );
  assert.match(error.message, /rebuild it, or restore its database from before the import/);
});

test('errors: a participant that has not processed that far yet gets there by itself', () => {
  for (const [code, text] of [
    [status.OUT_OF_RANGE, 'INVALID_TIMESTAMP_PARTY_MANAGEMENT_ERROR(12,0): not all events'],
    [status.FAILED_PRECONDITION, 'UNPROCESSED_REQUESTED_TIMESTAMP(9,0): exceeds the clean timestamp'],
    [status.FAILED_PRECONDITION, 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND(9,0): timeout'],
    [
      status.FAILED_PRECONDITION,
      'IO_STREAM_PARTY_MANAGEMENT_ERROR(9,0): timeout \u2013 Possibly missing party activation?',
    ],
  ] as const)
    assert.equal(map(failure(code, text)).kind, 'transient', text);
  const flagless =
    'PARTY_ONBOARDING_CLEARANCE_MISSING_MAPPING(9,0): missing party-to-participant mapping';
  const { kind, message } = map(failure(status.FAILED_PRECONDITION, flagless));
  assert.equal(kind, 'refused');
  assert.match(message, /set no flag: begin behind it/);
});

// Live route 4: which answers to a command may be repeated as they are, and which need the other host or a look first.
test('errors: of what clients meet at a change of hosts only a lost race may be repeated', () => {
  const kindOfCommand = (code: status, text: string) =>
    map(failure(code, text), 'CommandService/SubmitAndWait').kind;

  assert.equal(
    kindOfCommand(status.ABORTED, 'NO_VIEW_WITH_VALID_RECIPIENTS(2,0): recipients changed'),
    'transient',
  );
  for (const [code, text] of [
    [status.FAILED_PRECONDITION, 'PARTY_CURRENTLY_ONBOARDING(9,0): the flag is set'],
    [status.ALREADY_EXISTS, 'DUPLICATE_COMMAND(10,0): already processed'],
    [status.NOT_FOUND, 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT(11,0): none'],
  ] as const)
    assert.equal(kindOfCommand(code, text), 'refused', text);
});

// The words of servers that answer with an alert, as Canton's do; Node's own server only closes the connection.
for (const [alert, type] of [
  ['tlsv13 alert certificate required', 'ClientCertificateRequired'],
  ['sslv3 alert handshake failure', 'ClientCertificateRequired'],
  ['sslv3 alert bad certificate', 'ClientCertificateRequired'],
  ['tlsv1 alert unknown ca', 'ClientCertificateRequired'],
  ['wrong version number', 'TlsNotSpoken'],
] as const) {
  test(`errors: "${alert}" is ${type}, with API and address and without what only developers need`, () => {
    const text =
      `No connection established. Last error: 808C30FE8F7F0000:error:0A00045C:SSL routines:ssl3_read_bytes:${alert}` +
      ':../deps/openssl/openssl/ssl/record/rec_layer_s3.c:1601:SSL alert number 116\n (2026-01-02T03:04:05.678Z). Resolution note: ';

    const { kind, type: found, message } = map(failure(status.UNAVAILABLE, text));

    assert.deepEqual([kind, found], ['refused', type]);
    assert.match(message, new RegExp(`^target: Admin API at target\\.example:5012: .*: ${alert}$`));
  });
}

test('errors: a connection that is refused is no matter of certificates', () => {
  const text =
    'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';

  const { kind, type } = map(failure(status.UNAVAILABLE, text));

  assert.deepEqual([kind, type], ['transient', undefined]);
});

test('errors: what is not a gRPC status is a bug and stays what it is', () => {
  const bug = new TypeError('x is not a function');

  assert.equal(toCantonError(bug, { ...CONTEXT, method: 'A/B' }), bug);
});
