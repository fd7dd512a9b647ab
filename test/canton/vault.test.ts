import assert from 'node:assert/strict';
import { test } from 'node:test';

import { VaultService } from '../../canton/gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import { files, happy, connect, answerOf, requestOf } from './replay.js';

test('vault: every key has its fingerprint, purpose, usages and spec, and a KMS key its id', async (t) => {
  const plain = await connect(t, [[VaultService.method.listMyKeys, answerOf('topology', 7)]]);
  const kms = await connect(t, [[VaultService.method.listMyKeys, answerOf('kms-lost-keys', 1)]]);
  const [namespace, , , encryption] = await plain.participant.vault.listKeys();

  assert.deepEqual(namespace, {
    fingerprint: files.topology.old.split('::')[1],
    name: 'pold-namespace',
    purpose: 'signing',
    usages: ['NAMESPACE'],
    spec: 'EC_CURVE25519',
  });
  assert.deepEqual(
    [encryption?.purpose, encryption?.usages, encryption?.spec],
    ['encryption', [], 'EC_P256'],
  );
  const kmsKeys = await kms.participant.vault.listKeys();
  assert.ok(kmsKeys.every(({ kmsKeyId }) => kmsKeyId?.startsWith('1220')));
});

test('vault: a key is found by its whole fingerprint only', async (t) => {
  const { participant, sent } = await connect(t, [
    [VaultService.method.listPublicKeys, answerOf('happy', 16)],
  ]);

  const fingerprint = happy.new.split('::')[1] ?? '';

  assert.ok(await participant.vault.findSigningKey(fingerprint));
  assert.deepEqual(sent, [requestOf('happy', 16)]);
  assert.equal(await participant.vault.findSigningKey(`1220${'0'.repeat(64)}`), void 0);
});
