import { listed } from '../../model/count.js';
import {
  isAwaited,
  isKnownToDisagree,
  type UnreliableCounterParticipant,
} from '../../model/counter-participants.js';
import { mismatch } from '../../model/failure.js';
import type { CommitmentLag, CommitmentPeriod, NodeRef } from '../../model/participant.js';
import { keepConnected, type HostInput } from '../hosting/hosting.js';
import type { Participants } from '../nodes/participants.js';
import { OwnEvents } from './own-events.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { pingHold } from '../nodes/traffic.js';
import { until } from '../attempt/waiting.js';

/** A reconciliation interval is a minute on a test synchronizer, and longer on others; nobody waits meanwhile. */
const COMMITMENTS_LIMIT_MS = 2 * 60 * 60_000;
const LOOK_EVERY_MS = 1_000;

export interface CommitmentsInput extends HostInput {
  /** A record time, RFC 3339. */
  since: string;
  /** Uids. */
  counterParticipants: string[];
  /** Those of whom the plan knew that they are silent or disagree, or whom the request excepts. */
  unreliable?: UnreliableCounterParticipant[];
}

export function commitmentsActivities(participants: Participants) {
  return {
    /**
     * Returns once a whole reconciliation period since `since` has matching commitments with each counter-participant.
     *
     * One with which the target shares no contract any more is not waited for, nor one that is `unreliable`. Nobody else
     * has to wait: both nodes serve. Fails with `CommitmentMismatch` as soon as one disagrees of whom that was not known,
     * and with `CommitmentsOutstanding`. Source: live-route 7; networks G.
     */
    async awaitCommitments(
      input: CommitmentsInput,
    ): Promise<{ matched: CommitmentPeriod[]; unshared: string[] }> {
      const target = participants.change(input.target);
      const { since, synchronizerId, unreliable = [] } = input;
      const counterParticipants = input.counterParticipants.filter((uid) => isAwaited(uid, unreliable));
      if (counterParticipants.length === 0) return { matched: [], unshared: [] };
      const intervalMs = await target.commitments.readIntervalMs(synchronizerId);
      const events = new OwnEvents(ownNodes(participants, input), { synchronizerId, since, intervalMs });
      /** The ends of periods that the target was seen to have committed to: two of them are a whole one. */
      const ownEnds = new Set<string>();
      let missing = counterParticipants;
      let lags: CommitmentLag[] = [];
      const named = () => listed(missing.map((uid) => known(uid, lags)));
      return until(
        async () => {
          await keepConnected(participants, input);
          lags = await target.commitments.listLags({ synchronizerId, counterParticipants });
          for (const { sentUntil } of lags)
            if (Date.parse(sentUntil) >= Date.parse(since)) ownEnds.add(sentUntil);
          await events.make();
          const matched = await findMatches(target, input);
          const agreed = new Set(matched.map((its) => its.counterParticipantUid));
          missing = counterParticipants.filter((uid) => !agreed.has(uid));
          const unshared = ownEnds.size > 1 ? await findUnshared(target, input, missing) : [];
          missing = missing.filter((uid) => !unshared.includes(uid));
          return missing.length === 0 ? { matched, unshared } : undefined;
        },
        {
          what: () => `commitments since ${since} of ${named()}`,
          everyMs: Math.min(LOOK_EVERY_MS, intervalMs),
          limitMs: COMMITMENTS_LIMIT_MS,
          type: 'CommitmentsOutstanding',
          heldUpBy: pingHold(target, input, () => events.failures.size > 0),
          stillMissing: () =>
            [
              `no match since ${since} with ${named()}`,
              ownEnds.size > 1
                ? `${input.target.name} has sent its own, the last until ${lags[0]?.sentUntil ?? since}`
                : `${input.target.name} itself has sent none for a whole period`,
              ...[...events.failures].map(([name, why]) => `${name} cannot ping itself: ${why}`),
            ].join('; '),
        },
      );
    },
  };
}

/** One whole period since a time that matched, of each counter-participant that has one; fails if one disagrees. */
async function findMatches(
  target: ParticipantReads,
  input: CommitmentsInput,
): Promise<CommitmentPeriod[]> {
  const { counterParticipants, since, unreliable = [] } = input;
  const periods = await target.commitments.listReceived(await openEnded(target, input));
  const ours = periods.filter((its) => counterParticipants.includes(its.counterParticipantUid));
  const wrong = ours.find(
    (its) => its.state === 'mismatch' && !isKnownToDisagree(its.counterParticipantUid, unreliable),
  );
  if (wrong) throw disagreement(input.target, wrong);
  return counterParticipants.flatMap(
    (uid) => ours.find((its) => isWhole(its, since) && its.counterParticipantUid === uid) ?? [],
  );
}

/** Those of the given participants that the target has sent nothing since, and got nothing from. */
async function findUnshared(
  target: ParticipantReads,
  input: CommitmentsInput,
  missing: string[],
): Promise<string[]> {
  if (missing.length === 0) return [];
  const range = await openEnded(target, input);
  const sent = await target.commitments.listSent(range);
  const received = await target.commitments.listReceived(range);
  const isSince = ({ toInclusive }: CommitmentPeriod) =>
    Date.parse(toInclusive) > Date.parse(input.since);
  const comparing = [...sent, ...received].filter(isSince).map((its) => its.counterParticipantUid);
  return missing.filter((uid) => !comparing.includes(uid));
}

/** The target, and the source if it is to agree as well. */
function ownNodes(participants: Participants, input: CommitmentsInput) {
  const { source, target, counterParticipants } = input;
  return [
    { node: participants.change(target), uid: target.uid },
    ...(counterParticipants.includes(source.uid)
      ? [{ node: participants.change(source), uid: source.uid }]
      : []),
  ];
}

/** From a record time on, which the clock of a participant may be behind. */
export async function openEnded(
  { health }: ParticipantReads,
  { synchronizerId, since: fromExclusive }: Pick<CommitmentsInput, 'synchronizerId' | 'since'>,
) {
  const now = await health.readTime();
  return { synchronizerId, fromExclusive, toInclusive: now > fromExclusive ? now : fromExclusive };
}

/** A participant, and when it matched last. */
function known(uid: string, lags: CommitmentLag[]): string {
  const lag = lags.find((its) => its.counterParticipantUid === uid);
  if (!lag) return uid;
  const last = lag.matchedUntil;
  return last === undefined ? `${uid} (no match so far)` : `${uid} (last match until ${last})`;
}

function isWhole({ state, fromExclusive }: CommitmentPeriod, since: string): boolean {
  return state === 'match' && Date.parse(fromExclusive) >= Date.parse(since);
}

function disagreement(target: NodeRef, period: CommitmentPeriod) {
  const { counterParticipantUid, fromExclusive, toInclusive } = period;
  return mismatch(
    'CommitmentMismatch',
    `${counterParticipantUid} and ${target.name} disagree on their contracts in the period from ${fromExclusive} to ${toInclusive}`,
  );
}
