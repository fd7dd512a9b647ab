import type { SpoolSegment } from '../model/acs.js';

/** Raw bytes in one import call at most, so that no call gets too long. */
const MAX_SHARD_BYTES = 256 * 1024 * 1024;

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

  /** Takes the next segment; undefined after the last. */
  async next(): Promise<SpoolSegment | undefined> {
    const segment = await this.peek();
    this.waiting.shift();
    return segment;
  }

  /**
   * Takes the segments of one import call, waiting until there are enough of them: as many as fit into `contracts`,
   * but at least one. Empty after the last.
   */
  async nextShard(contracts: number): Promise<SpoolSegment[]> {
    const shard: SpoolSegment[] = [];
    let contractCount = 0;
    let recordBytes = 0;
    for (let next = await this.peek(); next; next = await this.peek()) {
      contractCount += next.contractCount;
      recordBytes += next.recordBytes;
      if (shard.length > 0 && (contractCount > contracts || recordBytes > MAX_SHARD_BYTES)) break;
      shard.push(next);
      this.waiting.shift();
    }
    return shard;
  }

  private async peek(): Promise<SpoolSegment | undefined> {
    for (;;) {
      if (this.ended && 'error' in this.ended) throw this.ended.error;
      if (this.waiting.length > 0 || this.ended) return this.waiting[0];
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
