import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolKey, SpoolManifest } from '../model/acs.js';
import type { SpoolCipher } from './cipher.js';
import { codeOf } from './errors.js';

/** Name of the file whose existence says that the spool is complete. */
export const MANIFEST_FILE = 'manifest';

/** The name of a file while it is being written. */
export function unfinishedOf(name: string): string {
  return `${name}.unfinished`;
}

/** A manifest as it was read, or why there is none to use. */
export type ManifestReading =
  | { manifest: SpoolManifest; reason?: undefined }
  | {
      manifest?: undefined;
      reason: 'absent' | 'other-key' | 'wrong-spool-key' | 'damaged';
      detail: string;
    };

/** Beside the sealed manifest in clear: which key it was sealed with. */
interface ManifestFile {
  keyId: string;
  /** Base64. */
  sealed: string;
}

/** Write the manifest, sealed, so that it is either absent or whole, also after a power cut. */
export async function writeManifest(
  { folder, cipher }: { folder: string; cipher: SpoolCipher },
  manifest: SpoolManifest,
): Promise<void> {
  const sealed = cipher.seal(Buffer.from(JSON.stringify(manifest)), MANIFEST_FILE).toString('base64');
  const text = JSON.stringify({ keyId: cipher.keyId, sealed } satisfies ManifestFile);
  await writeWhole(folder, MANIFEST_FILE, text);
}

/** Writes a file so that it is either absent, as it was, or whole, also after a power cut. */
export async function writeWhole(folder: string, name: string, content: string | Buffer): Promise<void> {
  const unfinished = unfinishedOf(name);
  const handle = await open(join(folder, unfinished), 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(join(folder, unfinished), join(folder, name));
  await syncFolder(folder);
}

/**
 * Read the manifest of the spool in `folder` if it belongs to `key`, is intact and the data have their length.
 *
 * Otherwise the answer says why not, and the export is to be spooled again. The segments' contents are verified
 * when they are read.
 */
export async function readManifest(
  { folder, cipher }: { folder: string; cipher: SpoolCipher },
  key: SpoolKey,
  dataFile: string,
): Promise<ManifestReading> {
  const path = join(folder, MANIFEST_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = codeOf(error) ?? 'unknown error';
    if (code === 'ENOENT') return { reason: 'absent', detail: 'no export is there' };
    return { reason: 'damaged', detail: `the manifest cannot be read: ${code}` };
  }

  const file = parse(text);
  if (file && file.keyId !== cipher.keyId) {
    const detail = `the spool was sealed with key ${file.keyId}, this worker has key ${cipher.keyId}`;
    return { reason: 'wrong-spool-key', detail };
  }
  const manifest = file && opened(file, cipher);
  if (!manifest) return { reason: 'damaged', detail: 'the manifest is not what this worker sealed' };
  const other = differingPart(manifest.key, key);
  if (other) return { reason: 'other-key', detail: other };
  const damage = await damagedLength(dataFile, manifest);
  return damage ? { reason: 'damaged', detail: damage } : { manifest };
}

function parse(text: string): ManifestFile | undefined {
  try {
    const file = JSON.parse(text) as Partial<ManifestFile> | null;
    if (typeof file?.keyId !== 'string' || typeof file.sealed !== 'string') return undefined;
    return { keyId: file.keyId, sealed: file.sealed };
  } catch {
    // Whatever JSON problem it is, the answer is the same: not a manifest.
    return undefined;
  }
}

function opened({ sealed }: ManifestFile, cipher: SpoolCipher): SpoolManifest | undefined {
  const plain = cipher.open(Buffer.from(sealed, 'base64'), MANIFEST_FILE);
  const manifest = plain && (JSON.parse(plain.toString()) as SpoolManifest);
  return manifest?.version === 3 ? manifest : undefined;
}

function differingPart(found: SpoolKey, expected: SpoolKey): string | undefined {
  const parts = ['offset', 'sourceUid', 'synchronizerId', 'partiesHash'] as const;
  const part = parts.find((name) => found[name] !== expected[name]);
  return part && `spool has ${part} ${found[part]}, expected ${expected[part]}`;
}

async function damagedLength(file: string, { segments }: SpoolManifest): Promise<string | undefined> {
  const last = segments.at(-1);
  const expected = last ? last.position + last.byteLength : 0;
  try {
    const { size } = await stat(file);
    return size === expected ? undefined : `the segments have ${size} bytes, expected ${expected}`;
  } catch (error) {
    return `the segments cannot be read: ${codeOf(error) ?? 'unknown error'}`;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
