import { isDeepStrictEqual } from 'node:util';

import type { AwaitedSignatures } from '../../model/live.js';

/**
 * Between two reports; doubled each time: each is some events of a history, and the wait may last for months.
 */
const FIRST_PAUSE_MS = 60_000;
const MAX_PAUSE_MS = 4 * 60 * 60_000;

/**
 * Tells whose signatures are missing, where that has changed since it was told: soon at first, rarely later.
 */
export class AwaitedReport {
  private pauseMs = FIRST_PAUSE_MS;
  private tellAt = 0;

  constructor(
    /** What is known already. */
    private told: AwaitedSignatures | undefined,
    private readonly tell: (found: AwaitedSignatures) => Promise<void>,
  ) {}

  async update(found: AwaitedSignatures): Promise<void> {
    if (isDeepStrictEqual(found, this.told) || Date.now() < this.tellAt) return;
    this.told = found;
    this.tellAt = Date.now() + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, MAX_PAUSE_MS);
    await this.tell(found);
  }
}
