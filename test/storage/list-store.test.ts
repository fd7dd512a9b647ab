import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { isStored, type StoredList } from '../../model/listed.js';
import { PARTY_VIEWS } from '../../model/plan-parties.js';
import type { PlannedParty } from '../../model/plan.js';
import { SealedBytes } from '../../secrets/sealed-bytes.js';
import { FolderStore } from '../../storage/folder.js';
import { ListStore } from '../../storage/list-store.js';
import { SealedStore } from '../../storage/sealed.js';

const LONG = Array.from({ length: 1_000 }, (_, n) => `party-${n}::1220${'ab'.repeat(32)}`);

function emptyStore(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-lists-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { folder, lists: new ListStore(new FolderStore(folder)) };
}

test('list store: a short list travels itself, a long one by its SHA-256, and is the same when it is read', async (t) => {
  const { folder, lists } = emptyStore(t);

  assert.deepEqual(await lists.keep(['alice']), ['alice']);
  const stored = await lists.keep(LONG);
  assert.ok(isStored(stored));
  assert.deepEqual(await lists.keep(LONG), stored);
  assert.equal(stored.count, 1_000);
  assert.deepEqual(readdirSync(folder), [stored.storedList]);
  assert.deepEqual(await lists.resolve({ deep: { list: stored }, other: 1 }), {
    deep: { list: LONG },
    other: 1,
  });
});

test('list store: what is written and read in parts is what is written as a whole, sealed or not', async (t) => {
  const { folder } = emptyStore(t);
  const parties = Array.from({ length: 1_203 }, (_, n) => ({
    party: `straße-${n}::1220${'ab'.repeat(n % 40)}`,
    class: n % 7 === 0 ? 'admin' : 'external',
    treatment: n % 3 === 0 ? 'leave' : 'move',
    permission: 'confirmation',
    contractCount: n,
  })) as PlannedParty[];
  const text = parties.map((its) => `${JSON.stringify(its)}\n`).join('');
  const key = { id: 'k', key: Buffer.alloc(32, 7) };
  const folderStore = new FolderStore(folder);
  const stores = [
    folderStore,
    ...[[], [key]].map((keys) => new SealedStore(folderStore, new SealedBytes(keys, 1_000_000))),
  ];
  for (const store of stores) {
    const lists = new ListStore(store);
    const stored = (await lists.keep(parties)) as StoredList;
    assert.equal(stored.storedList, createHash('sha256').update(text).digest('hex'));
    assert.deepEqual(await lists.read(stored), parties);
    for (const [view, of] of Object.entries(PARTY_VIEWS))
      assert.deepEqual(await lists.read({ ...stored, view }), of(parties), view);
  }
  const without = new ListStore(new SealedStore(folderStore, new SealedBytes([], 1_000_000)));
  const stored = (await without.keep(parties)) as StoredList;
  const short = new ListStore(new SealedStore(folderStore, new SealedBytes([], 1_000)));
  await assert.rejects(short.read(stored), { type: 'ListMissing', message: /cannot be opened/ });
  await assert.rejects(short.keep(parties), { type: 'ListTooLarge' });
});

test('list store: a list that is not there, is damaged or has another name is refused', async (t) => {
  const { folder, lists } = emptyStore(t);
  const stored = (await lists.keep(LONG)) as StoredList;
  const missing = (what: RegExp) => ({ type: 'ListMissing', kind: 'refused', message: what });

  await assert.rejects(
    lists.read({ storedList: 'cd'.repeat(32), count: 1 }),
    missing(/is not in the list store/),
  );
  await assert.rejects(
    lists.read({ storedList: '../../secret', count: 1 }),
    missing(/is not in the list store/),
  );
  for (const view of ['toString', 'constructor'])
    await assert.rejects(lists.read({ ...stored, view }), missing(/has no view/));
  writeFileSync(join(folder, stored.storedList), 'other');
  await assert.rejects(lists.read(stored), missing(/is damaged in the list store/));
});

test('list store: a list is in a file for its owner alone, whole under its name, and again once it is put back', async (t) => {
  const { folder, lists } = emptyStore(t);
  const inside = join(folder, 'new', 'lists');
  const one = new ListStore(new FolderStore(inside));
  const stored = (await one.keep(LONG)) as StoredList;
  const file = join(inside, stored.storedList);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(inside).mode & 0o777, 0o700);
  const refused = { type: 'ListMissing', kind: 'refused' };
  // A worker with another store, and a crash in the middle of a write.
  await assert.rejects(lists.read(stored), refused);
  const whole = readFileSync(file);
  writeFileSync(`${file}.0123456789ab.part`, whole.subarray(0, 100));
  rmSync(file);
  await assert.rejects(one.read(stored), refused);

  writeFileSync(file, whole);

  assert.deepEqual(await one.read(stored), LONG);
});

test('list store: a folder that is full or may not be written is refused with what to do, what may pass is tried again', async (t) => {
  const { folder } = emptyStore(t);
  writeFileSync(join(folder, 'file'), '');
  const isFile = new ListStore(new FolderStore(join(folder, 'file')));
  const failed = { type: 'ListStoreUnavailable', kind: 'refused' };
  await assert.rejects(isFile.read({ storedList: 'ab'.repeat(32), count: 1 }), {
    ...failed,
    message: 'the folder of the list store cannot be read: ENOTDIR; name a folder in lists',
  });
  const full = new ListStore(new FolderStore('/dev/full/lists'));
  await assert.rejects(full.keep(LONG), { ...failed, message: /cannot be written: ENOTDIR; / });
  const longName = new ListStore(new FolderStore(join(folder, 'x'.repeat(300))));
  await assert.rejects(longName.keep(LONG), { ...failed, kind: 'transient', message: /ENAMETOOLONG$/ });
});
