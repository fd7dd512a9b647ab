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

/** Every service of Canton 2.10 that was recorded. */
export const SERVICES_210: DescService[] = [
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
