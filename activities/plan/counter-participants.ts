import { counted, listed } from '../../model/count.js';
import {
  describeUnreliable,
  type UnreliableCounterParticipant,
} from '../../model/counter-participants.js';
import type { CommitmentLag, CommitmentPeriod } from '../../model/participant.js';
import type { Finding, LivePlan } from '../../model/plan.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { when } from './finding.js';

/**
 * Periods in a row for which nothing came, after which somebody is called silent: one that is up is one behind, two where
 * its last commitment is on its way. The recorded one that was switched off was six behind after two minutes.
 */
const SILENT_AFTER_PERIODS = 3;
/** What is looked at, up to the newest period for which the source has sent its own. */
const PERIODS_LOOKED_AT = SILENT_AFTER_PERIODS + 2;

/** Whom to ask about, and who the request says is not to be waited for. */
interface Wanted {
  synchronizerId: string;
  counterParticipants: string[];
  excepted: readonly string[];
}

/**
 * Finds the counter-participants that are excepted by the request, that have sent nothing for long, or that disagree with
 * the source already. Ordered by uid.
 *
 * Nothing is known of anybody as long as the source itself has committed to nothing: then only what is excepted is listed.
 * Source: networks G; golden35/commitments.jsonl 9 to 22; decision 38.
 */
export async function findUnreliable(
  { commitments }: ParticipantReads,
  { synchronizerId, counterParticipants, excepted }: Wanted,
): Promise<UnreliableCounterParticipant[]> {
  if (counterParticipants.length === 0) return [];
  const lags = await commitments.listLags({ synchronizerId, counterParticipants });
  const sentUntil = lags
    .map((its) => its.sentUntil)
    .sort()
    .at(-1);
  const periods = await lastPeriods(commitments, synchronizerId, sentUntil);
  return [...counterParticipants].sort().flatMap((uid): UnreliableCounterParticipant[] => {
    const isExcepted = excepted.includes(uid);
    const state = stateOf(periods.filter((its) => its.counterParticipantUid === uid));
    if (!isExcepted && !state) return [];
    const lag = lags.find((its) => its.counterParticipantUid === uid);
    return [{ uid, isExcepted, ...(state && { state }), ...(lag && behindOf(lag)) }];
  });
}

async function lastPeriods(
  commitments: ParticipantReads['commitments'],
  synchronizerId: string,
  toInclusive: string | undefined,
): Promise<CommitmentPeriod[]> {
  // The beginning of year 1 is Canton's way to say that it has sent nothing.
  if (toInclusive === undefined || Date.parse(toInclusive) <= 0) return [];
  const intervalMs = await commitments.readIntervalMs(synchronizerId);
  const begin = Date.parse(toInclusive) - PERIODS_LOOKED_AT * intervalMs;
  const fromExclusive = new Date(begin).toISOString();
  const listed = await commitments.listReceived({ synchronizerId, fromExclusive, toInclusive });
  return listed.filter((its) => its.toInclusive <= toInclusive);
}

/** By the newest period that was compared; the periods come oldest first. */
function stateOf(periods: CommitmentPeriod[]): UnreliableCounterParticipant['state'] {
  const last = periods.findLastIndex(({ state }) => state === 'match' || state === 'mismatch');
  if (periods[last]?.state === 'mismatch') return 'disagreeing';
  const silent = periods.slice(last + 1).filter(({ state }) => state === 'outstanding');
  return silent.length > SILENT_AFTER_PERIODS ? 'silent' : undefined;
}

function behindOf({ matchedUntil, intervalsBehind }: CommitmentLag) {
  return {
    ...(matchedUntil !== undefined && { matchedUntil }),
    ...(matchedUntil !== undefined && { intervalsBehind }),
  };
}

/** Who of the counter-participants is not up to it, and who is excepted for nothing. */
export function findCounterParticipantWarnings({ source, request, live }: LivePlan): Finding[] {
  const known = live.unreliable ?? [];
  const silent = known.filter((its) => its.state === 'silent');
  const disagreeing = known.filter((its) => its.state === 'disagreeing');
  const others = live.counterParticipants.before.filter((uid) => uid !== source.uid);
  const unknown = (request.options?.exceptCounterParticipants ?? []).filter(
    (uid) => !others.includes(uid),
  );
  return [
    ...when(silent.length > 0, {
      type: 'CounterParticipantSilent',
      what: `${counted(silent.length, 'participant')} that ${source.name} shares contracts with sent no commitments for long: ${listed(silent.map(describeUnreliable))}. The migration does not wait for them, and their agreement proves nothing`,
      cure: 'ask their operators when they will have caught up, then plan again; or name them in options.exceptCounterParticipants, so that whatever they send later stops nothing',
    }),
    ...when(disagreeing.length > 0, {
      type: 'CounterParticipantDisagrees',
      what: `${counted(disagreeing.length, 'participant')} disagreed with ${source.name} on their contracts before the migration: ${listed(disagreeing.map(describeUnreliable))}. A mismatch of theirs stops nothing; it moves with the contracts`,
      cure: 'find out with their operators which contracts differ, and repair them before the migration; or name them in options.exceptCounterParticipants if that has to wait',
    }),
    ...when(unknown.length > 0, {
      type: 'ExceptionUnused',
      what: `options.exceptCounterParticipants names ${listed(unknown)}, which no contract of the parties is shared with`,
      cure: 'check the uids; remove those that are not needed',
    }),
  ];
}
