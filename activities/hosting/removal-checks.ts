import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import {
  isKnownToDisagree,
  type UnreliableCounterParticipant,
} from '../../model/counter-participants.js';
import { openEnded } from '../contracts/commitments.js';
import type { HostInput } from './hosting.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { describeHosting, isLower, type Wanted } from '../../model/hosting.js';
import type { PartyMapping } from '../../model/participant.js';
import { until } from '../attempt/waiting.js';
import { listHosted } from './hosted.js';
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
 * as planned, beside the target; once the removal has begun, only if a party would be left without enough
 * hosts that confirm: a removal takes effect at any moment then, and nothing leads back from it. Fails with
 * `CommitmentMismatch` if a participant reported one since, also one that shares contracts only since the
 * plan, and with `SourceNotQuiet`.
 */
export async function checkBeforeRemoval(
  { source, target }: { source: ParticipantReads; target: ParticipantReads },
  input: HostInput & RemovalChecks & { isBegun: boolean },
): Promise<void> {
  const { synchronizerId } = input;
  if (input.isBegun) await assertConfirmedWithout(source, input);
  else {
    const due = new Set(input.parties);
    const parties = input.planned.filter(({ party }) => due.has(party));
    await wantedMappings(source, { ...input, parties });
  }
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
 * Fails with `PartiesChanged` if the other hosts of a party do not suffice to confirm for it; one that the
 * source left is done.
 */
async function assertConfirmedWithout(source: ParticipantReads, input: HostInput): Promise<void> {
  const hosted = await listHosted(source, input, input.source.uid);
  const lacking = hosted.filter((its) => {
    const confirming = confirmingIn(its);
    const others = confirming.filter((uid) => uid !== input.source.uid);
    return others.length < confirming.length && others.length < its.threshold;
  });
  if (lacking.length === 0) return;
  const told = lacking.map((its) => `${its.party}, hosted by ${describeHosting(its)}`);
  throw mismatch(
    'PartiesChanged',
    `without ${input.source.name} too few hosts would confirm for parties: ${lacking.length}. Found ${listed(told)}`,
  );
}

/** The hosts that confirm for a party: not those that are still being onboarded. */
function confirmingIn({ hosts }: PartyMapping): string[] {
  return hosts
    .filter(({ permission, isOnboarding }) => !isOnboarding && !isLower(permission, 'confirmation'))
    .map(({ participantUid }) => participantUid);
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
