import assert from 'node:assert/strict';
import test from 'node:test';
import { SegmentQueue } from '../../acs/segment-queue.js';
import type { SpoolSegment } from '../../model/acs.js';

const segment = (position: number, contractCount = 500, recordBytes = 1): SpoolSegment => ({
  position,
  contractCount,
  recordBytes,
  byteLength: 1,
  sha256: '',
  crc32: 0,
  digest: '',
});
const positions = (segments: SpoolSegment[]) => segments.map(({ position }) => position);

test('acs: a shard has as many segments as fit, and at least one', async () => {
  const queue = new SegmentQueue();
  for (let at = 0; at < 5; at++) queue.push(segment(at));
  queue.end();

  assert.deepEqual(positions(await queue.nextShard(1_200)), [0, 1]);
  assert.deepEqual(positions(await queue.nextShard(100)), [2]);
  assert.deepEqual(positions(await queue.nextShard(10_000)), [3, 4]);
  assert.deepEqual(await queue.nextShard(10_000), []);
});

test('acs: a shard waits until it is full or the export has ended', async () => {
  const queue = new SegmentQueue();
  queue.push(segment(0));
  let isReady = false;
  const shard = queue.nextShard(1_000).then((its) => ((isReady = true), its));
  await new Promise(setImmediate);
  assert.equal(isReady, false);

  queue.push(segment(1));
  await new Promise(setImmediate);
  assert.equal(isReady, false, 'another one may fit');
  queue.end();

  assert.deepEqual(positions(await shard), [0, 1]);
});

test('acs: a shard is closed early where contracts are large', async () => {
  const queue = new SegmentQueue();
  for (let at = 0; at < 3; at++) queue.push(segment(at, 500, 200 * 1024 * 1024));
  queue.end();

  assert.deepEqual(positions(await queue.nextShard(50_000)), [0]);
});

test('acs: an export that failed gives nothing more, not even what was there', async () => {
  const queue = new SegmentQueue();
  queue.push(segment(0));
  queue.end(new Error('the export broke'));

  await assert.rejects(queue.nextShard(500), { message: 'the export broke' });
  await assert.rejects(queue.next(), { message: 'the export broke' });
});
