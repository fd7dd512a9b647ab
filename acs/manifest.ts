import { createHash } from 'node:crypto';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolKey, SpoolManifest } from '../model/acs.js';
import { codeOf } from './errors.js';

/** Name of the file whose existence says that the spool is complete. */
export const MANIFEST_FILE = 'manifest.json';
/** The manifest while it is being written. */
export const UNFINISHED_MANIFEST_FILE = 'manifest.json.unfinished';

/** A manifest as it was read, or why there is none to use. */
export type ManifestReading =
  | { manifest: SpoolManifest; reason?: undefined }
  | { manifest?: undefined; reason: 'absent' | 'other-key' | 'damaged'; detail: string };

interface ManifestFile {
  /** Over the manifest's JSON, so that a file altered by hand or disk is not believed. */
  sha256: string;
  manifest: SpoolManifest;
}

/** Write the manifest so that it is either absent or whole, also after a power cut. */
export async function writeManifest(folder: string, manifest: SpoolManifest): Promise<void> {
  const unfinished = join(folder, UNFINISHED_MANIFEST_FILE);
  const file: ManifestFile = { sha256: checksum(manifest), manifest };
  const handle = await open(unfinished, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(file));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, join(folder, MANIFEST_FILE));
  await syncFolder(folder);
}

/**
 * Read the manifest of the spool in `folder` if it belongs to `key`, is intact and its shards have their lengths.
 *
 * Otherwise the answer says why not, and the export is to be spooled again. The shards' contents are
 * verified by `openShard`.
 */
export async function readManifest(folder: string, key: SpoolKey): Promise<ManifestReading> {
  const path = join(folder, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { reason: 'absent', detail: `${path} does not exist` };

  const manifest = parse(text);
  if (!manifest) return { reason: 'damaged', detail: `${path} does not match its checksum or version` };
  const other = differingPart(manifest.key, key);
  if (other) return { reason: 'other-key', detail: other };
  const damage = await damagedShard(folder, manifest);
  return damage ? { reason: 'damaged', detail: damage } : { manifest };
}

function parse(text: string): SpoolManifest | undefined {
  try {
    const { sha256, manifest } = JSON.parse(text) as ManifestFile;
    return manifest.version === 1 && sha256 === checksum(manifest) ? manifest : undefined;
  } catch {
    // Whatever JSON or shape problem it is, the answer is the same: not a manifest.
    return undefined;
  }
}

function checksum(manifest: SpoolManifest): string {
  return createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
}

function differingPart(found: SpoolKey, expected: SpoolKey): string | undefined {
  const parts = ['pinnedOffset', 'sourceUid', 'synchronizerId', 'partiesHash'] as const;
  const part = parts.find((name) => found[name] !== expected[name]);
  return part && `spool has ${part} ${found[part]}, expected ${expected[part]}`;
}

async function damagedShard(folder: string, { shards }: SpoolManifest): Promise<string | undefined> {
  for (const { file, byteLength } of shards) {
    const found = await stat(join(folder, file)).catch(() => undefined);
    if (!found) return `${file} cannot be found`;
    if (found.size !== byteLength) return `${file} has ${found.size} bytes, expected ${byteLength}`;
  }
  return undefined;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}
