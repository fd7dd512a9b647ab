import { withinBytes } from './bounds.js';
import { count, counted, firstLines } from './count.js';
import type { PartyExceptions } from './party-exceptions.js';
import type { MigrationPlan } from './plan.js';
import { movingCount, stayingCount, type PartyCount } from './plan-parties.js';

/** The parties of a plan by class, and the first of those that are exceptions. Short, however many there are. */
export interface PartiesStatus {
  moving: number;
  staying: number;
  /** The first of them: those that move, then by number. */
  counts: PartyCount[];
  exceptions: PartyExceptions;
}

/** Bytes as JSON, of the counts and of the exceptions. */
const LIST_BYTES = 4_000;
/** In words, of each. */
const LINES = 6;

export function partiesStatusOf(plan: MigrationPlan): PartiesStatus {
  const { partyCounts, partyExceptions } = plan;
  const first = withinBytes(partyExceptions.first, LIST_BYTES);
  return {
    moving: movingCount(plan),
    staying: stayingCount(plan),
    counts: withinBytes(partyCounts, LIST_BYTES),
    exceptions: { count: partyExceptions.count, first },
  };
}

/** How many parties move and stay; then the exceptions, and how many there are of which class, each on a line. */
export function partyLines({ moving, staying, counts, exceptions }: PartiesStatus): string[] {
  const named = exceptions.first
    .slice(0, LINES)
    .map(({ party, class: its, what }) => `${party} (${its}): ${what}`);
  const total = counted(moving, 'party', 'parties');
  return [
    `${total} to move, ${count(staying)} to stay`,
    ...firstLines(named, exceptions.count, ''),
    // The admin party stays always; one class beside it is no news.
    ...(counts.length > 2 ? counts.slice(0, LINES).map(countLine) : []),
  ];
}

function countLine({ class: its, treatment, reason, count: many }: PartyCount): string {
  return `${count(many)} ${its}: ${treatment === 'move' ? 'to move' : `to stay: ${reason}`}`;
}
