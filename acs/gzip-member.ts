import { once } from 'node:events';
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib';
import { codeOf, malformed, tooLarge, truncated } from './errors.js';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;

/**
 * How much more than was received may come out: contract ids alone, which are random, keep real exports below a
 * hundredfold, while deflate allows for a thousandfold.
 */
const MAX_RATIO = 500;
/** Comes out in any case: an export of few contracts with one long text. */
const FREE_BYTES = 64 * 1024 * 1024;

/** Output is produced this much at a time: long enough for the thread pool, short for the event loop. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Returns the contents of a stream that consists of exactly one gzip member.
 *
 * Unpacked by hand around raw inflate, because zlib's own gunzip reads on into a second member, and the
 * importer ignores one. Fails with `ExportTruncated` if bytes are missing, `ExportTrailingBytes` if any
 * follow, `ExportTooLarge` if it grows without measure, `ExportNotGzip` or `ExportCorrupt` otherwise; a failure of `source` passes unchanged.
 * Source: RFC 1952; admin-api 2.1 and 2.3.
 */
export async function* gunzipMember(
  source: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  signal?.throwIfAborted();
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  const member = new Member();
  const ended = new AbortController();
  const fed = Promise.race([member.feed(source, inflate), aborted(signal, ended.signal)]);
  fed.catch((error: Error) => inflate.destroy(error));

  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      member.count(chunk);
      yield chunk;
    }
    member.deflatedBytes = inflate.bytesWritten;
    await fed;
    member.finish();
  } catch (error) {
    signal?.throwIfAborted();
    throw named(error);
  } finally {
    member.isAbandoned = true;
    ended.abort();
    inflate.destroy();
  }
}

/** What surrounds the deflated bytes of one member, and what the trailer has to say about them. */
class Member {
  /** Known once inflate has seen the end. */
  deflatedBytes: number | undefined;
  /** Set when nobody reads any more: the source is let go at its next chunk. */
  isAbandoned = false;
  private receivedBytes = 0;
  private header: Buffer = Buffer.alloc(0);
  private tail: Buffer = Buffer.alloc(0);
  private crc = 0;
  private inflatedBytes = 0;

  async feed(source: AsyncIterable<Uint8Array>, inflate: InflateRaw): Promise<void> {
    for await (const chunk of source) {
      if (this.isAbandoned) return;
      const body = this.receive(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (this.deflatedBytes !== undefined) this.checkSurplus();
      else if (!inflate.destroyed && body.length > 0 && !inflate.write(body)) await drained(inflate);
    }
    if (this.header.length < HEADER_BYTES) throw this.tooShort();
    inflate.end();
  }

  count(chunk: Buffer): void {
    this.crc = crc32(chunk, this.crc);
    this.inflatedBytes += chunk.length;
    if (this.inflatedBytes <= FREE_BYTES + MAX_RATIO * this.receivedBytes) return;
    throw tooLarge(`${this.inflatedBytes} bytes or more in ${this.receivedBytes} bytes of gzip`);
  }

  finish(): void {
    if (this.surplus() < 0) throw this.tooShort();
    this.checkSurplus();
    const expected = { crc: this.tail.readUInt32LE(0), length: this.tail.readUInt32LE(4) };
    if (expected.crc === this.crc && expected.length === this.inflatedBytes % 2 ** 32) return;
    throw malformed(
      'ExportCorrupt',
      `export has ${this.inflatedBytes} bytes that do not match their checksum`,
    );
  }

  /** Keeps header and tail; returns what goes to inflate. */
  private receive(chunk: Buffer): Buffer {
    this.receivedBytes += chunk.length;
    this.tail = Buffer.concat([this.tail, chunk.subarray(-TRAILER_BYTES)]).subarray(-TRAILER_BYTES);
    if (this.header.length === HEADER_BYTES) return chunk;

    const missing = HEADER_BYTES - this.header.length;
    this.header = Buffer.concat([this.header, chunk.subarray(0, missing)]);
    if (this.header.length === HEADER_BYTES) this.checkHeader();
    return chunk.subarray(missing);
  }

  /** Magic, deflate, no optional fields: what the participant writes. */
  private checkHeader(): void {
    const start = this.header.toString('hex', 0, 4);
    if (start !== '1f8b0800')
      throw malformed('ExportNotGzip', `export starts with ${start}, expected 1f8b0800`);
  }

  private surplus(): number {
    return this.receivedBytes - HEADER_BYTES - (this.deflatedBytes ?? 0) - TRAILER_BYTES;
  }

  private checkSurplus(): void {
    if (this.surplus() <= 0) return;
    throw malformed(
      'ExportTrailingBytes',
      `export has ${this.surplus()} bytes or more after its one gzip member`,
    );
  }

  private tooShort(): Error {
    return truncated(`export ends after ${this.receivedBytes} bytes, inside its gzip member`);
  }
}

/** Resolves once more can be written, or nothing ever will. */
async function drained(inflate: InflateRaw): Promise<void> {
  if (inflate.destroyed || !inflate.writableNeedDrain) return;
  const done = new AbortController();
  const waits = ['drain', 'close', 'end'].map((event) => once(inflate, event, { signal: done.signal }));
  try {
    await Promise.race(waits);
  } finally {
    for (const wait of waits) wait.catch(() => undefined);
    done.abort();
  }
}

/** Rejects when `signal` aborts, unless `ended` does before; never resolves. */
function aborted(signal: AbortSignal | undefined, ended: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true, signal: ended });
  });
}

function named(error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'Z_BUF_ERROR') return truncated('export ends inside its gzip member', error);
  if (code?.startsWith('Z_'))
    return malformed('ExportCorrupt', `export cannot be inflated: ${code}`, error);
  return error;
}
