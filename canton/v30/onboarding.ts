import { durationFromMs } from '@bufbuild/protobuf/wkt';

import type { OnboardingChanges } from '../../model/participant-changes.js';
import type { OnboardingReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { CantonError } from '../errors.js';
import { PartyManagementService } from '../gen/com/digitalasset/canton/admin/participant/v30/party_management_service_pb.js';
import { fromRfc3339, toMicroseconds } from '../times.js';

// Canton answers near the timeout of its search; the call gives it this much longer.
const SEARCH_GRACE_MS = 30_000;

/** The arrival of parties beside other hosts of them on one synchronizer. Source: admin-api 1.11; live-route 5. */
export class Onboarding implements OnboardingReads, OnboardingChanges {
  constructor(private readonly channel: Channel) {}

  /**
   * Fails as transient while the participant has not processed that far.
   *
   * Releases differ in whether they want the exact record time of an event. One that does says so only after it has
   * found that all up to the time is processed, and not before may `force` be set: with it, the end of a ledger that
   * is behind would come back.
   */
  async findOffsetAt(at: { synchronizerId: string; recordTime: string }): Promise<string> {
    return this.offsetAt(at, false).catch((error: unknown) => {
      if (isInexact(error)) return this.offsetAt(at, true);
      throw error;
    });
  }

  /** Safe to repeat. Fails as refused while disconnected, and if the first activation that is found set no flag. */
  async clearFlag(request: {
    party: string;
    synchronizerId: string;
    beginExclusive: string;
    timeoutMs: number;
  }): Promise<{ isOnboarded: boolean; earliestRetry?: string }> {
    const { party, synchronizerId, beginExclusive, timeoutMs } = request;
    const { onboarded, earliestRetryTimestamp } = await this.channel.unary(
      PartyManagementService.method.clearPartyOnboardingFlag,
      {
        partyId: party,
        synchronizerId,
        beginOffsetExclusive: BigInt(beginExclusive),
        waitForActivationTimeout: durationFromMs(timeoutMs),
      },
      { deadlineMs: timeoutMs + SEARCH_GRACE_MS },
    );
    return {
      isOnboarded: onboarded,
      ...(earliestRetryTimestamp && { earliestRetry: toMicroseconds(earliestRetryTimestamp) }),
    };
  }

  private async offsetAt(
    { synchronizerId, recordTime }: { synchronizerId: string; recordTime: string },
    force: boolean,
  ): Promise<string> {
    const method = PartyManagementService.method.getHighestOffsetByTimestamp;
    const request = { synchronizerId, timestamp: fromRfc3339(recordTime), force };
    const { ledgerOffset } = await this.channel.unary(method, request);
    return ledgerOffset.toString();
  }
}

// Source: admin-api 1.11.
function isInexact(error: unknown): boolean {
  if (!(error instanceof CantonError)) return false;
  const { errorId, message } = error;
  return (
    errorId === 'EXACT_RECORD_TIME_MATCH_NOT_FOUND' ||
    (errorId === 'INVALID_STATE_PARTY_MANAGEMENT_ERROR' && message.includes('Timestamp mismatch'))
  );
}
