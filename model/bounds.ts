import type { ContractDifference } from './acs.js';
import { count } from './count.js';

/** Stakeholders of one contract that differs. */
const STAKEHOLDERS_SHOWN = 10;
/** A contract id has 138 characters. */
const LEAST_DIFFERENCE_BYTES = 150;

/** The first items, as many as take at most so many bytes as JSON. Looks at no more of them. */
export function withinBytes<T>(items: readonly T[], limit: number): T[] {
  let bytes = 0;
  const end = items.findIndex((item) => (bytes += jsonBytes(item)) > limit);
  return items.slice(0, end < 0 ? items.length : end);
}

/** The same of lines; the last one says how many more there are, if there are. */
export function linesWithin(lines: readonly string[], limit: number): string[] {
  const kept = withinBytes(lines, limit);
  const more = lines.length - kept.length;
  return more === 0 ? kept : [...kept, `... and ${count(more)} more`];
}

/** The first contracts that differ, each with its first stakeholders. */
export function differencesWithin(
  differences: readonly ContractDifference[],
  limit: number,
): ContractDifference[] {
  const shown = differences.slice(0, limit / LEAST_DIFFERENCE_BYTES).map((its) => ({
    ...its,
    parties: its.parties.slice(0, STAKEHOLDERS_SHOWN),
  }));
  return withinBytes(shown, limit);
}

function jsonBytes(value: unknown): number {
  // A comma; and what is not ASCII takes three bytes at most for each unit of it.
  return 1 + JSON.stringify(value).replace(/[\u0080-\uffff]/g, '...').length;
}
