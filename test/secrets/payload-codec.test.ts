import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';

import { MAX_PAYLOAD_BYTES, MigrationPayloadCodec } from '../../secrets/payload-codec.js';

const old = { id: 'old', key: randomBytes(32) };
const current = { id: 'current', key: randomBytes(32) };
const codecOf = (
  options: Partial<ConstructorParameters<typeof MigrationPayloadCodec>[0]> = {},
): MigrationPayloadCodec =>
  new MigrationPayloadCodec({ keys: [current, old], compresses: true, unopened: 'fail', ...options });

const clear = defaultPayloadConverter.toPayload({ party: 'alice::1220aa' });
const large = defaultPayloadConverter.toPayload('party '.repeat(10_000));
const valueOf = (payload: Payload | undefined) => defaultPayloadConverter.fromPayload(payload!);
const textOf = (value: Uint8Array | null | undefined) => Buffer.from(value ?? []).toString('latin1');
const isSame = (left: Payload | undefined, right: Payload) =>
  assert.deepEqual(valueOf(left), valueOf(right));

test('payload-codec: an encrypted payload says its key and nothing else, and opens again', async () => {
  const [sealed, again] = await codecOf().encode([clear, clear]);

  assert.equal(textOf(sealed?.metadata?.['encoding']), 'binary/encrypted');
  assert.equal(textOf(sealed?.metadata?.['encryption-key-id']), 'current');
  assert.deepEqual(Object.keys(sealed?.metadata ?? {}), ['encoding', 'encryption-key-id']);
  assert.doesNotMatch(textOf(sealed?.data), /alice|1220|json/);
  assert.notDeepEqual(sealed?.data?.slice(0, 12), again?.data?.slice(0, 12), 'a nonce is used twice');
  isSame((await codecOf().decode([sealed!]))[0], clear);
});

test('payload-codec: the first key encrypts, and what an earlier one encrypted still opens', async () => {
  const before = codecOf({ keys: [old] });
  const sealed = await before.encode([clear]);

  isSame((await codecOf().decode(sealed))[0], clear);
  await assert.rejects(before.decode(await codecOf().encode([clear])), {
    name: 'PayloadNotOpened',
    message: 'a payload is encrypted with the key "current", known here: old',
  });
});

test('payload-codec: without keys payloads stay readable, large ones are compressed if that is asked for', async () => {
  const plain = codecOf({ keys: [], compresses: false });
  const compressing = codecOf({ keys: [] });

  assert.deepEqual(await plain.encode([clear, large]), [clear, large]);
  const [small, packed] = await compressing.encode([clear, large]);
  assert.equal(small, clear);
  assert.equal(textOf(packed?.metadata?.['encoding']), 'binary/zlib');
  assert.ok(packed!.data!.length < large.data!.length / 50);
  isSame((await plain.decode([packed!]))[0], large);
});

test('payload-codec: random bytes, which do not get smaller, are left as they are', async () => {
  const random = defaultPayloadConverter.toPayload(randomBytes(4096));
  assert.deepEqual(await codecOf({ keys: [] }).encode([random]), [random]);
});

test('payload-codec: what was changed on the way is refused, each byte of it', async () => {
  const [sealed] = await codecOf().encode([clear]);
  for (let index = 0; index < sealed!.data!.length; index += 1) {
    const data = Buffer.from(sealed!.data!);
    data[index]! ^= 1;
    await assert.rejects(codecOf().decode([{ ...sealed!, data }]), {
      message:
        'a payload is not what was encrypted with the key current: it was changed, or another key has this id',
    });
  }
  const renamed = { ...sealed!.metadata, 'encryption-key-id': Buffer.from('twin') };
  const twin = codecOf({ keys: [{ ...current, id: 'twin' }] });
  await assert.rejects(twin.decode([{ ...sealed!, metadata: renamed }]), /twin: it was changed/);
});

test('payload-codec: a payload of a thousand times its size is not unpacked', async () => {
  const bomb = {
    metadata: { encoding: Buffer.from('binary/zlib') },
    data: deflateSync(Buffer.alloc(MAX_PAYLOAD_BYTES * 4)),
  };
  await assert.rejects(codecOf().decode([bomb]), /at most 16777216 bytes/);
});

test('payload-codec: a worker gets what it cannot open as it came, so that no task fails for ever', async () => {
  const worker = codecOf({ keys: [old], unopened: 'pass' });
  const [foreign] = await codecOf().encode([clear]);
  const [own] = await worker.encode([clear]);
  const broken = { ...own!, data: Buffer.from('short') };
  const noZlib = { metadata: { encoding: Buffer.from('binary/zlib') }, data: Buffer.from('text') };
  const nothing = { metadata: { encoding: Buffer.from('binary/encrypted') } };

  const [first, second, third, fourth, fifth] = await worker.decode([
    foreign!,
    broken,
    noZlib,
    nothing,
    own!,
  ]);

  assert.deepEqual([first, second, third, fourth], [foreign, broken, noZlib, nothing]);
  isSame(fifth, clear);
});
