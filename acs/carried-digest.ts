import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AcsDigest } from '../model/acs.js';
import type { SpoolCipher } from './cipher.js';
import { codeOf } from './errors.js';
import { unfinishedOf, writeWhole } from './manifest.js';

export type Side = 'source' | 'target';

/** The digest of one node's contracts at an offset, as far as it was carried. */
export interface CarriedDigest {
  /** Of which copy: as the key of its spool says. */
  copy: string;
  /** Decimal int64. */
  offset: string;
  /** Of the last update that was read: a node that has another one there was restored. */
  last?: { offset: string; updateId: string };
  digest: AcsDigest;
  /** How long the index of what changed is, bytes; what stands behind is of an attempt that broke off. */
  indexBytes: number;
}

/** What each contract of the source added to its digest. */
export const SOURCE_INDEX = 'source.index';
/** The same of the target, where it was exported. */
export const TARGET_INDEX = 'target.index';
/** Contracts that the source created since. */
export const CHANGES_INDEX = 'changes.index';
const nameOf = (side: Side) => `${side}.digest`;

/** What lies beside the spool of a copy. */
export const CARRIED_FILES = [
  ...[nameOf('source'), nameOf('target')].flatMap((name) => [name, unfinishedOf(name)]),
  ...[SOURCE_INDEX, TARGET_INDEX, CHANGES_INDEX],
];

/** Reads how far the digest of a node was carried; nothing if that is not known, or of another copy. */
export async function readCarried(
  { folder, cipher }: { folder: string; cipher: SpoolCipher },
  side: Side,
  copy: string,
): Promise<CarriedDigest | undefined> {
  const flag = constants.O_RDONLY | constants.O_NOFOLLOW;
  const sealed = await readFile(join(folder, nameOf(side)), { flag }).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  const plain = sealed && cipher.open(sealed, nameOf(side));
  const carried = plain && (JSON.parse(plain.toString()) as CarriedDigest);
  return carried?.copy === copy ? carried : undefined;
}

/** Keeps how far the digest of a node was carried, sealed, in place of what was kept before. */
export async function writeCarried(
  { folder, cipher }: { folder: string; cipher: SpoolCipher },
  side: Side,
  carried: CarriedDigest,
): Promise<void> {
  const sealed = cipher.seal(Buffer.from(JSON.stringify(carried)), nameOf(side));
  await writeWhole(folder, nameOf(side), sealed);
}
