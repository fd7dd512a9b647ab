import { durationMs } from '@bufbuild/protobuf/wkt';

import type { TrafficReads } from '../../model/participant-reads.js';
import type { TrafficBalance, TrafficControl } from '../../model/traffic.js';
import type { Channel } from '../channel.js';
import { CantonError } from '../errors.js';
import { TrafficControlService } from '../gen/com/digitalasset/canton/admin/participant/v30/traffic_control_service_pb.js';
import { TrafficService } from '../gen/com/digitalasset/canton/tea/v1/traffic_service_pb.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { queryOf } from './topology-messages.js';

const topology = TopologyManagerReadService.method;

/** What a synchronizer that does not say what an event costs takes for it. */
const NO_EVENT_COST = 0n;

/** Reads what a participant may send. Source: networks F. */
export class Traffic implements TrafficReads {
  constructor(
    private readonly admin: Channel,
    private readonly ledger: Channel,
  ) {}

  async findControl(synchronizerId: string): Promise<TrafficControl | undefined> {
    const request = { baseQuery: queryOf({ synchronizerId }), filterSynchronizerId: synchronizerId };
    const { results } = await this.admin.unary(topology.listSynchronizerParametersState, request);
    const control = results[0]?.item?.trafficControl;
    if (!control?.enforceRateLimiting) return undefined;
    const window = control.maxBaseTrafficAccumulationDuration;
    return {
      maxBaseAmount: Number(control.maxBaseTrafficAmount),
      accumulationMs: Math.max(1, window ? durationMs(window) : 0),
      readVsWrite: control.readVsWriteScalingFactor,
      baseEventCost: Number(control.baseEventCost ?? NO_EVENT_COST),
    };
  }

  async readBalance(synchronizerId: string): Promise<TrafficBalance> {
    const method = TrafficControlService.method.trafficControlState;
    const { trafficState } = await this.admin.unary(method, { synchronizerId });
    if (!trafficState) throw this.admin.refuse(method, 'no traffic state');
    const { extraTrafficPurchased, extraTrafficConsumed, baseTrafficRemainder, timestamp } =
      trafficState;
    return {
      purchased: Number(extraTrafficPurchased - extraTrafficConsumed),
      base: Number(baseTrafficRemainder),
      atMs: Number(timestamp / 1000n),
    };
  }

  async countMembers(synchronizerId: string): Promise<number> {
    const request = { baseQuery: queryOf({ synchronizerId }) };
    const { results } = await this.admin.unary(topology.listSynchronizerTrustCertificate, request);
    return results.length;
  }

  /** An account that nobody made is there, and empty: only where the service is missing there are none. */
  async keepsAccounts(party: string): Promise<boolean> {
    try {
      await this.ledger.unary(TrafficService.method.getAccount, { accountId: party });
      return true;
    } catch (error) {
      if (!(error instanceof CantonError)) throw error;
      // Only whoever may act as the party reads its account.
      if (error.code === 'PERMISSION_DENIED') return true;
      // Whatever else it says against that, it has none to copy.
      if (error.kind === 'refused') return false;
      throw error;
    }
  }
}
