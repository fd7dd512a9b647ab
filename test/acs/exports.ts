import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { SpoolCipher } from '../../acs/cipher.js';
import { FrameReader, frame } from '../../acs/framing.js';
import type { SpoolOptions } from '../../acs/spool.js';
import { SAMPLE_PACKAGE, SAMPLE_SYNCHRONIZER, sampleParty } from '../../bench/sample-export.js';

/** Names of the recorded exports. */
export const GOLDEN = ['happy', 'alice-bob', 'carol'] as const;

/** A recorded export of a real participant: compressed, or as `raw` records. */
export function golden(name: string, suffix: 'gz' | 'raw' = 'gz'): Promise<Buffer> {
  return readFile(fileURLToPath(new URL(`../golden/exports/${name}.${suffix}`, import.meta.url)));
}

/** A folder path that does not exist yet, below one removed after the test. */
export async function newFolder(t: TestContext): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'acs-'));
  t.after(() => rm(parent, { recursive: true, force: true }));
  return join(parent, 'spool');
}

/** The key of every spool of these tests. */
export const KEY = {
  offset: '42',
  sourceUid: 'source::1220aa',
  synchronizerId: 'B::1220bb',
  partiesHash: 'cc',
};

/** Seals every spool of these tests. */
export const CIPHER = new SpoolCipher(Buffer.alloc(32, 1));

/** Options under which a spool of made-up contracts succeeds. */
export function spoolOptions(changes: Partial<SpoolOptions> = {}): SpoolOptions {
  return {
    key: KEY,
    owner: 'migrate-participant/old',
    segmentContracts: 500,
    onSegment: () => undefined,
    parties: [sampleParty('alice'), sampleParty('bob')],
    targetSynchronizerId: SAMPLE_SYNCHRONIZER,
    packageIds: new Set([SAMPLE_PACKAGE]),
    packageVersions: new Map(),
    ...changes,
  };
}

/** Packs records like `ExportAcs`: one gzip member. */
export function pack(records: readonly Uint8Array[]): Buffer {
  return gzipSync(Buffer.concat(records.map((record) => frame(record))));
}

/** The records of a packed export, or of several in a row. */
export function unpack(packed: Uint8Array): Buffer[] {
  return split([gunzipSync(packed)]);
}

/** The records of an unpacked stream that arrives as `chunks`. */
export function split(chunks: readonly Uint8Array[]): Buffer[] {
  const frames = new FrameReader();
  const records: Buffer[] = [];
  for (const chunk of chunks) {
    frames.feed(chunk);
    while (frames.next()) records.push(Buffer.from(frames.bytes.subarray(frames.start, frames.end)));
  }
  frames.finish();
  return records;
}

/** `bytes` as a stream, cut into pieces of the lengths `nextLength` gives. */
export async function* stream(
  bytes: Uint8Array,
  nextLength: () => number = () => bytes.length || 1,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* cut(bytes, nextLength);
}

/** `bytes` in pieces of the lengths `nextLength` gives. */
export function cut(bytes: Uint8Array, nextLength: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + Math.max(1, nextLength()));
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}

/** A repeatable source of numbers from 0 to `below` - 1. */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** All bytes of a stream. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}
