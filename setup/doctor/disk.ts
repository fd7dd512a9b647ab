import { constants } from 'node:fs';
import { access, lstat, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { ensurePrivate } from '../../acs/private-folder.js';
import { openLists } from '../../storage/open.js';
import { placeOf } from '../../storage/places.js';
import { whyNotWritable } from '../../worker/folders.js';
import type { WorkerOptions } from '../../worker/options.js';
import { answered } from '../answer-limit.js';
import { checking, type CheckResult, type Findings } from './result.js';

/** Less than this is not enough for any migration. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
/** Of no list. */
const NO_LIST = '0'.repeat(64);

/** Checks where exports and long lists are kept, without writing anything. */
export async function checkDisk({ spool, lists, payloads }: WorkerOptions): Promise<CheckResult[]> {
  const checked = await Promise.all([
    checking('spool', spool.folder, (findings) => checkSpool(spool.folder, findings)),
    checking('lists', lists, (findings) => checkLists({ lists, payloads }, findings)),
  ]);
  return checked.flat();
}

async function checkSpool(folder: string, findings: Findings): Promise<void> {
  if (!(await isWritable('spool', folder, findings))) return;
  try {
    if (await isThere(folder)) await ensurePrivate(folder);
  } catch (error) {
    const next = `name another folder in spool, or make this one a private one: chmod 700 ${folder}`;
    findings.problem((error as Error).message, next);
    return;
  }
  const { bavail, bsize } = await statfs(await nearest(folder));
  const free = bavail * bsize;
  if (free >= LEAST_FREE_BYTES) findings.ok(`${bytes(free)} free on its disk`);
  else
    findings.problem(
      `${bytes(free)} free on its disk, expected at least ${bytes(LEAST_FREE_BYTES)}`,
      'make room, or name a folder on another disk in spool',
    );
}

/** Says whether the worker can write into a folder, which it makes if it is not there. */
async function isWritable(
  field: 'spool' | 'lists',
  folder: string,
  findings: Findings,
): Promise<boolean> {
  const at = await nearest(folder);
  try {
    if (!(await stat(at)).isDirectory()) throw Object.assign(new Error('a file'), { code: 'ENOTDIR' });
    await access(at, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Something stands there that leads nowhere.
    const its = { message, ...(code && { code: code === 'ENOENT' ? 'EEXIST' : code }) };
    const { what, next = 'name another folder' } = whyNotWritable(field, folder, its);
    findings.problem(what, next);
    return false;
  }
  findings.ok(at === folder ? 'this user can write it' : `not there yet; the worker makes it in ${at}`);
  return true;
}

async function checkLists(
  { lists, payloads }: { lists: string; payloads: WorkerOptions['payloads'] },
  findings: Findings,
): Promise<void> {
  const place = placeOf(lists);
  if (place.kind === 'folder') return void (await isWritable('lists', place.folder, findings));
  const store = openLists(lists, payloads?.keys ?? []);
  const next =
    'check the bucket, its region and endpoint, and that this user has s3:GetObject and s3:PutObject on the prefix';
  try {
    await answered(store.read({ storedList: NO_LIST, count: 0 }));
  } catch (error) {
    // Nothing has this name: whoever says so has looked.
    if ((error as { type?: string }).type !== 'ListMissing')
      return void findings.problem((error as Error).message, next);
  }
  findings.ok('the bucket answers and lets lists be read');
  findings.notTried('whether it lets lists be written: that would leave an object in it');
}

/** `1.5 GiB`, `12 MiB`. */
function bytes(value: number): string {
  const mib = value / 1024 ** 2;
  return mib < 1024 ? `${Math.floor(mib)} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}

/** The folder itself, or the nearest one above it that is there. */
async function nearest(folder: string): Promise<string> {
  return (await isThere(folder)) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

/** Even if it is a link that leads nowhere. */
function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
