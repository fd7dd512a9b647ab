import { refused } from '../model/failure.js';

/** What stands for a payload that cannot be decoded; it has no field, so that whoever reads it finds nothing. */
export const UNREADABLE: object = Object.freeze({});

/** Returns what an activity or a run answered; fails with `ResultUnreadable` if that could not be decoded. */
export function readable<T>(result: T, from: string): T {
  if ((result as unknown) !== UNREADABLE) return result;
  throw refused('ResultUnreadable', `what ${from} returned cannot be decoded by this worker`);
}
