import { WATCH, type Stage } from '../model/phase.js';
import type { RunReport } from '../model/report.js';
import type { MigrationState } from '../model/steering.js';

/** A part of the time line. UTC, milliseconds since 1970. */
export interface Span {
  stage: Stage;
  state: MigrationState;
  from: number;
  until: number;
}

/** From the begin of a migration until it was over, or until this was written; the source watch may take months. */
export function wholeOf(
  { timeline: { spans }, outcome }: RunReport,
  writtenAt: number,
): [number, number] {
  const from = spans[0]?.from ?? writtenAt;
  const watched = spans.find(({ stage }) => stage === WATCH);
  const over = watched?.from ?? (outcome === 'unfinished' ? writtenAt : spans.at(-1)?.from);
  return [from, Math.max(over ?? writtenAt, from + 1)];
}

/** What the migration was in during a time, cut at its ends. */
export function spansIn({ timeline: { spans } }: RunReport, [from, until]: [number, number]): Span[] {
  return spans
    .map((its, at) => ({
      ...its,
      from: Math.max(its.from, from),
      until: Math.min(spans[at + 1]?.from ?? until, until),
    }))
    .filter((its) => its.until > its.from && its.stage !== WATCH);
}

/** When nobody served the parties; nothing if somebody did all the time. */
export function outageOf({ downtime }: RunReport, writtenAt: number): [number, number] | undefined {
  if (downtime?.kind !== 'out-of-service') return undefined;
  return [downtime.from, downtime.until ?? writtenAt];
}
