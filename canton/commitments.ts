import type { CommitmentPeriod } from '../model/participant.js';
import type { Channel } from './channel.js';
import {
  ParticipantInspectionService,
  ReceivedCommitmentState as State,
  type ReceivedAcsCommitment,
} from './gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import { fromRfc3339, toMicroseconds } from './times.js';

/** What other participants say of the contracts they share with this one. Source: facts 1.14, live route 7. */
export class Commitments {
  constructor(private readonly channel: Channel) {}

  /** By the end of the period, then by participant. A period in a state that this client does not know is left out. */
  async listReceived(range: {
    synchronizerId: string;
    fromExclusive: string;
    toInclusive: string;
  }): Promise<CommitmentPeriod[]> {
    const { synchronizerId } = range;
    const interval = {
      fromExclusive: fromRfc3339(range.fromExclusive),
      toInclusive: fromRfc3339(range.toInclusive),
    };
    const { received } = await this.channel.unary(
      ParticipantInspectionService.method.lookupReceivedAcsCommitments,
      { timeRanges: [{ synchronizerId, interval }] },
    );
    return received
      .filter((each) => each.synchronizerId === synchronizerId)
      .flatMap((each) => each.received.flatMap((commitment) => toPeriod(commitment) ?? []))
      .sort(byEnd);
  }
}

function toPeriod(commitment: ReceivedAcsCommitment): CommitmentPeriod | undefined {
  const { interval, originCounterParticipantUid, state } = commitment;
  const name = STATES[state];
  if (!name || !interval?.startTickExclusive || !interval.endTickInclusive) return undefined;
  return {
    // A member id in spite of the field's name.
    counterParticipantUid: originCounterParticipantUid.replace(/^PAR::/, ''),
    fromExclusive: toMicroseconds(interval.startTickExclusive),
    toInclusive: toMicroseconds(interval.endTickInclusive),
    state: name,
  };
}

const STATES: Readonly<Record<number, CommitmentPeriod['state']>> = {
  [State.MATCH]: 'match',
  [State.MISMATCH]: 'mismatch',
  [State.BUFFERED]: 'buffered',
  [State.OUTSTANDING]: 'outstanding',
};

function byEnd(one: CommitmentPeriod, other: CommitmentPeriod): number {
  const keyOf = ({ toInclusive, counterParticipantUid }: CommitmentPeriod) =>
    `${toInclusive} ${counterParticipantUid}`;
  return keyOf(one) < keyOf(other) ? -1 : 1;
}
