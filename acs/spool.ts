import { chmod, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolKey, SpoolManifest, SpoolShard } from '../model/acs.js';
import { codeOf } from './errors.js';
import type { FrameReader } from './framing.js';
import { Inspection, type ImportRules } from './inspection.js';
import { MANIFEST_FILE, UNFINISHED_MANIFEST_FILE, writeManifest } from './manifest.js';
import { AcsDigester } from './party-digest.js';
import { ContractRecord } from './record.js';
import { scanExport, type ScanOptions } from './scan.js';
import { MAX_SHARD_RECORD_BYTES, openShard, ShardWriter, writing } from './shards.js';

const SPOOL_FILE = /^shard-\d{4,}\.gz$/;

/** What to write, and what the export must be like to be written. */
export interface SpoolOptions extends ScanOptions, ImportRules {
  folder: string;
  key: SpoolKey;
  /** Contracts per shard, that is per import call; facts sheet 2.8 says 10,000 costs nothing extra. */
  shardContracts: number;
  parties: readonly string[];
  /** Resolves once the call is known to have ended with status OK, rejects if it did not. */
  finished: () => Promise<void>;
}

/**
 * Ensure that `folder` holds the export `source` as shards, each importable by itself, and their manifest.
 *
 * Starts from an empty folder each time. The manifest is written last, and only if the call ended with status
 * OK: a failed call can leave a valid gzip with fewer contracts. On any failure the folder is removed.
 * Fails as `gunzipMember`, `FrameReader`, `ContractRecord` and `Inspection` do, with `SpoolNotWritable`, or
 * as `source` and `finished` do. Source: facts sheet 2.2 ("streaming"), 2.6.
 */
export async function writeSpool(
  source: AsyncIterable<Uint8Array>,
  options: SpoolOptions,
): Promise<SpoolManifest> {
  const { folder } = options;
  const writer = new SpoolWriter(options);
  try {
    await writing(removeSpool(folder));
    await writing(createFolder(folder));
    const manifest = await writer.write(source);
    await writing(writeManifest(folder, manifest));
    return manifest;
  } catch (error) {
    await writer.abandon();
    // The first failure is the one to report, not that its remains could not be removed.
    await removeSpool(folder).catch(() => undefined);
    throw error;
  }
}

/** Ensure `folder` holds no spool: shards and manifest are removed, and the folder if nothing else is in it. */
export async function removeSpool(folder: string): Promise<void> {
  const files = await readdir(folder).catch(() => []);
  // The manifest goes first: without it, what is left is no spool.
  await rm(join(folder, MANIFEST_FILE), { force: true });
  await rm(join(folder, UNFINISHED_MANIFEST_FILE), { force: true });
  for (const file of files) if (SPOOL_FILE.test(file)) await rm(join(folder, file), { force: true });
  await rmdir(folder).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  });
}

/** Yields the contents of a spool's shards in order, each verified before its first byte. */
export async function* readShards(
  folder: string,
  { shards }: SpoolManifest,
): AsyncGenerator<AsyncIterable<Buffer>, void, undefined> {
  for (const shard of shards) yield openShard(folder, shard);
}

async function createFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A folder that was there before keeps its mode otherwise.
  await chmod(folder, 0o700);
}

/** One pass over one export. */
class SpoolWriter {
  private readonly record = new ContractRecord();
  private readonly inspection = new Inspection();
  private readonly digester: AcsDigester;
  private readonly shards: SpoolShard[] = [];
  private shardNumber = 0;
  private shard: ShardWriter | undefined;
  /** The shard before, while its rest is packed and synced: reading goes on meanwhile. */
  private closing: ShardWriter | undefined;
  private exportBytes = 0;

  constructor(private readonly options: SpoolOptions) {
    this.digester = new AcsDigester(options.parties);
  }

  async write(source: AsyncIterable<Uint8Array>): Promise<SpoolManifest> {
    const { key, signal, onProgress } = this.options;
    const scan = scanExport(source, {
      signal,
      onProgress: (progress) => {
        this.exportBytes = progress.exportBytes;
        onProgress?.(progress);
      },
    });
    for await (const frames of scan) await writing(this.writeChunk(frames));
    await this.options.finished();
    this.inspection.finish();
    await writing(this.closeShard());
    await writing(this.settleShard());

    const { shards, exportBytes } = this;
    return { version: 1, key, shards, exportBytes, ...this.digester.result() };
  }

  async abandon(): Promise<void> {
    await this.shard?.abandon();
    await this.closing?.abandon();
  }

  private async writeChunk(frames: FrameReader): Promise<void> {
    while (frames.next()) {
      this.record.decode(frames);
      this.inspection.checkImport(this.record, this.options);
      // After a flaw the rest is only inspected: the refusal counts all of them.
      if (!this.inspection.isClean) {
        if (frames.count % this.options.shardContracts === 0) this.inspection.startShard();
        continue;
      }

      this.digester.add(this.record);
      this.shard ??= new ShardWriter(this.options.folder, ++this.shardNumber);
      this.shard.append(frames);
      if (this.isShardFull(this.shard)) await this.closeShard();
    }
    await this.shard?.flush();
  }

  private isShardFull({ contractCount, recordBytes }: ShardWriter): boolean {
    return contractCount >= this.options.shardContracts || recordBytes >= MAX_SHARD_RECORD_BYTES;
  }

  private async closeShard(): Promise<void> {
    if (!this.shard) return;
    await this.settleShard();
    await this.shard.finish();
    this.closing = this.shard;
    this.shard = undefined;
    this.inspection.startShard();
  }

  private async settleShard(): Promise<void> {
    if (!this.closing) return;
    this.shards.push(await this.closing.settle());
    this.closing = undefined;
  }
}
