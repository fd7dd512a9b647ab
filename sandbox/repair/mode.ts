import { setTimeout as wait } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { PlainFailure } from '../errors.js';

/** The repair mode of a participant's indexer: one import or purge at a time. Source: admin-api 2.3. */
export class RepairMode {
  private holder: symbol | undefined;
  private queueFailed = false;

  /** @param die ends the participant, as a fatal failure of its connect-and-repair queue does. */
  constructor(private readonly die: (reason: string) => void) {}

  get isOn(): boolean {
    return this.holder !== undefined;
  }

  /** Switches to repair mode and returns how to leave it; refuses while it is on. */
  enter(): () => void {
    if (this.holder) throw new PlainFailure('Repair in progress');
    const holder = Symbol('repair');
    this.holder = holder;
    return () => {
      if (this.holder === holder) this.holder = undefined;
    };
  }

  /** Like `enter`, for what runs on the connect-and-repair queue. */
  enterOnQueue(): () => void {
    this.checkQueue();
    return this.enter();
  }

  /**
   * Checks an operation on the connect-and-repair queue: being refused there breaks the queue, and the next
   * operation on a broken queue ends the process.
   */
  checkQueue(): void {
    if (this.queueFailed) {
      this.die('an operation followed a fatal failure of the connect-and-repair queue');
      throw new PlainFailure('the participant has stopped', status.UNAVAILABLE);
    }
    if (this.isOn) this.breakQueue('Repair in progress');
  }

  /** Fails what runs on the connect-and-repair queue in a way that breaks the queue. */
  breakQueue(text: string): never {
    this.queueFailed = true;
    throw new PlainFailure(text);
  }
}

/** The shortest wait that is worth a timer, milliseconds. */
const SHORTEST_MS = 2;

/** Lets a call take as long as a real node takes, from its creation on: what it took anyway is part of it. */
export class Busy {
  private readonly startedAt = performance.now();
  private owedMs = 0;

  constructor(private readonly signal?: AbortSignal) {}

  async micros(micros: number): Promise<void> {
    this.owedMs += micros / 1000;
    const aheadMs = this.owedMs - (performance.now() - this.startedAt);
    if (aheadMs < SHORTEST_MS) return;
    await wait(aheadMs, undefined, { ...(this.signal && { signal: this.signal }) }).catch(
      () => undefined,
    );
  }
}
