import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { DescService } from '@bufbuild/protobuf';

import { ActiveContractsService } from '../../canton/gen/com/daml/ledger/api/v1/active_contracts_service_pb.js';
import { ApiInfoService } from '../../canton/gen/com/digitalasset/canton/connection/v30/api_info_service_pb.js';
import { CommandService } from '../../canton/gen/com/daml/ledger/api/v1/command_service_pb.js';
import { DomainConnectivityService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/domain_connectivity_pb.js';
import { EnterpriseParticipantReplicationService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/enterprise_participant_replication_service_pb.js';
import { IdentityProviderConfigService } from '../../canton/gen/com/daml/ledger/api/v1/admin/identity_provider_config_service_pb.js';
import { InitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/initialization_service_pb.js';
import { InspectionService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/inspection_service_pb.js';
import { LedgerIdentityService } from '../../canton/gen/com/daml/ledger/api/v1/ledger_identity_service_pb.js';
import { PackageManagementService } from '../../canton/gen/com/daml/ledger/api/v1/admin/package_management_service_pb.js';
import { PackageService } from '../../canton/gen/com/daml/ledger/api/v1/package_service_pb.js';
import { PackageService as AdminPackageService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/package_service_pb.js';
import { ParticipantRepairService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/participant_repair_service_pb.js';
import { ParticipantStatusService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { PingService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/ping_pong_service_pb.js';
import { PruningService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/pruning_service_pb.js';
import { ResourceManagementService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/resource_management_service_pb.js';
import { StatusService } from '../../canton/gen/com/digitalasset/canton/health/admin/v0/status_service_pb.js';
import { TopologyAggregationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_aggregation_service_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_manager_write_service_pb.js';
import { TransactionService } from '../../canton/gen/com/daml/ledger/api/v1/transaction_service_pb.js';
import { UserManagementService } from '../../canton/gen/com/daml/ledger/api/v1/admin/user_management_service_pb.js';
import { VaultService } from '../../canton/gen/com/digitalasset/canton/crypto/admin/v0/vault_service_pb.js';
import { VersionService } from '../../canton/gen/com/daml/ledger/api/v1/version_service_pb.js';
import {
  assertKept,
  assertSameMeaning,
  recordedMessages,
  undeclaredCalls,
  undeclaredFields,
} from './recorded-messages.js';
import { recordings210 } from './recordings.js';

const SERVICES: DescService[] = [
  ActiveContractsService,
  AdminPackageService,
  ApiInfoService,
  CommandService,
  DomainConnectivityService,
  EnterpriseParticipantReplicationService,
  IdentityProviderConfigService,
  InitializationService,
  InspectionService,
  LedgerIdentityService,
  PackageManagementService,
  PackageService,
  ParticipantRepairService,
  ParticipantStatusService,
  PartyManagementService,
  PingService,
  PruningService,
  ResourceManagementService,
  StatusService,
  TopologyAggregationService,
  TopologyManagerReadService,
  TopologyManagerWriteService,
  TransactionService,
  UserManagementService,
  VaultService,
  VersionService,
];

/** Recorded calls that our services leave out, each with its reason. */
const UNUSED_CALLS: Record<string, string> = {
  'IdentityInitializationService/GetId':
    'of Canton 3: recorded as what a 2.10 participant does not have',
  'ParticipantStatusService/ParticipantStatus': 'that of Canton 3, as above',
};

/** Recorded fields that our messages leave out, by call and path, each with its reason. */
const UNDECLARED: Record<string, string> = {
  'GetLedgerApiVersion features.experimental': 'nothing that a migration goes by',
  'ListDomainParametersChanges results.v2.catch_up_parameters': 'as above',
  'ListDomainParametersChanges results.v2.max_rate_per_participant': 'as above',
  'ListDomainParametersChanges results.v2.max_request_size': 'as above',
  'ListDomainParametersChanges results.v2.mediator_deduplication_timeout': 'as above',
  'ListDomainParametersChanges results.v2.reconciliation_interval': 'as above',
};

const CALLS = recordings210();
const MESSAGES = recordedMessages(SERVICES, CALLS);

test('golden 2.10: every recorded call is one we declare, or is listed as unused', () => {
  assert.deepEqual(undeclaredCalls(SERVICES, CALLS), Object.keys(UNUSED_CALLS).sort());
});

test('golden 2.10: every recorded message reads as its JSON, but for the fields listed as undeclared', () => {
  assert.deepEqual(undeclaredFields(MESSAGES), Object.keys(UNDECLARED).sort());
});

test('golden 2.10: the JSON of every recorded message encodes to the same meaning', () => {
  assertSameMeaning(MESSAGES);
});

test('golden 2.10: a message keeps the fields it does not declare when it is written again', () => {
  assertKept(MESSAGES);
});
