import { durationMs, type Duration, type Timestamp } from '@bufbuild/protobuf/wkt';

import type { CommitmentLag, CommitmentPeriod } from '../../model/participant.js';
import type { CommitmentsReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import {
  ParticipantInspectionService,
  ReceivedCommitmentState as Received,
  SentCommitmentState as Sent,
  type Interval,
} from '../gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { fromRfc3339, toMicroseconds } from '../times.js';
import { queryOf } from './topology-messages.js';

const inspection = ParticipantInspectionService.method;

/** A time in which commitments are looked up, RFC 3339. */
interface Range {
  synchronizerId: string;
  fromExclusive: string;
  toInclusive: string;
}

/** More than a Duration may have: Canton's way to say that a participant never matched. Source: networks G. */
const MAX_DURATION_SECONDS = 315_576_000_000n;

/**
 * What this participant and others say of the contracts they share. Source: admin-api 1.14; live-route 7; networks G.
 *
 * The periods come by their end, then by participant. One in a state that this client does not know is left out.
 */
export class Commitments implements CommitmentsReads {
  constructor(private readonly channel: Channel) {}

  async listReceived(range: Range): Promise<CommitmentPeriod[]> {
    const { received } = await this.channel.unary(
      inspection.lookupReceivedAcsCommitments,
      timeRange(range),
    );
    return received
      .filter(({ synchronizerId }) => synchronizerId === range.synchronizerId)
      .flatMap((each) => each.received)
      .flatMap(
        ({ interval, originCounterParticipantUid, state }) =>
          toPeriod(interval, originCounterParticipantUid, RECEIVED[state]) ?? [],
      )
      .sort(byEnd);
  }

  async listSent(range: Range): Promise<CommitmentPeriod[]> {
    const { sent } = await this.channel.unary(inspection.lookupSentAcsCommitments, timeRange(range));
    return sent
      .filter(({ synchronizerId }) => synchronizerId === range.synchronizerId)
      .flatMap((each) => each.sent)
      .flatMap(
        ({ interval, destCounterParticipantUid, state }) =>
          toPeriod(interval, destCounterParticipantUid, SENT[state]) ?? [],
      )
      .sort(byEnd);
  }

  async listLags(request: {
    synchronizerId: string;
    counterParticipants: string[];
  }): Promise<CommitmentLag[]> {
    const { intervalsBehind } = await this.channel.unary(
      inspection.getIntervalsBehindForCounterParticipants,
      {
        counterParticipantIds: request.counterParticipants.map((uid) => `PAR::${uid}`),
        synchronizerIds: [request.synchronizerId],
      },
    );
    return intervalsBehind.flatMap(
      ({
        counterParticipantUid,
        intervalsBehind: behind,
        behindSince,
        asOfSequencingTimestamp: asOf,
      }) => {
        if (!asOf) return [];
        const matchedUntil = before(asOf, behindSince);
        return {
          counterParticipantUid: uidOf(counterParticipantUid),
          sentUntil: toMicroseconds(asOf),
          intervalsBehind: String(behind),
          ...(matchedUntil && { matchedUntil }),
        };
      },
    );
  }

  async readIntervalMs(synchronizerId: string): Promise<number> {
    const method = TopologyManagerReadService.method.listSynchronizerParametersState;
    const { results } = await this.channel.unary(method, { baseQuery: queryOf({ synchronizerId }) });
    const interval = results[0]?.item?.reconciliationInterval;
    if (!interval) throw this.channel.refuse(method, `no reconciliation interval of ${synchronizerId}`);
    const intervalMs = durationMs(interval);
    if (intervalMs >= 1) return intervalMs;
    throw this.channel.refuse(method, `a reconciliation interval of ${intervalMs} ms`);
  }
}

function timeRange({ synchronizerId, fromExclusive, toInclusive }: Range) {
  const interval = {
    fromExclusive: fromRfc3339(fromExclusive),
    toInclusive: fromRfc3339(toInclusive),
  };
  return { timeRanges: [{ synchronizerId, interval }] };
}

function toPeriod(
  interval: Interval | undefined,
  member: string,
  state: CommitmentPeriod['state'] | undefined,
): CommitmentPeriod | undefined {
  if (!state || !interval?.startTickExclusive || !interval.endTickInclusive) return undefined;
  return {
    counterParticipantUid: uidOf(member),
    fromExclusive: toMicroseconds(interval.startTickExclusive),
    toInclusive: toMicroseconds(interval.endTickInclusive),
    state,
  };
}

/** What the fields call a uid is the id of a member. */
function uidOf(member: string): string {
  return member.replace(/^PAR::/, '');
}

/** The time that lies so long before another one; nothing if no such time can be meant. */
function before(time: Timestamp, since: Duration | undefined): string | undefined {
  const seconds = since?.seconds ?? 0n;
  if (seconds > MAX_DURATION_SECONDS || seconds > time.seconds) return undefined;
  return toMicroseconds({ ...time, seconds: time.seconds - seconds });
}

const RECEIVED: Readonly<Record<number, CommitmentPeriod['state']>> = {
  [Received.MATCH]: 'match',
  [Received.MISMATCH]: 'mismatch',
  [Received.BUFFERED]: 'buffered',
  [Received.OUTSTANDING]: 'outstanding',
};

const SENT: Readonly<Record<number, CommitmentPeriod['state']>> = {
  [Sent.MATCH]: 'match',
  [Sent.MISMATCH]: 'mismatch',
  [Sent.NOT_COMPARED]: 'outstanding',
};

function byEnd(one: CommitmentPeriod, other: CommitmentPeriod): number {
  const key = ({ toInclusive, counterParticipantUid }: CommitmentPeriod) =>
    `${toInclusive} ${counterParticipantUid}`;
  return key(one) < key(other) ? -1 : 1;
}
