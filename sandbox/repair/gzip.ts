import { once } from 'node:events';
import { createGzip, createInflateRaw, crc32, type InflateRaw } from 'node:zlib';

/** Records are handed to zlib together: each hand-over costs as much as a dozen of them. */
const WRITE_BYTES = 64 * 1024;

/** The bytes do not start like a gzip file. */
export class NotGzip extends Error {}

/** The bytes start like a gzip file and go wrong later; the message is what Java's reader says, or `null`. */
export class BrokenGzip extends Error {}

/**
 * Compresses into one gzip member and yields it in chunks of exactly `chunkBytes`, the last one shorter.
 *
 * When `raw` fails, what it gave so far is closed as a valid gzip and yielded before the failure: so does
 * Canton (admin-api 2.2).
 */
export async function* gzipChunks(
  raw: AsyncIterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 1 });
  let failure: { readonly error: unknown } | undefined;
  const feeding = (async () => {
    let pieces: Uint8Array[] = [];
    let size = 0;
    const flush = async () => {
      const isRoom = gzip.write(Buffer.concat(pieces));
      pieces = [];
      size = 0;
      if (!isRoom) await once(gzip, 'drain');
    };
    try {
      for await (const piece of raw) {
        pieces.push(piece);
        size += piece.length;
        if (size >= WRITE_BYTES) await flush();
      }
    } catch (error) {
      failure = { error };
    }
    gzip.end(Buffer.concat(pieces));
  })();
  try {
    let isFirst = true;
    let parts: Buffer[] = [];
    let size = 0;
    const pieces: AsyncIterable<Buffer> = gzip;
    for await (const piece of pieces) {
      // Java's header leaves the operating system unknown; the rest of the ten bytes is the same.
      if (isFirst) piece[9] = 0xff;
      isFirst = false;
      parts.push(piece);
      size += piece.length;
      if (size < chunkBytes) continue;
      const whole = Buffer.concat(parts);
      const full = Math.floor(size / chunkBytes) * chunkBytes;
      for (let at = 0; at < full; at += chunkBytes) yield whole.subarray(at, at + chunkBytes);
      parts = [whole.subarray(full)];
      size -= full;
    }
    if (size > 0) yield Buffer.concat(parts);
    await feeding;
  } finally {
    gzip.destroy();
  }
  if (failure) throw failure.error;
}

/**
 * Decompresses the first gzip member of the input; further members are ignored.
 * Throws `NotGzip`, `BrokenGzip`, and whatever the input throws.
 */
export async function* gunzipFirstMember(input: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const source = input[Symbol.asyncIterator]();
  const inflate = createInflateRaw();
  const feed = new Feed(source, inflate);
  await feed.header();
  const feeding = feed.run();
  let crc = 0;
  let size = 0;
  try {
    const pieces: AsyncIterable<Buffer> = inflate;
    for await (const piece of pieces) {
      crc = crc32(piece, crc);
      size += piece.length;
      yield piece;
    }
  } catch (error) {
    throw feed.failure?.error ?? asBroken(error);
  } finally {
    inflate.destroy();
    await feeding;
  }
  const trailer = await feed.trailer();
  if (trailer.readUInt32LE(0) !== crc || trailer.readUInt32LE(4) !== size % 2 ** 32) {
    throw new BrokenGzip('Corrupt GZIP trailer');
  }
}

function asBroken(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return new BrokenGzip('null');
  return code.startsWith('Z_') ? new BrokenGzip(error.message) : error;
}

/** Moves input into the inflater piece by piece, so that what follows the compressed data is not lost. */
class Feed {
  failure: { readonly error: unknown } | undefined;
  private rest: Buffer = Buffer.alloc(0);
  private fed = 0;
  private last: Buffer = Buffer.alloc(0);
  private hasEnded = false;
  /** Ends the wait for the inflater to take a piece: it never answers once it is closed. */
  private release: (isTaken: boolean) => void = () => undefined;

  constructor(
    private readonly source: AsyncIterator<Uint8Array, unknown>,
    private readonly inflate: InflateRaw,
  ) {}

  async header(): Promise<void> {
    if (!(await this.fill(2)) || this.rest.readUInt16LE(0) !== 0x8b1f) {
      throw new NotGzip('Input is not in the .gz format');
    }
    const fixed = await this.take(10);
    const flags = fixed[3] ?? 0;
    if (flags & 4) await this.take((await this.take(2)).readUInt16LE(0));
    if (flags & 8) await this.takeText();
    if (flags & 16) await this.takeText();
    if (flags & 2) await this.take(2);
  }

  /** Never rejects: a failure of the input ends up in `failure` and breaks the inflater. */
  async run(): Promise<void> {
    const ended = () => {
      this.hasEnded = true;
      this.release(false);
    };
    this.inflate.once('end', ended);
    this.inflate.once('close', ended);
    try {
      let piece: Buffer | undefined = this.rest;
      while (piece && !this.hasEnded) {
        if (piece.length > 0 && !(await this.write(piece))) return;
        if (this.hasTrailing()) return;
        piece = await this.next();
      }
      if (!this.hasEnded) this.inflate.end();
    } catch (error) {
      this.failure = { error };
      this.inflate.destroy(error instanceof Error ? error : undefined);
    }
  }

  async trailer(): Promise<Buffer> {
    const unused = this.fed - this.inflate.bytesWritten;
    this.rest = this.last.subarray(this.last.length - unused);
    return this.take(8);
  }

  private write(piece: Buffer): Promise<boolean> {
    this.fed += piece.length;
    this.last = piece;
    return new Promise((resolve) => {
      this.release = resolve;
      this.inflate.write(piece, (error) => resolve(!error));
    });
  }

  /** The inflater leaves bytes alone only after the end of the compressed data. */
  private hasTrailing(): boolean {
    return this.inflate.bytesWritten < this.fed;
  }

  private async next(): Promise<Buffer | undefined> {
    const piece = await this.source.next();
    return piece.done === true ? undefined : Buffer.from(piece.value);
  }

  private async fill(bytes: number): Promise<boolean> {
    while (this.rest.length < bytes) {
      const piece = await this.next();
      if (!piece) return false;
      this.rest = Buffer.concat([this.rest, piece]);
    }
    return true;
  }

  private async take(bytes: number): Promise<Buffer> {
    if (!(await this.fill(bytes))) throw new BrokenGzip('null');
    const taken = this.rest.subarray(0, bytes);
    this.rest = this.rest.subarray(bytes);
    return taken;
  }

  private async takeText(): Promise<void> {
    while ((await this.take(1))[0] !== 0);
  }
}
