import { Context, log } from '@temporalio/activity';

import type { CatchUp, CopyCheckpoint } from '../../model/acs.js';
import type { AwaitedSignatures } from '../../model/live.js';
import {
  DEFAULT_TUNING,
  AWAITED_SIGNAL,
  PROGRESS_SIGNAL,
  TUNING_QUERY,
  type TransferProgress,
  type TransferTuning,
} from '../../model/steering.js';
import { repeatedProgress } from './progress.js';

/**
 * How long a proof that this attempt is the current one counts, milliseconds. Shorter than the heartbeat timeout:
 * another attempt begins only when that has passed since the last proof, so a call that begins within this time runs, or
 * is over, before anybody else looks at the participant.
 */
const PROOF_LASTS_MS = 4_000;
const RETRY_MS = 500;
/** A query of a migration whose worker is busy; what was known before holds meanwhile. */
const QUERY_LIMIT_MS = 5_000;

/** What an attempt leaves to the next in its heartbeats. */
interface Recorded {
  checkpoint?: CopyCheckpoint;
  caughtUp?: CatchUp;
  /** Whether the connect that is the point of no return may have been sent. */
  isConnecting?: boolean;
  /** Whether the removal that is the point of no return may have been proposed. */
  isRemoving?: boolean;
}

/** Thrown when Temporal has given this step to another attempt, or it is over. */
class AttemptSuperseded extends Error {}

export type { Fencing };

const fencings = new WeakMap<Context, Fencing>();

/** The fencing of the attempt that runs: every part of it shares one proof. */
export function currentFencing(): Fencing {
  const context = Context.current();
  const fencing = fencings.get(context) ?? new Fencing(context);
  fencings.set(context, fencing);
  return fencing;
}

/**
 * The right of one attempt of an activity to change participants, and its line to the migration it belongs to.
 *
 * A worker that is cut off from Temporal and not from the participants would go on beside the worker that replaced
 * it. So every change needs a proof: an answer of the server to a heartbeat of this very attempt.
 */
class Fencing {
  private provenAt = -Infinity;
  private lost: AttemptSuperseded | undefined;
  private lastTuning: TransferTuning = { ...DEFAULT_TUNING, isPaused: false };

  constructor(private readonly context: Context) {}

  /** What an earlier attempt recorded last. */
  get recorded(): Recorded {
    return (this.context.info.heartbeatDetails ?? {}) as Recorded;
  }

  /** Whether an earlier attempt may have left something behind. */
  get isRepeated(): boolean {
    return this.context.info.attempt > 1;
  }

  /**
   * Returns once the server has confirmed that this attempt is the current one, and has what it last
   * reported. Fails if the server has not answered within `limitMs`: what is under way must not outlast the
   * heartbeat timeout then.
   */
  async prove(limitMs = Infinity): Promise<void> {
    const { client, cancellationSignal, info } = this.context;
    if (this.lost) throw this.lost;
    const begunAt = performance.now();
    while (performance.now() - this.provenAt > PROOF_LASTS_MS) {
      cancellationSignal.throwIfAborted();
      const askedAt = performance.now();
      try {
        await client.activity.heartbeat(info.taskToken, repeatedProgress());
        this.provenAt = askedAt;
      } catch (error) {
        const { name } = error as Error;
        if (name === 'ActivityNotFoundError') {
          this.lost = new AttemptSuperseded('this step belongs to another attempt now', {
            cause: error,
          });
          throw this.lost;
        }
        // The worker learns of it in a moment too, and ends what is under way.
        if (name === 'ActivityCancelledError') await this.context.cancelled;
        // Nothing is changed without an answer.
        if (performance.now() - begunAt > limitMs) throw error;
        log.warn('Temporal does not confirm this step, trying again', { error });
        await this.context.sleep(RETRY_MS);
      }
    }
  }

  /** Forgets the proof, so that the next is made with what is reported by then. */
  expire(): void {
    this.provenAt = -Infinity;
  }

  /** How fast to go, as the migration says; as it said last if it does not answer. */
  async readTuning(): Promise<TransferTuning> {
    const { client, info } = this.context;
    if (!info.workflowExecution) return this.lastTuning;
    const { workflowId, runId } = info.workflowExecution;
    try {
      this.lastTuning = await client.withDeadline(Date.now() + QUERY_LIMIT_MS, () =>
        client.workflow.getHandle(workflowId, runId).query<TransferTuning>(TUNING_QUERY),
      );
    } catch (error) {
      log.warn('the migration does not say how fast to go, keeping the pace', { error });
    }
    return this.lastTuning;
  }

  /** Tells the migration how far the transfer is, so that it can say so and go on from there. */
  async report(progress: TransferProgress): Promise<void> {
    await this.tell(PROGRESS_SIGNAL, progress);
  }

  /** Tells the migration whose signatures are missing, so that it can say so. */
  async reportAwaited(awaited: AwaitedSignatures): Promise<void> {
    await this.tell(AWAITED_SIGNAL, awaited);
  }

  private async tell(signal: string, told: object): Promise<void> {
    const { client, info } = this.context;
    if (!info.workflowExecution) return;
    const { workflowId, runId } = info.workflowExecution;
    try {
      await client.workflow.getHandle(workflowId, runId).signal(signal, told);
    } catch (error) {
      // It is in the heartbeat too; only the status is older for a while.
      log.warn('the migration could not be told how far a step is', { signal, error });
    }
  }
}
