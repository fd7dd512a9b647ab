import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { SpoolShard } from '../model/acs.js';
import { AcsError, codeOf, unwritable } from './errors.js';
import type { FrameReader } from './framing.js';

/** A shard is closed at this size even if it may hold more contracts, so that no call gets too long. */
export const MAX_SHARD_RECORD_BYTES = 256 * 1024 * 1024;

/** A shard is read and sent in pieces of this size, as the console does; the target accepts 10 MiB. */
const SEND_CHUNK_BYTES = 2 * 1024 * 1024;

/** The fastest level: the file is written once, read once and then removed. */
const GZIP = { level: 1, memLevel: 9, chunkSize: 64 * 1024, writableHighWaterMark: 1024 * 1024 };

/** Writes one shard: whole records, packed on the fly into a file of one gzip member, mode 0600. */
export class ShardWriter {
  contractCount = 0;
  recordBytes = 0;

  private readonly file: string;
  private readonly gzip: Gzip = createGzip(GZIP);
  private readonly sha256 = createHash('sha256');
  private byteLength = 0;
  private readonly written: Promise<void>;
  /** Records not yet handed to gzip; neighbours in the same buffer are one range. */
  private ranges: { bytes: Buffer; start: number; end: number }[] = [];

  constructor(folder: string, shardNumber: number) {
    this.file = `shard-${String(shardNumber).padStart(4, '0')}.gz`;
    const target = createWriteStream(join(folder, this.file), { mode: 0o600, flags: 'wx', flush: true });
    this.written = pipeline(
      this.gzip,
      (chunks) => this.measured(chunks as AsyncIterable<Buffer>),
      target,
    );
    this.written.catch(() => undefined);
  }

  /** Add the record `frames` shows; it is written by the next `flush`. */
  append({ bytes, frameStart, end }: FrameReader): void {
    this.contractCount++;
    this.recordBytes += end - frameStart;
    const last = this.ranges.at(-1);
    if (last?.bytes === bytes && last.end === frameStart) last.end = end;
    else this.ranges.push({ bytes, start: frameStart, end });
  }

  /** Hand over what was appended, waiting while gzip or the disk are behind. */
  async flush(): Promise<void> {
    const { ranges } = this;
    this.ranges = [];
    for (const { bytes, start, end } of ranges) {
      if (this.gzip.destroyed) await this.written;
      if (!this.gzip.write(bytes.subarray(start, end))) await this.drained();
    }
  }

  /** Say that no more records come; packing and syncing go on by themselves. */
  async finish(): Promise<void> {
    await this.flush();
    this.gzip.end();
  }

  /** Wait until a finished shard is on disk. */
  async settle(): Promise<SpoolShard> {
    await this.written;
    const { file, contractCount, byteLength } = this;
    return { file, contractCount, byteLength, sha256: this.sha256.digest('hex') };
  }

  /** Stop writing; the file stays incomplete. */
  async abandon(): Promise<void> {
    this.gzip.destroy();
    await this.written.catch(() => undefined);
  }

  private async drained(): Promise<void> {
    const waiting = new AbortController();
    const drain = once(this.gzip, 'drain', { signal: waiting.signal });
    drain.catch(() => undefined);
    await Promise.race([drain, this.written]).finally(() => waiting.abort());
  }

  private async *measured(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of chunks) {
      this.sha256.update(chunk);
      this.byteLength += chunk.length;
      yield chunk;
    }
  }
}

/**
 * Returns the bytes of a shard, after all of them were read once and found to be what was written.
 *
 * Fails with `ShardDamaged` before the first byte if length or SHA-256 differ: a half-sent damaged import
 * would fail at the target with a less useful message.
 */
export async function openShard(folder: string, shard: SpoolShard): Promise<AsyncIterable<Buffer>> {
  const path = join(folder, shard.file);
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw damaged(shard.file, codeOf(error) ?? 'unreadable', 'a readable file', error);
  });
  try {
    await verify(handle, shard);
  } catch (error) {
    await handle.close();
    throw error;
  }
  return chunksAndClose(handle);
}

async function verify(handle: FileHandle, shard: SpoolShard): Promise<void> {
  const sha256 = createHash('sha256');
  const { size } = await handle.stat();
  if (size !== shard.byteLength) throw damaged(shard.file, `${size} bytes`, `${shard.byteLength}`);

  for await (const chunk of chunksOf(handle)) sha256.update(chunk);
  const found = sha256.digest('hex');
  if (found !== shard.sha256) throw damaged(shard.file, `sha-256 ${found}`, shard.sha256);
}

async function* chunksAndClose(handle: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* chunksOf(handle);
  } finally {
    await handle.close();
  }
}

async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafeSlow(SEND_CHUNK_BYTES), {
      position,
    });
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

function damaged(file: string, found: string, expected: string, cause?: unknown): AcsError {
  return new AcsError('mismatch', 'ShardDamaged', `${file} has ${found}, expected ${expected}`, {
    cause,
  });
}

/** Runs `work` on files of the spool; a failed system call is named `SpoolNotWritable`. */
export async function writing<Result>(work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown) => {
    throw error instanceof Error && 'syscall' in error ? unwritable(error) : error;
  });
}
