import { CANTON_3, type Abilities } from '../../model/abilities.js';
import { durationFromMs, durationMs } from '@bufbuild/protobuf/wkt';

import type { ParticipantStatus, PruningSchedule, ResourceLimits } from '../../model/participant.js';
import type { HealthChanges } from '../../model/participant-changes.js';
import type { HealthReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { NotInitialized_WaitingForExternalInput as Waiting } from '../gen/com/digitalasset/canton/admin/health/v30/status_service_pb.js';
import { ParticipantInspectionService } from '../gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { ParticipantStatusService } from '../gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { PingService } from '../gen/com/digitalasset/canton/admin/participant/v30/ping_service_pb.js';
import { PruningService } from '../gen/com/digitalasset/canton/admin/participant/v30/pruning_service_pb.js';
import { ResourceManagementService } from '../gen/com/digitalasset/canton/admin/participant/v30/resource_management_service_pb.js';
import { IdentityInitializationService } from '../gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { shortened } from '../peer-text.js';
import { rfc3339OfMicros } from '../times.js';

// Canton answers near the timeout of the ping itself; the call gives it this much longer.
const PING_GRACE_MS = 15_000;

/** Reads how a participant is, and limits what it takes on. Source: admin-api 1.9 and 1.14. */
export class Health implements HealthReads, HealthChanges {
  constructor(private readonly channel: Channel) {}

  /** Fails as refused with `NOT_INITIALIZED` if the node waits for its identity. */
  async readStatus(): Promise<ParticipantStatus> {
    const method = ParticipantStatusService.method.participantStatus;
    const { kind } = await this.channel.unary(method, {});
    if (kind.case === 'notInitialized') {
      const input = Waiting[kind.value.waitingForExternalInput];
      throw this.channel.refuse(
        method,
        `the node is not initialised and waits for ${input}`,
        'NOT_INITIALIZED',
      );
    }
    const common = kind.value?.commonStatus;
    if (!kind.value || !common)
      throw this.channel.refuse(method, 'neither a status nor what the node waits for');

    const queues = common.topologyQueues;
    return {
      uid: common.uid,
      version: common.version,
      isActive: kind.value.active,
      supportedProtocolVersions: kind.value.supportedProtocolVersions,
      // An idle queue is an empty message, or none.
      undispatchedTopologyTransactions: queues?.dispatcher ?? 0,
      pendingTopologyTransactions: queues ? queues.manager + queues.dispatcher + queues.clients : 0,
    };
  }

  /** Fails as refused with `NOT_INITIALIZED` if the node has no identity yet. */
  async readUid(): Promise<string> {
    const method = IdentityInitializationService.method.getId;
    const { initialized, uniqueIdentifier } = await this.channel.unary(method, {});
    if (!initialized)
      throw this.channel.refuse(method, 'the node has no identity yet', 'NOT_INITIALIZED');
    return uniqueIdentifier;
  }

  /** The clock of the node, RFC 3339 with microseconds. */
  async readTime(): Promise<string> {
    const method = IdentityInitializationService.method.currentTime;
    const { currentTime } = await this.channel.unary(method, {});
    return rfc3339OfMicros(currentTime);
  }

  async readAbilities(): Promise<Abilities> {
    return CANTON_3;
  }

  /** A ping that Canton could not complete is an answer, not a failure. Source: admin-api 1.14. */
  async ping({
    participantUid,
    synchronizerId,
    timeoutMs,
  }: {
    participantUid: string;
    synchronizerId: string;
    timeoutMs: number;
  }): Promise<{ pingTimeMs: number } | { failure: string }> {
    const { response } = await this.channel.unary(
      PingService.method.ping,
      { targetParties: [participantUid], synchronizerId, timeout: durationFromMs(timeoutMs) },
      { deadlineMs: timeoutMs + PING_GRACE_MS },
    );
    if (response.case === 'success') return { pingTimeMs: Number(response.value.pingTime) };
    return { failure: shortened(response.value?.reason ?? 'neither success nor failure') };
  }

  async countInFlight(
    synchronizerId: string,
  ): Promise<{ pendingSubmissions: number; pendingTransactions: number }> {
    const method = ParticipantInspectionService.method.countInFlight;
    const { pendingSubmissions, pendingTransactions } = await this.channel.unary(method, {
      synchronizerId,
    });
    return { pendingSubmissions, pendingTransactions };
  }

  async readResourceLimits(): Promise<ResourceLimits> {
    const method = ResourceManagementService.method.getResourceLimits;
    const { currentLimits } = await this.channel.unary(method, {});
    if (!currentLimits) throw this.channel.refuse(method, 'no limits');

    const { maxInflightValidationRequests, maxSubmissionRate, maxSubmissionBurstFactor } = currentLimits;
    return {
      ...(maxInflightValidationRequests !== undefined && { maxInflightValidationRequests }),
      ...(maxSubmissionRate !== undefined && { maxSubmissionRate }),
      maxSubmissionBurstFactor,
    };
  }

  async setResourceLimits(limits: ResourceLimits): Promise<void> {
    await this.channel.unary(ResourceManagementService.method.setResourceLimits, { newLimits: limits });
  }

  async findPruningSchedule(): Promise<PruningSchedule | undefined> {
    const { schedule } = await this.channel.unary(PruningService.method.getSchedule, {});
    if (!schedule) return undefined;
    const { cron, maxDuration, retention } = schedule;
    return {
      cron,
      maxDurationMs: maxDuration ? durationMs(maxDuration) : 0,
      retentionMs: retention ? durationMs(retention) : 0,
    };
  }

  async setPruningSchedule(schedule: PruningSchedule | undefined): Promise<void> {
    if (!schedule) {
      await this.channel.unary(PruningService.method.clearSchedule, {});
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
