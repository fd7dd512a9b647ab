import type { StallLimits } from './deadlines.js';
import { CantonError, type CallContext } from './errors.js';

const SECOND_MS = 1_000;

/** What is waited for, and what is said if it does not come. */
const WAITS = {
  message: 'no message',
  taken: 'no message was taken',
  answer: 'no answer to all that was sent',
} as const;

/** Ends a call whose participant makes no progress. Time that its reader or its producer takes does not count. */
export class StallWatch {
  /** Why the call was ended; nothing while it makes progress. */
  failure: CantonError | undefined;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;
  private limitMs = 0;
  private wait: keyof typeof WAITS = 'message';

  /** `cancel` has to make the wait fail; whoever waits then throws {@link failure} instead. */
  constructor(
    private readonly context: CallContext,
    private readonly limits: StallLimits,
    private readonly cancel: () => void,
  ) {}

  /** From now on it is the turn of the participant. */
  begin(wait: keyof typeof WAITS): void {
    const { messageMs, answerMs } = this.limits;
    this.wait = wait;
    this.limitMs = wait === 'answer' ? answerMs : messageMs;
    this.dueAt = Date.now() + this.limitMs;
    // One that is set looks again when it is over: a stream of many messages does not set a timer for each.
    if (this.timer === undefined) this.arm(this.limitMs);
  }

  /** It is no longer the turn of the participant. */
  rest(): void {
    this.dueAt = Infinity;
  }

  /** Nothing is watched any more. */
  close(): void {
    this.rest();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(afterMs: number): void {
    this.timer = setTimeout(() => this.look(), afterMs);
  }

  private look(): void {
    this.timer = undefined;
    if (this.dueAt === Infinity) return;
    const leftMs = this.dueAt - Date.now();
    if (leftMs > 0) {
      this.arm(leftMs);
      return;
    }
    const cause = `${WAITS[this.wait]} within ${this.limitMs / SECOND_MS} s`;
    this.failure = new CantonError({
      ...this.context,
      kind: 'transient',
      type: 'StreamStalled',
      code: 'DEADLINE_EXCEEDED',
      cause,
    });
    this.cancel();
  }
}
