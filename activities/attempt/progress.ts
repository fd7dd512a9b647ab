import { Context } from '@temporalio/activity';

/** What each running activity last said about itself. */
const latest = new WeakMap<Context, () => unknown>();

/**
 * What a next attempt has to know for good once it is said, in this attempt or an earlier one: that what cannot be
 * taken back may have been done. Whatever is waited for afterwards must not hide it.
 */
const FOR_GOOD = ['isConnecting', 'isRemoving'] as const;
const saidForGood = new WeakMap<Context, object>();

/** How often a heartbeat repeats it, milliseconds. The worker sends at most one a second to the server. */
const REPEAT_MS = 1000;

/**
 * Heartbeats how far the activity is, and makes the ticker repeat it: an operator sees it under Pending
 * Activities. A function is asked each time. Small and without payloads: everyone in the namespace can read it.
 */
export function progress(details: object | (() => object)): void {
  const context = Context.current();
  const current = () => {
    const said = typeof details === 'function' ? (details as () => object)() : details;
    return { ...said, ...kept(context, said) };
  };
  latest.set(context, current);
  context.heartbeat(current());
}

function kept(context: Context, said: object): object {
  const before = saidForGood.get(context) ?? forGoodIn(context.info.heartbeatDetails);
  const all = { ...before, ...forGoodIn(said) };
  saidForGood.set(context, all);
  return all;
}

function forGoodIn(details: unknown): object {
  const said = (details ?? {}) as Partial<Record<string, unknown>>;
  return Object.fromEntries(FOR_GOOD.filter((name) => said[name] === true).map((name) => [name, true]));
}

/** What the next heartbeat of this activity will say. */
export function repeatedProgress(): unknown {
  return latest.get(Context.current())?.();
}

/**
 * Repeats the last progress every second while `work` runs, so that a dead worker is noticed within the heartbeat
 * timeout even during one long call. No call is endless: each has a deadline or a connection that is probed.
 *
 * Until there is any, it repeats what an earlier attempt recorded: that must not be lost to a second crash.
 */
export async function whileReportingProgress<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  latest.set(context, () => context.info.heartbeatDetails ?? { started: true });
  const timer = setInterval(() => context.heartbeat(latest.get(context)?.()), REPEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
