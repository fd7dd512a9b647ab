import type { AcsDigest } from '../model/acs.js';
import type { ContractIndex } from './contract-index.js';
import { Inspection } from './inspection.js';
import { AcsDigester } from './party-digest.js';
import { scanExport, type ExportSource, type ScanOptions } from './scan.js';

/** What to digest. */
export interface DigestOptions extends ScanOptions {
  parties: readonly string[];
  /** If given, a contract on any other synchronizer is refused. */
  targetSynchronizerId?: string | undefined;
  /** A digest for the same parties, of other contracts, that it goes on from. */
  from?: AcsDigest;
  /** Where it is kept what each contract added. */
  index?: ContractIndex | undefined;
}

/**
 * Returns the digest of an export without storing it: how the target is compared with the source's spool.
 *
 * The caller makes sure that the call ended with status OK before believing it. Fails like `writeSpool`, but
 * refuses only records without a contract and, if asked for, those of another synchronizer.
 */
export async function digestExport(
  source: ExportSource,
  { parties, targetSynchronizerId, from, index, ...scan }: DigestOptions,
): Promise<AcsDigest> {
  const inspection = new Inspection();
  const digester = new AcsDigester(parties, from);

  for await (const reader of scanExport(source, scan)) {
    const { record } = reader;
    while (reader.next()) {
      if (!inspection.checkEvent(record)) continue;
      if (targetSynchronizerId !== undefined) inspection.checkSynchronizer(record, targetSynchronizerId);
      digester.add(record);
      index?.add(record, digester.last);
    }
    if (index?.isFull) await index.flush();
  }
  await index?.flush();
  inspection.finish();
  return digester.result();
}
