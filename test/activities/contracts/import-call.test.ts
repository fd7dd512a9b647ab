import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { writeSpool } from '../../../acs/spool.js';
import { SegmentQueue } from '../../../acs/segment-queue.js';
import { currentFencing } from '../../../activities/attempt/fencing.js';
import { ImportCall } from '../../../activities/contracts/import-call.js';
import { Pace } from '../../../activities/contracts/pace.js';
import type { SpoolSegment } from '../../../model/acs.js';
import { DEFAULT_TUNING, type TransferTuning } from '../../../model/steering.js';
import { sampleRecords } from '../../../bench/sample-export.js';
import { CIPHER, collect, newFolder, pack, spoolOptions, stream } from '../../acs/exports.js';
import { callingAs, environmentOf } from '../../support/calling.js';
import { SILENT, temporalOf } from '../../support/stack.js';

const RUNNING: TransferTuning = { ...DEFAULT_TUNING, isPaused: false };

/** A spool of two segments, of which the second has not come yet. */
async function halfSpooled(t: TestContext) {
  const place = { folder: await newFolder(t), cipher: CIPHER };
  const export_ = stream(pack([...sampleRecords(1_000)]));
  const { segments: all } = await writeSpool(export_, place, spoolOptions());
  const [first, second] = all as [SpoolSegment, SpoolSegment];
  const segments = new SegmentQueue();
  segments.push(first);
  return { spooled: { place, segments }, first, second };
}

/** What a call uploads, of an attempt that Temporal answers by `heartbeat` and `tuning`. */
function uploaded(
  spooled: Awaited<ReturnType<typeof halfSpooled>>['spooled'],
  {
    tuning = RUNNING,
    heartbeat = async () => undefined,
  }: { tuning?: TransferTuning; heartbeat?: () => Promise<void> },
): Promise<{ bytes: Buffer; call: ImportCall }> {
  const client = Object.assign(temporalOf(tuning), { activity: { heartbeat } });
  const calling = callingAs('copyActiveContracts', {});
  const run = async () => {
    const fencing = currentFencing();
    const call = new ImportCall({ spooled, pace: new Pace(), fencing, tuning: RUNNING, left: Infinity });
    return { bytes: await collect(call.chunks()), call };
  };
  const environment = environmentOf(calling, {}, { logger: SILENT, client });
  return environment.run<[], Awaited<ReturnType<typeof run>>, typeof run>(run);
}

test('import-call: what waits for the export ends whole when the migration is paused, and the rest stays', async (t) => {
  const { spooled, first, second } = await halfSpooled(t);

  const { bytes, call } = await uploaded(spooled, { tuning: { ...RUNNING, isPaused: true } });

  assert.equal(gunzipSync(bytes).length, first.recordBytes);
  assert.deepEqual(call.sent, { contractCount: 500, digest: first.digest });
  assert.equal(call.failure, undefined);
  spooled.segments.push(second);
  assert.equal(await spooled.segments.peek(), second);
});

test('import-call: an attempt that is not the current one any more, or cannot know, never sends the end of its call', async (t) => {
  const [lost, unknown] = await Promise.all([halfSpooled(t), halfSpooled(t)]);
  const failsWith = (name: string) => async () => {
    throw Object.assign(new Error(name), { name });
  };

  await Promise.all([
    assert.rejects(
      uploaded(lost.spooled, { heartbeat: failsWith('ActivityNotFoundError') }),
      /belongs to another attempt now/,
    ),
    assert.rejects(uploaded(unknown.spooled, { heartbeat: failsWith('ServiceError') }), /ServiceError/),
  ]);
});

test('import-call: an export that is over before its first contract is no call', async (t) => {
  const { spooled } = await halfSpooled(t);
  spooled.segments.end(new Error('the export broke'));

  await assert.rejects(uploaded(spooled, {}), /the export broke/);
});
