import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import type { SpoolSegment } from '../model/acs.js';
import { combineCrc32 } from './crc32.js';
import type { FrameReader } from './framing.js';
import { ContractSetSum } from './party-digest.js';

/** A segment is closed at this size even if it may hold more contracts. */
export const MAX_SEGMENT_BYTES = 8 * 1024 * 1024;

/**
 * The fastest level: written once, read once or twice, then removed. Ends on a byte without closing the stream, and
 * the next segment refers to nothing before it, so that segments in a row are one deflate stream.
 */
const DEFLATE = { level: 1, memLevel: 9, finishFlush: constants.Z_FULL_FLUSH };

/** Magic, deflate, no flags, no time, operating system unknown. Source: RFC 1952. */
const GZIP_HEADER = Buffer.from('1f8b08000000000000ff', 'hex');
/** An empty last block: the end of a deflate stream. Source: RFC 1951, section 3.2.6. */
const LAST_BLOCK = Buffer.from('0300', 'hex');

const FIRST_BYTES = 1024 * 1024;
const deflate = promisify<Buffer, object, Buffer>(deflateRaw);

/** Collects the records of one segment; its memory is used again for the next one. */
export class SegmentBuffer {
  contractCount = 0;
  recordBytes = 0;
  readonly sum = new ContractSetSum();
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);

  /** Add the record that `frames` shows, with the digest of its contract. */
  append({ bytes, frameStart, end }: FrameReader, digest: Uint32Array): void {
    this.reserve(end - frameStart);
    this.recordBytes += bytes.copy(this.bytes, this.recordBytes, frameStart, end);
    this.contractCount++;
    this.sum.add(digest);
  }

  clear(): void {
    this.contractCount = 0;
    this.recordBytes = 0;
    this.sum.clear();
  }

  /** Packs the records; what it describes is not placed in a file yet. */
  async pack(): Promise<{
    deflated: Buffer;
    of: Omit<SpoolSegment, 'position' | 'byteLength' | 'sha256'>;
  }> {
    const { contractCount, recordBytes } = this;
    const records = this.bytes.subarray(0, recordBytes);
    const of = { contractCount, recordBytes, crc32: crc32(records), digest: this.sum.digest };
    return { deflated: await deflate(records, DEFLATE), of };
  }

  private reserve(bytes: number): void {
    const needed = this.recordBytes + bytes;
    if (needed <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(needed * 2);
    this.bytes.copy(larger, 0, 0, this.recordBytes);
    this.bytes = larger;
  }
}

/** A segment as it is sent: its deflated bytes. */
export interface ReadSegment {
  segment: SpoolSegment;
  deflated: Buffer;
}

/**
 * Yields the one gzip member that the segments make, each as soon as it is there: wherever they end, the
 * member is whole. Nothing at all without a segment, since a member of no records would be imported too.
 */
export async function* gzipMemberOf(
  segments: AsyncIterable<ReadSegment>,
): AsyncGenerator<Buffer, void, undefined> {
  let crc: number | undefined;
  let recordBytes = 0;
  for await (const { segment, deflated } of segments) {
    if (crc === undefined) yield GZIP_HEADER;
    yield deflated;
    crc = combineCrc32(crc ?? 0, segment.crc32, segment.recordBytes);
    recordBytes += segment.recordBytes;
  }
  if (crc === undefined) return;
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(recordBytes % 2 ** 32, 4);
  yield Buffer.concat([LAST_BLOCK, trailer]);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
