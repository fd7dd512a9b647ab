import { cancellationSignal } from '@temporalio/activity';

import { listed, refused } from '../../model/failure.js';
import type { ActiveContractSummary } from '../../model/participant.js';
import type { Finding, MigrationPlan } from '../../model/plan.js';
import { archivedBefore } from '../../canton/refusals.js';
import { IdHashes } from './id-hashes.js';
import type { Participants } from '../nodes/participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { exportedParties, type ExportInput } from './spooling.js';

/** How many ids are kept to show. */
const SHOWN = 20;

/** What the source has and the target used, after an earlier import. */
export interface UsedCount {
  count: number;
  contractIds: string[];
  /** Those of the parties that move. */
  parties: Set<string>;
}

/**
 * Reads which contracts of the parties a target used; `visit` is to be shown those of the source, and counts in `used`.
 *
 * A participant never imports what it archived itself (admin-api 2.3); what was purged there it does. Memory is 16 bytes
 * for each contract used, and a target that never had the parties reads nothing. What was pruned does not show.
 */
export async function countUsed(
  { ledger }: ParticipantReads,
  { moved, synchronizerId }: { moved: string[]; synchronizerId: string },
): Promise<{ used: UsedCount; visit: (contract: ActiveContractSummary) => void }> {
  const ids = new IdHashes();
  const ended = ledger.scanUsedContracts({
    parties: moved,
    synchronizerId,
    beginExclusive: await ledger.readPrunedOffset(),
    endInclusive: await ledger.readLedgerEnd(),
    signal: cancellationSignal(),
  });
  for await (const contractId of ended) {
    ids.add(contractId);
    if (ids.size % 1000 === 0) progress({ usedOnTarget: ids.size });
  }
  const isMoved = new Set(moved);
  const used: UsedCount = { count: 0, contractIds: [], parties: new Set() };
  const visit = ({ contractId, stakeholders }: ActiveContractSummary) => {
    if (!ids.has(contractId)) return;
    used.count += 1;
    if (used.contractIds.length < SHOWN) used.contractIds.push(contractId);
    for (const party of stakeholders) if (isMoved.has(party)) used.parties.add(party);
  };
  return { used, visit };
}

/** What would make the import fail in the middle of the freeze. */
export function usedObstacles({ source, target }: MigrationPlan, used?: UsedCount): Finding[] {
  if (!used || used.count === 0) return [];
  const { count, contractIds, parties } = used;
  return [
    {
      type: 'ContractsUsedOnTarget',
      what: `${target.name} had ${count} contracts before that are active on ${source.name}, archived them itself, and will not take them back: ${listed(contractIds)}, of ${listed([...parties])}`,
      cure: 'leave these parties out of the request, or use a target that never had their contracts',
    },
  ];
}

/**
 * Imports contracts of an export into the target. Fails with `ContractUsedOnTarget`, and says whose contract it is, where the
 * target used one of them before; else as the participant does.
 */
export async function importContracts(
  participants: Participants,
  input: ExportInput,
  shard: { chunks: AsyncIterable<Uint8Array>; workflowIdPrefix: string },
): Promise<void> {
  try {
    await participants.change(input.target).repair.importAcs({
      ...shard,
      synchronizerId: input.synchronizers.target,
      mode: 'validation',
      signal: cancellationSignal(),
    });
  } catch (error) {
    const used = archivedBefore(error);
    throw used === undefined ? error : await usedBefore(participants.read(input.source), input, used);
  }
}

async function usedBefore(
  { ledger }: ParticipantReads,
  input: ExportInput,
  contractId: string,
): Promise<Error> {
  const { source, target } = input;
  const parties = exportedParties(input);
  const offset = await ledger.readLedgerEnd();
  let whose: string[] = [];
  const contracts = ledger.scanActiveContracts({ parties, offset, signal: cancellationSignal() });
  for await (const entry of contracts) {
    if (!('contractId' in entry) || entry.contractId !== contractId) continue;
    whose = entry.stakeholders.filter((party) => parties.includes(party));
    break;
  }
  return refused(
    'ContractUsedOnTarget',
    `${target.name} does not take contract ${contractId} of ${listed(whose) || 'a party that moves'}, which is active on ${source.name}: ` +
      `${target.name} had it before and archived it, and a participant never takes such a contract back`,
  );
}
