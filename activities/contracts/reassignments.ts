import { cancellationSignal } from '@temporalio/activity';

import { counted, listed } from '../../model/count.js';
import { mismatch, refused } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { Participants } from '../nodes/participants.js';
import { progress } from '../attempt/progress.js';
import { scanAcs } from './active-contracts.js';

export interface ReassignmentInput {
  source: NodeRef;
  /** Those that move. */
  parties: string[];
  /** The source synchronizer, logical id. */
  sourceSynchronizerId: string;
  /** Offset of the source at which the plan was made. Decimal int64. */
  plannedOffset: string;
}

export function reassignmentActivities(participants: Participants) {
  return {
    /**
     * Returns once it is known that no contract of the parties has left the synchronizer since the plan. Fails with
     * `ContractsReassigned`: neither an export nor a comparison of that synchronizer would show them.
     */
    async readReassignments(input: ReassignmentInput): Promise<void> {
      const source = participants.read(input.source);
      const there = await findReassigned(source, input);
      if (there.length === 0) return;
      throw mismatch(
        'ContractsReassigned',
        `${counted(there.length, 'contract')} left ${input.sourceSynchronizerId} since the plan, and ${source.name} has them elsewhere or on their way: ${listed(there)}`,
      );
    },
  };
}

/** Contracts that left the synchronizer since the plan, and that the source has elsewhere now, or on their way. */
export async function findReassigned(
  source: ParticipantReads,
  input: ReassignmentInput,
): Promise<string[]> {
  progress({ reading: 'reassignments since the plan' });
  const endInclusive = await source.ledger.readLedgerEnd();
  const left = await leftSince(source, input, endInclusive);
  return left.size === 0 ? [] : stillThere(source, input, left, endInclusive);
}

/** Kept by their ids, which take some 200 MB. */
const MAX_LEFT = 1_000_000;

/** Contracts that were unassigned from the synchronizer and not assigned back to it. */
async function leftSince(
  { ledger }: ParticipantReads,
  { parties, sourceSynchronizerId, plannedOffset: beginExclusive }: ReassignmentInput,
  endInclusive: string,
): Promise<Set<string>> {
  const left = new Set<string>();
  const signal = cancellationSignal();
  const range = { parties, beginExclusive, endInclusive, signal };
  for await (const { contractId, from, to } of ledger.scanReassignments(range)) {
    if (from === sourceSynchronizerId) left.add(contractId);
    if (left.size > MAX_LEFT)
      throw refused('TooManyContracts', `more than ${MAX_LEFT} contracts left the synchronizer`);
    if (to === sourceSynchronizerId) left.delete(contractId);
  }
  return left;
}

/** Of these, the ones that are not archived meanwhile. */
async function stillThere(
  source: ParticipantReads,
  { parties }: ReassignmentInput,
  left: ReadonlySet<string>,
  offset: string,
): Promise<string[]> {
  const there: string[] = [];
  for await (const entries of scanAcs(source, { parties, offset }))
    for (const entry of entries) {
      const id = 'contractId' in entry ? entry.contractId : entry.incompleteReassignmentOf;
      if (left.has(id)) there.push(id);
    }
  return there;
}
