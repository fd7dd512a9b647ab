import { timestamp } from './clock.js';
import { Commitments, MAX_PERIODS } from './commitments.js';
import type { CommitmentParts } from './commitments-service.js';
import { deserializationFailure } from './errors.js';
import type { Replica } from './topology/replica.js';
import { ADD } from './topology/transaction.js';
import type { Decoded, Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';
type Request = Decoded<`${Admin}.GetIntervalsBehindForCounterParticipantsRequest`>;
type Answer = Encodable<`${Admin}.GetIntervalsBehindForCounterParticipantsResponse`>;

/** The largest int64: how far one is behind that never matched, in intervals and in seconds. */
const NEVER = '9223372036854775807';
/** The beginning of year 1: as of when a node is that has committed to nothing. */
const NO_TIME = -62_135_596_800_000_000n;

/** Says what is wrong with the id of a member, in Canton's words. */
export function memberProblem(id: string): string | undefined {
  if (/^[A-Z]{3}::[^:]+::[0-9A-Za-z_-]+$/.test(id)) return undefined;
  return `Expected delimiter :: after three letter code of \`${id}\``;
}

/**
 * Answers GetIntervalsBehindForCounterParticipants: how long ago the newest match with each other participant is, as of
 * the newest period for which this one has sent its own commitments. Those that match first.
 *
 * A participant that never matched is endlessly behind, but for the intervals of one that has sent something for that very
 * period. A threshold counts only where nobody is named. Source: networks G; golden35/commitments.jsonl.
 */
export async function lags({ uid, topology }: CommitmentParts, request: Request): Promise<Answer> {
  const wanted = request.counter_participant_ids;
  const problem = wanted.map(memberProblem).find((its) => its !== undefined);
  if (problem !== undefined)
    throw deserializationFailure(`ValueConversionError(counter_participant_uid,${problem})`);
  const ids = request.synchronizer_ids;
  const threshold = request.threshold;
  const isAsked = (member: string, behind: string) =>
    wanted.length > 0
      ? wanted.includes(member)
      : threshold === undefined || BigInt(behind) > BigInt(threshold);
  const found = [];
  for (const { replica } of topology.memberships.values()) {
    const { logicalId } = replica.synchronizer.info;
    if (ids.length > 0 && !ids.includes(logicalId)) continue;
    for (const { member, behind, behind_since, asOf } of await lagsOf(uid, replica)) {
      if (!isAsked(member, behind)) continue;
      found.push({
        counter_participant_uid: member,
        synchronizer_id: logicalId,
        ...(behind !== '0' && { intervals_behind: behind }),
        behind_since,
        as_of_sequencing_timestamp: timestamp(asOf),
      });
    }
  }
  return found.length > 0 ? { intervals_behind: found } : {};
}

interface Lag {
  readonly member: string;
  readonly behind: string;
  readonly behind_since: Encodable<'google.protobuf.Duration'>;
  readonly asOf: bigint;
}

async function lagsOf(uid: string, replica: Replica): Promise<Lag[]> {
  const commitments = new Commitments(replica.synchronizer);
  const { interval } = commitments;
  const sent = await commitments.last(uid);
  const asOf = sent === undefined ? NO_TIME : BigInt(sent);
  const others = membersOf(replica).filter((its) => its !== uid);
  const matches = new Map<string, number>();
  const upToDate = new Set<string>();
  for (let back = 0; sent !== undefined && back < MAX_PERIODS; back++) {
    const tick = sent - back * interval;
    for (const { uid: other, state, other: theirs } of await commitments.compare(uid, tick)) {
      if (state === 'match' && !matches.has(other)) matches.set(other, tick);
      if (back === 0 && theirs) upToDate.add(other);
    }
  }
  const matched = [...matches].map(([other, tick]): Lag => {
    const micros = (sent ?? tick) - tick;
    const seconds = Math.floor(micros / 1_000_000);
    return {
      member: `PAR::${other}`,
      behind: String(micros / interval),
      behind_since: seconds === 0 ? {} : { seconds: String(seconds) },
      asOf,
    };
  });
  const never = others.filter((other) => !matches.has(other));
  return [
    ...matched,
    ...never.map((other) => ({
      member: `PAR::${other}`,
      behind: upToDate.has(other) ? '0' : NEVER,
      behind_since: { seconds: NEVER },
      asOf,
    })),
  ];
}

/** The participants that are on a synchronizer. */
function membersOf({ store }: Replica): string[] {
  return store.all('dtc').flatMap(({ isProposal, validUntil, transaction }) => {
    const { mapping, operation } = transaction;
    const isIn = !isProposal && validUntil === undefined && operation === ADD;
    return isIn && mapping.code === 'dtc' ? [mapping.value.participant_uid] : [];
  });
}
