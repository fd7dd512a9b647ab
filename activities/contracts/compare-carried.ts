import { log } from '@temporalio/activity';

import type { Side } from '../../acs/carried-digest.js';
import { compare } from '../../acs/comparison.js';
import { digestExport } from '../../acs/digest-stream.js';
import type { AcsDigest } from '../../model/acs.js';
import { progress } from '../attempt/progress.js';
import { workSignal } from '../hosting/isolation-monitor.js';
import type { Participants } from '../nodes/participants.js';
import { CarriedDigests } from './carried-digests.js';
import {
  assertSameExport,
  checkDisconnected,
  copyOf,
  isSince,
  targetOffsetOf,
  type ComparedDigests,
  type CompareInput,
} from './compare-input.js';
import { exportSharedWith } from './export-source.js';
import type { Spool } from './spooling.js';

/**
 * Compares the digests that were carried along since the copy. Nothing if they cannot be, or are not equal: then exports of
 * both nodes have to tell what differs.
 */
export async function compareCarried(
  participants: Participants,
  spool: Spool,
  input: CompareInput,
): Promise<ComparedDigests | undefined> {
  const copy = copyOf(input);
  if (!copy) return undefined;
  await checkDisconnected(participants, input);
  const targetLedgerEnd = await targetOffsetOf(participants, input);
  const digests = new CarriedDigests(participants, spool, copy);
  const reading = { signal: workSignal(), onProgress: changesRead() };
  const carried = async (side: Side, offset: string) => {
    const digest = await digests.carry(side, offset, reading);
    return digest && withShared(participants, input, side, { digest, offset });
  };
  const source = await carried('source', input.offset);
  const target = source && (await carried('target', targetLedgerEnd));
  if (!target) return undefined;
  assertSameExport(input, source);
  await checkDisconnected(participants, input);
  const comparison = compare(source, target);
  if (comparison.isEqual) return { source, target, comparison, targetLedgerEnd };
  log.warn('what changed since the copy leaves a difference, both nodes are exported');
  return undefined;
}

/** A live copy leaves out what the target has already, which is compared once both serve. */
async function withShared(
  participants: Participants,
  input: CompareInput,
  side: Side,
  { digest, offset }: { digest: AcsDigest; offset: string },
): Promise<AcsDigest> {
  const { excludedStakeholders: sharedWith = [] } = input.copied ?? {};
  if (!isSince(input) || sharedWith.length === 0) return digest;
  const signal = workSignal();
  const shared = exportSharedWith(participants, input, side, { sharedWith, offset, signal });
  return digestExport(shared, {
    parties: input.parties,
    targetSynchronizerId: input.synchronizers.target,
    signal,
    from: digest,
  });
}

function changesRead(): (changed: number) => void {
  let changed = 0;
  progress(() => ({ changed }));
  return (count) => (changed = count);
}
