import type { ActiveContractSummary } from '../../model/participant.js';
import { IdHashes } from './id-hashes.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { scanContracts } from './active-contracts.js';

/** `mig-<beginning of a plan's hash>-…`. An application may give its commands ids that begin with `mig-` too. */
const IMPORT = /^mig-[0-9a-f]{16}-/;

/** Whether a migration brought the contract to its node, whichever one: no ledger transaction created it there. */
export function isImported({ workflowId }: Pick<ActiveContractSummary, 'workflowId'>): boolean {
  return IMPORT.test(workflowId);
}

/** The contracts that the migration with this prefix of workflow ids brought to their node. */
export function isImportedBy(workflowIdPrefix: string) {
  return ({ workflowId }: Pick<ActiveContractSummary, 'workflowId'>) =>
    workflowId.startsWith(`${workflowIdPrefix}-`);
}

/**
 * Returns the active contracts that ledger transactions created on the target itself: nobody else may have them, and no
 * purge is to take them. Those up to `planned`, the ledger end that a plan counted a parked node's contracts at, are left
 * out: the source took them over when the node was parked, so one that the source lacks has been archived since.
 */
export async function createdOnTarget(
  target: ParticipantReads,
  {
    synchronizerId,
    planned = '0',
    ...of
  }: { parties: string[]; synchronizerId: string; offset: string; planned?: string },
): Promise<IdHashes> {
  const ids = new IdHashes();
  const waitingFor = 'contracts that the target created itself';
  for await (const contract of scanContracts(target, { ...of, waitingFor })) {
    if (contract.synchronizerId !== synchronizerId || isImported(contract)) continue;
    if (BigInt(contract.createdAtOffset) > BigInt(planned)) ids.add(contract.contractId);
  }
  return ids;
}
