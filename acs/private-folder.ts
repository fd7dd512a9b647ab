import { chmod, lstat, mkdir } from 'node:fs/promises';

import { AcsError, codeOf, malformed, unwritable } from './errors.js';

const PRIVATE = 0o700;
const OTHERS = 0o077;

/** Ensures that a folder is there, with mode 0700: one that was there before would keep its own. */
export async function createPrivate(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: PRIVATE });
  await chmod(folder, PRIVATE);
}

/**
 * Fails with `SpoolNotPrivate` unless a folder is one, not a link, belongs to this user, and only this user may enter it:
 * somebody else could put links at the place of files, or read what is being written.
 */
export async function ensurePrivate(folder: string): Promise<void> {
  const found = await writing(lstat(folder));
  const uid = process.getuid?.() ?? found.uid;
  const mode = found.mode & 0o777;
  if (!found.isDirectory()) throw notPrivate('is not a folder, or is a link to one');
  if (found.uid !== uid) throw notPrivate(`belongs to user ${found.uid}, not to ${uid}`);
  if ((mode & OTHERS) !== 0 && process.platform !== 'win32')
    throw notPrivate(`has mode ${mode.toString(8).padStart(3, '0')}, expected 700`);
}

/** Fails with `SpoolNotPrivate` if a link is at the place of a folder: what it leads to is not ours to change. */
export async function ensureNoLink(folder: string): Promise<void> {
  const looked = lstat(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
    return undefined;
  });
  const found = await writing(looked);
  if (found?.isSymbolicLink()) throw notPrivate('is not a folder, or is a link to one');
}

/** Only the disk says whether there is room; the rest of the engine does not know how much is to come. */
export async function writing<Result>(work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown) => {
    throw error instanceof Error && 'syscall' in error ? unwritable(error) : error;
  });
}

/** Whether the disk of the worker is why something failed, or what lies there. */
export function isOfDisk(error: unknown): error is Error {
  if (error instanceof AcsError)
    return error.type === 'SpoolNotWritable' || error.type === 'SpoolNotPrivate';
  return error instanceof Error && 'syscall' in error;
}

/** Without its path: that is a matter of the worker alone. */
function notPrivate(flaw: string) {
  return malformed('SpoolNotPrivate', `the spool of the worker ${flaw}`);
}
