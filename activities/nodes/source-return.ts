import { cancellationSignal } from '@temporalio/activity';

import { firstOf, mismatch } from '../../model/failure.js';
import type { NodeRef, ResourceLimits } from '../../model/participant.js';
import type { PlannedNode } from '../../model/plan.js';
import { ensureConnections, ensureIsolated } from './connections.js';
import { IdHashes } from '../contracts/id-hashes.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Participants } from './participants.js';
import { progress } from '../attempt/progress.js';

/** Contracts that are named of those found. */
const NAMED = 5;

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
  const signal = cancellationSignal();
  const range = { parties, synchronizerId, beginExclusive, endInclusive, signal };
  const used = new IdHashes();
  for await (const contractId of target.ledger.scanUsedContracts(range)) used.add(contractId);
  if (used.size === 0) return;
  const served: string[] = [];
  let count = 0;
  const offset = await source.ledger.readLedgerEnd();
  for await (const entry of source.ledger.scanActiveContracts({ parties, offset, signal }))
    if ('contractId' in entry && used.has(entry.contractId)) {
      count += 1;
      if (served.length < NAMED) served.push(entry.contractId);
    }
  if (count === 0) return;
  throw mismatch(
    'TargetUsed',
    `${target.name} was connected and archived ${count} contracts that ${source.name} has as active and would serve again: ${firstOf(served, count)}`,
  );
}
