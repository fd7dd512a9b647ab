import type { Side } from '../../acs/carried-digest.js';
import { compare, type ComparedSides } from '../../acs/comparison.js';
import type { ContractIndex } from '../../acs/contract-index.js';
import { digestExport } from '../../acs/digest-stream.js';
import type { ExportSource } from '../../acs/scan.js';
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
import { inParts } from './export-parts.js';
import { exportOf } from './export-source.js';
import { findManifest, maxContractsOf, type Spool } from './spooling.js';

export type ComparedContracts = ComparedDigests & ComparedSides;

/** Reads both sides, at the same time if the source's digest is not known from its spool. */
export async function compareExports(
  participants: Participants,
  spool: Spool,
  input: CompareInput,
): Promise<ComparedContracts> {
  await checkDisconnected(participants, input);
  const targetLedgerEnd = await targetOffsetOf(participants, input);
  const signal = workSignal();
  const sourceExport = (parts: number) => exportOf(participants, input, 'source', { signal, parts });
  const targetExport = (parts: number) =>
    exportOf(participants, input, 'target', { signal, offset: targetLedgerEnd, parts });
  const carrying = carryingFrom(participants, spool, input);
  const digest = (
    of: { side: Side; offset: string; exported: ExportSource },
    onProgress?: (read: { contractCount: number }) => void,
  ) => {
    const read = (index?: ContractIndex) =>
      digestExport(of.exported, {
        parties: input.parties,
        targetSynchronizerId: input.synchronizers.target,
        signal,
        maxContracts: maxContractsOf(input),
        onProgress,
        index,
      });
    return carrying ? carrying.beginAt(of.side, of.offset, read) : read();
  };
  const spooled = await findManifest(spool, input);
  const partyCount = input.parties.length;
  const [onSource, onTarget] = await Promise.all([
    spooled ??
      inParts(partyCount, async (parts) =>
        digest({ side: 'source', offset: input.offset, exported: await sourceExport(parts) }),
      ),
    inParts(partyCount, async (parts) =>
      digest(
        { side: 'target', offset: targetLedgerEnd, exported: await targetExport(parts) },
        reading(input),
      ),
    ),
  ]);
  const [source, target] = [onSource.made, onTarget.made];
  assertSameExport(input, source);
  await checkDisconnected(participants, input);
  const comparison = compare(source, target);
  return {
    source,
    target,
    sourceExport: () => sourceExport(onSource.parts),
    targetExport: () => targetExport(onTarget.parts),
    signal,
    comparison,
    targetLedgerEnd,
  };
}

/** From what is exported here later comparisons are carried on; not on the live route, of a copy and what came since. */
function carryingFrom(participants: Participants, spool: Spool, input: CompareInput) {
  const copy = isSince(input) ? undefined : copyOf(input);
  return copy && new CarriedDigests(participants, spool, copy);
}

/** Reports how far the comparison is, how fast, and how long it still takes. */
function reading({ expectedContracts }: CompareInput): (read: { contractCount: number }) => void {
  const startedAt = Date.now();
  let compared = 0;
  progress(() => {
    const perSecond = Math.round((compared * 1000) / Math.max(1, Date.now() - startedAt));
    const left = Math.max(0, expectedContracts - compared);
    return {
      compared,
      of: Math.max(expectedContracts, compared),
      perSecond,
      ...(perSecond > 0 && { etaSeconds: Math.ceil(left / perSecond) }),
    };
  });
  return ({ contractCount }) => (compared = contractCount);
}
