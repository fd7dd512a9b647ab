import { SingleBar } from 'cli-progress';

import { missingSignatures } from '../model/ceremony.js';
import type { MigrationStatus } from '../model/steering.js';
import type { MigrationClient, MigrationSnapshot } from './index.js';
import { liveProgress, type LiveProgress } from './live-progress.js';
import { timeOf } from '../model/duration.js';
import { shown } from '../model/shown-text.js';
import { gateLines } from './render/gate.js';
import { NOTHING_CHANGED } from './render/report.js';
import { shortId } from './render/style.js';
import { nextOf, paceOf, progressKey, progressLine } from './render/status.js';
import type { Terminal } from './terminal.js';

export interface Follower {
  /** Called once per gate that opens, and again when its signatures are there, instead of what is printed then. */
  atGate?: (status: MigrationStatus) => Promise<void>;
  signal?: AbortSignal;
}

/**
 * Shows the progress of a migration until it ends or its source watch runs, and returns the last snapshot.
 * Every change is a line; how far the contracts are is a bar on a terminal, and a line for each twentieth
 * elsewhere. At a gate, and again when its signatures are there, it says what is approved and how, and asks nothing.
 * Prints JSON lines with `--json`.
 */
export async function follow(
  client: MigrationClient,
  id: string,
  terminal: Terminal,
  { atGate, signal }: Follower = {},
): Promise<MigrationSnapshot | undefined> {
  const lines = new Progress(terminal);
  let gate: string | undefined;
  let last: MigrationSnapshot | undefined;
  try {
    for await (const snapshot of client.watch(id, { ...(signal && { signal }) })) {
      last = snapshot;
      terminal.printJson(snapshot);
      lines.show(snapshot);
      const { status } = snapshot;
      if (status?.state === 'watching') return snapshot;
      const key = status?.gate && `${status.gate.name} ${missingSignatures(status) > 0}`;
      const isNew = key !== undefined && key !== gate;
      gate = status ? key : gate;
      if (!status || !isNew) continue;
      lines.close();
      if (atGate) {
        await atGate(status);
        continue;
      }
      terminal.print(gateLines(status, terminal.style).join('\n'));
      terminal.next(nextOf(snapshot));
    }
    return last;
  } finally {
    lines.close();
  }
}

/** Prints what is new in a snapshot. */
class Progress {
  private readonly seen = new Set<string>();
  private bar: SingleBar | undefined;
  private drawn: LiveProgress['what'] | undefined;
  private lastKey = '';

  constructor(private readonly terminal: Terminal) {}

  show(snapshot: MigrationSnapshot): void {
    const { status } = snapshot;
    for (const line of this.finished(status)) this.print(line);
    const live = liveProgress(snapshot);
    // A step that failed has words to say why.
    const isRetrying = snapshot.pending.some(({ nextAttemptAt }) => nextAttemptAt !== undefined);
    if (live && !isRetrying && this.terminal.style.isTerminal) {
      this.draw(live);
      return;
    }
    const key = progressKey(snapshot);
    // A gate has words of its own.
    if (key !== this.lastKey && !status?.gate) this.print(progressLine(snapshot));
    this.lastKey = key;
  }

  close(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private finished(status: MigrationStatus | undefined): string[] {
    const { style } = this.terminal;
    return (status?.phases ?? [])
      .filter(({ phase, state }) => state === 'done' && !this.seen.has(phase))
      .map(({ phase, changed, ...times }) => {
        this.seen.add(phase);
        const what =
          changed.length === 0 ? NOTHING_CHANGED : changed.map((its) => shortId(shown(its))).join('; ');
        return `${style.good('done')} ${style.bold(phase)}, ${timeOf(times)}: ${what}`;
      });
  }

  private draw(live: LiveProgress): void {
    const { what, done, total } = live;
    const shown = { what, pace: paceOf(live) };
    if (this.drawn !== what) this.close();
    if (!this.bar) {
      const format = '{what} {bar} {percentage} % | {value} of {total} contracts{pace}';
      this.bar = new SingleBar({ format, hideCursor: true, barsize: 30 });
      this.bar.start(total, done, shown);
      this.drawn = what;
    }
    this.bar.setTotal(total);
    this.bar.update(done, shown);
  }

  private print(line: string): void {
    this.close();
    this.terminal.print(line);
  }
}
