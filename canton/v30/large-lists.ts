import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { Timestamp } from '@bufbuild/protobuf/wkt';

import {
  BaseQuery_TimeRangeSchema,
  type BaseQuerySchema,
} from '../gen/com/digitalasset/canton/topology/admin/v30/topology_manager_read_service_pb.js';
import { isTooLarge } from '../refusals.js';
import { fromRfc3339, rfc3339OfMicros } from '../times.js';

export type Query = Exclude<MessageInitShape<typeof BaseQuerySchema>, { $typeName: string }>;

/**
 * What is read in parts: by when it came to hold, UTC, microseconds since 1970, both inclusive; absent
 * without an end.
 */
interface Window {
  from?: bigint;
  until?: bigint;
}

const MINUTE = 60_000_000n;
/** Before now, each twice as long as the one after it: sixteen years in minutes. */
const DOUBLINGS = 23n;
/** The first time there is: what a synchronizer begins with holds since then. */
const YEAR_ONE = -62_135_596_800_000_000n;

/**
 * Reads every entry of a list that is valid now. Where that is too large for one answer it is read in parts,
 * by the time since when it holds, the oldest first: what is changed meanwhile may be there twice, as it was
 * and as it is, in this order.
 *
 * A node pages nothing and does not limit its answers; the client does. Of a range of time it lists as well
 * what does not hold any more, which is left out, and what takes effect in a moment, which counts. Fails as
 * the list does if what came to hold at one instant is too large. Source: admin-api 1.5; networks H.
 */
export async function* scanWhole<T>(
  query: Query,
  list: (query: Query) => AsyncGenerator<T, void, undefined>,
  endOf: (item: T) => Timestamp | undefined,
): AsyncGenerator<T, void, undefined> {
  const whole = list(query);
  const first = await whole.next().catch((error: unknown) => {
    if (!isTooLarge(error) || query.timeQuery?.case !== 'headState') throw error;
    return undefined;
  });
  if (first?.done) return;
  if (first) {
    yield first.value;
    yield* whole;
    return;
  }
  const now = BigInt(Date.now()) * 1000n;
  for (const window of windowsUntil(now)) {
    for await (const item of scanWindow(query, list, window)) if (endOf(item) === undefined) yield item;
  }
}

/** As {@link scanWhole}, all at once. */
export async function listWhole<T>(
  query: Query,
  list: (query: Query) => Promise<T[]>,
  endOf: (item: T) => Timestamp | undefined,
): Promise<T[]> {
  const found: T[] = [];
  const each = async function* (its: Query) {
    yield* await list(its);
  };
  for await (const item of scanWhole(query, each, endOf)) found.push(item);
  return found;
}

/** Reads the window at once, or its halves if it is too large. */
async function* scanWindow<T>(
  query: Query,
  list: (query: Query) => AsyncGenerator<T, void, undefined>,
  window: Window,
): AsyncGenerator<T, void, undefined> {
  const items = list({ ...query, timeQuery: { case: 'range', value: rangeOf(window) } });
  let first: IteratorResult<T, void>;
  try {
    first = await items.next();
  } catch (error) {
    const halves = isTooLarge(error) ? halvesOf(window) : undefined;
    if (!halves) throw error;
    for (const half of halves) yield* scanWindow(query, list, half);
    return;
  }
  if (first.done) return;
  yield first.value;
  yield* items;
}

/** From the oldest to the newest, without a gap. Large lists are mostly recent entries. */
function* windowsUntil(now: bigint): Generator<Window> {
  let from: bigint | undefined;
  for (let doublings = DOUBLINGS; doublings >= 0n; doublings -= 1n) {
    const until = now - MINUTE * 2n ** doublings;
    yield { ...(from !== undefined && { from }), until };
    from = until + 1n;
  }
  yield { from: from! };
}

/** Nothing if it is a single instant. One without an end is cut after a minute: clocks differ by less. */
function halvesOf({ from, until }: Window): [Window, Window] | undefined {
  const begin = from ?? YEAR_ONE;
  if (begin === until) return undefined;
  const middle = until === undefined ? begin + MINUTE : (begin + until) >> 1n;
  return [
    { from: begin, until: middle },
    { from: middle + 1n, ...(until !== undefined && { until }) },
  ];
}

function rangeOf({ from, until }: Window) {
  return create(BaseQuery_TimeRangeSchema, {
    ...(from !== undefined && { from: fromRfc3339(rfc3339OfMicros(from)) }),
    ...(until !== undefined && { until: fromRfc3339(rfc3339OfMicros(until)) }),
  });
}
