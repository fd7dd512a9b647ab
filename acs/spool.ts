import { constants } from 'node:fs';
import { open, readdir, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolKey, SpoolManifest, SpoolSegment } from '../model/acs.js';
import type { SpoolCipher } from './cipher.js';
import { CARRIED_FILES, SOURCE_INDEX } from './carried-digest.js';
import { ContractIndexWriter } from './contract-index.js';
import { AcsError, codeOf, malformed } from './errors.js';
import { Inspection, type ImportRules } from './inspection.js';
import {
  MANIFEST_FILE,
  readManifest,
  unfinishedOf,
  writeManifest,
  writeWhole,
  type ManifestReading,
} from './manifest.js';
import { AcsDigester } from './party-digest.js';
import { createPrivate, ensureNoLink, ensurePrivate, writing } from './private-folder.js';
import { scanExport, type ExportReader, type ExportSource, type ScanOptions } from './scan.js';
import { MAX_SEGMENT_BYTES, SegmentBuffer, sha256, type ReadSegment } from './segment.js';

const DATA_FILE = 'segments.bin';
/** Says whose spool it is, so that a worker can remove those of migrations that ended elsewhere. */
export const OWNER_FILE = 'owner';
const SPOOL_FILES = [
  MANIFEST_FILE,
  unfinishedOf(MANIFEST_FILE),
  DATA_FILE,
  OWNER_FILE,
  unfinishedOf(OWNER_FILE),
  ...CARRIED_FILES,
];

/** To read a file, not what a link at its place leads to. */
const READ_NO_LINK = constants.O_RDONLY | constants.O_NOFOLLOW;

/** Segments that are packed while the next is collected: one per thread of a small machine. */
const PACKED_AT_ONCE = 2;
/** Contracts among which one that comes twice is recognised: the most that one import call may hold. */
const DUPLICATE_WINDOW = 50_000;

/** A folder on a worker's disk and what seals its files. */
export interface SpoolPlace {
  folder: string;
  cipher: SpoolCipher;
}

/** What to write, and what the export must be like to be written. */
export interface SpoolOptions extends ScanOptions, ImportRules {
  key: SpoolKey;
  /** Workflow id of the migration. */
  owner: string;
  /** Contracts per segment, the smallest unit of an import call. */
  segmentContracts: number;
  parties: readonly string[];
  /** What the segments may take on the disk; nothing else knows how much is to come. */
  limitBytes?: number;
  /** What the manifest says of the source. */
  last?: SpoolManifest['last'];
  /** Told of each segment once it can be read. */
  onSegment: (segment: SpoolSegment) => void;
}

/**
 * Ensure that the spool holds the export `source` as segments, and their manifest.
 *
 * Starts from an empty folder each time. Segments can be read as soon as they are told of; the manifest is written
 * last, and only if the call ended with status OK: a failed call can leave a valid gzip with fewer contracts. On any
 * failure the folder is removed. Fails as `gunzipMember`, `FrameReader`, `ContractRecord` and `Inspection` do, with
 * `SpoolNotWritable`, `SpoolNotPrivate`, `SpoolTooLarge`, or as `source` does. Source: admin-api 2.2 and 2.6.
 */
export async function writeSpool(
  source: ExportSource,
  place: SpoolPlace,
  options: SpoolOptions,
): Promise<SpoolManifest> {
  const { folder } = place;
  let writer: SpoolWriter | undefined;
  try {
    await writing(removeSpool(folder));
    await createSpool(folder, options.owner);
    const create = (name: string) => writing(open(join(folder, name), 'wx', 0o600));
    const files = { data: await create(DATA_FILE), index: await create(SOURCE_INDEX) };
    writer = new SpoolWriter(files, place, options);
    const manifest = await writer.write(source);
    await writing(writeManifest(place, manifest));
    return manifest;
  } catch (error) {
    await writer?.close();
    // The first failure is the one to report, not that its remains could not be removed.
    await removeSpool(folder).catch(() => undefined);
    throw error;
  }
}

/** Ensures that a folder for a spool is there, whose owner is a migration (workflow id); what is in it stays. */
export async function createSpool(folder: string, owner: string): Promise<void> {
  await writing(createPrivate(folder));
  await ensurePrivate(folder);
  await writing(writeWhole(folder, OWNER_FILE, owner));
}

/** Reads the manifest of a complete spool of this export, or says why there is none to use. */
export async function findSpool(place: SpoolPlace, key: SpoolKey): Promise<ManifestReading> {
  return readManifest(place, key, join(place.folder, DATA_FILE));
}

/** Ensure `folder` holds no spool: its files are removed, and the folder if nothing else is in it. */
export async function removeSpool(folder: string): Promise<void> {
  await ensureNoLink(folder);
  // The manifest goes first: without it, what is left is no spool.
  for (const file of SPOOL_FILES) await rm(join(folder, file), { force: true });
  await rmdir(folder).catch((error: unknown) => {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
  });
}

/** The spools below `folder` that say whose they are. */
export async function listSpools(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

/**
 * Yields segments of a spool, each found to be what was written, one in memory at a time.
 *
 * Fails with `ShardDamaged` at the first whose length or SHA-256 differ, or whose seal does not fit.
 */
export async function* readSegments(
  { folder, cipher }: SpoolPlace,
  segments: Iterable<SpoolSegment> | AsyncIterable<SpoolSegment>,
): AsyncGenerator<ReadSegment, void, undefined> {
  const handle = await open(join(folder, DATA_FILE), READ_NO_LINK).catch((error: unknown) => {
    throw damaged('the file', codeOf(error) ?? 'unreadable', 'a readable file', error);
  });
  try {
    for await (const segment of segments)
      yield { segment, deflated: await readSegment(handle, cipher, segment) };
  } finally {
    await handle.close();
  }
}

async function readSegment(
  handle: FileHandle,
  cipher: SpoolCipher,
  segment: SpoolSegment,
): Promise<Buffer> {
  const { position, byteLength } = segment;
  const name = `the segment at ${position}`;
  const sealed = Buffer.allocUnsafeSlow(byteLength);
  const { bytesRead } = await handle.read(sealed, { position });
  if (bytesRead !== byteLength) throw damaged(name, `${bytesRead} bytes`, `${byteLength}`);
  const found = sha256(sealed);
  if (found !== segment.sha256) throw damaged(name, `sha-256 ${found}`, segment.sha256);
  const deflated = cipher.open(sealed, placeOf(segment));
  if (!deflated) throw damaged(name, 'a seal that does not fit', 'what this worker sealed');
  return deflated;
}

/** What a segment is sealed for: its place and what it holds. */
function placeOf({
  position,
  contractCount,
  digest,
}: Omit<SpoolSegment, 'byteLength' | 'sha256'>): string {
  return `${position}/${contractCount}/${digest}`;
}

/** One pass over one export. */
class SpoolWriter {
  private readonly inspection = new Inspection();
  private readonly digester: AcsDigester;
  private readonly segments: SpoolSegment[] = [];
  private readonly free: SegmentBuffer[] = [];
  private segment: SegmentBuffer | undefined;
  /** Of the segments being packed, oldest first: each settles when it and all before it are written. */
  private readonly packing: Promise<void>[] = [];
  private byteLength = 0;
  private exportBytes = 0;

  private readonly file: FileHandle;
  private readonly indexFile: FileHandle;
  private readonly index: ContractIndexWriter;

  constructor(
    { data, index }: { data: FileHandle; index: FileHandle },
    private readonly place: SpoolPlace,
    private readonly options: SpoolOptions,
  ) {
    this.file = data;
    this.indexFile = index;
    this.index = new ContractIndexWriter(index, place.cipher);
    this.digester = new AcsDigester(options.parties);
  }

  async write(source: ExportSource): Promise<SpoolManifest> {
    const { key, signal, maxContracts, onProgress } = this.options;
    const scan = scanExport(source, {
      signal,
      ...(maxContracts !== undefined && { maxContracts }),
      onProgress: (progress) => {
        this.exportBytes = progress.exportBytes;
        onProgress?.(progress);
      },
    });
    for await (const reader of scan) await this.writeChunk(reader);
    this.inspection.finish();
    await this.closeSegment();
    while (this.packing.length > 0) await this.packing.shift();
    await writing(this.file.datasync());
    await this.file.close();
    await this.indexFile.close();

    const { segments, exportBytes } = this;
    const { last } = this.options;
    const made = { version: 3, key, segments, exportBytes, ...(last && { last }) } as const;
    return { ...made, ...this.digester.result() };
  }

  /** Lets go of the file; what is being packed is waited for. */
  async close(): Promise<void> {
    await Promise.allSettled(this.packing);
    // Closed already if the failure came after the last byte.
    await this.file.close().catch(() => undefined);
    await this.indexFile.close().catch(() => undefined);
  }

  private async writeChunk(reader: ExportReader): Promise<void> {
    const { segmentContracts } = this.options;
    const { record, frames } = reader;
    while (reader.next()) {
      if (reader.count % DUPLICATE_WINDOW === 0) this.inspection.forgetIds();
      this.inspection.checkImport(record, this.options);
      // After a flaw the rest is only inspected: the refusal counts all of them.
      if (!this.inspection.isClean) continue;

      this.digester.add(record);
      this.index.add(record, this.digester.last);
      this.segment ??= this.free.pop() ?? new SegmentBuffer();
      this.segment.append(frames, this.digester.lastDigest);
      const { contractCount, recordBytes } = this.segment;
      if (contractCount >= segmentContracts || recordBytes >= MAX_SEGMENT_BYTES)
        await this.closeSegment();
    }
  }

  /** Has the segment packed while the next one is collected, waiting while packing or the disk are behind. */
  private async closeSegment(): Promise<void> {
    const { segment } = this;
    if (!segment) return;
    this.segment = undefined;
    await writing(this.index.flush());
    const packed = segment.pack();
    const before = this.packing.at(-1);
    const stored = writing(
      (async () => {
        const [{ deflated, of }] = await Promise.all([packed, before]);
        await this.store(deflated, of);
        segment.clear();
        this.free.push(segment);
      })(),
    );
    stored.catch(() => undefined);
    this.packing.push(stored);
    while (this.packing.length > PACKED_AT_ONCE) await this.packing.shift();
  }

  private async store(
    deflated: Buffer,
    of: Omit<SpoolSegment, 'position' | 'byteLength' | 'sha256'>,
  ): Promise<void> {
    const placed = { position: this.byteLength, ...of };
    const sealed = this.place.cipher.seal(deflated, placeOf(placed));
    const { limitBytes = Infinity } = this.options;
    if (this.byteLength + sealed.length > limitBytes) throw tooLarge(limitBytes);
    for (let written = 0; written < sealed.length;) {
      const { bytesWritten } = await this.file.write(
        sealed,
        written,
        undefined,
        this.byteLength + written,
      );
      written += bytesWritten;
    }
    this.byteLength += sealed.length;
    const stored = { ...placed, byteLength: sealed.length, sha256: sha256(sealed) };
    this.segments.push(stored);
    this.options.onSegment(stored);
  }
}

function tooLarge(limitBytes: number): AcsError {
  return malformed(
    'SpoolTooLarge',
    `the export needs more than ${limitBytes} bytes of the spool, which is several times what the plan expected`,
  );
}

function damaged(what: string, found: string, expected: string, cause?: unknown): AcsError {
  return new AcsError(
    'mismatch',
    'ShardDamaged',
    `${what} of the spool has ${found}, expected ${expected}`,
    {
      cause,
    },
  );
}
