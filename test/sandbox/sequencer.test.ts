import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { Client, credentials, status, type ServiceError } from '@grpc/grpc-js';

import { QUICK_TIMING, startSandbox, type ScenarioChange } from '../../sandbox/index.js';
import { decode, methodTypes, type Message } from '../../sandbox/wire.js';

const RPC =
  'com.digitalasset.canton.sequencer.api.v30.SequencerConnectService/GetSynchronizerParameters';
const SMALL: ScenarioChange = { timing: QUICK_TIMING, contracts: { count: 10 } };

/** What a sequencer answers, or the name of the status it fails with. */
async function ask(url: string): Promise<Message | string> {
  const asIs = (bytes: Buffer) => bytes;
  // A connection of its own each time: a shared one would wait before it tries again.
  const options = { 'grpc.use_local_subchannel_pool': 1 };
  const client = new Client(new URL(url).host, credentials.createInsecure(), options);
  try {
    return await new Promise<Message | string>((resolve) => {
      const done = (error: ServiceError | null, answer?: Buffer) =>
        resolve(error ? status[error.code] : decode(methodTypes(RPC).response, answer!));
      const deadline = { deadline: Date.now() + 10_000 };
      client.makeUnaryRequest(`/${RPC}`, asIs, asIs, Buffer.alloc(0), deadline, done);
    });
  } finally {
    client.close();
  }
}

test('sequencer: it answers what the static parameters of the scenario allow', async (t) => {
  const sandbox = await startSandbox({
    scenario: { ...SMALL, synchronizers: { target: { allowedKeys: { signing: ['EC_P384'] } } } },
  });
  t.after(() => sandbox.close());
  const answerOf = async (role: 'source' | 'target') =>
    ((await ask(sandbox.synchronizers[role].url)) as Message)['parameters_v1'];

  assert.deepEqual(await answerOf('target'), {
    required_signing_specs: { keys: ['SIGNING_KEY_SPEC_EC_P384'] },
    required_encryption_specs: { keys: ['ENCRYPTION_KEY_SPEC_EC_P256', 'ENCRYPTION_KEY_SPEC_RSA_2048'] },
  });
  assert.deepEqual(await answerOf('source'), {
    required_signing_specs: {
      keys: ['SIGNING_KEY_SPEC_EC_CURVE25519', 'SIGNING_KEY_SPEC_EC_P256', 'SIGNING_KEY_SPEC_EC_P384'],
    },
    required_encryption_specs: { keys: ['ENCRYPTION_KEY_SPEC_EC_P256', 'ENCRYPTION_KEY_SPEC_RSA_2048'] },
  });
});

test('sequencer: while it is away nobody answers at its port, and once it is back it does', async (t) => {
  const sandbox = await startSandbox({ scenario: SMALL });
  t.after(() => sandbox.close());
  const { source, target } = sandbox.synchronizers;

  target.setUp(false);
  assert.equal(await ask(target.url), 'UNAVAILABLE');
  assert.equal(typeof (await ask(source.url)), 'object');
  target.setUp(true);

  assert.equal(typeof (await ask(target.url)), 'object');
});

test('sequencer: a resumed sandbox has it at the same address, which the participants know', async (t) => {
  const state = mkdtempSync(join(tmpdir(), 'canton-sandbox-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  const first = await startSandbox({ state, scenario: SMALL });
  const { url } = first.synchronizers.target;
  await first.close();
  assert.equal(await ask(url), 'UNAVAILABLE');

  const second = await startSandbox({ state });
  t.after(() => second.close());

  assert.equal(second.synchronizers.target.url, url);
  assert.equal(typeof (await ask(url)), 'object');
  assert.deepEqual(second.participants.target.connected(), ['da']);
});

test('sequencer: a synchronizer is known by the address that the scenario gives, where nobody answers', async (t) => {
  const url = 'http://127.0.0.1:1';
  const sandbox = await startSandbox({ scenario: { ...SMALL, synchronizers: { target: { url } } } });
  t.after(() => sandbox.close());

  assert.equal(sandbox.synchronizers.target.url, url);
  assert.deepEqual(sandbox.participants.target.connected(), ['da']);
  assert.equal(await ask(url), 'UNAVAILABLE');
});
