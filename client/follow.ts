import { SingleBar } from 'cli-progress';

import type { MigrationClient, MigrationSnapshot } from './index.js';
import { count, duration, shortId } from './render/style.js';
import { gateLines, isMoving, nextOf, progressLine } from './render/status.js';
import type { MigrationStatus } from '../model/steering.js';
import type { Terminal } from './terminal.js';

export interface Follower {
  /** Called once per gate that opens; the bar is off while it runs. False ends the following. */
  atGate?: (status: MigrationStatus) => Promise<boolean>;
  signal?: AbortSignal;
}

/**
 * Shows the progress of a migration until it ends, and returns the last snapshot. Every change is a line; on a
 * terminal the transfer of contracts is a bar. Prints JSON lines with `--json`.
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
      const isNew = status?.gate !== undefined && status.gate.name !== gate;
      gate = status ? status.gate?.name : gate;
      if (!status || !isNew) continue;
      lines.close();
      if (atGate) {
        if (!(await atGate(status))) return snapshot;
      } else {
        terminal.print(gateLines(status, terminal.style).join('\n'));
        terminal.next(nextOf(snapshot));
      }
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
  private lastLine = '';

  constructor(private readonly terminal: Terminal) {}

  show(snapshot: MigrationSnapshot): void {
    const { status } = snapshot;
    for (const line of this.finished(status)) this.print(line);
    if (status && isMoving(status) && this.terminal.style.isTerminal) {
      this.draw(status);
      return;
    }
    const line = progressLine(snapshot);
    // A gate has words of its own.
    if (line !== this.lastLine && !status?.gate) this.print(line);
    this.lastLine = line;
  }

  close(): void {
    this.bar?.stop();
    this.bar = undefined;
  }

  private finished(status: MigrationStatus | undefined): string[] {
    const { style } = this.terminal;
    return (status?.phases ?? [])
      .filter(({ phase, state }) => state === 'done' && !this.seen.has(phase))
      .map(({ phase, changed, durationMs }) => {
        this.seen.add(phase);
        const what = changed.length === 0 ? 'was there already' : changed.map(shortId).join('; ');
        return `${style.good('done')} ${style.bold(phase)} in ${duration(durationMs)}: ${what}`;
      });
  }

  private draw({ contracts }: MigrationStatus): void {
    if (!contracts) return;
    const shown = {
      rate: count(contracts.perSecond),
      left: duration(contracts.etaSeconds * 1000),
    };
    if (!this.bar) {
      const format =
        'importing {bar} {percentage} % | {value}/{total} contracts | {rate}/s | {left} left';
      this.bar = new SingleBar({ format, hideCursor: true, barsize: 30 });
      this.bar.start(contracts.total, contracts.done, shown);
    }
    this.bar.update(contracts.done, shown);
  }

  private print(line: string): void {
    this.close();
    this.terminal.print(line);
  }
}
