import type { Finding } from '../../model/plan.js';

/** The finding, if it is so. */
export function when(isSo: boolean, finding: Finding): Finding[] {
  return isSo ? [finding] : [];
}

/** The finding about what was found, if anything was. */
export function whenFound<T>(found: T | undefined, finding: (found: T) => Finding): Finding[] {
  return found === undefined ? [] : [finding(found)];
}

/** What follows the question who disconnected a node: nobody but its migration knows whether it may be connected. */
export const TOLD = 'one that a migration left so stays as it is: canton-migrate recover ';
