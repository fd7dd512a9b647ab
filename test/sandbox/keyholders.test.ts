import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import test from 'node:test';
import { openControlPort } from '../../sandbox/control.js';
import { QUICK_TIMING, startSandbox } from '../../sandbox/index.js';
import { namespaceOf } from '../../sandbox/topology/mapping.js';

test('keyholders: the sandbox signs with the keys that no node holds, on its control port too', async (t) => {
  const sandbox = await startSandbox({
    scenario: {
      timing: QUICK_TIMING,
      parties: { local: 1, external: 3, externalKeys: 2, externalWithDelegation: 1, decentralized: 1 },
      contracts: { count: 1 },
    },
  });
  const control = await openControlPort(sandbox, 0);
  t.after(async () => {
    control.close();
    await sandbox.close();
  });
  const { store } = sandbox.synchronizers.source;
  const external = [...store.all('ptp')]
    .map(({ transaction }) => transaction.mapping)
    .flatMap((mapping) => (mapping.code === 'ptp' ? mapping.value : []))
    .filter((value) => value.party_signing_keys !== undefined);
  const roots = [...store.all('nsd')].map(({ transaction }) => transaction.namespace);
  const bytes = Buffer.from('what somebody has to sign');

  const namespaces = external.map(({ party }) => namespaceOf(party));
  assert.equal(namespaces[0], namespaces[2]);
  assert.equal(new Set(namespaces).size, 3);
  assert.deepEqual(
    namespaces.map((namespace) => roots.includes(namespace)),
    [false, false, false, true],
  );
  for (const { party, party_signing_keys } of external) {
    const key = createPublicKey({
      key: party_signing_keys!.keys[0]!.public_key,
      format: 'der',
      type: 'spki',
    });
    assert.ok(verify(null, bytes, key, sandbox.sign(namespaceOf(party), bytes)));
  }
  const [definition] = [...store.all('dnd')].map(({ transaction }) => transaction.mapping);
  assert.ok(definition?.code === 'dnd');
  const { source } = sandbox.participants;
  const outside = definition.value.owners.filter((owner) => owner !== namespaceOf(source.uid));
  for (const owner of outside) assert.equal(sandbox.sign(owner, bytes).length, 64);
  assert.throws(() => sandbox.sign(namespaceOf(source.uid), bytes), /no such key outside the nodes/);

  const fingerprint = namespaces[0]!;
  const answer = await fetch(`http://127.0.0.1:${control.port}/sign?fingerprint=${fingerprint}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ bytes: bytes.toString('base64') }),
  });
  const pem = await fetch(`http://127.0.0.1:${control.port}/key?fingerprint=${fingerprint}`);
  const own = sign(null, bytes, createPrivateKey(await pem.text()));
  assert.deepEqual(own, Buffer.from(sandbox.sign(fingerprint, bytes)));
  const { signature } = (await answer.json()) as { signature: string };
  assert.deepEqual(Buffer.from(signature, 'base64'), Buffer.from(sandbox.sign(fingerprint, bytes)));
});
