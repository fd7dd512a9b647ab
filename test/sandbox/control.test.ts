import assert from 'node:assert/strict';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import test, { type TestContext } from 'node:test';

import { openControlPort } from '../../sandbox/control.js';
import { startSandbox } from '../../sandbox/index.js';
import { SMALL } from '../support/stack.js';

const FAULT = JSON.stringify({ kind: 'failBefore', method: 'GetId', code: 'ABORTED' });

/** What the control port answers to a request with headers that `fetch` would not send. */
async function control(t: TestContext) {
  const sandbox = await startSandbox({ scenario: SMALL });
  t.after(() => sandbox.close());
  const opened = await openControlPort(sandbox, 0);
  t.after(() => opened.close());
  const { port } = opened;
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body = '') =>
    new Promise<number>((resolve, reject) => {
      const length = body === '' ? {} : { 'content-length': String(body.length) };
      const options = { host: '127.0.0.1', port, method, path, headers: { ...length, ...headers } };
      const sent = request({ ...options, agent: false }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      });
      sent.once('error', reject);
      sent.end(body);
    });
  return { sandbox, port, ask };
}

test('control port: a program of this machine is answered, by each of its names', async (t) => {
  const { sandbox, port, ask } = await control(t);
  const json = { 'content-type': 'application/json' };

  for (const host of ['127.0.0.1', `127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`])
    assert.equal(await ask('GET', '/ready', { host }), 200, host);
  assert.equal(await ask('POST', '/faults', json, FAULT), 200);
  assert.equal(sandbox.faults.pending().length, 1);
});

// A browser on this machine, of somebody who looks at that page.
test('control port: a page can neither read nor change anything, under whatever name', async (t) => {
  const { sandbox, port, ask } = await control(t);
  const json = { 'content-type': 'application/json' };

  for (const headers of [
    { host: 'evil.example' },
    { host: `evil.example:${port}` },
    { host: `127.0.0.1.evil.example:${port}` },
    { origin: 'http://evil.example' },
    { origin: `http://127.0.0.1:${port}` },
    { origin: 'null' },
  ]) {
    assert.equal(await ask('GET', '/participant?participant=source', headers), 403);
    assert.equal(await ask('POST', '/kms/lose-keys', headers), 403);
    assert.equal(await ask('POST', '/faults', { ...json, ...headers }, FAULT), 403);
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
    assert.equal(await ask('POST', '/faults', { 'content-type': type }, FAULT), 403, type);
  assert.deepEqual(sandbox.faults.pending(), []);
});

test('control port: a taken port is named', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => taken.close());
  const { sandbox } = await control(t);
  const { port } = taken.address() as AddressInfo;

  await assert.rejects(openControlPort(sandbox, port), {
    message: `port ${port} of 127.0.0.1 is taken by another program`,
  });
});
