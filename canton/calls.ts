import type { DescService } from '@bufbuild/protobuf';

import type { MethodName } from './endpoint.js';
import { ActiveContractsService } from './gen/com/daml/ledger/api/v1/active_contracts_service_pb.js';
import { PackageManagementService } from './gen/com/daml/ledger/api/v1/admin/package_management_service_pb.js';
import { CommandService as Commands1 } from './gen/com/daml/ledger/api/v1/command_service_pb.js';
import { LedgerIdentityService } from './gen/com/daml/ledger/api/v1/ledger_identity_service_pb.js';
import { PackageService as LedgerPackages1 } from './gen/com/daml/ledger/api/v1/package_service_pb.js';
import { VersionService as Version1 } from './gen/com/daml/ledger/api/v1/version_service_pb.js';
import { StatusService } from './gen/com/digitalasset/canton/health/admin/v0/status_service_pb.js';
import { EnterpriseParticipantReplicationService } from './gen/com/digitalasset/canton/participant/admin/v0/enterprise_participant_replication_service_pb.js';
import { IdentityProviderConfigService as IdentityProviders1 } from './gen/com/daml/ledger/api/v1/admin/identity_provider_config_service_pb.js';
import { PartyManagementService as Parties1 } from './gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { UserManagementService as Users1 } from './gen/com/daml/ledger/api/v1/admin/user_management_service_pb.js';
import { TransactionService } from './gen/com/daml/ledger/api/v1/transaction_service_pb.js';
import { VaultService as Vault0 } from './gen/com/digitalasset/canton/crypto/admin/v0/vault_service_pb.js';
import { DomainConnectivityService } from './gen/com/digitalasset/canton/participant/admin/v0/domain_connectivity_pb.js';
import { InspectionService } from './gen/com/digitalasset/canton/participant/admin/v0/inspection_service_pb.js';
import { PackageService as Packages0 } from './gen/com/digitalasset/canton/participant/admin/v0/package_service_pb.js';
import { ParticipantRepairService as Repair0 } from './gen/com/digitalasset/canton/participant/admin/v0/participant_repair_service_pb.js';
import { ParticipantStatusService as Status0 } from './gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { PingService as Ping0 } from './gen/com/digitalasset/canton/participant/admin/v0/ping_pong_service_pb.js';
import { PruningService as Pruning0 } from './gen/com/digitalasset/canton/participant/admin/v0/pruning_service_pb.js';
import { ResourceManagementService as Resources0 } from './gen/com/digitalasset/canton/participant/admin/v0/resource_management_service_pb.js';
import { InitializationService } from './gen/com/digitalasset/canton/topology/admin/v0/initialization_service_pb.js';
import { TopologyAggregationService as Aggregation0 } from './gen/com/digitalasset/canton/topology/admin/v0/topology_aggregation_service_pb.js';
import { TopologyManagerReadService as TopologyReads0 } from './gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService as TopologyWrites0 } from './gen/com/digitalasset/canton/topology/admin/v0/topology_manager_write_service_pb.js';
import { IdentityProviderConfigService } from './gen/com/daml/ledger/api/v2/admin/identity_provider_config_service_pb.js';
import { PartyManagementService as LedgerParties } from './gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { UserManagementService } from './gen/com/daml/ledger/api/v2/admin/user_management_service_pb.js';
import { CommandService } from './gen/com/daml/ledger/api/v2/command_service_pb.js';
import { InteractiveSubmissionService } from './gen/com/daml/ledger/api/v2/interactive/interactive_submission_service_pb.js';
import { StateService } from './gen/com/daml/ledger/api/v2/state_service_pb.js';
import { UpdateService } from './gen/com/daml/ledger/api/v2/update_service_pb.js';
import { VersionService } from './gen/com/daml/ledger/api/v2/version_service_pb.js';
import { PackageService } from './gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { ParticipantInspectionService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { ParticipantRepairService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { ParticipantStatusService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { PartyManagementService as AdminParties } from './gen/com/digitalasset/canton/admin/participant/v30/party_management_service_pb.js';
import { PingService } from './gen/com/digitalasset/canton/admin/participant/v30/ping_service_pb.js';
import { PruningService } from './gen/com/digitalasset/canton/admin/participant/v30/pruning_service_pb.js';
import { ResourceManagementService } from './gen/com/digitalasset/canton/admin/participant/v30/resource_management_service_pb.js';
import { TrafficControlService } from './gen/com/digitalasset/canton/admin/participant/v30/traffic_control_service_pb.js';
import { SynchronizerConnectivityService } from './gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import { ApiInfoService } from './gen/com/digitalasset/canton/connection/v30/api_info_service_pb.js';
import { VaultService } from './gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import { SequencerConnectService } from './gen/com/digitalasset/canton/sequencer/api/v30/sequencer_connect_service_pb.js';
import { IdentityInitializationService } from './gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { TrafficService } from './gen/com/digitalasset/canton/tea/v1/traffic_service_pb.js';
import { TopologyAggregationService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_aggregation_service_pb.js';
import { TopologyManagerReadService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';

/** `change`: something of the node, of what it hosts or of its ledger is another after the call. */
export type CallKind = 'read' | 'change';

/** A service with the kind of each of its calls; one that is left out does not compile. */
function calls<Service extends DescService>(
  service: Service,
  kinds: Record<keyof Service['method'], CallKind>,
): [MethodName, CallKind][] {
  return Object.entries<MethodName>(service.method).map(([name, method]) => [
    method,
    kinds[name as keyof Service['method']],
  ]);
}

const LEDGER_API = [
  ...calls(IdentityProviderConfigService, {
    listIdentityProviderConfigs: 'read',
    createIdentityProviderConfig: 'change',
    deleteIdentityProviderConfig: 'change',
  }),
  ...calls(LedgerParties, {
    getParticipantId: 'read',
    listKnownParties: 'read',
    getParties: 'read',
    allocateParty: 'change',
    updatePartyDetails: 'change',
    generateExternalPartyTopology: 'read',
    allocateExternalParty: 'change',
  }),
  ...calls(UserManagementService, {
    getUser: 'read',
    listUsers: 'read',
    listUserRights: 'read',
    createUser: 'change',
    updateUser: 'change',
    deleteUser: 'change',
    grantUserRights: 'change',
    revokeUserRights: 'change',
  }),
  ...calls(CommandService, { submitAndWait: 'change', submitAndWaitForTransaction: 'change' }),
  ...calls(InteractiveSubmissionService, {
    prepareSubmission: 'read',
    executeSubmissionAndWait: 'change',
  }),
  ...calls(StateService, {
    getLedgerEnd: 'read',
    getLatestPrunedOffsets: 'read',
    getConnectedSynchronizers: 'read',
    getActiveContracts: 'read',
  }),
  ...calls(UpdateService, { getUpdates: 'read' }),
  ...calls(VersionService, { getLedgerApiVersion: 'read' }),
  ...calls(TrafficService, { getAccount: 'read' }),
];

const ADMIN_API = [
  ...calls(PackageService, {
    listDars: 'read',
    getDar: 'read',
    getDarContents: 'read',
    listPackages: 'read',
    // A dry run of an upload with vetting: nothing is stored or vetted.
    validateDar: 'read',
    uploadDar: 'change',
    vetDar: 'change',
    unvetDar: 'change',
    removeDar: 'change',
  }),
  ...calls(ParticipantInspectionService, {
    countInFlight: 'read',
    lookupSentAcsCommitments: 'read',
    lookupReceivedAcsCommitments: 'read',
    getIntervalsBehindForCounterParticipants: 'read',
    openCommitment: 'read',
  }),
  ...calls(ParticipantRepairService, {
    exportAcs: 'read',
    importAcs: 'change',
    purgeContracts: 'change',
    performLateLsu: 'change',
  }),
  ...calls(ParticipantStatusService, { participantStatus: 'read' }),
  ...calls(AdminParties, {
    getHighestOffsetByTimestamp: 'read',
    exportPartyAcs: 'read',
    importPartyAcs: 'change',
    // Makes the participant propose a topology transaction.
    clearPartyOnboardingFlag: 'change',
  }),
  // Two ledger transactions.
  ...calls(PingService, { ping: 'change' }),
  ...calls(PruningService, {
    getSchedule: 'read',
    getSafePruningOffset: 'read',
    getNoWaitCommitmentsFrom: 'read',
    setNoWaitCommitmentsFrom: 'change',
    resetNoWaitCommitmentsFrom: 'change',
    setSchedule: 'change',
    clearSchedule: 'change',
  }),
  ...calls(ResourceManagementService, { getResourceLimits: 'read', setResourceLimits: 'change' }),
  ...calls(SynchronizerConnectivityService, {
    listConnectedSynchronizers: 'read',
    listRegisteredSynchronizers: 'read',
    getSynchronizerId: 'read',
    connectSynchronizer: 'change',
    registerSynchronizer: 'change',
    modifySynchronizer: 'change',
    reconnectSynchronizer: 'change',
    reconnectSynchronizers: 'change',
    disconnectSynchronizer: 'change',
    disconnectAllSynchronizers: 'change',
  }),
  ...calls(TrafficControlService, { trafficControlState: 'read' }),
  ...calls(ApiInfoService, { getApiInfo: 'read' }),
  ...calls(VaultService, {
    listMyKeys: 'read',
    listPublicKeys: 'read',
    importPublicKey: 'change',
    generateSigningKey: 'change',
    registerKmsSigningKey: 'change',
  }),
  ...calls(IdentityInitializationService, { initId: 'change', getId: 'read', currentTime: 'read' }),
  ...calls(TopologyAggregationService, { listParties: 'read' }),
  ...calls(TopologyManagerReadService, {
    listNamespaceDelegation: 'read',
    listPartyToParticipant: 'read',
    listPartyToKeyMapping: 'read',
    listOwnerToKeyMapping: 'read',
    listSynchronizerTrustCertificate: 'read',
    listParticipantSynchronizerPermission: 'read',
    listPartyHostingLimits: 'read',
    listVettedPackages: 'read',
    listDecentralizedNamespaceDefinition: 'read',
    listLsuAnnouncement: 'read',
    listLsuSequencerConnectionSuccessor: 'read',
    listSynchronizerUpgradeAnnouncement: 'read',
    listSynchronizerParametersState: 'read',
    listAvailableStores: 'read',
    listAllV2: 'read',
    listAll: 'read',
  }),
  ...calls(TopologyManagerWriteService, {
    generateTransactions: 'read',
    // Stores nothing, and is the consent of the participant all the same.
    signTransactions: 'change',
    authorize: 'change',
    addTransactions: 'change',
    createTemporaryTopologyStore: 'change',
    dropTemporaryTopologyStore: 'change',
  }),
];

/** Of Canton 2.10. */
const V0 = [
  ...calls(ActiveContractsService, { getActiveContracts: 'read' }),
  ...calls(Commands1, {
    submitAndWait: 'change',
    submitAndWaitForTransactionId: 'change',
    submitAndWaitForTransaction: 'change',
  }),
  ...calls(LedgerIdentityService, { getLedgerIdentity: 'read' }),
  ...calls(LedgerPackages1, { getPackage: 'read', getPackageStatus: 'read' }),
  ...calls(Version1, { getLedgerApiVersion: 'read' }),
  ...calls(PackageManagementService, { listKnownPackages: 'read', uploadDarFile: 'change' }),
  ...calls(StatusService, { status: 'read', getLastErrors: 'read' }),
  ...calls(EnterpriseParticipantReplicationService, { setPassive: 'change' }),
  ...calls(IdentityProviders1, {
    listIdentityProviderConfigs: 'read',
    createIdentityProviderConfig: 'change',
    deleteIdentityProviderConfig: 'change',
  }),
  ...calls(Parties1, {
    getParticipantId: 'read',
    listKnownParties: 'read',
    getParties: 'read',
    allocateParty: 'change',
    updatePartyDetails: 'change',
  }),
  ...calls(Users1, {
    getUser: 'read',
    listUsers: 'read',
    listUserRights: 'read',
    createUser: 'change',
    updateUser: 'change',
    deleteUser: 'change',
    grantUserRights: 'change',
    revokeUserRights: 'change',
  }),
  ...calls(TransactionService, {
    getTransactions: 'read',
    getLedgerEnd: 'read',
    getLatestPrunedOffsets: 'read',
  }),
  ...calls(Vault0, {
    listMyKeys: 'read',
    listPublicKeys: 'read',
    importPublicKey: 'change',
    generateSigningKey: 'change',
    generateEncryptionKey: 'change',
    registerKmsSigningKey: 'change',
    rotateWrapperKey: 'change',
    getWrapperKeyId: 'read',
    // What it answers is the private key.
    exportKeyPair: 'change',
    importKeyPair: 'change',
    deleteKeyPair: 'change',
  }),
  ...calls(DomainConnectivityService, {
    listConnectedDomains: 'read',
    listConfiguredDomains: 'read',
    getDomainId: 'read',
    connectDomain: 'change',
    disconnectDomain: 'change',
    reconnectDomains: 'change',
    registerDomain: 'change',
    modifyDomain: 'change',
  }),
  ...calls(InspectionService, {
    countInFlight: 'read',
    lookupContractDomain: 'read',
    lookupOffsetByTime: 'read',
  }),
  ...calls(Packages0, {
    listDars: 'read',
    getDar: 'read',
    validateDar: 'read',
    listPackages: 'read',
    listPackageContents: 'read',
    listDarContents: 'read',
    uploadDar: 'change',
    vetDar: 'change',
    unvetDar: 'change',
    removeDar: 'change',
    removePackage: 'change',
  }),
  ...calls(Repair0, {
    exportAcs: 'read',
    importAcs: 'change',
    download: 'read',
    upload: 'change',
    purgeContracts: 'change',
    migrateDomain: 'change',
    purgeDeactivatedDomain: 'change',
    ignoreEvents: 'change',
  }),
  ...calls(Status0, { participantStatus: 'read' }),
  ...calls(Ping0, { ping: 'change' }),
  ...calls(Pruning0, {
    getSchedule: 'read',
    getSafePruningOffset: 'read',
    setSchedule: 'change',
    clearSchedule: 'change',
  }),
  ...calls(Resources0, { getResourceLimits: 'read', updateResourceLimits: 'change' }),
  ...calls(InitializationService, { getId: 'read', currentTime: 'read', initId: 'change' }),
  ...calls(Aggregation0, { listParties: 'read', listKeyOwners: 'read' }),
  ...calls(TopologyReads0, {
    listAvailableStores: 'read',
    listPartyToParticipant: 'read',
    listOwnerToKeyMapping: 'read',
    listNamespaceDelegation: 'read',
    listParticipantDomainState: 'read',
    listVettedPackages: 'read',
    listCheckOnlyPackages: 'read',
    listDomainParametersChanges: 'read',
    listAll: 'read',
  }),
  ...calls(TopologyWrites0, {
    authorizePartyToParticipant: 'change',
    authorizeNamespaceDelegation: 'change',
    authorizeParticipantDomainState: 'change',
    authorizeVettedPackages: 'change',
    addSignedTopologyTransaction: 'change',
  }),
];

const SEQUENCER_API = calls(SequencerConnectService, { getSynchronizerParameters: 'read' });

/** What each call of `canton/proto` is. */
const KINDS: ReadonlyMap<string, CallKind> = new Map(
  [...LEDGER_API, ...ADMIN_API, ...V0, ...SEQUENCER_API].map(([method, kind]) => [nameOf(method), kind]),
);

/** Says whether a call only reads. One that nobody has put into the table is a bug: it could change anything. */
export function kindOf(method: MethodName): CallKind {
  const kind = KINDS.get(nameOf(method));
  if (!kind) throw new Error(`${nameOf(method)} is not in canton/calls.ts`);
  return kind;
}

function nameOf({ name, parent }: MethodName): string {
  return `${parent.typeName}/${name}`;
}
