import { setTimeout as delay } from 'node:timers/promises';

import { addDigests } from '../../acs/party-digest.js';
import { gzipMemberOf, type ReadSegment } from '../../acs/segment.js';
import { readSegments, removeSpool } from '../../acs/spool.js';
import type { ContractSetDigest, SpoolSegment } from '../../model/acs.js';
import { transient } from '../../model/failure.js';
import type { TransferTuning } from '../../model/steering.js';
import type { Fencing } from '../attempt/fencing.js';
import { NO_CONTRACTS } from './copy-start.js';
import type { Pace } from './pace.js';
import type { SpooledExport } from './spooling.js';

/** How often the migration is asked, while a call runs, how fast to go and whether at all. */
export const LOOK_MS = 500;
/**
 * How long Temporal may not answer while a call runs. With what a proof lasts and the time between two of
 * them, less than the heartbeat timeout: whoever comes next finds the call broken off.
 */
const UNPROVEN_LIMIT_MS = 3_000;
/** What the last call brings is read when nothing is imported any more: a short one more costs less. */
const LAST_CONTRACTS = 5_000;
/** Raw bytes in one call at most, so that no call gets too long. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

interface Feed {
  spooled: Pick<SpooledExport, 'place' | 'segments'>;
  pace: Pace;
  fencing: Pick<Fencing, 'prove' | 'readTuning'>;
  tuning: TransferTuning;
  /** Contracts that are left to be sent, as far as it is known. */
  left: number;
}

/**
 * The upload of one import call, fed with segments as they come and as the target takes them.
 *
 * It can end behind any segment, and the call commits what was sent until then. So it does when it is large
 * or long enough, when the migration is paused, when the export fails and when a segment is damaged; the last
 * two are its `failure`. If this attempt is not the current one any more it is broken off instead: nothing of
 * it is committed.
 */
export class ImportCall {
  /** What was sent. */
  sent: ContractSetDigest = { contractCount: 0, digest: NO_CONTRACTS };
  failure: unknown;
  /** Whether it was ended before it was large enough. */
  isCut = false;
  private recordBytes = 0;
  /** As the migration said last. */
  tuning: TransferTuning;
  private broken: { reason: unknown } | undefined;
  /** Aborted when nothing more is sent. */
  private readonly over = new AbortController();
  private wake: (nothing?: undefined) => void = () => undefined;
  private readonly woken = new Promise<undefined>((resolve) => (this.wake = resolve));

  constructor(private readonly feed: Feed) {
    this.tuning = feed.tuning;
  }

  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    const { pace } = this.feed;
    pace.begin();
    this.attend().catch((error: unknown) => this.breakOff(error));
    try {
      let isFirst = true;
      for await (const chunk of gzipMemberOf(this.pieces())) {
        yield chunk;
        if (isFirst) pace.firstByte();
        isFirst = false;
      }
      pace.lastByte();
    } finally {
      this.over.abort();
    }
  }

  /** Lets go of everything once the call has ended, whichever way: nobody takes what it is fed any more. */
  close(): void {
    this.over.abort();
    this.breakOff(new Error('the import call has ended'));
  }

  private async *pieces(): AsyncGenerator<ReadSegment, void, undefined> {
    const { spooled, pace, fencing } = this.feed;
    try {
      for await (const piece of readSegments(spooled.place, this.segments())) {
        const { contractCount, recordBytes, digest } = piece.segment;
        const { sent } = this;
        this.sent = {
          contractCount: sent.contractCount + contractCount,
          digest: addDigests(sent.digest, digest),
        };
        this.recordBytes += recordBytes;
        pace.feed(contractCount);
        yield piece;
      }
    } catch (error) {
      if (this.broken || this.failure) throw error;
      // Without it the next attempt exports again.
      await removeSpool(spooled.place.folder);
      this.fail(transient('ShardDamaged', (error as Error).message));
    }
    // What is sent after this makes the target commit.
    await fencing.prove(UNPROVEN_LIMIT_MS);
  }

  /** The segments of this call, each when the target is ready for it. */
  private async *segments(): AsyncGenerator<SpoolSegment, void, undefined> {
    const { spooled, pace } = this.feed;
    for (;;) {
      const next = await this.next();
      if (next) await this.pause(pace.waitMs(next.contractCount, this.tuning));
      if (this.broken) throw this.broken.reason;
      if (!next || !this.mayTake(next)) return;
      spooled.segments.take();
      yield next;
    }
  }

  /** Undefined after the last, and if the call is to end without it. */
  private async next(): Promise<SpoolSegment | undefined> {
    const { segments } = this.feed.spooled;
    try {
      const next = segments.peek();
      return await (this.sent.contractCount === 0 ? next : Promise.race([next, this.woken]));
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private async pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    const timer = delay(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
    await Promise.race([timer, this.woken]);
  }

  /** A call has at least one segment: there is none without contracts. */
  private mayTake({ contractCount, recordBytes }: SpoolSegment): boolean {
    if (this.sent.contractCount === 0) return true;
    const { pace, left } = this.feed;
    const size = pace.sizeOf(this.tuning);
    const isLastButOne = left <= size && left > 2 * LAST_CONTRACTS;
    const most = isLastButOne ? left - LAST_CONTRACTS : size;
    const fits = this.sent.contractCount + contractCount <= most;
    return !this.isCut && fits && this.recordBytes + recordBytes <= MAX_RECORD_BYTES;
  }

  /** Keeps the right to go on, and asks whether to, until everything is sent. */
  private async attend(): Promise<void> {
    const { fencing, pace } = this.feed;
    const { signal } = this.over;
    while (!signal.aborted) {
      const [tuning] = await Promise.all([fencing.readTuning(), fencing.prove(UNPROVEN_LIMIT_MS)]);
      this.tuning = tuning;
      if (tuning.isPaused || pace.seconds >= tuning.targetSeconds) this.cut();
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private cut(): void {
    this.isCut = true;
    this.wake();
  }

  private breakOff(reason: unknown): void {
    this.broken ??= { reason };
    this.wake();
  }

  /** What was sent is to be committed and recorded first. */
  private fail(error: unknown): void {
    this.failure = error;
    if (this.sent.contractCount === 0) throw error;
  }
}
