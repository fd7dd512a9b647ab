import { sleep } from '@temporalio/activity';

import type { FailureType } from '../../model/cures.js';
import { refused } from '../../model/failure.js';
import { progress } from './progress.js';

/**
 * Reads again and again until `read` returns something, reporting what is waited for; after a read that took long it waits
 * as long, so that a node with very many parties has time for something else. Fails as refused with
 * `type` and what `stillMissing` says once `limitMs` is over. Ends at once if the activity is cancelled.
 */
export async function until<T>(
  read: () => Promise<T | undefined>,
  wait: {
    /** What is waited for; a function says it anew each time. */
    what: string | (() => string);
    /** A function is asked each time. */
    everyMs?: number | (() => number);
    limitMs: number;
    type: FailureType;
    stillMissing: () => string | Promise<string>;
    /** What keeps it from happening for now, if anything does: the limit does not count meanwhile. */
    heldUpBy?: () => Promise<string | undefined>;
  },
): Promise<T> {
  let deadline = Date.now() + wait.limitMs;
  let held: string | undefined;
  for (;;) {
    progress({ waitingFor: held ?? (typeof wait.what === 'string' ? wait.what : wait.what()) });
    const readAt = Date.now();
    const found = await read();
    const tookMs = Date.now() - readAt;
    if (found !== undefined) return found;
    held = await wait.heldUpBy?.();
    if (held !== undefined) deadline = Date.now() + wait.limitMs;
    else if (Date.now() >= deadline) {
      throw refused(
        wait.type,
        `${await wait.stillMissing()} after ${Math.round(wait.limitMs / 1000)} s`,
      );
    }
    const everyMs = typeof wait.everyMs === 'function' ? wait.everyMs() : (wait.everyMs ?? 200);
    await sleep(Math.max(everyMs, tookMs));
  }
}

/** Runs `work` on every item, at most `limit` at a time; waits for all and then throws the first failure. */
export async function forEachOf<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
) {
  const queue = items.values();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  if (failures.length > 0) throw failures[0];
}

/** The items in order, in groups of at most `size`. */
export function batchesOf<T>(items: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += size) batches.push(items.slice(at, at + size));
  return batches;
}
