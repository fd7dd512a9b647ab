import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { FrameReader } from './framing.js';
import { Inspection, type ImportRules } from './inspection.js';
import { ContractRecord } from './record.js';

const pack = promisify<Buffer, object, Buffer>(gzip);

/**
 * Returns the snapshot of a few records, held in memory, after they were inspected as those of an export are.
 *
 * Fails as `ContractRecord` and `Inspection` do.
 */
export async function packRecords(records: readonly Uint8Array[], rules: ImportRules): Promise<Buffer> {
  const frames = new FrameReader();
  const record = new ContractRecord();
  const inspection = new Inspection();
  for (const framed of records) {
    frames.feed(framed);
    while (frames.next()) {
      record.decode(frames);
      inspection.checkImport(record, rules);
    }
  }
  frames.finish();
  inspection.finish();
  return pack(Buffer.concat(records), { level: 1 });
}
