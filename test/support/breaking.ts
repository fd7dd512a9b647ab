import assert from 'node:assert/strict';

import type { CallRecord } from '../../sandbox/index.js';
import { isEveryBoundary } from './boundaries.js';
import type { Stack } from './stack.js';

/** The first and the last call of each method to each node. */
export function sampled(
  calls: readonly CallRecord[],
): { participant: string; method: string; skip: number }[] {
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
 * The same calls with how each is broken: those that change something before and after they had their effect; where
 * nothing is changed, only the last of each method. With `npm run boundaries` all of them both ways.
 */
export function breaksOf(calls: readonly CallRecord[]): Break[] {
  if (isEveryBoundary) return KINDS.flatMap((kind) => sampled(calls).map((call) => ({ call, kind })));
  const changes = sampled(calls.filter(({ isMutating }) => isMutating));
  const reads = sampled(calls.filter(({ isMutating }) => !isMutating));
  const isLast = ({ method, participant, skip }: Break['call']) =>
    !reads.some((its) => its.method === method && its.participant === participant && its.skip > skip);
  return [
    ...changes.flatMap((call) => KINDS.map((kind) => ({ call, kind }))),
    ...reads.filter(isLast).map((call) => ({ call, kind: 'failBefore' as const })),
  ];
}
