import assert from 'node:assert/strict';
import test from 'node:test';
import { FrameReader, frame } from '../../acs/framing.js';
import { cut, golden, GOLDEN, pack, seeded, split, unpack } from './exports.js';

test('acs: recorded exports split into records that are written again to the same bytes', async () => {
  for (const name of GOLDEN) {
    const raw = await golden(name, 'raw');
    assert.deepEqual(Buffer.concat(split([raw]).map((record) => frame(record))), raw);
  }
});

test('acs: a recorded export gunzipped, split, packed again and joined has the same records', async () => {
  const records = unpack(await golden('happy'));
  const halves = [records.slice(0, 3), records.slice(3)].map((half) => pack(half));

  assert.equal(records.length, 7);
  assert.deepEqual(
    halves.flatMap((half) => unpack(half)),
    records,
  );
});

test('acs: records do not depend on how the stream is cut into chunks', async () => {
  const raw = await golden('happy', 'raw');
  const expected = split([raw]);
  for (let seed = 1; seed <= 200; seed++) {
    const random = seeded(seed);
    const longest = 1 + random(seed % 2 ? 8 : 3000);
    assert.deepEqual(split(cut(raw, () => 1 + random(longest))), expected, `seed ${seed}`);
  }
});

test('acs: empty records and empty chunks are records and no records', () => {
  const bytes = Buffer.concat([
    frame(Buffer.alloc(0)),
    frame(Buffer.alloc(200, 7)),
    frame(Buffer.alloc(0)),
  ]);
  const lengths = split([Buffer.alloc(0), ...cut(bytes, () => 1), Buffer.alloc(0)]).map(
    (record) => record.length,
  );
  assert.deepEqual(lengths, [0, 200, 0]);
});

test('acs: a stream that ends inside a record or its length is truncated', () => {
  const bytes = frame(Buffer.alloc(300, 1));
  for (const length of [1, 2, 3, 301]) {
    assert.throws(() => split([bytes.subarray(0, length)]), {
      type: 'ExportTruncated',
      kind: 'transient',
    });
  }
});

test('acs: a record above 64 MiB is refused by its length, however the stream is cut', () => {
  const prefixes = ['8180802080', 'ffffffff0f', 'ffffffffff01'].map((hex) => Buffer.from(hex, 'hex'));
  for (const prefix of prefixes) {
    for (const length of [1, 2, prefix.length]) {
      const frames = new FrameReader();
      assert.throws(
        () => {
          for (const chunk of cut(prefix, () => length)) {
            frames.feed(chunk);
            while (frames.next());
          }
        },
        { type: 'RecordTooLarge', kind: 'refused' },
      );
    }
  }
});
