import assert from 'node:assert/strict';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { gunzipMember } from '../../acs/gzip-member.js';
import { collect, golden, seeded, stream } from './exports.js';

const contents = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * at) % 251));
const packed = gzipSync(contents);
const lengths = [1, 7, 8, 9, 1000, packed.length];

test('acs: one gzip member gives its contents, however it is cut', async () => {
  for (const length of lengths.slice(1)) {
    assert.deepEqual(await collect(gunzipMember(stream(packed, () => length))), contents);
  }
  const small = await golden('carol');
  assert.deepEqual(await collect(gunzipMember(stream(small, () => 1))), await golden('carol', 'raw'));
});

test('acs: the zero-contract export of a participant is empty', async () => {
  const empty = Buffer.from('1f8b08000000000000ff03000000000000000000', 'hex');
  for (const length of [1, 9, 20]) {
    assert.equal((await collect(gunzipMember(stream(empty, () => length)))).length, 0);
  }
});

test('acs: a gzip cut anywhere is truncated, never shorter contents', async () => {
  const random = seeded(5);
  const ends = [0, 1, 9, 10, 11, packed.length - 8, packed.length - 9, packed.length - 1];
  for (const end of [...ends, ...Array.from({ length: 20 }, () => random(packed.length))]) {
    const short = packed.subarray(0, end);
    await assert.rejects(
      collect(gunzipMember(stream(short, () => 500))),
      { type: 'ExportTruncated' },
      `${end}`,
    );
  }
});

test('acs: a second gzip member is refused, also an empty one and however it is cut', async () => {
  for (const second of [packed, gzipSync(Buffer.alloc(0)), Buffer.from([0]), Buffer.from('x')]) {
    for (const length of lengths.slice(2)) {
      const two = Buffer.concat([packed, second]);
      await assert.rejects(collect(gunzipMember(stream(two, () => length))), {
        type: 'ExportTrailingBytes',
      });
    }
  }
});

test('acs: an empty first member does not hide a second one', async () => {
  const two = Buffer.concat([gzipSync(Buffer.alloc(0)), packed]);
  await assert.rejects(collect(gunzipMember(stream(two))), { type: 'ExportTrailingBytes' });
});

test('acs: altered bytes are found by inflate or checksum', async () => {
  const random = seeded(9);
  for (let round = 0; round < 30; round++) {
    const altered = Buffer.from(packed);
    const at = 10 + random(altered.length - 10);
    altered[at] = (altered[at] ?? 0) ^ (1 << random(8));
    await assert.rejects(
      collect(gunzipMember(stream(altered, () => 4096))),
      { name: 'AcsError' },
      `byte ${at}`,
    );
  }
});

test('acs: what is no gzip is refused', async () => {
  await assert.rejects(collect(gunzipMember(stream(Buffer.from('not a gzip at all')))), {
    type: 'ExportNotGzip',
  });
});

test('acs: a failing source fails with its own error', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield packed;
    throw new Error('UNAVAILABLE');
  }
  await assert.rejects(collect(gunzipMember(failing())), { message: 'UNAVAILABLE' });
});

test(
  'acs: cancelling stops a source that says nothing, with the reason given',
  { timeout: 5000 },
  async () => {
    const cancel = new AbortController();
    async function* silent(): AsyncGenerator<Uint8Array> {
      yield packed.subarray(0, 100);
      setImmediate(() => cancel.abort(new Error('cancelled by test')));
      await new Promise(() => undefined);
    }
    await assert.rejects(collect(gunzipMember(silent(), cancel.signal)), {
      message: 'cancelled by test',
    });
  },
);

test('acs: an export that grows a thousandfold is refused while it does', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
  let bytes = 0;
  await assert.rejects(
    async () => {
      for await (const chunk of gunzipMember(stream(bomb, () => 1000))) bytes += chunk.length;
    },
    { type: 'ExportTooLarge', kind: 'refused' },
  );
  assert.ok(bytes < 170 * 1024 * 1024, `${bytes} bytes came out`);
});
