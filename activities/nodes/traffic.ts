import { isRefusal } from '../../canton/refusals.js';
import { count } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { until } from '../attempt/waiting.js';
import type { Participants } from './participants.js';
import {
  accrualMs,
  availableAt,
  capacity,
  pingCost,
  topologyCost,
  type TrafficBalance,
  type TrafficControl,
} from '../../model/traffic.js';

/** An attempt waits at most so long for the base rate; then an operator has to know. */
const TRAFFIC_WAIT_MS = 30 * 60_000;
/** How often is looked whether traffic holds something up; what leaves at once is never looked at. */
const LOOK_EVERY_MS = 2_000;
/**
 * Of a mapping with two hosts and two signatures, not signed together with others. Source:
 * golden35/traffic-control.jsonl 17.
 */
const MAPPING_BYTES = 560;
/** How often a node pings itself where others may spend the traffic that was there. */
const PINGS = 3;
/** What leaves together at most. Source: networks H. */
const BATCH = 100;

export function trafficActivities(participants: Participants) {
  return {
    /**
     * Returns once the participant can spend the cost on the synchronizer: before a step that is better not
     * begun than left half-way. A node that is not connected tells nothing, and is not waited for. Fails with
     * `TrafficExhausted`.
     */
    async awaitTraffic(input: {
      participant: NodeRef;
      synchronizerId: string;
      what: string;
      cost: number;
    }): Promise<void> {
      const { synchronizerId, what, cost } = input;
      const sender = { node: participants.read(input.participant), synchronizerId };
      await awaitCost(sender, what, () => cost);
    },
  };
}

async function awaitCost(sender: Sender, what: string, costOf: CostOf): Promise<void> {
  let held: string | undefined;
  await until(
    async () => {
      held = describeHold(sender, what, await findShortage(sender, costOf));
      return held === undefined ? true : undefined;
    },
    {
      what: () => held ?? `traffic of ${sender.node.name}`,
      everyMs: LOOK_EVERY_MS,
      limitMs: TRAFFIC_WAIT_MS,
      type: 'TrafficExhausted',
      stillMissing: () => held ?? '',
    },
  );
}

/** Who sends, and over which synchronizer (logical id). */
interface Sender {
  node: ParticipantReads;
  synchronizerId: string;
}

type Place = Pick<Sender, 'synchronizerId'>;
type Hold = () => Promise<string | undefined>;
type CostOf = (
  control: TrafficControl,
  balance: TrafficBalance,
) => number | Promise<{ needed: number; least: number }>;

/** What a node lacks now, and by when the base rate has brought it; never, if it cannot. */
interface Shortage {
  needed: number;
  available: number;
  /** Milliseconds since 1970; Infinity: only a purchase helps. */
  untilMs: number;
  control: TrafficControl;
  balance: TrafficBalance;
}

/** Finds out whether a node can spend so many bytes now; nothing if it can, or if nobody counts. */
async function findShortage(
  { node, synchronizerId }: Sender,
  costOf: CostOf,
): Promise<Shortage | undefined> {
  const control = await node.traffic.findControl(synchronizerId);
  if (!control) return undefined;
  const balance = await findBalance({ node, synchronizerId });
  if (!balance) return undefined;
  const cost = await costOf(control, balance);
  const { needed, least } = typeof cost === 'number' ? { needed: cost, least: cost } : cost;
  const nowMs = Date.parse(await node.health.readTime());
  const available = availableAt(control, balance, nowMs);
  if (available >= needed) return undefined;
  const most = capacity(control, balance);
  // What waits may leave in one event or in several: only what a full balance does not let pass never will.
  const isEver = least <= most && available < most;
  const untilMs = isEver ? nowMs + accrualMs(control, Math.min(needed, most) - available) : Infinity;
  return { needed, available, untilMs, control, balance };
}

/** Nothing from a node that is not connected, which sends nothing either. */
export async function findBalance({
  node,
  synchronizerId,
}: Sender): Promise<TrafficBalance | undefined> {
  try {
    return await node.traffic.readBalance(synchronizerId);
  } catch (error) {
    if (isRefusal(error, 'not connected to the synchronizer')) return undefined;
    throw error;
  }
}

/**
 * Returns what says whether traffic holds up the topology transactions that a node has to send, for `until`
 * to ask.
 *
 * They wait in the node and are sent by themselves; nothing that reads the topology tells. Fails with
 * `TrafficExhausted` if the base rate does not suffice soon. Of transactions that were signed together the
 * caller knows how large one is: each repeats the hashes of the others. Source: networks F; networks H.
 */
export function trafficHold(
  node: ParticipantReads,
  { synchronizerId }: Place,
  mappingBytes = MAPPING_BYTES,
): Hold {
  const sender = { node, synchronizerId };
  return whileWaiting(sender, async (what, waiting) =>
    describeHold(sender, what, await findShortage(sender, costOfWaiting(sender, waiting, mappingBytes))),
  );
}

/**
 * The same of whatever waits there, which an earlier attempt may have left and others may have signed
 * together: if it seems affordable and does not leave, it is held up as long as the base rate still brings
 * something soon.
 */
export function unknownTrafficHold(node: ParticipantReads, { synchronizerId }: Place): Hold {
  const sender = { node, synchronizerId };
  let known = 0;
  let sinceMs = 0;
  return whileWaiting(sender, async (what, waiting) => {
    if (waiting !== known) [known, sinceMs] = [waiting, Date.now()];
    const sure = await findShortage(sender, costOfWaiting(sender, waiting, MAPPING_BYTES));
    if (sure) return describeHold(sender, what, sure);
    // Others may spend all that comes, for as long as they like.
    if (Date.now() - sinceMs > TRAFFIC_WAIT_MS) return undefined;
    const possible = await findShortage(sender, capacity);
    const isSoon = possible && possible.untilMs - Date.now() <= TRAFFIC_WAIT_MS;
    return isSoon ? describeHold(sender, what, possible) : undefined;
  });
}

function whileWaiting(
  { node }: Sender,
  look: (what: string, waiting: number) => Promise<string | undefined>,
): Hold {
  let waiting = 0;
  return lookingEvery(LOOK_EVERY_MS, async () => {
    const before = waiting;
    waiting = (await node.health.readStatus()).undispatchedTopologyTransactions;
    // What was seen twice does not just leave.
    if (waiting === 0 || before === 0) return undefined;
    return look(`${count(waiting)} topology transactions of ${node.name}`, waiting);
  });
}

function costOfWaiting({ node, synchronizerId }: Sender, waiting: number, mappingBytes: number) {
  return async (control: TrafficControl) => {
    const members = (await node.traffic.countMembers(synchronizerId)) + 2;
    const sizes = new Array<number>(Math.min(waiting, BATCH)).fill(mappingBytes);
    const audience = { control, members };
    return {
      needed: topologyCost(audience, sizes, { isBulk: true }),
      least: topologyCost(audience, [mappingBytes]),
    };
  };
}

/** The same for a node that cannot answer its own ping. */
export function pingHold(
  node: ParticipantReads,
  { synchronizerId }: Place,
  hasFailed: () => boolean,
): Hold {
  const sender = { node, synchronizerId };
  return lookingEvery(LOOK_EVERY_MS, async () => {
    if (!hasFailed()) return undefined;
    return describeHold(sender, `a ping of ${sender.node.name}`, await findShortage(sender, pingCost));
  });
}

/**
 * Lets a node answer itself. Where traffic is controlled, one that failed is tried again once the base rate
 * suffices: it may have brought what the ping lacked by the time that anybody looks. Fails with
 * `TrafficExhausted`.
 */
export async function pingPaid(
  node: Participant,
  { synchronizerId, ...ping }: Place & { participantUid: string; timeoutMs: number },
): Promise<{ pingTimeMs: number } | { failure: string }> {
  const sender = { node, synchronizerId };
  for (let left = PINGS - 1; ; left -= 1) {
    const answer = await node.health.ping({ ...ping, synchronizerId });
    if (!('failure' in answer) || left === 0) return answer;
    if (!(await node.traffic.findControl(synchronizerId))) return answer;
    await awaitCost(sender, `a ping of ${node.name}`, pingCost);
  }
}

function describeHold(sender: Sender, what: string, shortage: Shortage | undefined): string | undefined {
  if (!shortage) return undefined;
  if (shortage.untilMs - Date.now() > TRAFFIC_WAIT_MS) throw exhausted(sender, what, shortage);
  return `traffic for ${what}: it has ${bytes(shortage.available)} of ${bytes(shortage.needed)}, ${when(shortage)}`;
}

function exhausted({ node, synchronizerId }: Sender, what: string, shortage: Shortage): Error {
  const missing = bytes(shortage.needed - shortage.available);
  return refused(
    'TrafficExhausted',
    `${node.name} has not the traffic on ${synchronizerId} for ${what}: it has ${bytes(shortage.available)} of ` +
      `${bytes(shortage.needed)}, ${when(shortage)}; ${missing} would have to be bought to go on at once`,
  );
}

function when({ untilMs }: Shortage): string {
  if (untilMs === Infinity) return 'and the base rate never brings as much at once';
  return `the base rate brings it by about ${new Date(untilMs).toISOString().slice(0, 19)}Z`;
}

function bytes(amount: number): string {
  return `${count(amount)} bytes`;
}

function lookingEvery(everyMs: number, look: () => Promise<string | undefined>) {
  let last: string | undefined;
  let nextAt = Date.now() + everyMs;
  return async () => {
    if (Date.now() < nextAt) return last;
    nextAt = Date.now() + everyMs;
    last = await look();
    return last;
  };
}
