import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';

import { readManifest } from '../acs/manifest.js';
import { writeSpool } from '../acs/spool.js';
import type { ExportedContracts, SpoolManifest } from '../model/acs.js';
import { EMPTY_SNAPSHOT } from './connections.js';
import type { Participants } from './index.js';
import { progress } from './progress.js';

/** Which export, and how it is cut. Everything that decides its bytes, and nothing else. */
export interface ExportInput {
  source: string;
  target: string;
  sourceUid: string;
  planHash: string;
  /** Logical ids. */
  synchronizers: { source: string; target: string };
  /**
   * The parties that move, in the order of the plan, without their common namespace: this travels with every
   * shard, so it is kept short.
   */
  partyNames: string[];
  namespace: string;
  excludedStakeholders: string[];
  /** Whether contracts may have stakeholders that do not move. */
  allowsShared: boolean;
  /** Decimal int64. */
  pinnedOffset: string;
  shardContracts: number;
}

/**
 * Returns the manifest of the export's spool on this worker, exporting again if it is not there, incomplete or
 * damaged: the spool is a cache, the pinned offset is the truth.
 */
export async function ensureSpool(
  participants: Participants,
  spoolFolder: string,
  input: ExportInput,
): Promise<SpoolManifest> {
  const folder = spoolFolderOf(spoolFolder, input);
  const parties = exportedParties(input);
  const key = {
    pinnedOffset: input.pinnedOffset,
    sourceUid: input.sourceUid,
    synchronizerId: input.synchronizers.target,
    partiesHash: createHash('sha256')
      .update(
        JSON.stringify([parties, input.excludedStakeholders, input.allowsShared, input.shardContracts]),
      )
      .digest('hex'),
  };
  const { manifest } = await readManifest(folder, key);
  if (manifest) return manifest;
  const signal = cancellationSignal();
  const packageIds = new Set(await participants(input.target).packages.listPackageIds());
  return writeSpool(exportOfSource(participants, input, signal), {
    folder,
    key,
    parties,
    ...(!input.allowsShared && { onlyParties: new Set(parties) }),
    shardContracts: input.shardContracts,
    targetSynchronizerId: input.synchronizers.target,
    packageIds,
    signal,
    onProgress: progress,
    // The chunks of a call that does not end with status OK throw before the last one.
    finished: () => Promise.resolve(),
  });
}

/** The source's ACS at the pinned offset, renamed to the target synchronizer. */
function exportOfSource(participants: Participants, input: ExportInput, signal: AbortSignal) {
  if (input.pinnedOffset === '0' || input.partyNames.length === 0) return emptyExport();
  return participants(input.source).repair.exportAcs({
    parties: exportedParties(input),
    synchronizerId: input.synchronizers.source,
    offset: input.pinnedOffset,
    renameTo: input.synchronizers.target,
    excludedStakeholders: input.excludedStakeholders,
    signal,
  });
}

export function exportedOf({ shards, total, parties, exportBytes }: SpoolManifest): ExportedContracts {
  return { shardCount: shards.length, total, parties, exportBytes };
}

/** Ids of the parties that move, in the order of the plan. */
export function exportedParties({ partyNames, namespace }: ExportInput): string[] {
  return partyNames.map((name) => `${name}::${namespace}`);
}

/** One folder per plan and offset, so that a worker can serve several migrations. */
export function spoolFolderOf(
  spoolFolder: string,
  input: { planHash: string; pinnedOffset: string },
): string {
  return join(spoolFolder, `${input.planHash.slice(0, 16)}-${input.pinnedOffset}`);
}

/** The export of nothing: a ledger that never had an event, or no party. */
export async function* emptyExport(): AsyncGenerator<Uint8Array> {
  yield EMPTY_SNAPSHOT;
}
