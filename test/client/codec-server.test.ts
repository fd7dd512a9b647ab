import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { deflateSync } from 'node:zlib';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';

import { startCodecServer, type CodecServerOptions } from '../../client/codec-server.js';
import { MAX_PAYLOAD_BYTES, MigrationPayloadCodec } from '../../secrets/payload-codec.js';
import { makeAuthority } from '../support/certificates.js';
import { nodeArguments, packageRoot } from '../../tools/package-root.js';
import { runCli } from './run-cli.js';

const UI = 'http://localhost:8233';
const codec = new MigrationPayloadCodec({
  keys: [{ id: 'one', key: randomBytes(32) }],
  compresses: true,
  unopened: 'pass',
});
const clear = defaultPayloadConverter.toPayload({ party: 'alice::1220aa' });

async function serverOf(t: TestContext, options: Partial<CodecServerOptions> = {}) {
  const server = await startCodecServer({ codec, host: '127.0.0.1', port: 0, uiOrigin: UI, ...options });
  t.after(() => server.close());
  return server.url;
}

function json(payloads: Payload[]): string {
  const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
  return JSON.stringify({
    payloads: payloads.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
      ),
      data: base64(data),
    })),
  });
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** With headers that `fetch` does not let anybody set. */
async function ask(
  url: string,
  {
    method = 'POST',
    headers = {},
    body = json([]),
    tls,
  }: { method?: string; headers?: Record<string, string>; body?: string; tls?: object } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https') ? tlsRequest : httpRequest;
    const all = { 'content-type': 'application/json', ...headers };
    const sent = send(url, { method, headers: all, ...tls, agent: false }, (response) => {
      text(response).then(
        (found) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: found }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(method === 'POST' ? body : undefined);
  });
}

test('codec-server: what it closes is encrypted, what it opens is clear', async (t) => {
  const url = await serverOf(t);

  const closed = await ask(`${url}/encode`, { body: json([clear]) });
  assert.equal(closed.status, 200);
  assert.doesNotMatch(Buffer.from(closed.body).toString(), /alice/);
  const { payloads } = JSON.parse(closed.body) as { payloads: { metadata: { encoding: string } }[] };
  assert.equal(Buffer.from(payloads[0]!.metadata.encoding, 'base64').toString(), 'binary/encrypted');

  const opened = await ask(`${url}/decode`, { body: closed.body, headers: { origin: UI } });
  assert.equal(opened.body, json([clear]));
  assert.equal(opened.headers['access-control-allow-origin'], UI);
  assert.equal(opened.headers['cache-control'], 'no-store');
});

test('codec-server: a payload of another key is handed back as it came', async (t) => {
  const other = new MigrationPayloadCodec({
    keys: [{ id: 'two', key: randomBytes(32) }],
    unopened: 'fail',
  });
  const body = json(await other.encode([clear]));
  assert.equal((await ask(`${await serverOf(t)}/decode`, { body })).body, body);
});

test('codec-server: the browser of the Web UI may ask, that of another page may not', async (t) => {
  const url = await serverOf(t);
  const before = await ask(`${url}/decode`, { method: 'OPTIONS', headers: { origin: UI } });
  assert.equal(before.status, 204);
  assert.equal(before.headers['access-control-allow-origin'], UI);
  assert.match(String(before.headers['access-control-allow-headers']), /x-namespace/);

  for (const headers of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    // A name of the page's own that leads to 127.0.0.1.
    { host: 'evil.example' },
    { host: 'evil.example:8888', origin: UI },
  ]) {
    const refused = await ask(`${url}/decode`, { headers });
    assert.equal(refused.status, 403, JSON.stringify(headers));
    assert.equal(refused.headers['access-control-allow-origin'], undefined);
  }
});

test('codec-server: what is no request of the protocol is refused, and the server goes on', async (t) => {
  const url = await serverOf(t);
  const status = async (path: string, options: Parameters<typeof ask>[1]) =>
    (await ask(`${url}${path}`, options)).status;

  assert.equal(await status('/decode', { method: 'GET' }), 404);
  assert.equal(await status('/', {}), 404);
  assert.equal(await status('/decode', { headers: { 'content-type': 'text/plain' } }), 415);
  for (const body of [
    '',
    '[',
    '{"payloads":{}}',
    '{"payloads":[{"data":1}]}',
    '{"payloads":[{"metadata":{"a":[]}}]}',
  ])
    assert.equal(await status('/decode', { body }), 400, body);
  assert.equal(await status('/decode', { body: 'null' }), 200);
  assert.equal(await status('/decode', { body: '{"payloads":[null,7]}' }), 200);
  assert.equal(await status('/decode', { body: 'x'.repeat(33 * 1024 * 1024) }), 413);
});

// A few kilobytes that would become gigabytes.
test('codec-server: many payloads that grow are refused together', async (t) => {
  const large = defaultPayloadConverter.toPayload('x'.repeat(MAX_PAYLOAD_BYTES - 1024));
  const [packed] = await new MigrationPayloadCodec({ compresses: true, unopened: 'fail' }).encode([
    large,
  ]);
  const bomb = { metadata: packed!.metadata!, data: deflateSync(Buffer.alloc(MAX_PAYLOAD_BYTES * 2)) };
  const url = await serverOf(t);

  const answer = await ask(`${url}/decode`, { body: json(Array.from({ length: 20 }, () => packed!)) });
  assert.equal(answer.status, 413);
  assert.equal((await ask(`${url}/decode`, { body: json([bomb]) })).body, json([bomb]));
});

test('codec-server: with a token only those who have it are answered', async (t) => {
  const url = await serverOf(t, { token: 'sesame' });
  for (const [authorization, status] of [
    ['', 401],
    ['Bearer sesam', 401],
    ['sesame', 401],
    ['Bearer sesame', 200],
  ] as const) {
    const headers = authorization === '' ? {} : { authorization };
    assert.equal((await ask(`${url}/decode`, { headers })).status, status, authorization);
  }
  // A browser asks without it first.
  assert.equal((await ask(`${url}/decode`, { method: 'OPTIONS', headers: { origin: UI } })).status, 204);
});

test('codec-server: with an authority of clients only those with its certificate are answered', async (t) => {
  const [authority, stranger] = [await makeAuthority('clients'), await makeAuthority('others')];
  const ca = authority.cert;
  const url = await serverOf(t, { tls: { ...(await authority.issue(['127.0.0.1'])), ca } });
  const asks = (tls: object) => ask(`${url}/decode`, { tls: { ca, ...tls } });

  assert.equal((await asks(await authority.issue(['ada']))).status, 200);
  await assert.rejects(asks({}));
  await assert.rejects(asks(await stranger.issue(['ada'])));
});

function keyFile(t: TestContext, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-codec-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'payload-keys');
  writeFileSync(path, `one ${'ab'.repeat(32)}\n`);
  chmodSync(path, mode);
  return path;
}

test('codec-server: the command says where it listens, and ends on a signal', async (t) => {
  const args = ['codec-server', '--listen', '127.0.0.1:0'];
  const child = spawn(process.execPath, [...nodeArguments('client/cli'), ...args], {
    cwd: packageRoot,
    env: { ...process.env, CANTON_MIGRATE_PAYLOAD_KEYS: keyFile(t) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  let said = '';
  for await (const line of createInterface({ input: child.stdout })) {
    said = line;
    break;
  }

  const url = /^codec server at (http:\/\/127\.0\.0\.1:\d+), for the Web UI at /.exec(said)?.[1];
  assert.equal((await ask(`${url}/decode`, { body: json([clear]) })).body, json([clear]));
  child.kill('SIGTERM');
  assert.equal(await exited, 0);
});

test('codec-server: keys that others can read, an open address and a taken port are told', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const address = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
  const run = async (...args: string[]) => {
    const { code, err } = await runCli(['codec-server', ...args]);
    return { code, err };
  };
  const path = keyFile(t, 0o644);
  const [open, exposed, busy] = await Promise.all([
    run('--payload-keys', path),
    run('--payload-keys', keyFile(t), '--listen', '0.0.0.0:8888'),
    run('--payload-keys', keyFile(t), '--listen', address),
  ]);

  assert.equal(open.code, 2);
  assert.match(open.err, /PayloadKeysUnusable: --payload-keys: found .+ with mode 644, .+ chmod 600/);
  assert.equal(exposed.code, 2);
  assert.match(exposed.err, /CodecServerOpen: --listen: found 0\.0\.0\.0, which others can reach/);
  assert.equal(busy.code, 1);
  assert.match(
    busy.err,
    new RegExp(`PortNotFree: ${address}: another process listens there\nnext: .*--listen`),
  );
});
