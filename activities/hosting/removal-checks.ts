import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import {
  isKnownToDisagree,
  type UnreliableCounterParticipant,
} from '../../model/counter-participants.js';
import { openEnded } from '../contracts/commitments.js';
import type { HostInput } from './hosting.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Wanted } from '../../model/hosting.js';
import { until } from '../attempt/waiting.js';
import { wantedMappings } from './onboarding.js';

/** What is in flight on a source that nobody uses any more ends within seconds. */
const IN_FLIGHT_LIMIT_MS = 120_000;

/** What was true when the gate `switch` opened, and has to be once more when the source is removed. */
export interface RemovalChecks {
  /** How the parties were hosted when the plan was made. */
  planned: Wanted[];
  /** From when on commitments count, RFC 3339. */
  since: string;
  /** Whether the source serves parties that stay: then something is always in flight on it. */
  isServingOthers: boolean;
  /** Whose mismatch was known before, or is excepted by name. */
  unreliable?: UnreliableCounterParticipant[];
}

/**
 * Returns once nothing is in flight on the source. Fails with `PartiesChanged` unless the parties are hosted
 * as planned, beside the target: what else was changed the removal would make last, or leave a threshold that
 * no host meets. Fails with `CommitmentMismatch` if a participant reported one since, also one that shares
 * contracts only since the plan, and with `SourceNotQuiet`.
 */
export async function checkBeforeRemoval(
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
  input: HostInput & RemovalChecks,
): Promise<void> {
  const { synchronizerId } = input;
  const due = new Set(input.parties);
  await wantedMappings(source, {
    ...input,
    parties: input.planned.filter(({ party }) => due.has(party)),
  });
  let pending = 0;
  const isQuiet = async () => {
    const inFlight = await source.health.countInFlight(synchronizerId);
    pending = inFlight.pendingSubmissions + inFlight.pendingTransactions;
    return pending === 0 ? true : undefined;
  };
  if (!input.isServingOthers) {
    await until(isQuiet, {
      what: `what is in flight on ${source.name} to end`,
      limitMs: IN_FLIGHT_LIMIT_MS,
      type: 'SourceNotQuiet',
      stillMissing: () => `in flight on ${source.name}: ${pending}, expected none`,
    });
  }
  const { since, unreliable = [] } = input;
  const found = await readCounterParticipants(target, { synchronizerId, since });
  const mismatched = found.mismatched.filter((uid) => !isKnownToDisagree(uid, unreliable));
  if (mismatched.length === 0) return;
  throw mismatch(
    'CommitmentMismatch',
    `since ${since} ${listed(mismatched)} and ${target.name} disagree on their contracts: ${source.name} is not removed`,
  );
}

/**
 * The participants that the target compares contracts with since a time: which disagree, and which have
 * matched. Ordered.
 */
export async function readCounterParticipants(
  target: ParticipantReads,
  { synchronizerId, since }: { synchronizerId: string; since: string },
): Promise<{ known: string[]; matched: string[]; mismatched: string[] }> {
  const range = await openEnded(target, { synchronizerId, since });
  const received = await target.commitments.listReceived(range);
  const sent = await target.commitments.listSent(range);
  const isSince = ({ toInclusive }: { toInclusive: string }) =>
    Date.parse(toInclusive) > Date.parse(since);
  const uidsOf = (periods: typeof received) =>
    [...new Set(periods.filter(isSince).map((its) => its.counterParticipantUid))].sort();
  return {
    known: uidsOf([...received, ...sent]),
    matched: uidsOf(received.filter(({ state }) => state === 'match')),
    mismatched: uidsOf(received.filter(({ state }) => state === 'mismatch')),
  };
}
