import { duration } from './duration.js';
import type { Migration } from './migration.js';
import { isLive } from './plan.js';

/**
 * How long the parties had nobody who served them, as the migration measured it by the times of its own steps, and how
 * long clients may have waited where both nodes served. Times are UTC, milliseconds since 1970.
 */
export type Downtime = OutOfService | BothServed;

/** On the route over another synchronizer: nobody served. */
export interface OutOfService {
  kind: 'out-of-service';
  /** The source was told to take no more commands. */
  from: number;
  /** The target had its packages vetted and answered; or, of an abort, the source was back. Absent while neither is so. */
  until?: number;
  endedBy?: 'target' | 'source';
}

/** On the live route: one of the nodes served at any time. What a client noticed, only the client can tell. */
export interface BothServed {
  kind: 'both-served';
  /** Both served from when on, until the source was no host any more. */
  from?: number;
  until?: number;
  /** From the approval to move the clients until the source was removed; how long clients had, quiet time included. */
  switchMs?: number;
  /** How long the hook took that moves the clients; absent if there is none. */
  hookMs?: number;
  /** The longest that the target took to answer itself over the synchronizer, of all readings: how far it lagged at most. */
  longestLagMs?: number;
}

/** What was measured so far; nothing before the source was taken out of service, or there is a plan. */
export function downtimeOf({
  hashed,
  steps,
  transfer,
  live,
  timeline,
}: Migration): Downtime | undefined {
  if (!hashed) return undefined;
  const timesOf = (name: string) => timeline.steps.find((its) => its.name === name);
  if (isLive(hashed.plan)) {
    const from = timesOf('clear-onboarding-flags')?.doneAt;
    const until = timesOf('remove-source')?.doneAt;
    const moving = timesOf('move-clients')?.begunAt;
    return {
      kind: 'both-served',
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(moving !== undefined && until !== undefined && { switchMs: until - moving }),
      ...(live?.hookMs !== undefined && { hookMs: live.hookMs }),
      ...(live?.longestLagMs !== undefined && { longestLagMs: live.longestLagMs }),
    };
  }
  const { outOfServiceAt: from } = transfer;
  if (from === undefined) return undefined;
  const last = steps.findLast(({ phase }) => phase === 'cut-over');
  const served = last?.state === 'done' ? timesOf(last.name)?.doneAt : undefined;
  if (served !== undefined) return { kind: 'out-of-service', from, until: served, endedBy: 'target' };
  const returned = timesOf('freeze-source')?.undoneAt;
  if (returned !== undefined)
    return { kind: 'out-of-service', from, until: returned, endedBy: 'source' };
  return { kind: 'out-of-service', from };
}

/** In words, one sentence a line. */
export function describeDowntime(downtime: Downtime): string[] {
  if (downtime.kind === 'out-of-service') {
    const { from, until, endedBy } = downtime;
    const since = new Date(from).toISOString();
    if (until === undefined) return [`nobody serves the parties since ${since}`];
    const end = endedBy === 'target' ? 'the target served' : 'the source served again';
    return [
      `nobody served the parties for ${duration(until - from)}: from ${since}, when the source took no more commands, to ${new Date(until).toISOString()}, when ${end}`,
    ];
  }
  const { from, until, switchMs, hookMs, longestLagMs } = downtime;
  if (from === undefined) return ['the source serves, the target does not yet'];
  const both = new Date(from).toISOString();
  return [
    until === undefined
      ? `both nodes serve since ${both}`
      : `at every moment a node served the parties: both did for ${duration(until - from)}, from ${both} to ${new Date(until).toISOString()}`,
    ...(switchMs === undefined
      ? []
      : [
          `clients moved within ${duration(switchMs)}, from the approval to the removal of the source, quiet time included`,
        ]),
    ...(hookMs === undefined ? [] : [`the hook that moves the clients took ${duration(hookMs)}`]),
    ...(longestLagMs === undefined
      ? []
      : [`the target answered itself over the synchronizer within ${duration(longestLagMs)} at worst`]),
    'what pause the clients noticed, only they can tell: it was not measured here',
  ];
}
