import { errors, type Worker } from '@temporalio/worker';

import { say } from './saying.js';
import type { Vitals } from './vitals.js';

const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
/** A supervisor that signals every process of a group has us signalled twice: also by whoever started us. */
const SAME_SIGNAL_MS = 1_000;
const UNEXPECTED = 1;

/** How long a stop may take before activities are left to their time-outs. */
export const STOP_LIMIT = '30s';

/**
 * Ends the worker when the process is asked to end: running activities learn of it and tell Temporal how far they are,
 * and the next worker goes on from there. A later signal ends the process at once.
 */
export class Stopping {
  private worker: Worker | undefined;
  private askedAt: number | undefined;

  constructor(private readonly vitals: Vitals) {
    for (const signal of SIGNALS) process.on(signal, this.ask);
  }

  /** Runs a worker until it is stopped. */
  async run(worker: Worker): Promise<void> {
    const running = worker.run();
    this.worker = worker;
    this.vitals.works(worker);
    try {
      await running;
    } catch (error) {
      if (!(error instanceof errors.GracefulShutdownPeriodExpiredError)) throw error;
      throw new Error(
        `the worker did not stop within ${STOP_LIMIT}: an activity did not end. The next worker takes it over once Temporal misses its heartbeat`,
        { cause: error },
      );
    }
  }

  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.ask);
  }

  private readonly ask = (): void => {
    if (this.askedAt !== undefined) {
      if (Date.now() - this.askedAt < SAME_SIGNAL_MS) return;
      say('worker ended at once: the next worker takes its activities over once Temporal misses them');
      process.exit(UNEXPECTED);
    }
    this.askedAt = Date.now();
    this.vitals.isStopping = true;
    if (!this.worker) {
      // Nothing has begun.
      say('worker stopped');
      process.exit(0);
    }
    say(
      `stopping, within ${STOP_LIMIT}: running activities go on at the next worker; a second signal ends it at once`,
    );
    if (this.worker.getState() === 'RUNNING') this.worker.shutdown();
  };
}
