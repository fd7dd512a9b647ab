import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import test, { type TestContext } from 'node:test';

import { isStored } from '../../model/listed.js';
import { openLists } from '../../storage/open.js';
import { placeOf } from '../../storage/places.js';
import { S3Store } from '../../storage/s3.js';

const LONG = Array.from({ length: 1_000 }, (_, n) => `party-${n}::1220${'ab'.repeat(32)}`);
const KEYS = [{ id: 'now', key: Buffer.alloc(32, 7) }];

/** A bucket that keeps what it is given, or answers as told. */
async function startBucket(t: TestContext, status?: { code: number; error: string }) {
  const objects = new Map<string, Buffer>();
  const server: Server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const path = request.url!.split('?')[0]!;
      const found = objects.get(path);
      const failed = status ?? (request.method === 'GET' && !found && { code: 404, error: 'NoSuchKey' });
      if (failed) {
        response.writeHead(failed.code, { 'content-type': 'application/xml' });
        response.end(`<Error><Code>${failed.error}</Code><Message>no</Message></Error>`);
      } else {
        if (request.method === 'PUT') objects.set(path, body);
        response.end(request.method === 'GET' ? found : '');
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  const environment = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
  Object.assign(process.env, environment);
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = `s3://lists/of/migrations?region=eu-central-1&endpoint=${endpoint}&pathStyle=true`;
  return { objects, place };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

test('list store: in a bucket a list is sealed, and read by whoever has the keys', async (t) => {
  const { objects, place } = await startBucket(t);

  const stored = await openLists(place, KEYS).keep(LONG);

  assert.ok(isStored(stored));
  assert.deepEqual([...objects.keys()], [`/lists/of/migrations/${stored.storedList}`]);
  assert.ok(![...objects.values()].some((bytes) => bytes.includes('party-1')));
  assert.deepEqual(await openLists(place, KEYS).read(stored), LONG);
  const refused = { type: 'ListMissing', kind: 'refused' };
  await assert.rejects(openLists(place, []).read(stored), refused);
  await assert.rejects(openLists(place, KEYS).read({ ...stored, storedList: '00'.repeat(32) }), refused);
});

test('list store: a bucket that says no is refused', async (t) => {
  const { place } = await startBucket(t, { code: 403, error: 'AccessDenied' });

  await assert.rejects(openLists(place, []).keep(LONG), {
    type: 'ListStoreUnavailable',
    kind: 'refused',
    message: /bucket lists, answered 403: AccessDenied/,
  });
});

test('list store: what has to be set is refused with what to set, a network that is down is tried again', async (t) => {
  const { place } = await startBucket(t);
  const failing = (of: string, kind: string, message: RegExp) =>
    assert.rejects(openLists(of, []).read({ storedList: 'ab'.repeat(32), count: 1 }), {
      ...{ type: 'ListStoreUnavailable', kind, message },
    });

  await failing(place.replace('127.0.0.1', 'no-such-host.invalid'), 'refused', /ENOTFOUND; .*endpoint/);
  await failing(place.replace(/127.0.0.1:\d+/, '127.0.0.1:1'), 'transient', /nothing: ECONNREFUSED$/);
  const names = ['AWS_ACCESS_KEY_ID', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE'];
  const before = names.map((name) => process.env[name]);
  t.after(() => Object.assign(process.env, { AWS_ACCESS_KEY_ID: before[0] }));
  for (const name of names) delete process.env[name];
  Object.assign(process.env, {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  await failing(place, 'refused', /CredentialsProviderError; .*AWS_ACCESS_KEY_ID/);
  await failing(place.replace('region=eu-central-1&', ''), 'refused', /set region in lists/);
});

test('list store: a bucket that is busy is tried again', async (t) => {
  const { place } = await startBucket(t, { code: 503, error: 'SlowDown' });

  await assert.rejects(openLists(place, KEYS).read({ storedList: 'ab'.repeat(32), count: 1 }), {
    ...{ type: 'ListStoreUnavailable', kind: 'transient' },
  });
});

test('list store: a bucket that stops in the middle of an answer, or never gives one, is tried again', async (t) => {
  const server = createServer((request, response) => {
    if (request.method !== 'GET') return;
    response.writeHead(200, { 'content-length': '1000' });
    response.write('the first bytes');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const place = placeOf(`s3://lists?region=here&endpoint=${endpoint}&pathStyle=true`);
  assert.ok(place.kind === 's3');
  const store = new S3Store(place, 200);
  const failed = { type: 'ListStoreUnavailable', kind: 'transient', message: /answered nothing: / };

  await assert.rejects(store.get('name'), failed);
  const content = { byteLength: 5, chunks: Readable.from([Buffer.from('bytes')]) };
  await assert.rejects(store.put('name', content), failed);
});

test('list store: a place is a folder or a bucket, without credentials', () => {
  assert.deepEqual(placeOf('lists', '/etc/canton-migrate'), {
    kind: 'folder',
    folder: '/etc/canton-migrate/lists',
  });
  assert.deepEqual(placeOf('s3://bucket'), {
    kind: 's3',
    bucket: 'bucket',
    prefix: '',
    isPathStyle: false,
  });
  for (const wrong of ['s3://', 's3://me:secret@bucket', 's3://bucket?key=secret', 'gs://bucket'])
    assert.throws(() => placeOf(wrong), /expected/);
});
