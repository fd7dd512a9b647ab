/** How the source stood at one look after the cut-over. */
export interface SourceLook {
  /**
   * `parked`: disconnected for good. `removed`: it hosts none of the parties any more. `unreachable`: its process is stopped, or cut off from the worker.
   * `unreadable`: it runs, and does not let the worker look. `alarm`: it is connected, connects by itself,
   * something happened on it, or it hosts parties again.
   */
  state: WatchState;
  /** Ordered by alias; empty unless the source was read. */
  aliases: WatchedAlias[];
  /** Of the source; absent if it was not read. Decimal int64. */
  ledgerEnd?: string;
  /** An upgrade of a synchronizer that was done without it, and what has to be done before it is used again. */
  missedUpgrade?: string;
  /** Of an alarm, what is wrong; else why the source was not read. */
  reason?: string;
}

type WatchState = 'parked' | 'removed' | 'unreachable' | 'unreadable' | 'alarm';

export interface WatchedAlias {
  alias: string;
  isConnected: boolean;
  isManualConnect: boolean;
}

/** A node that was parked, and what that takes out of service. */
export interface Parked {
  /** Ordered by alias. */
  aliases: WatchedAlias[];
  /** Parties that it hosts. */
  hosted: number;
  /** Those that the other node serves. */
  served: number;
}

/** What operators are told of the source watch. */
export interface WatchStatus extends SourceLook {
  /** Since when it has been in this state, RFC 3339. */
  since: string;
  /** RFC 3339. */
  lastLookedAt: string;
  /** How often an alarm was raised so far. */
  alarmCount: number;
  /** Set for good once something happened on the parked source: its ledger end then and now. Decimal int64. */
  moved?: { from: string; to: string };
}

/** Whether two looks tell an operator the same; why a source does not answer is worded anew each time. */
export function isSameLook(one: SourceLook, other: SourceLook): boolean {
  return keyOf(one) === keyOf(other);
}

/** Whether the source watch is known to hold, so that it may be closed without more ado. */
export function isHolding({ state }: Pick<SourceLook, 'state'>): boolean {
  return state === 'parked' || state === 'removed' || state === 'unreachable';
}

function keyOf({ state, aliases, ledgerEnd, missedUpgrade }: SourceLook): string {
  const read = aliases.map(({ alias, isConnected, isManualConnect }) => [
    alias,
    isConnected,
    isManualConnect,
  ]);
  return JSON.stringify([state, read, ledgerEnd, missedUpgrade]);
}

/** An alias of the source as it was found. */
export function describeAlias({ alias, isConnected, isManualConnect }: WatchedAlias): string {
  const start = isManualConnect ? 'manual connect' : 'connects by itself';
  return `${alias}: ${isConnected ? 'connected' : 'disconnected'}, ${start}`;
}

/** The source watch in one sentence, with the moment of the last look. */
export function describeWatch(status: WatchStatus): string {
  const { state, reason, moved, since, lastLookedAt, missedUpgrade } = status;
  const history = moved
    ? `; after it was parked its ledger end went from ${moved.from} to ${moved.to}`
    : '';
  const looked = ` (checked ${lastLookedAt})`;
  switch (state) {
    case 'parked':
      return `the source is parked${history}${looked}${missedUpgrade === undefined ? '' : `; ${missedUpgrade}`}`;
    case 'removed':
      return `the source hosts none of the parties any more${looked}`;
    case 'unreachable':
      return `the source has not answered since ${since}: stopped as intended, or cut off from the worker${history}${looked}`;
    case 'unreadable':
      return `the source runs but has not been readable since ${since}: ${reason ?? ''}${history}${looked}`;
    case 'alarm':
      return `ALARM since ${since}: ${reason ?? ''}${looked}`;
  }
}
