import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { equals, fromBinary, fromJson, toBinary, type DescService } from '@bufbuild/protobuf';

import { CommandService } from '../../canton/gen/com/daml/ledger/api/v2/command_service_pb.js';
import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { IdentityProviderConfigService } from '../../canton/gen/com/daml/ledger/api/v2/admin/identity_provider_config_service_pb.js';
import { UserManagementService } from '../../canton/gen/com/daml/ledger/api/v2/admin/user_management_service_pb.js';
import { StateService } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { UpdateService } from '../../canton/gen/com/daml/ledger/api/v2/update_service_pb.js';
import { VersionService } from '../../canton/gen/com/daml/ledger/api/v2/version_service_pb.js';
import { PackageService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { PartyManagementService as AdminPartyManagementService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/party_management_service_pb.js';
import { ParticipantInspectionService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import {
  ExportAcsResponseSchema,
  ImportAcsRequestSchema,
  ParticipantRepairService,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { ParticipantStatusService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { PingService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/ping_service_pb.js';
import { PruningService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/pruning_service_pb.js';
import { ResourceManagementService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/resource_management_service_pb.js';
import { SynchronizerConnectivityService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import { TrafficControlService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/traffic_control_service_pb.js';
import { ApiInfoService } from '../../canton/gen/com/digitalasset/canton/connection/v30/api_info_service_pb.js';
import { VaultService } from '../../canton/gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import { SignedTopologyTransactionSchema } from '../../canton/gen/com/digitalasset/canton/protocol/v30/topology_pb.js';
import { IdentityInitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { TopologyAggregationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_aggregation_service_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import {
  AddTransactionsRequestSchema,
  TopologyManagerWriteService,
} from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';
import { unwrapDelegation } from '../../canton/v30/topology-messages.js';
import {
  assertKept,
  assertSameMeaning,
  recordedMessages,
  undeclaredCalls,
  undeclaredFields,
} from './recorded-messages.js';
import { goldenBytes, messagesOf, recording, recordings } from './recordings.js';

const SERVICES: DescService[] = [
  AdminPartyManagementService,
  ApiInfoService,
  CommandService,
  IdentityInitializationService,
  IdentityProviderConfigService,
  PackageService,
  ParticipantInspectionService,
  ParticipantRepairService,
  ParticipantStatusService,
  PartyManagementService,
  PingService,
  PruningService,
  ResourceManagementService,
  StateService,
  SynchronizerConnectivityService,
  TopologyAggregationService,
  TopologyManagerReadService,
  TopologyManagerWriteService,
  TrafficControlService,
  UpdateService,
  UserManagementService,
  VaultService,
  VersionService,
];

/** Recorded calls that our services leave out, each with its reason. */
const UNUSED_CALLS: Record<string, string> = {
  'InteractiveSubmissionService/ExecuteSubmissionAndWait':
    'only applications submit for external parties',
  'InteractiveSubmissionService/PrepareSubmission': 'only applications submit for external parties',
  'SequencerAdministrationService/SetTrafficPurchased': 'the operator of the sequencer sells traffic',
};

/** Recorded fields that our messages leave out, by call and path, each with its reason. */
const UNDECLARED: Record<string, string> = {};

const CALLS = recordings();
const MESSAGES = recordedMessages(SERVICES, CALLS);

test('golden: every recorded call is one we declare, or is listed as unused', () => {
  assert.deepEqual(undeclaredCalls(SERVICES, CALLS), Object.keys(UNUSED_CALLS).sort());
});

test('golden: every recorded message reads as its JSON, but for the fields listed as undeclared', () => {
  assert.deepEqual(undeclaredFields(MESSAGES), Object.keys(UNDECLARED).sort());
});

test('golden: the JSON of every recorded message encodes to the same meaning', () => {
  assertSameMeaning(MESSAGES);
});

test('golden: a message keeps the fields it does not declare when it is written again', () => {
  assertKept(MESSAGES);
});

test('golden: a snapshot goes through both messages untouched', () => {
  const exported = recording('happy', 41);
  const chunks = messagesOf(exported.response, exported.response_json).map(
    ({ bytes }) => fromBinary(ExportAcsResponseSchema, bytes).chunk,
  );
  const snapshot = Buffer.concat(chunks);

  assert.deepEqual(snapshot, goldenBytes('exports/happy.gz'));
  assert.deepEqual(gunzipSync(snapshot), goldenBytes('exports/happy.raw'));
  const sent = fromBinary(
    ImportAcsRequestSchema,
    toBinary(
      ImportAcsRequestSchema,
      fromJson(ImportAcsRequestSchema, { acs_snapshot: snapshot.toString('base64') }),
    ),
  );
  assert.ok(snapshot.equals(sent.acsSnapshot));
});

// The source lists what it signed, the target is given it: what the console sent in the recording is the truth.
test('golden: a delegation goes from the listing to the load as the bytes that were signed', () => {
  const listing = recording('happy', 15).response_json as {
    result: { items: { transaction: string }[] };
  };
  const [loaded] = messagesOf(recording('happy', 19).request, {});
  const sent = fromBinary(AddTransactionsRequestSchema, loaded?.bytes ?? Buffer.alloc(0)).transactions;

  const root = listing.result.items
    .flatMap(({ transaction }) => unwrapDelegation(Buffer.from(transaction, 'base64')) ?? [])
    .find(({ delegation }) => delegation.targetKey === delegation.namespace);

  assert.ok(root);
  assert.equal(root.delegation.restriction, 'CanSignAllMappings');
  const read = fromBinary(SignedTopologyTransactionSchema, root.signed);
  const [first] = sent;
  assert.ok(first && equals(SignedTopologyTransactionSchema, read, first));
  assert.ok(Buffer.from(toBinary(SignedTopologyTransactionSchema, read)).equals(root.signed));
});

// Source: admin-api 1.3.
test('golden: the hash Canton answers with is that of the signed bytes', () => {
  const authorized = recording('happy', 27).response_json as { transaction: { transaction: string } };
  const signed = Buffer.from(authorized.transaction.transaction, 'base64');
  const hash = createHash('sha256')
    .update(Buffer.from([0, 0, 0, 11]))
    .update(signed)
    .digest();
  const read = recording('happy', 28).response_json as {
    results: { context: { transaction_hash: string } }[];
  };

  const multihash = Buffer.concat([Buffer.from([0x12, 0x20]), hash]);
  assert.equal(read.results[0]?.context.transaction_hash, multihash.toString('base64'));
});
