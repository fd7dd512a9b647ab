import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import type { KeptReport } from '../../model/kept-report.js';
import { openReports } from '../../storage/open.js';

const MIGRATION = 'migrate-participant/old::1220ab';
const TEXTS = { text: 'all of it', html: '<p>all of it</p>', json: '{"all":"of it"}' };
const KEYS = [{ id: 'one', key: Buffer.alloc(32, 1) }];

const told = (begunAt: string, outcome: KeptReport['outcome'] = 'migrated') => ({
  ...{ outcome, sourceUid: 'old::1220ab', targetUid: 'new::1220cd', planHash: 'ab'.repeat(32) },
  ...{ begunAt, keptAt: '2026-02-02T00:00:00.000Z' },
});

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-reports-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('report store: reports are found again by the migration, one that is kept anew replaces the one before', async (t) => {
  const folder = folderOf(t);
  const store = openReports(folder, KEYS);
  await store.keep(MIGRATION, told('2026-01-01T00:00:00.000Z'), TEXTS);
  await store.keep(MIGRATION, told('2026-02-01T00:00:00.000Z'), TEXTS);
  await store.keep(MIGRATION, told('2026-02-01T00:00:00.000Z', 'aborted'), {
    ...TEXTS,
    text: 'another',
  });

  const again = openReports(folder, KEYS);
  const all = await again.list(MIGRATION);

  assert.deepEqual(
    all.map(({ begunAt, outcome }) => [begunAt.slice(0, 7), outcome]),
    [
      ['2026-01', 'migrated'],
      ['2026-02', 'aborted'],
    ],
  );
  assert.equal(await again.read(all[0]!, 'text'), 'all of it');
  assert.equal(await again.read(all[1]!, 'text'), 'another');
  assert.deepEqual(await again.list('migrate-participant/other::1220ab'), []);
});

test('report store: what it keeps is encrypted, has names of its own, and is refused if it was exchanged', async (t) => {
  const folder = folderOf(t);
  const store = openReports(folder, KEYS);
  const kept = await store.keep(MIGRATION, told('2026-01-01T00:00:00.000Z'), TEXTS);

  const names = readdirSync(folder);
  for (const name of names) {
    assert.match(name, /^reports?-[0-9a-f]{64}$/);
    assert.doesNotMatch(readFileSync(join(folder, name), 'latin1'), /all of it|old::1220ab/);
  }
  await assert.rejects(openReports(folder, []).list(MIGRATION), { type: 'ListMissing' });
  const [one, other] = [kept.files.text, kept.files.html].map(({ sha256 }) =>
    join(folder, `report-${sha256}`),
  );
  writeFileSync(one!, readFileSync(other!));
  await assert.rejects(store.read(kept, 'text'), { type: 'ListMissing' });
  rmSync(other!);
  await assert.rejects(store.read(kept, 'html'), /missing or damaged in the list store/);
});
