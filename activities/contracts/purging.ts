import type { ActiveContractSummary } from '../../model/participant.js';
import { readIsolated } from '../nodes/connections.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { scanContracts } from './active-contracts.js';

/** Contract ids in one purge; a request may have 10 MiB. */
const PURGE_AT_ONCE = 10_000;

/** The contracts of these parties at the ledger end of now of which `has` is true. */
export interface ContractSelection {
  parties: string[];
  has: (contract: ActiveContractSummary) => boolean;
}

/** Ensures that the target, which has to be disconnected, holds none of these contracts. Returns how many it purged. */
export async function purgeContracts(
  target: Participant,
  alias: string,
  selection: ContractSelection,
): Promise<number> {
  let purged = 0;
  for await (const contractIds of selectedContracts(target, selection)) {
    await readIsolated(target);
    await target.repair.purgeContracts(alias, contractIds);
    purged += contractIds.length;
    progress({ purged });
  }
  return purged;
}

/** The ids of these contracts, {@link PURGE_AT_ONCE} at a time. */
export async function* selectedContracts(
  node: ParticipantReads,
  { parties, has }: ContractSelection,
): AsyncGenerator<string[], void, undefined> {
  let batch: string[] = [];
  for await (const contract of scanContracts(node, { parties })) {
    if (!has(contract)) continue;
    progress({ found: batch.push(contract.contractId) });
    if (batch.length < PURGE_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
