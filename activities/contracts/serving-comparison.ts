import { cancellationSignal } from '@temporalio/activity';

import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import type { NodeRef } from '../../model/participant.js';
import { keepConnected, type HostInput } from '../hosting/hosting.js';
import type { Participants } from '../nodes/participants.js';
import type { ParticipantReads } from '../../model/participant-access.js';

/** Offsets of both nodes at one record time. Decimal int64. */
export interface CommonOffsets {
  /** RFC 3339, microseconds. */
  recordTime: string;
  sourceOffset: string;
  targetOffset: string;
}

/** Waits until both nodes have got that far. */
export async function commonOffsets(
  participants: Participants,
  input: HostInput,
  recordTime: string,
): Promise<CommonOffsets> {
  const { source, target, synchronizerId } = input;
  const at = { synchronizerId, recordTime };
  await keepConnected(participants, input);
  // Transient while a node has not got that far: the activity is tried again.
  const sourceOffset = await participants.read(source).onboarding.findOffsetAt(at);
  const targetOffset = await participants.read(target).onboarding.findOffsetAt(at);
  return { recordTime, sourceOffset, targetOffset };
}

/**
 * The time of the last event of the parties on either node since these offsets, repairs of one node included; nothing if
 * there is none. Microseconds in all of them: the later time is the later text.
 */
export async function lastRecordTime(
  participants: Participants,
  { source, target, parties }: HostInput,
  since: { sourceOffset: string; targetOffset: string },
): Promise<{ onSource?: string; last?: string }> {
  const lastOf = async (node: NodeRef, beginExclusive: string) => {
    const { ledger } = participants.read(node);
    const endInclusive = await ledger.readLedgerEnd();
    return ledger.findLastRecordTime({ parties, beginExclusive, endInclusive });
  };
  const onSource = await lastOf(source, since.sourceOffset);
  const onTarget = await lastOf(target, since.targetOffset);
  const [last] = [onSource, onTarget]
    .filter((its) => its !== undefined)
    .sort()
    .reverse();
  return { ...(onSource !== undefined && { onSource }), ...(last !== undefined && { last }) };
}

/**
 * Fails with `EqualityStale` unless both nodes changed the contracts of the parties in the same way since they were
 * compared. Reads only what happened since, so that it can come right before an act.
 */
export async function assertSameSince(
  participants: Participants,
  input: HostInput,
  compared: CommonOffsets,
): Promise<void> {
  const { last } = await lastRecordTime(participants, input, compared);
  if (last === undefined) return;
  const now = await commonOffsets(participants, input, last);
  const onSource = await changedBetween(
    participants.read(input.source),
    input,
    compared.sourceOffset,
    now.sourceOffset,
  );
  const onTarget = await changedBetween(
    participants.read(input.target),
    input,
    compared.targetOffset,
    now.targetOffset,
  );
  const differing = [...onSource, ...onTarget]
    .map(([contractId]) => contractId)
    .filter((contractId) => onSource.get(contractId) !== onTarget.get(contractId));
  if (differing.length === 0) return;
  throw mismatch(
    'EqualityStale',
    `since ${compared.recordTime}, when they were compared, ${input.source.name} and ${input.target.name} have changed ${listed([...new Set(differing)])} in different ways`,
  );
}

/** By contract id: +1 if it is there since, -1 if it is not any more. One that came and went is left out. */
async function changedBetween(
  { ledger }: ParticipantReads,
  { parties, synchronizerId }: HostInput,
  beginExclusive: string,
  endInclusive: string,
): Promise<Map<string, number>> {
  const changed = new Map<string, number>();
  const add = (contractId: string, by: number) => {
    const now = (changed.get(contractId) ?? 0) + by;
    if (now === 0) changed.delete(contractId);
    else changed.set(contractId, now);
  };
  const changes = ledger.scanChanges({
    parties,
    synchronizerId,
    renameTo: synchronizerId,
    excludedStakeholders: [],
    beginExclusive,
    endInclusive,
    signal: cancellationSignal(),
  });
  for await (const { created, archived } of changes) {
    for (const { contractId } of created) add(contractId, 1);
    for (const contractId of archived) add(contractId, -1);
  }
  return changed;
}
