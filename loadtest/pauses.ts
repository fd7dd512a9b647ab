/** How far around a marked event a pause counts as its own. */
const BEFORE_MS = 1_000;
const AFTER_MS = 5_000;
/** A migration has some ten events; more are not worth a row. */
const MARKS_LIMIT = 100;

/** A marked event, and the longest time that a client had no success around it. */
export interface MarkedPause {
  name: string;
  /** UTC, milliseconds since 1970. */
  at: number;
  longestMs: number;
}

interface Pause {
  from: number;
  to: number;
}

/** The longest time between two successful commands of one client: overall, and around marked events. */
export class Pauses {
  private readonly lastSuccess = new Map<number, number>();
  private readonly marks: MarkedPause[] = [];
  private recent: Pause[] = [];
  private longest = 0;
  private longestUnmarked = 0;

  /** A client begins: its first success ends a pause too. */
  begin(client: number, at: number): void {
    this.lastSuccess.set(client, at);
  }

  succeed(client: number, at: number): void {
    this.take({ from: this.lastSuccess.get(client) ?? at, to: at });
    this.lastSuccess.set(client, at);
  }

  /** A client ends: what it is waiting for counts. */
  end(client: number, at: number): void {
    this.succeed(client, at);
    this.lastSuccess.delete(client);
  }

  /** Marks an event; false if there are too many already. */
  mark(name: string, at: number): boolean {
    if (this.marks.length >= MARKS_LIMIT) return false;
    const mark = { name, at, longestMs: 0 };
    this.marks.push(mark);
    for (const pause of this.recent) lengthen(mark, pause);
    return true;
  }

  /** In milliseconds; pauses that still last are among them. */
  read(now: number): { longestMs: number; beforeMarksMs: number; marks: MarkedPause[] } {
    const open = [...this.lastSuccess.values()].map((from) => ({ from, to: now }));
    const longestMs = Math.max(this.longest, ...open.map(lengthOf));
    const marks = this.marks.map((mark) => ({ ...mark }));
    for (const mark of marks) for (const pause of open) lengthen(mark, pause);
    return { longestMs, beforeMarksMs: this.marks.length > 0 ? this.longestUnmarked : longestMs, marks };
  }

  private take(pause: Pause): void {
    const length = lengthOf(pause);
    this.longest = Math.max(this.longest, length);
    if (this.marks.length === 0) this.longestUnmarked = Math.max(this.longestUnmarked, length);
    for (const mark of this.marks) lengthen(mark, pause);
    this.recent = this.recent.filter(({ to }) => to >= pause.to - BEFORE_MS);
    this.recent.push(pause);
  }
}

function lengthen(mark: MarkedPause, pause: Pause): void {
  if (pause.to < mark.at - BEFORE_MS || pause.from > mark.at + AFTER_MS) return;
  mark.longestMs = Math.max(mark.longestMs, lengthOf(pause));
}

function lengthOf({ from, to }: Pause): number {
  return to - from;
}
