import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { AcsError } from '../../acs/errors.js';
import { refused } from '../../model/failure.js';

/**
 * What a contract needs in the spool, bytes: real ones of 1.3 kB leave 230 of the participant's own compression
 * (admin-api 2.1), some more of ours, and the double for safety.
 */
const BYTES_PER_CONTRACT = 600;

/** Room for what an estimate cannot know, also of few contracts: 64 MiB, and four times as many bytes. */
const MARGIN_BYTES = 64 * 1024 * 1024;
const MARGIN_FACTOR = 4;

/** What an export of so many contracts may take of the spool, bytes: beyond it, it is not what was planned. */
export function spoolLimitOf(contracts: number): number {
  return MARGIN_BYTES + MARGIN_FACTOR * spoolBytesOf(contracts);
}

/** What a spool of so many contracts is expected to take, bytes. */
function spoolBytesOf(contracts: number): number {
  return contracts * BYTES_PER_CONTRACT;
}

/** What is short, in bytes, if the disk has no room for so many contracts. */
export async function findShortage(folder: string, contracts: number): Promise<string | undefined> {
  const free = await freeBytes(folder);
  const needed = spoolBytesOf(contracts);
  return free >= needed ? undefined : shortage(needed, free);
}

/** Fails with `SpoolNotWritable`, naming the bytes, unless the disk has room for as many contracts. */
export async function ensureRoom(folder: string, contracts: number): Promise<void> {
  const found = await findShortage(folder, contracts);
  if (found !== undefined) throw refused('SpoolNotWritable', found);
}

/** Adds to a disk that turns out to be full how much is needed: what was written is removed by then. */
export async function withBytesNeeded<T>(
  folder: string,
  contracts: number,
  work: Promise<T>,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AcsError) || error.type !== 'SpoolNotWritable' || error.kind !== 'refused')
      throw error;
    const needed = spoolBytesOf(contracts);
    throw refused('SpoolNotWritable', `${error.message}; ${shortage(needed, await freeBytes(folder))}`);
  }
}

/** Of the file system that the folder is on, or will be. */
async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isAbsent || dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}

function shortage(needed: number, free: number): string {
  return `the spool of the worker needs about ${needed} bytes, its disk has ${free} free`;
}
