import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { ensureFolders, whyNotWritable } from '../../worker/folders.js';
import type { WorkerOptions } from '../../worker/options.js';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-folders-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const places = (spool: string, lists: string) =>
  ({ spool: { folder: spool, key: Buffer.alloc(32) }, lists }) as WorkerOptions;

test('folders: spool and lists are made with their parents, and nothing is left in them', async (t) => {
  const folder = folderOf(t);
  const [spool, lists] = [join(folder, 'a/b/spool'), join(folder, 'c/lists')];

  await ensureFolders(places(spool, lists));

  assert.deepEqual([readdirSync(spool), readdirSync(lists)], [[], []]);
});

test('folders: a file in the place of a folder, or above it, is named with the setting', async (t) => {
  const folder = folderOf(t);
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const spool = join(folder, 'spool');

  await assert.rejects(ensureFolders(places(file, spool)), {
    name: 'ConfigurationError',
    message: `spool: found ${file}, but ${file} is a file, expected a folder: name another one, or move the file away`,
  });
  await assert.rejects(ensureFolders(places(spool, join(file, 'below'))), {
    message: `lists: found ${join(file, 'below')}, but ${file} is a file, expected a folder: name another one, or move the file away`,
  });
});

test('folders: below a link that leads nowhere none can be made', async (t) => {
  const folder = folderOf(t);
  symlinkSync(join(folder, 'unmounted'), join(folder, 'data'));

  await assert.rejects(ensureFolders(places(join(folder, 'data/spool'), folder)), {
    message: /^spool: found .*\/data\/spool, which is, or is below, a link that leads nowhere: mount/,
  });
});

test('folders: one that others may enter is no spool', async (t) => {
  const folder = folderOf(t);
  const spool = join(folder, 'spool');
  mkdirSync(spool);
  chmodSync(spool, 0o755);

  await assert.rejects(ensureFolders(places(spool, folder)), /^ConfigurationError: spool: found .*755/);
});

test(
  'folders: a place where no folder can be made is named',
  { skip: process.platform !== 'linux' },
  async (t) => {
    await assert.rejects(ensureFolders(places('/proc/canton-migrate', folderOf(t))), {
      message: /^spool: found \/proc\/canton-migrate, /,
    });
  },
);

/** What a system says of a folder, and what an operator is told. */
const SAID: [code: string, told: RegExp][] = [
  ['EROFS', /a file system that is read-only, .*mount it so, or name another folder$/],
  ['EACCES', /this user \(uid \d+\) may not write: give it the folder \(chown\)/],
  ['EPERM', /may not write/],
  ['ENOSPC', /no room left \(ENOSPC\), expected room for an export .*make room/],
  ['EDQUOT', /no room left \(EDQUOT\)/],
  ['ENOENT', /cannot be made in \/a, expected a place for a folder: create it/],
  ['EIO', /cannot be written: broken$/],
];

for (const [code, told] of SAID) {
  test(`folders: ${code} has its own words and cure`, () => {
    const { what, next } = whyNotWritable('spool', '/a/b', { code, message: 'broken' });

    assert.match(what, /^found \/a\/b, /);
    assert.match(next === undefined ? what : `${what}: ${next}`, told);
  });
}
