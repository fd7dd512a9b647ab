import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { Worker } from '@temporalio/worker';

import { freePorts } from '../../tools/free-port.js';
import { openHealth } from '../../worker/health.js';
import { Vitals } from '../../worker/vitals.js';

/** Reads an endpoint: its status of HTTP and its body. */
type Read = (path: string, method?: string) => Promise<{ code: number; body: Record<string, unknown> }>;

async function startHealth(t: TestContext): Promise<{ vitals: Vitals; address: string; read: Read }> {
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const vitals = new Vitals();
  const server = await openHealth(address, vitals);
  t.after(() => server.close());
  const read: Read = async (path, method = 'GET') => {
    const answer = await fetch(`http://${address}${path}`, { method });
    return { code: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  return { vitals, address, read };
}

const inState = (state: ReturnType<Worker['getState']>) => ({ getState: () => state });

test('health: a worker is alive from its start on, and ready once it asks for work', async (t) => {
  const { vitals, read } = await startHealth(t);

  assert.equal((await read('/livez')).code, 200);
  assert.deepEqual(await because(read), [503, 'the worker is starting']);

  vitals.works(inState('RUNNING'));
  assert.deepEqual(await because(read), [503, 'Temporal does not answer']);

  vitals.temporal = { isReachable: true };
  assert.deepEqual(await because(read), [200, undefined]);

  vitals.isStopping = true;
  assert.deepEqual(await because(read), [503, 'the worker is stopping']);
  assert.equal((await read('/livez')).code, 200);
});

test('health: a worker that failed is not alive', async (t) => {
  const { vitals, read } = await startHealth(t);
  vitals.works(inState('FAILED'));

  assert.deepEqual(await read('/livez'), {
    code: 503,
    body: { status: 'failed', worker: 'FAILED' },
  });
  assert.equal((await read('/readyz')).code, 503);
});

test('health: a participant that does not answer is told, without its words, and is no reason to be not ready', async (t) => {
  const { vitals, read } = await startHealth(t);
  vitals.works(inState('RUNNING'));
  vitals.temporal = { isReachable: true };
  vitals.greeted([
    { name: 'old', uid: 'old::1220' },
    { name: 'new', problem: 'new: Admin API at new.example:5002: refused' },
  ]);

  const { code, body } = await read('/readyz');

  assert.equal(code, 200);
  const participants = body['participants'] as Record<string, unknown>[];
  assert.deepEqual(
    participants.map(({ name, isReachable }) => [name, isReachable]),
    [
      ['old', true],
      ['new', false],
    ],
  );
  assert.doesNotMatch(JSON.stringify(body), /example/);
});

test('health: other paths and methods are refused', async (t) => {
  const { read } = await startHealth(t);

  assert.equal((await read('/metrics')).code, 404);
  assert.equal((await read('/livez', 'POST')).code, 405);
});

test('health: a taken port and an address of another machine are named with the setting', async (t) => {
  const { address } = await startHealth(t);

  await assert.rejects(openHealth(address, new Vitals()), {
    name: 'ConfigurationError',
    message: `health.address: found ${address}, where another program listens, expected a free port`,
  });
  await assert.rejects(openHealth('192.0.2.1:8080', new Vitals()), {
    message: /^health\.address: found 192\.0\.2\.1:8080, which is no address of this machine/,
  });
});

async function because(read: Read): Promise<[number, unknown]> {
  const { code, body } = await read('/readyz');
  return [code, body['because']];
}
