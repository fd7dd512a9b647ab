import { cancellationSignal } from '@temporalio/activity';

import { listed } from '../../model/count.js';
import { refused } from '../../model/failure.js';
import type { ActiveContractSummary, ImportMode } from '../../model/participant.js';
import type { Finding, MigrationPlan } from '../../model/plan.js';
import { archivedBefore } from '../../canton/refusals.js';
import { FoundContracts, scanContracts } from './active-contracts.js';
import { IdHashes } from './id-hashes.js';
import type { Participants } from '../nodes/participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { when } from '../plan/finding.js';
import { progress } from '../attempt/progress.js';
import { workSignal } from '../hosting/isolation-monitor.js';
import { type ExportInput } from './spooling.js';

/** What the source has and the target used, after an earlier import. */
export interface UsedCount {
  contracts: FoundContracts;
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
  target: ParticipantReads,
  { moved, synchronizerId }: { moved: string[]; synchronizerId: string },
): Promise<{ used: UsedCount; visit: (contract: ActiveContractSummary) => void }> {
  const ids = await readUsed(target, {
    parties: moved,
    synchronizerId,
    beginExclusive: await target.ledger.readPrunedOffset(),
    endInclusive: await target.ledger.readLedgerEnd(),
  });
  const isMoved = new Set(moved);
  const used: UsedCount = { contracts: new FoundContracts(), parties: new Set() };
  const visit = ({ contractId, stakeholders }: ActiveContractSummary) => {
    if (!ids.has(contractId)) return;
    used.contracts.add(contractId);
    for (const party of stakeholders) if (isMoved.has(party)) used.parties.add(party);
  };
  return { used, visit };
}

/** Reads which contracts a participant archived itself in a range. */
export async function readUsed(
  { ledger }: ParticipantReads,
  range: { parties: string[]; synchronizerId: string; beginExclusive: string; endInclusive: string },
): Promise<IdHashes> {
  const ids = new IdHashes();
  for await (const contractId of ledger.scanUsedContracts({ ...range, signal: cancellationSignal() })) {
    ids.add(contractId);
    if (ids.size % 1000 === 0) progress({ usedOnTarget: ids.size });
  }
  return ids;
}

/** What would make the import fail in the middle of the freeze. */
export function usedObstacles({ source, target }: MigrationPlan, used?: UsedCount): Finding[] {
  if (!used) return [];
  const { contracts, parties } = used;
  return when(contracts.count > 0, {
    type: 'ContractsUsedOnTarget',
    what: `${target.name} had ${contracts.count} contracts before that are active on ${source.name}, archived them itself, and will not take them back: ${contracts.named}, of ${listed([...parties])}`,
    cure: 'leave these parties out of the request, or use a target that never had their contracts',
  });
}

/**
 * Imports contracts of an export into the target. Fails with `ContractUsedOnTarget`, and says whose contract it is, where the
 * target used one of them before; else as the participant does.
 */
export async function importContracts(
  participants: Participants,
  input: ExportInput & { importMode?: ImportMode },
  shard: { chunks: AsyncIterable<Uint8Array>; workflowIdPrefix: string },
): Promise<void> {
  try {
    await participants.change(input.target).repair.importAcs({
      ...shard,
      synchronizerId: input.synchronizers.target,
      mode: input.importMode ?? 'validation',
      onboardedParties: input.parties,
      signal: workSignal(),
    });
  } catch (error) {
    const used = archivedBefore(error);
    throw used === undefined ? error : await usedBefore(participants.read(input.source), input, used);
  }
}

async function usedBefore(
  source: ParticipantReads,
  input: ExportInput,
  contractId: string,
): Promise<Error> {
  const parties = input.parties;
  let whose: string[] = [];
  for await (const contract of scanContracts(source, { parties })) {
    if (contract.contractId !== contractId) continue;
    whose = contract.stakeholders.filter((party) => parties.includes(party));
    break;
  }
  return refused(
    'ContractUsedOnTarget',
    `${input.target.name} does not take contract ${contractId} of ${listed(whose) || 'a party that moves'}, which is active on ${input.source.name}: ` +
      `${input.target.name} had it before and archived it, and a participant never takes such a contract back`,
  );
}
