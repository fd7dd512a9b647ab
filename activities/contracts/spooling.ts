import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Context, log } from '@temporalio/activity';

import { SpoolCipher } from '../../acs/cipher.js';
import type { ManifestReading } from '../../acs/manifest.js';
import { SegmentQueue } from '../../acs/segment-queue.js';
import { findSpool, writeSpool, type SpoolPlace } from '../../acs/spool.js';
import type { AcsProgress, ExportedContracts, SpoolKey, SpoolManifest } from '../../model/acs.js';
import { refused } from '../../model/failure.js';
import type { ActivationGroup } from '../../model/live.js';
import type { NodeRef } from '../../model/participant.js';
import { numbersOfParts } from './export-parts.js';
import { exportOf } from './export-source.js';
import { readImportRules } from './import-rules.js';
import type { Participants } from '../nodes/participants.js';
import { ensureRoom, spoolLimitOf, withBytesNeeded } from './spool-room.js';

/** Which export, and how it is cut. Everything that decides its bytes, and nothing else. */
export interface ExportInput {
  source: NodeRef;
  target: NodeRef;
  planHash: string;
  /** Logical ids. */
  synchronizers: { source: string; target: string };
  /** Of the target synchronizer, where a record says it. */
  protocolVersion?: number;
  /** Ids of the parties that move, in the order of the plan. */
  parties: string[];
  excludedStakeholders: string[];
  /** The same for what is read of the target: contracts that it keeps. */
  keptStakeholders?: string[];
  /** Whether contracts may have stakeholders that do not move. */
  allowsShared: boolean;
  /** Of the source; where parties became active one group after the other, that of the first one. Decimal int64. */
  offset: string;
  /**
   * On the live route: when which of the parties became active, ordered by time. Those that did not are not exported. Each
   * contract is exported as it was when the first of its stakeholders became active.
   */
  activations?: ActivationGroup[];
  /** Contracts in the smallest unit of an import call: part of what a repeated export has to find again. */
  segmentContracts: number;
  /** As many as the plan counted. */
  expectedContracts: number;
}

/** Where a worker keeps exports. */
export interface Spool {
  folder: string;
  /** 32 bytes that seal them. */
  key: Buffer;
}

/** An export while it is spooled, or one that is there already. */
export interface SpooledExport {
  place: SpoolPlace;
  /** Its segments as they come; fails if the export does. */
  segments: SegmentQueue;
  /** Resolves when the participant has ended the export with status OK and all of it is in the spool. */
  complete: Promise<SpoolManifest>;
  received: AcsProgress;
}

/** How an export is made. */
interface ExportMaking {
  signal: AbortSignal;
  /** Calls that it is made in. */
  parts: number;
  /** By what the source is known before it is exported. */
  readLast: () => Promise<SpoolManifest['last']>;
}

/**
 * Returns the manifest of the export's spool on this worker, if all of it is there and intact: of the export in so many
 * parts, or in any number of them.
 */
export async function findManifest(
  spool: Spool,
  input: ExportInput,
  parts?: number,
): Promise<{ made: SpoolManifest; parts: number } | undefined> {
  const numbers = parts === undefined ? numbersOfParts(input.parties.length) : [parts];
  let unusable: ManifestReading | undefined;
  for (const number of numbers) {
    const found = await findSpool(placeOf(spool, input), keyOf(input, number));
    if (found.manifest) return { made: found.manifest, parts: number };
    if (found.reason === 'absent') return undefined;
    unusable = found;
  }
  log.warn('the spool cannot be used, the export is made again', { ...unusable });
  return undefined;
}

/**
 * Begins to spool the export, or takes the spool that is there: it is a cache, the offset is the truth.
 *
 * Ends with `signal`; `complete` has to be awaited then.
 */
export async function beginExport(
  participants: Participants,
  spool: Spool,
  input: ExportInput,
  { signal, parts, readLast }: ExportMaking,
): Promise<SpooledExport> {
  const place = placeOf(spool, input);
  const segments = new SegmentQueue();
  const found = await findManifest(spool, input, parts);
  if (found) {
    const { made: manifest } = found;
    for (const segment of manifest.segments) segments.push(segment);
    segments.end();
    const received = { contractCount: manifest.total.contractCount, exportBytes: manifest.exportBytes };
    return { place, segments, complete: Promise.resolve(manifest), received };
  }
  await ensureRoom(spool.folder, input.expectedContracts);
  const [rules, last] = await Promise.all([readImportRules(participants, input), readLast()]);
  const source = await exportOf(participants, input, 'source', { signal, parts });
  const received: AcsProgress = { contractCount: 0, exportBytes: 0 };
  const complete = withBytesNeeded(
    spool.folder,
    input.expectedContracts,
    writeSpool(source, place, {
      key: keyOf(input, parts),
      owner: Context.current().info.workflowExecution?.workflowId ?? '',
      parties: input.parties,
      ...rules,
      segmentContracts: input.segmentContracts,
      maxContracts: maxContractsOf(input),
      ...(last && { last }),
      limitBytes: spoolLimitOf(input.expectedContracts),
      signal,
      onProgress: (progress) => Object.assign(received, progress),
      onSegment: (segment) => segments.push(segment),
    }),
  );
  complete.then(
    () => segments.end(),
    (error: unknown) => segments.end(error),
  );
  return { place, segments, complete, received };
}

/** Clients go on after the plan; an export of many times as much is none of what was approved. */
export function maxContractsOf({ expectedContracts }: Pick<ExportInput, 'expectedContracts'>): number {
  return 2 * expectedContracts + 100_000;
}

export function exportedOf({ total, exportBytes }: SpoolManifest): ExportedContracts {
  return { total, exportBytes };
}

/** One folder per plan and offset, so that a worker can serve several migrations. */
export function placeOf(spool: Spool, input: { planHash: string; offset: string }): SpoolPlace {
  // They become part of a path.
  for (const [field, pattern] of [
    ['planHash', /^[0-9a-f]{64}$/],
    ['offset', /^\d+$/],
  ] as const)
    if (!pattern.test(input[field]))
      throw refused('NotPlanned', `${field}: found ${input[field]}, expected ${pattern.source}`);
  return {
    folder: join(spool.folder, `${input.planHash.slice(0, 16)}-${input.offset}`),
    cipher: new SpoolCipher(spool.key),
  };
}

/** What tells one copy from another, in however many parts it was exported. */
export function copyKeyOf(input: ExportInput): string {
  return keyOf(input, 1).partiesHash;
}

function keyOf(input: ExportInput, parts: number): SpoolKey {
  const { excludedStakeholders, allowsShared, segmentContracts } = input;
  const { activations: when } = input;
  const cut = [input.parties, excludedStakeholders, allowsShared, segmentContracts, parts, when];
  return {
    offset: input.offset,
    sourceUid: input.source.uid,
    synchronizerId: input.synchronizers.target,
    partiesHash: createHash('sha256').update(JSON.stringify(cut)).digest('hex'),
  };
}
