import { log } from '@temporalio/activity';

import type { CopyCheckpoint } from '../../model/acs.js';
import type { CarriedDigests } from './carried-digests.js';

/** Of what is copied, so much is imported while what is there before is exported: an import takes that much longer. */
const LATE = 0.15;

/**
 * Reads what the target was given before a copy is over, so that little is left to be read then: all of it by one export when
 * the last calls are made, and from there on what the update stream shows.
 */
export class TargetFollower {
  private wanted: string | undefined;
  private before = 0;
  private isBegun = false;
  private following: Promise<void> | undefined;
  private readonly over = new AbortController();

  constructor(
    private readonly digests: CarriedDigests,
    private readonly signal: AbortSignal,
  ) {}

  /** So much is on the target now, of about `of` contracts. */
  follow({ targetLedgerEnd, contractCount }: CopyCheckpoint, of: number): void {
    const left = of - contractCount;
    const next = contractCount - this.before;
    this.before = contractCount;
    if (!this.isBegun && (left <= 0 || left > next + LATE * of)) return;
    this.wanted = targetLedgerEnd;
    this.following ??= this.run().finally(() => (this.following = undefined));
  }

  /** Returns once nothing is read any more; what is left is read by who compares. */
  async end(): Promise<void> {
    this.over.abort(new Error('the copy has ended'));
    await this.following;
  }

  private async run(): Promise<void> {
    const signal = AbortSignal.any([this.signal, this.over.signal]);
    try {
      while (this.wanted !== undefined && !signal.aborted) {
        const to = this.wanted;
        this.wanted = undefined;
        // Once begun it is worth its end: whoever compares would have to begin again.
        if (this.isBegun) await this.digests.carry('target', to, { signal });
        else await this.digests.begin('target', to, this.signal);
        this.isBegun = true;
      }
    } catch (error) {
      if (!signal.aborted)
        log.warn('what the target was given is read when both are compared', { error });
    }
  }
}
