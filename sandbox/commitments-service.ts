import { micros, timestamp } from './clock.js';
import { Commitments, MAX_PERIODS, type Compared } from './commitments.js';
import { lags, memberProblem } from './commitment-lags.js';
import { status } from '@grpc/grpc-js';
import { deserializationFailure, PlainFailure } from './errors.js';
import { serverStream, unary, type Service } from './grpc.js';
import type { NodeTopology } from './topology/node-topology.js';
import type { Decoded } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';
type Lookup = Decoded<
  `${Admin}.LookupSentAcsCommitmentsRequest` | `${Admin}.LookupReceivedAcsCommitmentsRequest`
>;

/** What the commitments of a node are looked up in. */
export interface CommitmentParts {
  readonly uid: string;
  readonly topology: NodeTopology;
}

type Side = 'sent' | 'received';

const PHYSICAL_ID = /^[^:]+::[0-9a-f]+::\d+-\d+$/;

/** Names of a state on either side. None is ever early here: a connected node has processed everything. */
const STATES: Readonly<Record<Side, Readonly<Record<Compared['state'], string>>>> = {
  sent: {
    match: 'SENT_COMMITMENT_STATE_MATCH',
    mismatch: 'SENT_COMMITMENT_STATE_MISMATCH',
    outstanding: 'SENT_COMMITMENT_STATE_NOT_COMPARED',
  },
  received: {
    match: 'RECEIVED_COMMITMENT_STATE_MATCH',
    mismatch: 'RECEIVED_COMMITMENT_STATE_MISMATCH',
    outstanding: 'RECEIVED_COMMITMENT_STATE_OUTSTANDING',
  },
};

/** Returns the handlers of ParticipantInspectionService that concern commitments. Source: admin-api 1.14. */
export function commitmentHandlers(
  parts: CommitmentParts,
): Service<`${Admin}.ParticipantInspectionService`> {
  return {
    LookupSentAcsCommitments: unary((request) => lookup(parts, request, 'sent')),
    LookupReceivedAcsCommitments: unary((request) => lookup(parts, request, 'received')),
    GetIntervalsBehindForCounterParticipants: unary((request) => lags(parts, request)),
    OpenCommitment: serverStream((request) => open(request)),
  };
}

async function lookup(parts: CommitmentParts, request: Lookup, side: Side) {
  const ranges = request.time_ranges;
  const problem = request.counter_participant_ids.map(memberProblem).find(Boolean);
  if (problem !== undefined)
    throw new PlainFailure(`Unable to convert field \`counter_participant_ids\`: ${problem}`);
  const found = [];
  for (const range of ranges) {
    const synchronizer_id = range.synchronizer_id ?? '';
    const listed = await periods(parts, synchronizer_id, { interval: range.interval, side });
    const messages = listed.flatMap((period) => shown(period, request, side) ?? []);
    if (messages.length > 0) found.push({ synchronizer_id, [side]: messages });
  }
  return found.length > 0 ? { [side]: found } : {};
}

type Open = Decoded<`${Admin}.OpenCommitmentRequest`>;

/** Refuses a request without the physical id, as recorded; what an answer looks like no recording shows. */
// A server stream, which ends here before its first answer.
// eslint-disable-next-line require-yield
async function* open(request: Open): AsyncGenerator<Record<string, never>> {
  const id = request.physical_synchronizer_id ?? '';
  if (!PHYSICAL_ID.test(id)) {
    const problem = `Unable to parse \`${id}\` as physical synchronizer id`;
    throw deserializationFailure(`ValueConversionError(physical_synchronizer_id,${problem})`);
  }
  throw new PlainFailure('OpenCommitment is not simulated', status.UNIMPLEMENTED);
}

interface Period extends Compared {
  readonly from: number;
  readonly to: number;
}

/** Lists the periods that end in an interval, or around its end, and are over, the last one where none is given. */
async function periods(
  { uid, topology }: CommitmentParts,
  logicalId: string,
  { interval, side }: { interval: Lookup['time_ranges'][number]['interval']; side: Side },
): Promise<Period[]> {
  const synchronizer = topology.find(logicalId)?.replica.synchronizer;
  if (!synchronizer) return [];
  const commitments = new Commitments(synchronizer);
  const length = commitments.interval;
  const last = Math.floor((Date.now() * 1000) / length);
  const until = interval ? Number(micros(interval.to_inclusive ?? {})) : last * length;
  const since = interval ? Number(micros(interval.from_exclusive ?? {})) : until - length;
  const end = Math.min(last, Math.ceil(until / length));
  const begin = Math.max(Math.floor(since / length) + 1, end - MAX_PERIODS + 1);
  const listed: Period[] = [];
  if (side === 'received') {
    for (let number = begin; number <= end; number++)
      listed.push(...(await commitments.received(uid, number * length)));
    return listed;
  }
  // A commitment stands for everything since the one before it, the first one for everything since the connect.
  const { connectedSince = until } = synchronizer.exchange.peers.get(uid) ?? {};
  const connectedAt = Math.floor(connectedSince / length) * length;
  let from = await commitments.newest(uid, (begin - 1) * length, MAX_PERIODS);
  for (let number = begin; number <= end; number++) {
    const to = number * length;
    const compared = await commitments.compare(uid, to);
    listed.push(
      ...compared.map((one) => ({ ...one, from: from ?? Math.min(connectedAt, to - length), to })),
    );
    if ((await commitments.newest(uid, to, 1)) !== undefined) from = to;
  }
  return listed;
}

function shown(period: Period, request: Lookup, side: Side) {
  const state = STATES[side][period.state];
  const member = `PAR::${period.uid}`;
  const counterparts = request.counter_participant_ids;
  const states = request.commitment_state;
  if (counterparts.length > 0 && !counterparts.includes(member)) return undefined;
  if (states.length > 0 && !states.some((one) => one === state)) return undefined;
  const isVerbose = request.verbose === true;
  return {
    interval: {
      start_tick_exclusive: timestamp(BigInt(period.from)),
      end_tick_inclusive: timestamp(BigInt(period.to)),
    },
    // A member id in spite of the names.
    [side === 'sent' ? 'dest_counter_participant_uid' : 'origin_counter_participant_uid']: member,
    ...(isVerbose && period.own && { own_commitment: period.own }),
    ...(isVerbose && period.other && { received_commitment: period.other }),
    state,
  };
}
