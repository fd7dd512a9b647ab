import { mismatch } from '../../model/failure.js';
import type { NodeRef, ResourceLimits } from '../../model/participant.js';
import type { PlannedNode } from '../../model/plan.js';
import { ensureConnections, ensureIsolated } from './connections.js';
import { FoundContracts, scanContracts } from '../contracts/active-contracts.js';
import { readUsed } from '../contracts/used-contracts.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Participants } from './participants.js';
import { progress } from '../attempt/progress.js';

export interface SourceReturn {
  source: NodeRef;
  target: NodeRef;
  /** The target synchronizer, logical id. */
  synchronizerId: string;
  /** Those that move. */
  parties: string[];
  /** Ledger end of the target after the last import, or before the first; absent if it was not disconnected yet. */
  targetLedgerEnd?: string;
  resourceLimits: ResourceLimits;
  connections: PlannedNode['connections'];
}

export function sourceReturnActivities(participants: Participants) {
  return {
    /**
     * Ensures that the source takes commands and is connected as before the migration. Part of the undo.
     *
     * The target is disconnected before, whoever connected it, so that the two never serve at once. Safe to repeat. Fails
     * with `TargetUsed`, and the source stays out of service, if the target archived contracts meanwhile that the source
     * would serve again. Returns how the target stood to its synchronizers before.
     */
    async returnSource(input: SourceReturn): Promise<{ targetConnections: PlannedNode['connections'] }> {
      const source = participants.change(input.source);
      const target = participants.change(input.target);
      progress({ connecting: input.source.name });
      let targetConnections: PlannedNode['connections'] = [];
      if (input.targetLedgerEnd !== undefined) {
        targetConnections = await ensureIsolated(target);
        await assertUnused(source, target, input, input.targetLedgerEnd);
      }
      await source.health.setResourceLimits(input.resourceLimits);
      await ensureConnections(source, input.connections);
      return { targetConnections };
    },
  };
}

async function assertUnused(
  source: ParticipantReads,
  target: ParticipantReads,
  { parties, synchronizerId }: SourceReturn,
  beginExclusive: string,
): Promise<void> {
  const endInclusive = await target.ledger.readLedgerEnd();
  // One that was brought back to an earlier state has used nothing of what was imported.
  if (BigInt(endInclusive) <= BigInt(beginExclusive)) return;
  const used = await readUsed(target, { parties, synchronizerId, beginExclusive, endInclusive });
  if (used.size === 0) return;
  const served = new FoundContracts();
  for await (const { contractId } of scanContracts(source, { parties }))
    if (used.has(contractId)) served.add(contractId);
  if (served.count === 0) return;
  throw mismatch(
    'TargetUsed',
    `${target.name} was connected and archived ${served.count} contracts that ${source.name} has as active and would serve again: ${served.named}`,
  );
}
