import { listed, mismatch } from '../model/failure.js';
import type { CommitmentPeriod } from '../model/participant.js';
import { keepConnected, type HostInput } from './hosting.js';
import type { Participants } from './index.js';
import { until } from './waiting.js';

/** A reconciliation interval is a minute on a test synchronizer, and longer on others; nobody waits meanwhile. */
const COMMITMENTS_LIMIT_MS = 2 * 60 * 60_000;

export function commitmentsActivities(participants: Participants) {
  return {
    /**
     * Returns once a whole reconciliation period since `since` has matching commitments with each counter-participant.
     *
     * Nobody has to wait for it: both nodes serve. Fails with `CommitmentMismatch` as soon as one disagrees, and with
     * `CommitmentsOutstanding`. Source: live route 7.
     */
    async awaitCommitments(
      input: HostInput & { since: string; counterParticipants: string[] },
    ): Promise<{ matched: CommitmentPeriod[] }> {
      const target = participants(input.target);
      const { counterParticipants, since, synchronizerId } = input;
      if (counterParticipants.length === 0) return { matched: [] };
      let missing = counterParticipants;
      return until(
        async () => {
          await keepConnected(target, input.alias);
          const toInclusive = new Date().toISOString();
          const periods = await target.commitments.listReceived({
            synchronizerId,
            fromExclusive: since,
            toInclusive,
          });
          const ours = periods.filter((its) => counterParticipants.includes(its.counterParticipantUid));
          const wrong = ours.find(({ state }) => state === 'mismatch');
          if (wrong) throw disagreement(input.target, wrong);
          const matched = counterParticipants.flatMap(
            (uid) => ours.find((its) => isWhole(its, since) && its.counterParticipantUid === uid) ?? [],
          );
          const agreed = new Set(matched.map((its) => its.counterParticipantUid));
          missing = counterParticipants.filter((uid) => !agreed.has(uid));
          return missing.length === 0 ? { matched } : undefined;
        },
        {
          what: `commitments of ${counterParticipants.length} participants since ${since}`,
          everyMs: 1_000,
          limitMs: COMMITMENTS_LIMIT_MS,
          type: 'CommitmentsOutstanding',
          stillMissing: () => `no commitment of ${listed(missing)} since ${since} was compared`,
        },
      );
    },
  };
}

function isWhole({ state, fromExclusive }: CommitmentPeriod, since: string): boolean {
  return state === 'match' && Date.parse(fromExclusive) >= Date.parse(since);
}

function disagreement(target: string, period: CommitmentPeriod) {
  const { counterParticipantUid, fromExclusive, toInclusive } = period;
  return mismatch(
    'CommitmentMismatch',
    `${counterParticipantUid} and ${target} disagree on their contracts in the period from ${fromExclusive} to ${toInclusive}`,
  );
}
