import assert from 'node:assert/strict';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import type { ExportInput } from '../../activities/spooling.js';
import { exportInput } from '../../workflows/phases/transfer-active-contracts.js';
import { callsOf, failing, startPhases, type Migrating } from '../support/steps.js';

async function exported(t: TestContext) {
  const migrating = await startPhases(t, { upTo: 'transfer-active-contracts', shardContracts: 20 });
  const { agreed, record, act } = migrating;
  const what = exportInput(agreed, record.pinnedOffset!);
  await act.exportActiveContracts(what);
  return { migrating, what };
}

/** How many exports of the source it takes. */
async function exportsOf(migrating: Migrating, what: ExportInput): Promise<number> {
  const { act } = migrating;
  const calls = await callsOf(migrating, () => act.exportActiveContracts(what), { method: 'ExportAcs' });
  return calls.length;
}

function shardFile({ spoolFolder }: Migrating): string {
  const [folder = ''] = readdirSync(spoolFolder);
  const files = readdirSync(join(spoolFolder, folder)).filter((name) => name.startsWith('shard-'));
  return join(spoolFolder, folder, files[0]!);
}

test('spooling: an export that is there is not made again', async (t) => {
  const { migrating, what } = await exported(t);

  assert.equal(await exportsOf(migrating, what), 0);
});

test('spooling: the same export is described the same, made again or not', async (t) => {
  const { migrating, what } = await exported(t);
  const { act } = migrating;
  const first = await act.exportActiveContracts(what);
  await act.removeExport(what);

  const second = await act.exportActiveContracts(what);

  assert.deepEqual(second, first);
  assert.deepEqual([second.shardCount, second.total.contractCount], [3, 60]);
});

test('spooling: an export of other parties, another cut or another offset is another export', async (t) => {
  const { migrating, what } = await exported(t);
  const offset = String(Number(what.pinnedOffset) - 1);

  assert.equal(
    await exportsOf(migrating, { ...what, partyNames: what.partyNames.slice(1), allowsShared: true }),
    1,
  );
  assert.equal(await exportsOf(migrating, { ...what, shardContracts: 30 }), 1);
  assert.equal(await exportsOf(migrating, { ...what, pinnedOffset: offset }), 1);
});

test('spooling: a shard that was cut short is noticed, and the export made again', async (t) => {
  const { migrating, what } = await exported(t);
  truncateSync(shardFile(migrating), 10);

  assert.equal(await exportsOf(migrating, what), 1);
  assert.equal(await exportsOf(migrating, what), 0);
});

test('spooling: a shard of another content is never imported, and the next attempt exports again', async (t) => {
  const { migrating, what } = await exported(t);
  const { sandbox, act } = migrating;
  const { shardCount, total } = await act.exportActiveContracts(what);
  const file = shardFile(migrating);
  writeFileSync(file, Buffer.alloc(readFileSync(file).length));
  const beginExclusive = String(sandbox.participants.target.ledger.ledger.end);
  const input = { ...what, exported: { shardCount, total }, shard: 1, workflowIdPrefix: 'again' };

  await assert.rejects(
    act.importShard({ ...input, beginExclusive }),
    failing('ShardDamaged', 'transient'),
  );
  const calls = await callsOf(migrating, () => act.importShard({ ...input, beginExclusive }));

  assert.equal(calls.filter(({ method }) => method === 'ExportAcs').length, 1);
  assert.equal(sandbox.participants.target.contracts().length, 60);
});

test('spooling: nothing is left once an export was removed, which may be repeated', async (t) => {
  const { migrating, what } = await exported(t);

  await migrating.act.removeExport(what);
  await migrating.act.removeExport(what);

  assert.deepEqual(readdirSync(migrating.spoolFolder), []);
});
