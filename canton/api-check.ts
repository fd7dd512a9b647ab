import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
} from '@bufbuild/protobuf';

import { Channel } from './channel.js';
import { kindOf } from './calls.js';
import { Endpoint, type ChannelOptions } from './endpoint.js';
import { CantonError, type GrpcCode } from './errors.js';
import { IdentityProviderConfigService } from './gen/com/daml/ledger/api/v2/admin/identity_provider_config_service_pb.js';
import { PartyManagementService as LedgerParties } from './gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { UserManagementService } from './gen/com/daml/ledger/api/v2/admin/user_management_service_pb.js';
import { StateService } from './gen/com/daml/ledger/api/v2/state_service_pb.js';
import { TransactionShape, UpdateService } from './gen/com/daml/ledger/api/v2/update_service_pb.js';
import { PackageService } from './gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { ParticipantInspectionService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { ParticipantRepairService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_repair_service_pb.js';
import { ParticipantStatusService } from './gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { PartyManagementService as AdminParties } from './gen/com/digitalasset/canton/admin/participant/v30/party_management_service_pb.js';
import { PruningService } from './gen/com/digitalasset/canton/admin/participant/v30/pruning_service_pb.js';
import { ResourceManagementService } from './gen/com/digitalasset/canton/admin/participant/v30/resource_management_service_pb.js';
import { SynchronizerConnectivityService } from './gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import { TrafficControlService } from './gen/com/digitalasset/canton/admin/participant/v30/traffic_control_service_pb.js';
import { VaultService } from './gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import { TrafficService } from './gen/com/digitalasset/canton/tea/v1/traffic_service_pb.js';
import { IdentityInitializationService } from './gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { TopologyAggregationService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_aggregation_service_pb.js';
import { TopologyManagerReadService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { TopologyManagerWriteService } from './gen/com/digitalasset/canton/topology/admin/v30/topology_manager_write_service_pb.js';

export type Api = 'admin' | 'ledger';

/** A call that was tried, as `Service/Method`, and what came of it. */
export interface TriedCall {
  method: string;
  /** `denied`: for want of rights; `missing`: nobody answers it there; `unanswered`: no answer in time. */
  outcome: 'allowed' | 'denied' | 'missing' | 'unanswered';
}

/** Not on every release, or not on every network; clients go another way without them. */
const OPTIONAL = [
  'GetAccount',
  'ListAllV2',
  'ListAll',
  'ListLsuAnnouncement',
  'ListSynchronizerUpgradeAnnouncement',
];

const DENIED: readonly GrpcCode[] = ['PERMISSION_DENIED', 'UNAUTHENTICATED'];
const UNANSWERED: readonly GrpcCode[] = ['UNAVAILABLE', 'DEADLINE_EXCEEDED'];

/** Of the calls that an API gets at once. */
const AT_ONCE = 4;

/**
 * One API of a participant by itself, whatever the other one does: nothing is proven, and nothing but reads go out.
 *
 * For who checks a configuration; everything else goes through `connectParticipant`.
 */
export class ApiCheck {
  private readonly endpoint: Endpoint;
  private readonly channel: Channel;

  /** `limitMs` is that of each call. Fails at once if a certificate or key is not PEM. */
  constructor(
    participant: string,
    private readonly api: Api,
    options: ChannelOptions,
    private readonly limitMs: number,
  ) {
    this.endpoint = new Endpoint(participant, options);
    this.channel = new Channel(this.endpoint, async (method) => {
      if (kindOf(method) === 'change') throw new Error(`${method.name} changes ${participant}`);
    });
  }

  /** Makes the call that needs the least rights. */
  async reach(): Promise<void> {
    if (this.api === 'admin') await this.readUid();
    else await this.readLedgerEnd();
  }

  /** The uid that this API says; nothing if the node has none yet. */
  async readUid(): Promise<string | undefined> {
    const limit = { deadlineMs: this.limitMs };
    if (this.api === 'ledger') {
      const { getParticipantId } = LedgerParties.method;
      return (await this.channel.unary(getParticipantId, {}, limit)).participantId;
    }
    const { getId } = IdentityInitializationService.method;
    const { initialized, uniqueIdentifier } = await this.channel.unary(getId, {}, limit);
    return initialized ? uniqueIdentifier : undefined;
  }

  /**
   * Makes every call that clients of ours read by, with a request that asks for nothing, or for next to nothing: whether
   * the credential suffices is decided before the request is looked at. A refusal of the request is none of the
   * credential.
   */
  async tryReads(): Promise<TriedCall[]> {
    const tries = this.api === 'admin' ? this.adminReads() : await this.ledgerReads();
    const tried: TriedCall[] = [];
    const queue = tries.values();
    const lane = async () => {
      for (const { method, make } of queue)
        tried.push({
          method: `${method.parent.name}/${method.name}`,
          outcome: await outcomeOf(method, make),
        });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return tried.sort((one, other) => (one.method < other.method ? -1 : 1));
  }

  close(): void {
    this.endpoint.close();
  }

  private async readLedgerEnd(): Promise<bigint> {
    const limit = { deadlineMs: this.limitMs };
    return (await this.channel.unary(StateService.method.getLedgerEnd, {}, limit)).offset;
  }

  private adminReads(): Try[] {
    return ADMIN_READS.map((method) => this.empty(method));
  }

  private async ledgerReads(): Promise<Try[]> {
    const end = await this.readLedgerEnd().catch(() => 0n);
    const everything = { filtersForAnyParty: { cumulative: [WILDCARD] } };
    const updates = {
      beginExclusive: end,
      endInclusive: end,
      updateFormat: {
        includeTransactions: { eventFormat: everything, transactionShape: TransactionShape.ACS_DELTA },
      },
    };
    const { getActiveContracts } = StateService.method;
    const { getUpdates } = UpdateService.method;
    const contracts = { activeAtOffset: end, eventFormat: everything };
    return [
      ...LEDGER_READS.map((method) => this.empty(method)),
      this.stream(getActiveContracts, (signal) =>
        this.channel.serverStream(getActiveContracts, contracts, { signal }),
      ),
      this.stream(getUpdates, (signal) => this.channel.serverStream(getUpdates, updates, { signal })),
    ];
  }

  private empty(method: DescMethod): Try {
    if (method.methodKind === 'unary') {
      const unary = method as DescMethodUnary<DescMessage, DescMessage>;
      return { method, make: () => this.channel.unary(unary, {}, { deadlineMs: this.limitMs }) };
    }
    if (method.methodKind !== 'server_streaming')
      throw new Error(`${method.name} cannot be tried without a message`);
    const streaming = method as DescMethodServerStreaming<DescMessage, DescMessage>;
    return this.stream(method, (signal) => this.channel.serverStream(streaming, {}, { signal }));
  }

  /** The first answer is enough. */
  private stream(method: DescMethod, open: (signal: AbortSignal) => AsyncIterable<unknown>): Try {
    const make = async () => {
      const signal = AbortSignal.timeout(this.limitMs);
      for await (const answer of open(signal)) return answer;
      return undefined;
    };
    return { method, make };
  }
}

interface Try {
  method: DescMethod;
  make: () => Promise<unknown>;
}

async function outcomeOf(
  { name }: DescMethod,
  make: () => Promise<unknown>,
): Promise<TriedCall['outcome']> {
  try {
    await make();
    return 'allowed';
  } catch (error) {
    if (!(error instanceof CantonError)) return 'unanswered';
    if (DENIED.includes(error.code)) return 'denied';
    if (error.code === 'UNIMPLEMENTED') return OPTIONAL.includes(name) ? 'allowed' : 'missing';
    return UNANSWERED.includes(error.code) ? 'unanswered' : 'allowed';
  }
}

const WILDCARD = {
  identifierFilter: {
    case: 'wildcardFilter' as const,
    value: { includeCreatedEventBlob: false },
  },
};

function methodsOf<Service extends DescService>(
  service: Service,
  ...names: (keyof Service['method'] & string)[]
): DescMethod[] {
  return names.map((name) => service.method[name]!);
}

const LEDGER_READS = [
  ...methodsOf(IdentityProviderConfigService, 'listIdentityProviderConfigs'),
  ...methodsOf(LedgerParties, 'getParticipantId', 'listKnownParties'),
  ...methodsOf(UserManagementService, 'listUsers', 'listUserRights'),
  ...methodsOf(StateService, 'getLedgerEnd', 'getLatestPrunedOffsets'),
  ...methodsOf(TrafficService, 'getAccount'),
];

const ADMIN_READS = [
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
