import { constants } from 'node:fs';
import { access, lstat, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

import { ensurePrivate } from '../../acs/private-folder.js';
import { openLists } from '../../storage/open.js';
import { placeOf } from '../../storage/places.js';
import type { WorkerOptions } from '../../worker/options.js';
import { checking, type CheckResult, type Findings } from './result.js';

/** Less than this is not enough for any migration. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
/** Of no list. */
const NO_LIST = '0'.repeat(64);
/** Of a bucket. */
const ASK_LIMIT_MS = 10_000;

/** Checks where exports and long lists are kept, without writing anything. */
export async function checkDisk({ spool, lists, payloads }: WorkerOptions): Promise<CheckResult[]> {
  const checked = await Promise.all([
    checking('spool', spool.folder, (findings) => checkSpool(spool.folder, findings)),
    checking('lists', lists, (findings) => checkLists({ lists, payloads }, findings)),
  ]);
  return checked.flat();
}

async function checkSpool(folder: string, findings: Findings): Promise<void> {
  const next = `name another folder in spool, or make this one a private one: mkdir -p ${folder} && chmod 700 ${folder}`;
  const found = await lstat(folder).catch(() => undefined);
  if (!found) {
    if (!(await isCreatable(folder, findings, next))) return;
  } else {
    try {
      await ensurePrivate(folder);
      await access(folder, constants.W_OK | constants.X_OK);
    } catch (error) {
      findings.problem(inOurWords(error, folder), next);
      return;
    }
    findings.ok('a private folder that this user can write');
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

/** The worker makes a folder that is not there. */
async function isCreatable(folder: string, findings: Findings, next: string): Promise<boolean> {
  const parent = await nearest(folder);
  try {
    if (!(await stat(parent)).isDirectory()) throw new Error(`${parent} is not a folder`);
    await access(parent, constants.W_OK | constants.X_OK);
    findings.ok(`not there yet; the worker makes it in ${parent}`);
    return true;
  } catch (error) {
    findings.problem(`not there, and cannot be made: ${inOurWords(error, parent)}`, next);
    return false;
  }
}

async function checkLists(
  { lists, payloads }: { lists: string; payloads: WorkerOptions['payloads'] },
  findings: Findings,
): Promise<void> {
  const place = placeOf(lists);
  if (place.kind === 'folder') return checkListFolder(place.folder, findings);
  const store = openLists(lists, payloads?.keys ?? []);
  const next =
    'check the bucket, its region and endpoint, and that this user has s3:GetObject and s3:PutObject on the prefix';
  const asked = store.read({ storedList: NO_LIST, count: 0 });
  try {
    await Promise.race([asked, limit(ASK_LIMIT_MS)]);
  } catch (error) {
    // Nothing has this name: whoever says so has looked.
    if ((error as { type?: string }).type !== 'ListMissing')
      return void findings.problem((error as Error).message, next);
  }
  findings.ok('the bucket answers and lets lists be read');
  findings.notTried('whether it lets lists be written: that would leave an object in it');
}

async function checkListFolder(folder: string, findings: Findings): Promise<void> {
  const next = 'name a folder in lists that this user can write and that is backed up';
  const found = await stat(folder).catch(() => undefined);
  if (!found) return void (await isCreatable(folder, findings, next));
  try {
    if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return void findings.problem(inOurWords(error, folder), next);
  }
  findings.ok('a folder that this user can read and write');
}

/** `1.5 GiB`, `12 MiB`. */
function bytes(value: number): string {
  const mib = value / 1024 ** 2;
  return mib < 1024 ? `${Math.floor(mib)} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}

/** The folder itself, or the nearest one above it that is there. */
async function nearest(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

function inOurWords(error: unknown, folder: string): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return `this user may not write ${folder}`;
  if (code === 'EROFS') return `${folder} is on a disk that is mounted read-only`;
  return message;
}

function limit(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms).unref();
  });
}
