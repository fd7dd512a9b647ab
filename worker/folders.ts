import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ensurePrivate } from '../acs/private-folder.js';
import { placeOf } from '../storage/places.js';
import { ConfigurationError, type WorkerOptions } from './options.js';

const PRIVATE_FOLDER = 0o700;
/** More than what a file system keeps aside for the names of files. */
const TRIAL_BYTES = 64 * 1024;

/**
 * Ensures that the worker can write where it keeps exports and long lists, and that nobody else can enter the spool.
 * Fails with a {@link ConfigurationError}: what a migration would only find in its middle, is told before the first one.
 */
export async function ensureFolders({ spool, lists }: WorkerOptions): Promise<void> {
  ensureWritable('spool', spool.folder);
  await ensurePrivate(spool.folder).catch((error: Error) => {
    throw new ConfigurationError([`spool: found ${spool.folder}: ${error.message}`]);
  });
  const place = placeOf(lists);
  if (place.kind === 'folder') ensureWritable('lists', place.folder);
}

function ensureWritable(field: 'spool' | 'lists', folder: string): void {
  try {
    makeFolder(folder);
    const trial = mkdtempSync(join(folder, '.trial-'));
    try {
      writeFileSync(join(trial, 'file'), Buffer.alloc(TRIAL_BYTES));
    } finally {
      rmSync(trial, { recursive: true, force: true });
    }
  } catch (error) {
    const { what, next } = whyNotWritable(field, folder, error as NodeJS.ErrnoException);
    throw new ConfigurationError([`${field}: ${what}${next === undefined ? '' : `: ${next}`}`]);
  }
}

/** With its parents. What Node offers for this tries for ever below a link that leads nowhere. */
function makeFolder(folder: string): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(folder, { mode: PRIVATE_FOLDER });
  } catch (error) {
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Says why a folder of the configuration cannot be used, and what to do about it. */
export function whyNotWritable(
  field: 'spool' | 'lists',
  folder: string,
  { code = '', message }: Pick<NodeJS.ErrnoException, 'code' | 'message'>,
): { what: string; next?: string } {
  const found = `found ${folder}`;
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR': {
      const file = fileAt(folder);
      if (file === undefined)
        return {
          what: `${found}, which is, or is below, a link that leads nowhere`,
          next: 'mount what it leads to, or name another folder',
        };
      return {
        what: `${found}, but ${file} is a file, expected a folder`,
        next: 'name another one, or move the file away',
      };
    }
    case 'EROFS':
      return {
        what: `${found}, on a file system that is read-only, expected one that can be written`,
        next: 'mount it so, or name another folder',
      };
    case 'EACCES':
    case 'EPERM':
      return {
        what: `${found}, where this user (uid ${process.getuid?.() ?? 'unknown'}) may not write`,
        next: 'give it the folder (chown), or name another one',
      };
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        what: `${found}, where there is no room left (${code}), expected ${ROOM[field]}`,
        next: 'make room, or name a folder on another disk',
      };
    case 'ENOENT':
      return {
        what: `${found}, which cannot be made in ${dirname(folder)}, expected a place for a folder`,
        next: 'create it, or name another one',
      };
    default:
      return { what: `${found}, which cannot be written: ${message}` };
  }
}

const ROOM = {
  spool: 'room for an export of the contracts, compressed',
  lists: 'room for the lists of parties',
};

/** The part of a path that is a file, if one is. */
function fileAt(path: string): string | undefined {
  for (let at = path; at !== dirname(at); at = dirname(at)) if (isFile(at)) return at;
  return undefined;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Below a file there is nothing.
    return false;
  }
}
