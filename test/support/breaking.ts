import assert from 'node:assert/strict';

import type { CallRecord } from '../../sandbox/index.js';
import { isEveryBoundary } from './boundaries.js';
import type { Stack } from './stack.js';

/** The first and the last call of each method to each node. */
function sampled(calls: readonly CallRecord[]): { participant: string; method: string; skip: number }[] {
  const counts = new Map<string, { participant: string; method: string; count: number }>();
  for (const { participant, method } of calls) {
    const key = `${participant} ${method}`;
    const known = counts.get(key) ?? { participant, method, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].flatMap(({ participant, method, count }) =>
    [...new Set([0, count - 1])].map((skip) => ({ participant, method, skip })),
  );
}

const TELLS_OF_UPGRADES = ['ListRegisteredSynchronizers', 'ListLsuAnnouncement'];

/** Runs `work` with one call broken; a poll that came out shorter this time may miss the last call. */
export async function interrupted(
  migrating: Pick<Stack, 'sandbox'>,
  fault: { participant: string; method: string; skip: number },
  kind: 'failBefore' | 'dropReply',
  work: () => Promise<unknown>,
): Promise<void> {
  const { faults } = migrating.sandbox;
  faults[kind](fault.method, fault);
  const failure = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  const wasHit = faults.pending().length === 0;
  faults.clear();
  // A node that does not tell whether an upgrade is before it is not asked: the step that needs it says so
  // itself.
  if (wasHit && failure === undefined && TELLS_OF_UPGRADES.includes(fault.method)) return;
  if (wasHit) assert.match(String(failure), /on demand/, `${fault.participant} ${fault.method}`);
  else assert.ok(fault.skip > 0 && failure === undefined, String(failure));
}

/** Before it reached the node, or after it had its effect. */
export const KINDS = ['failBefore', 'dropReply'] as const;

/** One call, and how it is broken. */
export interface Break {
  call: ReturnType<typeof sampled>[number];
  kind: (typeof KINDS)[number];
}

/**
 * The same breaks; but where each takes long, CI makes one of them at each step, another from step to step.
 */
export function inTurn(breaks: readonly Break[], step: number): Break[] {
  return breaks.filter((_, at) => isEveryBoundary || at === (step * 13) % breaks.length);
}

/**
 * The same calls with how each is broken: the last of each method that changes something before and after it
 * had its effect, the first one after it; where nothing is changed, only the last of each method. With `npm
 * run boundaries` all of them both ways.
 */
export function breaksOf(calls: readonly CallRecord[]): Break[] {
  if (isEveryBoundary) return KINDS.flatMap((kind) => sampled(calls).map((call) => ({ call, kind })));
  const broken = (isMutating: boolean) => {
    const its = sampled(calls.filter((call) => call.isMutating === isMutating));
    const isLast = ({ method, participant, skip }: Break['call']) =>
      !its.some(
        (call) => call.method === method && call.participant === participant && call.skip > skip,
      );
    return { last: its.filter(isLast), first: its.filter((call) => !isLast(call)) };
  };
  const changes = broken(true);
  return [
    ...changes.last.flatMap((call) => KINDS.map((kind) => ({ call, kind }))),
    ...changes.first.map((call) => ({ call, kind: 'dropReply' as const })),
    ...broken(false).last.map((call) => ({ call, kind: 'failBefore' as const })),
  ];
}
