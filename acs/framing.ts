import { malformed, truncated } from './errors.js';

/** Longest record accepted. The largest real ones are a few kB; more is a damaged length. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

const MAX_PREFIX_BYTES = 5;

/**
 * Splits a byte stream, in chunks of any size, into the varint-delimited records it consists of.
 *
 * `feed` a chunk, then call `next` until it is false: it shows one record after the other in place. Only a
 * record cut by the end of a chunk is copied, so memory is bounded by one chunk and one record.
 * Source: admin-api 2.1.
 */
export class FrameReader {
  /** Of the current record: its buffer, where its length prefix starts, and the record itself. */
  bytes: Buffer = Buffer.alloc(0);
  frameStart = 0;
  start = 0;
  end = 0;
  /** Records shown so far. */
  count = 0;

  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;
  /** The cut record: its prefix, then, once its length is known, all of it. */
  private readonly prefix = Buffer.alloc(MAX_PREFIX_BYTES);
  private prefixBytes = 0;
  private cut: Buffer | undefined;
  private cutBytes = 0;

  feed(chunk: Uint8Array): void {
    this.chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.at = 0;
  }

  next(): boolean {
    if (this.prefixBytes > 0) return this.continueCut();

    const frameStart = this.at;
    const length = this.readLength();
    if (length === undefined || this.at + length > this.chunk.length) {
      this.at = frameStart;
      return this.at < this.chunk.length && this.continueCut();
    }
    this.show(this.chunk, frameStart, this.at, this.at + length);
    this.at += length;
    return true;
  }

  /** Fails with `ExportTruncated` if the stream ended inside a record. */
  finish(): void {
    if (this.prefixBytes === 0) return;
    const found = this.cut ? this.cutBytes : this.prefixBytes;
    const expected = this.cut ? `${this.cut.length}` : 'more';
    throw truncated(`record ${this.count + 1} ends after ${found} bytes, expected ${expected}`);
  }

  /** The length at `at`, moving past it; undefined if the chunk ends before the prefix does. */
  private readLength(): number | undefined {
    let length = 0;
    let scale = 1;
    for (let index = 0; index < MAX_PREFIX_BYTES; index++) {
      const byte = this.chunk[this.at++];
      if (byte === undefined) return undefined;
      length += (byte & 127) * scale;
      if (byte < 128) return this.limited(length);
      scale *= 128;
    }
    throw malformed('RecordTooLarge', `record ${this.count + 1} has a length prefix of over 5 bytes`);
  }

  private continueCut(): boolean {
    if (!this.cut && !this.startCut()) return false;
    const cut = this.cut as Buffer;

    const copied = this.chunk.copy(cut, this.cutBytes, this.at);
    this.at += copied;
    this.cutBytes += copied;
    if (this.cutBytes < cut.length) return false;

    this.show(cut, 0, this.prefixBytes, cut.length);
    this.cut = undefined;
    this.prefixBytes = 0;
    return true;
  }

  /** Collects the prefix byte by byte; true once it is whole and the record's buffer exists. */
  private startCut(): boolean {
    for (;;) {
      if (this.at >= this.chunk.length) return false;
      if (this.prefixBytes === MAX_PREFIX_BYTES) break;
      const byte = this.chunk[this.at++] ?? 0;
      this.prefix[this.prefixBytes++] = byte;
      if (byte < 128) break;
    }
    this.cut = Buffer.allocUnsafeSlow(this.prefixBytes + this.prefixLength());
    this.cutBytes = this.prefix.copy(this.cut, 0, 0, this.prefixBytes);
    return true;
  }

  private prefixLength(): number {
    let length = 0;
    for (let index = this.prefixBytes - 1; index >= 0; index--) {
      const byte = this.prefix[index] ?? 0;
      if (index === this.prefixBytes - 1 && byte > 127) {
        throw malformed(
          'RecordTooLarge',
          `record ${this.count + 1} has a length prefix of over 5 bytes`,
        );
      }
      length = length * 128 + (byte & 127);
    }
    return this.limited(length);
  }

  private limited(length: number): number {
    if (length <= MAX_RECORD_BYTES) return length;
    const found = `record ${this.count + 1} has ${length} bytes`;
    throw malformed('RecordTooLarge', `${found}, expected at most ${MAX_RECORD_BYTES}`);
  }

  private show(bytes: Buffer, frameStart: number, start: number, end: number): void {
    this.bytes = bytes;
    this.frameStart = frameStart;
    this.start = start;
    this.end = end;
    this.count++;
  }
}

/** Returns `record` behind its length, as the export writes it. */
export function frame(record: Uint8Array): Buffer {
  const prefix: number[] = [];
  let rest = record.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) prefix.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...prefix, rest]), record]);
}
