import { cancellationSignal, Context, log, sleep } from '@temporalio/activity';

import type { NodeRef } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import type { Participants } from '../nodes/participants.js';
import { exposed, type OnboardingWindow } from './window.js';

/** A connection is noticed within seconds, at the cost of one small call each time, however long the work takes. */
const LOOK_EVERY_MS = 2_000;

export function isolationActivities(participants: Participants) {
  return {
    /**
     * Fails with `TargetExposed` as soon as the target is connected; in its onboarding window it must not be. Never returns:
     * whoever waits for an operator cancels it. Safe to repeat.
     */
    async watchIsolatedTarget(input: { target: NodeRef }): Promise<void> {
      const target = participants.read(input.target);
      for (;;) {
        const aliases = await findConnected(target);
        if (aliases !== '') throw exposed(target, `is connected to ${aliases}`);
        progress({ watching: target.name, lastLookedAt: new Date().toISOString() });
        await sleep(LOOK_EVERY_MS);
      }
    },
  };
}

/** What ends the work of an activity early, because somebody connected the target. */
const signals = new WeakMap<Context, AbortSignal>();

/** What the calls of an activity are ended by: its cancellation, or an exposure of the target that was seen meanwhile. */
export function workSignal(): AbortSignal {
  const seen = signals.get(Context.current());
  return seen ? AbortSignal.any([cancellationSignal(), seen]) : cancellationSignal();
}

/**
 * Does `work` while the target is watched, if it is in its onboarding window: it has to stay disconnected.
 *
 * A connection by somebody else while a call runs is allowed by the node, and leaves no trace once it is over. So it is looked
 * for all the time, what is under way is ended, and nothing else begins. Fails with `TargetExposed`. Source: networks J, item 9.
 */
export async function whileIsolated<T>(
  target: ParticipantReads,
  window: OnboardingWindow | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (!window) return work();
  const context = Context.current();
  const seen = new AbortController();
  const over = new AbortController();
  signals.set(context, seen.signal);
  const watching = watch(target, seen, over.signal);
  try {
    const result = await work();
    seen.signal.throwIfAborted();
    return result;
  } catch (error) {
    // Whatever failed then, failed because of it, or does not matter any more.
    if (!cancellationSignal().aborted) seen.signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
    signals.delete(context);
    await watching;
  }
}

async function watch(target: ParticipantReads, seen: AbortController, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const aliases = await findConnected(target);
    if (aliases !== '') {
      seen.abort(exposed(target, `is connected to ${aliases}`));
      return;
    }
    await pause(over);
  }
}

/** The aliases that the target is connected to; none if it does not answer. */
async function findConnected(target: ParticipantReads): Promise<string> {
  try {
    const registered = await target.synchronizers.listRegistered();
    const connected = registered.filter(({ isConnected }) => isConnected);
    return connected.map(({ alias }) => alias).join(', ');
  } catch (error) {
    // A node that does not answer serves nobody; the work itself says so, and its end is the end of this.
    log.warn('the target does not say whether it is connected, asking again', { error });
    return '';
  }
}

function pause(over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      over.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_EVERY_MS);
    over.addEventListener('abort', done);
    if (over.aborted) done();
  });
}
