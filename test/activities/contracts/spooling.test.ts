import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { createActivities } from '../../../activities/index.js';
import type { CopyInput } from '../../../activities/contracts/copy.js';
import { importPrefix } from '../../../model/plan-parts.js';
import type { ByReference } from '../../../model/listed.js';
import { exportInput } from '../../../workflows/phases/export-input.js';
import { attempt } from '../../support/attempt.js';
import { callsOf } from '../../support/stack.js';
import { failing } from '../../support/failing.js';
import { type Migrating, startSteps } from '../../support/route-steps.js';

/** A copy that is complete, with its spool. */
async function spooled(t: TestContext): Promise<Migrating & { input: ByReference<CopyInput> }> {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { planned, record } = migrating;
  const input = {
    ...exportInput(planned, record.pinnedOffset!),
    workflowIdPrefix: importPrefix(planned.hash),
    targetLedgerEnd: record.targetLedgerEnd!,
    checkpoint: record.checkpoint!,
  };
  return { ...migrating, input };
}

function fileOf({ spoolFolder }: Migrating, name: string): string {
  const [folder = ''] = readdirSync(spoolFolder);
  return join(spoolFolder, folder, name);
}

async function exportsOf(migrating: Migrating, input: ByReference<CopyInput>): Promise<number> {
  const work = () => migrating.act.copyActiveContracts(input).catch(() => undefined);
  return (await callsOf(migrating, work, { method: 'ExportAcs', participant: 'source' })).length;
}

test('spooling: a complete spool of the same export is kept', async (t) => {
  const migrating = await spooled(t);

  assert.equal(await exportsOf(migrating, migrating.input), 0);
});

test('spooling: another offset or another cut is another export', async (t) => {
  const migrating = await spooled(t);
  const { input } = migrating;

  assert.equal(await exportsOf(migrating, { ...input, segmentContracts: 30 }), 1);
  assert.equal(await exportsOf(migrating, { ...input, offset: String(Number(input.offset) - 1) }), 1);
});

test('spooling: a spool whose manifest is damaged or gone is made again', async (t) => {
  const migrating = await spooled(t);
  const manifest = fileOf(migrating, 'manifest');

  writeFileSync(manifest, readFileSync(manifest, 'utf8').slice(0, -9));
  assert.equal(await exportsOf(migrating, migrating.input), 1);
  rmSync(manifest);
  assert.equal(await exportsOf(migrating, migrating.input), 1);
});

test('spooling: a worker with another spool key makes the export again', async (t) => {
  const migrating = await spooled(t);
  const { nodes, spoolFolder, input } = migrating;
  const other = createActivities({
    participants: nodes,
    spool: { folder: spoolFolder, key: Buffer.alloc(32, 9) },
  });

  const calls = await callsOf(migrating, () => attempt(other, 'copyActiveContracts', input).result, {
    method: 'ExportAcs',
  });

  assert.equal(calls.length, 1);
});

test('spooling: damage that shows when a segment is read throws the spool away, and the next attempt exports again', async (t) => {
  const migrating = await spooled(t);
  const { act, input } = migrating;
  const segments = fileOf(migrating, 'segments.bin');
  const bytes = readFileSync(segments);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(segments, bytes);
  // As if nothing had been imported: only then is the damaged segment read.
  const { checkpoint, ...rest } = input;
  const fresh = { ...rest, targetLedgerEnd: checkpoint!.targetLedgerEnd };

  await assert.rejects(act.copyActiveContracts(fresh), failing('ShardDamaged', 'transient', 'sha-256'));

  assert.deepEqual(readdirSync(migrating.spoolFolder), []);
  assert.equal(await exportsOf(migrating, fresh), 1);
});

test('spooling: a disk without room is refused with the bytes that are needed', async (t) => {
  const migrating = await spooled(t);
  const { act, input } = migrating;
  const huge = { ...input, offset: String(Number(input.offset) - 1), expectedContracts: 1e13 };

  await assert.rejects(
    act.copyActiveContracts(huge),
    failing('SpoolNotWritable', 'refused', '6000000000000000 bytes', 'free'),
  );
});
