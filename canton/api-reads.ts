import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { ActiveContractsService } from './gen/com/daml/ledger/api/v1/active_contracts_service_pb.js';
import { IdentityProviderConfigService as IdentityProviders1 } from './gen/com/daml/ledger/api/v1/admin/identity_provider_config_service_pb.js';
import { PartyManagementService as Parties1 } from './gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { UserManagementService as Users1 } from './gen/com/daml/ledger/api/v1/admin/user_management_service_pb.js';
import { TransactionService } from './gen/com/daml/ledger/api/v1/transaction_service_pb.js';
import { IdentityProviderConfigService } from './gen/com/daml/ledger/api/v2/admin/identity_provider_config_service_pb.js';
import { PartyManagementService as LedgerParties } from './gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { UserManagementService } from './gen/com/daml/ledger/api/v2/admin/user_management_service_pb.js';
import { StateService } from './gen/com/daml/ledger/api/v2/state_service_pb.js';
import { PackageService } from './gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { ParticipantInspectionService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { ParticipantRepairService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { ParticipantStatusService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { PartyManagementService as AdminParties } from './gen/com/digitalasset/canton/admin/participant/v30/party_management_service_pb.js';
import { PruningService } from './gen/com/digitalasset/canton/admin/participant/v30/pruning_service_pb.js';
import { ResourceManagementService } from './gen/com/digitalasset/canton/admin/participant/v30/resource_management_service_pb.js';
import { SynchronizerConnectivityService } from './gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import { TrafficControlService } from './gen/com/digitalasset/canton/admin/participant/v30/traffic_control_service_pb.js';
import { VaultService as VaultService0 } from './gen/com/digitalasset/canton/crypto/admin/v0/vault_service_pb.js';
import { VaultService } from './gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import { DomainConnectivityService } from './gen/com/digitalasset/canton/participant/admin/v0/domain_connectivity_pb.js';
import { InspectionService } from './gen/com/digitalasset/canton/participant/admin/v0/inspection_service_pb.js';
import { PackageService as PackageService0 } from './gen/com/digitalasset/canton/participant/admin/v0/package_service_pb.js';
import { ParticipantRepairService as RepairService0 } from './gen/com/digitalasset/canton/participant/admin/v0/participant_repair_service_pb.js';
import { ParticipantStatusService as StatusService0 } from './gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { PruningService as PruningService0 } from './gen/com/digitalasset/canton/participant/admin/v0/pruning_service_pb.js';
import { ResourceManagementService as ResourceService0 } from './gen/com/digitalasset/canton/participant/admin/v0/resource_management_service_pb.js';
import { TrafficService } from './gen/com/digitalasset/canton/tea/v1/traffic_service_pb.js';
import { InitializationService } from './gen/com/digitalasset/canton/topology/admin/v0/initialization_service_pb.js';
import { TopologyAggregationService as Aggregation0 } from './gen/com/digitalasset/canton/topology/admin/v0/topology_aggregation_service_pb.js';
import { TopologyManagerReadService as TopologyReads0 } from './gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { IdentityInitializationService } from './gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { TopologyAggregationService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_aggregation_service_pb.js';
import { TopologyManagerReadService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';

function methodsOf<Service extends DescService>(
  service: Service,
  ...names: (keyof Service['method'] & string)[]
): DescMethod[] {
  return names.map((name) => service.method[name]!);
}

/** Of Canton 3. Streams that read the ledger are not among them: they want more than an empty request. */
export const LEDGER_READS = [
  ...methodsOf(IdentityProviderConfigService, 'listIdentityProviderConfigs'),
  ...methodsOf(LedgerParties, 'getParticipantId', 'listKnownParties'),
  ...methodsOf(UserManagementService, 'listUsers', 'listUserRights'),
  ...methodsOf(StateService, 'getLedgerEnd', 'getLatestPrunedOffsets'),
  ...methodsOf(TrafficService, 'getAccount'),
];

/** Of Canton 3. */
export const ADMIN_READS = [
  ...methodsOf(PackageService, 'listDars', 'getDar', 'getDarContents', 'listPackages', 'validateDar'),
  ...methodsOf(
    ParticipantInspectionService,
    'countInFlight',
    'lookupSentAcsCommitments',
    'lookupReceivedAcsCommitments',
    'getIntervalsBehindForCounterParticipants',
  ),
  ...methodsOf(ParticipantRepairService, 'exportAcs'),
  ...methodsOf(ParticipantStatusService, 'participantStatus'),
  ...methodsOf(AdminParties, 'getHighestOffsetByTimestamp'),
  ...methodsOf(PruningService, 'getSchedule'),
  ...methodsOf(ResourceManagementService, 'getResourceLimits'),
  ...methodsOf(SynchronizerConnectivityService, 'listRegisteredSynchronizers'),
  ...methodsOf(TrafficControlService, 'trafficControlState'),
  ...methodsOf(VaultService, 'listMyKeys', 'listPublicKeys'),
  ...methodsOf(IdentityInitializationService, 'getId', 'currentTime'),
  ...methodsOf(TopologyAggregationService, 'listParties'),
  ...methodsOf(
    TopologyManagerReadService,
    'listNamespaceDelegation',
    'listPartyToParticipant',
    'listPartyToKeyMapping',
    'listOwnerToKeyMapping',
    'listSynchronizerTrustCertificate',
    'listParticipantSynchronizerPermission',
    'listVettedPackages',
    'listDecentralizedNamespaceDefinition',
    'listLsuAnnouncement',
    'listSynchronizerUpgradeAnnouncement',
    'listSynchronizerParametersState',
    'listAllV2',
    'listAll',
  ),
  ...methodsOf(TopologyManagerWriteService, 'generateTransactions'),
];

/** Of Canton 2.10. */
export const LEDGER_READS_210 = [
  ...methodsOf(ActiveContractsService, 'getActiveContracts'),
  ...methodsOf(IdentityProviders1, 'listIdentityProviderConfigs'),
  ...methodsOf(Parties1, 'getParticipantId', 'listKnownParties'),
  ...methodsOf(TransactionService, 'getLedgerEnd', 'getLatestPrunedOffsets', 'getTransactions'),
  ...methodsOf(Users1, 'listUsers', 'listUserRights'),
];

/** Of Canton 2.10. */
export const ADMIN_READS_210 = [
  ...methodsOf(Aggregation0, 'listParties'),
  ...methodsOf(DomainConnectivityService, 'listConfiguredDomains', 'listConnectedDomains'),
  ...methodsOf(InitializationService, 'getId', 'currentTime'),
  ...methodsOf(InspectionService, 'countInFlight', 'lookupContractDomain'),
  ...methodsOf(PackageService0, 'listDars', 'getDar', 'listDarContents', 'listPackages', 'validateDar'),
  ...methodsOf(PruningService0, 'getSchedule'),
  ...methodsOf(RepairService0, 'exportAcs'),
  ...methodsOf(ResourceService0, 'getResourceLimits'),
  ...methodsOf(StatusService0, 'participantStatus'),
  ...methodsOf(
    TopologyReads0,
    'listAvailableStores',
    'listDomainParametersChanges',
    'listNamespaceDelegation',
    'listOwnerToKeyMapping',
    'listParticipantDomainState',
    'listPartyToParticipant',
    'listVettedPackages',
  ),
  ...methodsOf(VaultService0, 'listMyKeys', 'listPublicKeys'),
];
