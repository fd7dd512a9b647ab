import assert from 'node:assert/strict';
import test from 'node:test';
import { SegmentQueue } from '../../acs/segment-queue.js';
import type { SpoolSegment } from '../../model/acs.js';

const segment = (position: number): SpoolSegment => ({
  position,
  contractCount: 500,
  recordBytes: 1,
  byteLength: 1,
  sha256: '',
  crc32: 0,
  digest: '',
});

test('acs: a segment stays the next one until it is taken, and comes as soon as it is there', async () => {
  const queue = new SegmentQueue();
  const first = queue.peek();
  queue.push(segment(0));
  assert.equal((await first)?.position, 0);
  assert.equal((await queue.peek())?.position, 0);

  queue.take();
  const second = queue.peek();
  queue.push(segment(1));
  queue.end();

  assert.equal((await second)?.position, 1);
  queue.take();
  assert.equal(await queue.peek(), undefined);
});

test('acs: an export that failed gives nothing more, not even what was there', async () => {
  const queue = new SegmentQueue();
  queue.push(segment(0));
  queue.end(new Error('the export broke'));

  await assert.rejects(queue.peek(), { message: 'the export broke' });
});
