import { log } from '@temporalio/activity';

import type { CopyCheckpoint } from '../../model/acs.js';
import { currentFencing } from '../attempt/fencing.js';
import type { CopyInput } from './copy.js';
import { moreParts } from './export-parts.js';

/** Exports in a row that broke off before one is made in more parts. */
const BROKEN_OFF_LIMIT = 2;
/** The sum of no digests. */
export const NO_CONTRACTS = '0'.repeat(64);

/**
 * Where an attempt goes on: where the one before stood. After two exports in a row that broke off it begins again, with an
 * export in twice as many parts: a network that failed once is no reason, and what is on the target is skipped there.
 */
export function startOf(input: CopyInput): CopyCheckpoint {
  const { targetLedgerEnd, checkpoint } = input;
  const at: CopyCheckpoint = currentFencing().recorded.checkpoint ??
    checkpoint ?? { contractCount: 0, digest: NO_CONTRACTS, targetLedgerEnd, callCount: 0 };
  const parts = moreParts(at.parts ?? 1, input.parties.length);
  if ((at.brokenOff ?? 0) < BROKEN_OFF_LIMIT || parts === undefined) return at;
  log.warn('the export broke off again, it is made in more parts', { parts });
  return { ...at, contractCount: 0, digest: NO_CONTRACTS, parts, brokenOff: 0 };
}

/** Counts one more export that broke off, and says whether it could not be made in more parts. */
export function withBreak(
  at: CopyCheckpoint,
  input: CopyInput,
): { at: CopyCheckpoint; isFinal: boolean } {
  const brokenOff = (at.brokenOff ?? 0) + 1;
  const more = moreParts(at.parts ?? 1, input.parties.length);
  const isFinal = brokenOff >= BROKEN_OFF_LIMIT && more === undefined;
  // Whoever resumes has raised the limit: it is tried twice again.
  return { at: { ...at, brokenOff: isFinal ? 0 : brokenOff }, isFinal };
}
