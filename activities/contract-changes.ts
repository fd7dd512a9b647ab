import { cancellationSignal } from '@temporalio/activity';

import type { ParticipantReads } from './participant.js';

/** Whose contracts are meant, on which synchronizer (logical id). */
export interface ContractsOf {
  parties: string[];
  synchronizerId: string;
}

/** Returns the offset of the first transaction in the range that created, archived, imported or purged a contract. */
export async function findContractChange(
  { ledger }: ParticipantReads,
  { parties, synchronizerId }: ContractsOf,
  range: { beginExclusive: string; endInclusive: string },
): Promise<string | undefined> {
  const changes = ledger.scanChanges({
    parties,
    synchronizerId,
    renameTo: synchronizerId,
    excludedStakeholders: [],
    ...range,
    signal: cancellationSignal(),
  });
  for await (const { offset, created, archived } of changes)
    if (created.length + archived.length > 0) return offset;
  return undefined;
}
