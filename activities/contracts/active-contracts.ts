import { cancellationSignal } from '@temporalio/activity';

import { firstOf } from '../../model/count.js';
import type { ActiveContractSummary, IncompleteReassignment } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';

/** Whose part of the ACS is read, and as of when. */
export interface ScannedAcs {
  parties: string[];
  /** Decimal int64; without it, the ledger end of now. */
  offset?: string;
  /** What the scan is for: heartbeats say so, with the count of entries so far. */
  waitingFor?: string;
}

/**
 * Yields each entry of the ACS once, in lists of what has arrived, until the activity is cancelled. Nobody's, or one at
 * offset 0, is empty and not read.
 */
export async function* scanAcs(
  { ledger }: ParticipantReads,
  { parties, offset: given, waitingFor }: ScannedAcs,
): AsyncGenerator<(ActiveContractSummary | IncompleteReassignment)[], void, undefined> {
  if (parties.length === 0) return;
  const offset = given ?? (await ledger.readLedgerEnd());
  if (offset === '0') return;
  let scanned = 0;
  if (waitingFor !== undefined) progress(() => ({ waitingFor, scanned }));
  for await (const entries of ledger.scanActiveContracts({
    parties,
    offset,
    signal: cancellationSignal(),
  })) {
    scanned += entries.length;
    yield entries;
  }
}

/** Yields each contract of the ACS once, one by one, where {@link scanAcs} does, and no incomplete reassignments. */
export async function* scanContracts(
  node: ParticipantReads,
  acs: ScannedAcs,
): AsyncGenerator<ActiveContractSummary, void, undefined> {
  for await (const entries of scanAcs(node, acs))
    for (const entry of entries) if ('contractId' in entry) yield entry;
}

/** How many ids are kept to show. */
const SHOWN = 5;

/** Contracts that were found: how many there are, and the first of them to show. */
export class FoundContracts {
  count = 0;
  /** Ids of the first ones. */
  readonly first: string[] = [];

  constructor(private readonly limit = SHOWN) {}

  add(contractId: string): void {
    this.count += 1;
    if (this.first.length < this.limit) this.first.push(contractId);
  }

  /** The first ids, and how many more there are. */
  get named(): string {
    return firstOf(this.first.slice(0, SHOWN), this.count);
  }
}
