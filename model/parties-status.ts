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
  /** Once it has ended: whether they moved. */
  outcome?: 'moved' | 'not moved';
}

/** Bytes as JSON, of the counts and of the exceptions. */
const LIST_BYTES = 4_000;
/** In words, of each. */
const LINES = 6;

export function partiesStatusOf(plan: MigrationPlan, outcome?: PartiesStatus['outcome']): PartiesStatus {
  const { partyCounts, partyExceptions } = plan;
  const first = withinBytes(partyExceptions.first, LIST_BYTES);
  return {
    moving: movingCount(plan),
    staying: stayingCount(plan),
    counts: withinBytes(partyCounts, LIST_BYTES),
    exceptions: { count: partyExceptions.count, first },
    ...(outcome && { outcome }),
  };
}

/** How many parties move and stay; then the exceptions, and how many there are of which class, each on a line. */
export function partyLines({ moving, staying, counts, exceptions, outcome }: PartiesStatus): string[] {
  const words = wordsOf(outcome);
  const named = exceptions.first
    .slice(0, LINES)
    .map(({ party, class: its, what }) => `${party} (${its}): ${what.replace(/^moves\b/, words.moves)}`);
  return [
    `${counted(moving, 'party', 'parties')} ${words.move(moving)}, ${count(staying)} ${words.stay(staying)}`,
    ...firstLines(named, exceptions.count, ''),
    // The admin party stays always; one class beside it is no news.
    ...(counts.length > 2 ? counts.slice(0, LINES).map((its) => countLine(its, words)) : []),
  ];
}

interface Words {
  /** Of one party. */
  moves: string;
  move(parties: number): string;
  stay(parties: number): string;
}

function wordsOf(outcome: PartiesStatus['outcome']): Words {
  const was = (parties: number) => (parties === 1 ? 'was' : 'were');
  switch (outcome) {
    case 'moved':
      return {
        moves: 'moved',
        move: () => 'moved',
        stay: (parties) => (parties === 1 ? 'stays' : 'stay'),
      };
    case 'not moved':
      return {
        moves: 'was to move',
        move: (parties) => `${was(parties)} to move`,
        stay: () => 'to stay',
      };
    case undefined:
      return { moves: 'moves', move: () => 'to move', stay: () => 'to stay' };
  }
}

function countLine({ class: its, treatment, reason, count: many }: PartyCount, words: Words): string {
  const what = treatment === 'move' ? words.move(many) : `${words.stay(many)}: ${reason}`;
  return `${count(many)} ${its}: ${what}`;
}
