import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';

import { asActivities } from '../../../activities/attempt/failures.js';
import { callSwitchHook, type SwitchHook } from '../../../activities/nodes/switch-hook.js';
import { attempt } from '../../support/attempt.js';
import { makeAuthority } from '../../support/certificates.js';
import { failing } from '../../support/failing.js';

const MIGRATION = 'migrate-participant/source::1220';
const { call } = asActivities({
  call: (hook: SwitchHook) => callSwitchHook(hook, { migration: MIGRATION, source: 'old' }),
});

/** Calls the hook as an activity does. */
const calling = (hook: SwitchHook) => attempt({ call }, 'call', hook).result;

type Answer = (response: ServerResponse, body: string, request: IncomingMessage) => void;

async function startHook(t: TestContext, answer: Answer): Promise<string> {
  const server = createServer((request, response) => {
    void text(request).then((body) => answer(response, body, request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/switch`;
}

const saying =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);
const MOVED = JSON.stringify({ switched: true, migration: MIGRATION, serving: 'new' });

test('switch hook: an answer that names the migration says that its clients have moved', async (t) => {
  const seen: string[] = [];
  const url = await startHook(t, (response, body, { headers }) => {
    seen.push(body, headers.authorization ?? 'no token');
    response.writeHead(200).end(MOVED);
  });
  const tokenFile = join(tmpdir(), `hook-token-${process.pid}`);
  writeFileSync(tokenFile, 'from-a-file\n', { mode: 0o600 });

  await calling({ url, token: 'configured' });
  await calling({ url, tokenFile });

  const body = JSON.stringify({ migration: MIGRATION, source: 'old' });
  assert.deepEqual(seen, [body, 'Bearer configured', body, 'Bearer from-a-file']);
});

for (const [what, answer, ...found] of [
  [
    'a login page',
    saying(200, '<html>Sign in</html>', { 'content-type': 'text/html' }),
    '200 with 20 bytes of text/html',
  ],
  ['an empty answer', saying(204, ''), '204 with 0 bytes of no content type'],
  ['a list', saying(200, '[]'), 'switched missing and migration missing'],
  [
    'the answer to another migration',
    saying(200, '{"switched":true,"migration":"migrate-participant/other"}'),
    'switched true and migration "migrate-participant/other"',
  ],
  [
    'a hook that did not switch',
    saying(200, JSON.stringify({ switched: 'yes', migration: MIGRATION })),
    'switched "yes" and migration "migrate-participant/',
  ],
  [
    'more than anybody has to say',
    saying(200, gzipSync(Buffer.alloc(50_000_000, ' ')), { 'content-encoding': 'gzip' }),
    '200 with more than 64 KiB',
  ],
] as const) {
  test(`switch hook: ${what} moves nobody, and says what was found`, async (t) => {
    const url = await startHook(t, answer);
    await assert.rejects(calling({ url }), failing('SwitchHookFailed', 'refused', ...found));
  });
}

test('switch hook: a redirect is not followed', async (t) => {
  let calls = 0;
  const url = await startHook(t, (response, _, { url: path }) => {
    calls += 1;
    if (path === '/switch') response.writeHead(307, { location: '/login' }).end();
    else response.writeHead(200).end(MOVED);
  });

  await assert.rejects(
    calling({ url }),
    failing('SwitchHookFailed', 'refused', '307, a redirect, which is not followed'),
  );
  assert.equal(calls, 1);
});

test('switch hook: one that is busy or gone is called again', async (t) => {
  const url = await startHook(t, saying(503, MOVED));
  await assert.rejects(calling({ url }), failing('SwitchHookFailed', 'transient', '503'));
  const gone = 'http://127.0.0.1:2/switch';
  await assert.rejects(calling({ url: gone }), failing('SwitchHookFailed', 'transient', 'ECONNREFUSED'));
});

test('switch hook: over TLS it trusts the authority given, and shows its own certificate', async (t) => {
  const authority = await makeAuthority('hooks');
  const server = createTlsServer(
    { ...(await authority.issue(['127.0.0.1'])), ca: authority.cert, requestCert: true },
    (request, response) => {
      request.resume();
      response.writeHead(200).end(MOVED);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/switch`;
  const { cert, key } = await authority.issue(['worker']);
  const { cert: ca } = authority;

  await calling({ url, tls: { ca, cert, key } });
  await assert.rejects(calling({ url }), failing('SwitchHookFailed', 'transient'));
  await assert.rejects(calling({ url, tls: { ca } }), failing('SwitchHookFailed', 'transient'));
});
