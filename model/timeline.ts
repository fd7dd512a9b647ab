import type { Stage } from './phase.js';
import { bounded } from './shown-text.js';
import type { MigrationState } from './steering.js';

/** More are thinned: a chart of a page is not wider. */
const MOST_SAMPLES = 200;
const MOST_SPANS = 200;
/** Of the first events and of the last ones. */
const MOST_EVENTS = 50;
const EVENT_LIMIT = 200;

/** What a migration did when, for its report. Bounded however long it takes. Times are UTC, milliseconds since 1970. */
export interface Timeline {
  /** From when on the migration was in which stage and state; ends where the next one begins. */
  spans: TimelineSpan[];
  /** Contracts imported into the target. */
  samples: ContractSample[];
  /** In the order in which they were first begun. */
  steps: StepTimes[];
  /** What operators asked for, and what failed; approvals are listed by themselves. */
  events: TimelineEvent[];
  /** Events between the first and the last ones that are not kept; absent if there are none. */
  eventsLeftOut?: number;
}

export interface TimelineSpan {
  from: number;
  stage: Stage;
  state: MigrationState;
}

export interface ContractSample {
  at: number;
  contracts: number;
}

/** When a step was first begun, and last done and taken back. */
export interface StepTimes {
  name: string;
  begunAt: number;
  doneAt?: number;
  undoneAt?: number;
}

export interface TimelineEvent {
  at: number;
  kind: 'paused' | 'resumed' | 'repair' | 'failed' | 'abort';
  /** Who asked for it, or what failed. */
  what: string;
}

export function newTimeline(): Timeline {
  return { spans: [], samples: [], steps: [], events: [] };
}

/** Notes the stage and state from now on. Of too many spans the shortest becomes part of the one before it. */
export function noteState(
  { spans }: Timeline,
  { stage, state }: { stage: Stage; state: MigrationState },
  now: number,
): void {
  const last = spans.at(-1);
  if (last?.stage === stage && last.state === state) return;
  spans.push({ from: now, stage, state });
  if (spans.length > MOST_SPANS) {
    spans.splice(shortest(spans.map(({ from }) => from)), 1);
    spans.splice(0, spans.length, ...spans.filter((its, at) => !isSame(its, spans[at - 1])));
  }
}

function isSame(one: TimelineSpan, other: TimelineSpan | undefined): boolean {
  return one.stage === other?.stage && one.state === other.state;
}

/** Notes how many contracts are imported. Of too many samples the one goes that has the least time to itself. */
export function noteContracts({ samples }: Timeline, contracts: number, now: number): void {
  const [before, last] = samples.slice(-2);
  // Three in a row that are the same are a line of two.
  if (last?.contracts === contracts && before?.contracts === contracts) last.at = now;
  else samples.push({ at: now, contracts });
  if (samples.length > MOST_SAMPLES) samples.splice(shortest(samples.map(({ at }) => at)), 1);
}

/** Which of these times, neither the first nor the last, has the least time between its neighbours. */
function shortest(times: readonly number[]): number {
  let found = 1;
  const room = (index: number) => times[index + 1]! - times[index - 1]!;
  for (let index = 2; index < times.length - 1; index++) if (room(index) < room(found)) found = index;
  return found;
}

/** Notes what became of a step; one that is taken again keeps when it was first begun. */
export function noteStep(
  { steps }: Timeline,
  name: string,
  what: 'begun' | 'done' | 'undone',
  now: number,
): void {
  let its = steps.find((step) => step.name === name);
  if (!its) steps.push((its = { name, begunAt: now }));
  if (what === 'done') its.doneAt = now;
  if (what === 'undone') its.undoneAt = now;
}

/** Notes an event, unless it is the last one again; of too many, the first and the last are kept. */
export function noteEvent(timeline: Timeline, kind: TimelineEvent['kind'], what: string, now: number) {
  const { events } = timeline;
  const last = events.at(-1);
  const text = bounded(what, EVENT_LIMIT);
  if (kind === 'failed' && last?.kind === kind && last.what === text) return;
  events.push({ at: now, kind, what: text });
  if (events.length <= 2 * MOST_EVENTS) return;
  events.splice(MOST_EVENTS, 1);
  timeline.eventsLeftOut = (timeline.eventsLeftOut ?? 0) + 1;
}
