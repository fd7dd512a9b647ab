import { cancellationSignal } from '@temporalio/activity';

import { refused } from '../../model/failure.js';
import type { AcsChange } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/** Whose contracts are meant, on which synchronizer (logical id). */
export interface ContractsOf {
  parties: string[];
  synchronizerId: string;
}

/** Kept by their ids, which take some 200 MB. */
const MAX_PURGED = 1_000_000;

/** Returns the contracts that a repair of this node alone purged in the range, and none brought back. */
export async function findPurged(
  node: ParticipantReads,
  contracts: ContractsOf,
  range: { beginExclusive: string; endInclusive: string },
): Promise<string[]> {
  const purged = new Set<string>();
  for await (const { created, archived, isPurge } of changesIn(node, contracts, range)) {
    for (const { contractId } of created) purged.delete(contractId);
    for (const contractId of isPurge ? archived : []) purged.add(contractId);
    if (purged.size > MAX_PURGED)
      throw refused('TooManyContracts', `a repair purged more than ${MAX_PURGED} contracts`);
  }
  return [...purged];
}

/** Returns the offset of the first transaction in the range that created, archived, imported or purged a contract. */
export async function findContractChange(
  node: ParticipantReads,
  contracts: ContractsOf,
  range: { beginExclusive: string; endInclusive: string },
): Promise<string | undefined> {
  for await (const { offset, created, archived } of changesIn(node, contracts, range))
    if (created.length + archived.length > 0) return offset;
  return undefined;
}

function changesIn(
  { ledger }: ParticipantReads,
  { parties, synchronizerId }: ContractsOf,
  range: { beginExclusive: string; endInclusive: string },
): AsyncIterable<AcsChange> {
  return ledger.scanChanges({
    parties,
    synchronizerId,
    renameTo: synchronizerId,
    excludedStakeholders: [],
    ...range,
    signal: cancellationSignal(),
  });
}
