import { cancellationSignal } from '@temporalio/activity';

import type { ActiveContractSummary } from '../../model/participant.js';
import { IdHashes } from './id-hashes.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';

/** `mig-<beginning of a plan's hash>-…`. An application may give its commands ids that begin with `mig-` too. */
const IMPORT = /^mig-[0-9a-f]{16}-/;

/** Whether a migration brought the contract to its node, whichever one: no ledger transaction created it there. */
export function isImported({ workflowId }: Pick<ActiveContractSummary, 'workflowId'>): boolean {
  return IMPORT.test(workflowId);
}

/**
 * Returns the active contracts that ledger transactions created on the target itself: nobody else may have them, and no
 * purge is to take them. Those up to `planned`, the ledger end that a plan counted a parked node's contracts at, are left
 * out: the source took them over when the node was parked, so one that the source lacks has been archived since.
 */
export async function createdOnTarget(
  { ledger }: ParticipantReads,
  of: { parties: string[]; synchronizerId: string; offset: string; planned?: string },
): Promise<IdHashes> {
  const ids = new IdHashes();
  if (of.offset === '0' || of.parties.length === 0) return ids;
  const planned = BigInt(of.planned ?? '0');
  let scanned = 0;
  progress(() => ({ waitingFor: 'contracts that the target created itself', scanned }));
  const { parties, offset } = of;
  for await (const entry of ledger.scanActiveContracts({
    parties,
    offset,
    signal: cancellationSignal(),
  })) {
    scanned += 1;
    if (!('contractId' in entry) || entry.synchronizerId !== of.synchronizerId) continue;
    if (!isImported(entry) && BigInt(entry.createdAtOffset) > planned) ids.add(entry.contractId);
  }
  return ids;
}
