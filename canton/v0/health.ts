import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';

import type { HealthChanges } from '../../model/participant-changes.js';
import type { HealthReads } from '../../model/participant-reads.js';
import type { Abilities } from '../../model/abilities.js';
import type { ParticipantStatus, PruningSchedule, ResourceLimits } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { InspectionService } from '../gen/com/digitalasset/canton/participant/admin/v0/inspection_service_pb.js';
import { ParticipantStatusService } from '../gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { PingService } from '../gen/com/digitalasset/canton/participant/admin/v0/ping_pong_service_pb.js';
import { PruningService } from '../gen/com/digitalasset/canton/participant/admin/v0/pruning_service_pb.js';
import { ResourceManagementService } from '../gen/com/digitalasset/canton/participant/admin/v0/resource_management_service_pb.js';
import { InitializationService } from '../gen/com/digitalasset/canton/topology/admin/v0/initialization_service_pb.js';
import { isOfOtherEdition } from '../refusals.js';
import { toMicroseconds } from '../times.js';

const CANTON_210: Abilities = {
  generation: '2.10',
  joinsHosts: false,
  tellsChanges: false,
  exportLeavesOut: false,
  hostsDisconnected: true,
  purgeUndoesImport: false,
  importMovesLedgerEnd: false,
};
/** For the answer to arrive after the node's own timeout. */
const PING_GRACE_MS = 10_000;
/** What a limit that is not set is on the wire. */
const UNLIMITED = -1;

/** Reads how a participant is, and changes its limits. Source: canton-2.10 1. */
export class Health implements HealthReads, HealthChanges {
  constructor(private readonly channel: Channel) {}

  async readAbilities(): Promise<Abilities> {
    return CANTON_210;
  }

  async readStatus(): Promise<ParticipantStatus> {
    const method = ParticipantStatusService.method.participantStatus;
    const { kind } = await this.channel.unary(method, {});
    if (kind.case !== 'status') throw this.channel.refuse(method, whyNot(kind), 'NOT_INITIALIZED');
    const { commonStatus, active, supportedProtocolVersions } = kind.value;
    if (!commonStatus) throw this.channel.refuse(method, 'a status without the node it is of');
    const { manager = 0, dispatcher = 0, clients = 0 } = commonStatus.topologyQueues ?? {};
    return {
      uid: commonStatus.uid,
      version: commonStatus.version,
      isActive: active,
      supportedProtocolVersions,
      pendingTopologyTransactions: manager + dispatcher + clients,
      undispatchedTopologyTransactions: manager + dispatcher,
    };
  }

  async readUid(): Promise<string> {
    const method = InitializationService.method.getId;
    const { initialized, uniqueIdentifier } = await this.channel.unary(method, {});
    if (initialized) return uniqueIdentifier;
    throw this.channel.refuse(method, 'the node has no identity yet', 'NOT_INITIALIZED');
  }

  async readTime(): Promise<string> {
    return toMicroseconds(await this.channel.unary(InitializationService.method.currentTime, {}));
  }

  /** A node that is disconnected answers too; a target that does not is no failure of the call. */
  async ping({
    participantUid,
    timeoutMs,
  }: {
    participantUid: string;
    timeoutMs: number;
  }): Promise<{ pingTimeMs: number } | { failure: string }> {
    const { response } = await this.channel.unary(
      PingService.method.ping,
      { targetParties: [participantUid], timeoutMilliseconds: BigInt(timeoutMs) },
      { deadlineMs: timeoutMs + PING_GRACE_MS },
    );
    if (response.case === 'success') return { pingTimeMs: Number(response.value.pingTime) };
    return { failure: 'it did not answer in time' };
  }

  async countInFlight(
    domainId: string,
  ): Promise<{ pendingSubmissions: number; pendingTransactions: number }> {
    const method = InspectionService.method.countInFlight;
    const { pendingSubmissions, pendingTransactions } = await this.channel.unary(method, { domainId });
    return { pendingSubmissions, pendingTransactions };
  }

  async readResourceLimits(): Promise<ResourceLimits> {
    const method = ResourceManagementService.method.getResourceLimits;
    const { maxDirtyRequests, maxRate, maxBurstFactor } = await this.channel.unary(method, {});
    return {
      ...(maxDirtyRequests !== UNLIMITED && { maxInflightValidationRequests: maxDirtyRequests }),
      ...(maxRate !== UNLIMITED && { maxSubmissionRate: maxRate }),
      maxSubmissionBurstFactor: maxBurstFactor,
    };
  }

  /** The community edition has no limits to set: what keeps commands out is the disconnect. */
  async setResourceLimits(limits: ResourceLimits): Promise<void> {
    const request = {
      maxDirtyRequests: limits.maxInflightValidationRequests ?? UNLIMITED,
      maxRate: limits.maxSubmissionRate ?? UNLIMITED,
      maxBurstFactor: limits.maxSubmissionBurstFactor,
    };
    const method = ResourceManagementService.method.updateResourceLimits;
    await ifEditionHasIt(this.channel.unary(method, request));
  }

  /** The community edition prunes nothing. */
  async findPruningSchedule(): Promise<PruningSchedule | undefined> {
    try {
      const { schedule } = await this.channel.unary(PruningService.method.getSchedule, {});
      if (!schedule) return undefined;
      const { cron, maxDuration, retention } = schedule;
      return {
        cron,
        maxDurationMs: maxDuration ? durationMs(maxDuration) : 0,
        retentionMs: retention ? durationMs(retention) : 0,
      };
    } catch (error) {
      if (isOfOtherEdition(error)) return undefined;
      throw error;
    }
  }

  async setPruningSchedule(schedule: PruningSchedule | undefined): Promise<void> {
    if (!schedule) {
      await ifEditionHasIt(this.channel.unary(PruningService.method.clearSchedule, {}));
      return;
    }
    const { cron, maxDurationMs, retentionMs } = schedule;
    await this.channel.unary(PruningService.method.setSchedule, {
      schedule: {
        cron,
        maxDuration: durationFromMs(maxDurationMs),
        retention: durationFromMs(retentionMs),
      },
    });
  }
}

async function ifEditionHasIt(change: Promise<unknown>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isOfOtherEdition(error)) throw error;
  });
}

function whyNot(kind: { case: string | undefined; value?: unknown }): string {
  if (kind.case === 'failure') return (kind.value as { errorMessage: string }).errorMessage;
  return 'the node has no identity yet';
}
