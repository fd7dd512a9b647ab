import type { SpoolSegment } from '../model/acs.js';

/** The segments of a spool in their order, those that are there and those to come; one reader. */
export class SegmentQueue {
  private readonly waiting: SpoolSegment[] = [];
  private ended: { error?: unknown } | undefined;
  private wake: () => void = () => undefined;

  push(segment: SpoolSegment): void {
    this.waiting.push(segment);
    this.wake();
  }

  /** No more come; with an error, those not taken yet are worth nothing. */
  end(error?: unknown): void {
    this.ended = error === undefined ? {} : { error };
    this.wake();
  }

  /** Takes the segment that {@link peek} showed. */
  take(): void {
    this.waiting.shift();
  }

  /**
   * Waits for the next segment and leaves it; undefined after the last. Whoever waited before is not told.
   */
  async peek(): Promise<SpoolSegment | undefined> {
    for (;;) {
      if (this.ended && 'error' in this.ended) throw this.ended.error;
      if (this.waiting.length > 0 || this.ended) return this.waiting[0];
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
