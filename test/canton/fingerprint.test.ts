import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fromBinary } from '@bufbuild/protobuf';

import { fingerprintOf } from '../../canton/fingerprint.js';
import { CryptoKeyFormat } from '../../canton/gen/com/digitalasset/canton/crypto/v30/crypto_pb.js';
import { ListMyKeysResponseSchema } from '../../canton/gen/com/digitalasset/canton/crypto/admin/v30/vault_service_pb.js';
import { goldenBytes, messagesOf, recording, recordings } from './recordings.js';

interface Ids {
  files: Record<string, { old: string; new: string }>;
}

interface Listed {
  public_keys: { public_key: { signing_public_key: { public_key: string } } }[];
}

// The filter of the vault is an exact fingerprint, so the answer is the key of the fingerprint in the request.
test('fingerprint: every recorded key of a target, Ed25519 or P-256, has the fingerprint of its namespace', () => {
  const { files } = JSON.parse(goldenBytes('ids.json').toString()) as Ids;
  const found = ['happy', 'happy-kms'].map((file) => {
    const call = recordings().find(
      (each) => each.file === file && each.rpc.endsWith('VaultService/ListPublicKeys'),
    );
    const [key] = (call?.response_json as unknown as Listed).public_keys;
    const publicKey = Buffer.from(key?.public_key.signing_public_key.public_key ?? '', 'base64');
    return fingerprintOf({ format: CryptoKeyFormat.DER_X509_SUBJECT_PUBLIC_KEY_INFO, publicKey });
  });

  assert.deepEqual(
    found,
    ['happy', 'happy-kms'].map((file) => files[file]?.new.split('::')[1]),
  );
});

test('fingerprint: the namespace key of a source is the one its uid ends in', () => {
  const { files } = JSON.parse(goldenBytes('ids.json').toString()) as Ids;
  const call = recording('topology', 7);
  const [message] = messagesOf(call.response, call.response_json);
  const keys = fromBinary(
    ListMyKeysResponseSchema,
    message?.bytes ?? Buffer.alloc(0),
  ).privateKeysMetadata;

  const fingerprints = keys.flatMap(({ publicKeyWithName }) => {
    const key = publicKeyWithName?.publicKey?.key;
    return key?.value ? [fingerprintOf(key.value)] : [];
  });
  assert.equal(fingerprints.length, 4);
  assert.equal(fingerprints[0], files['topology']?.old.split('::')[1]);
  assert.ok(fingerprints.every((fingerprint) => /^1220[0-9a-f]{64}$/.test(fingerprint)));
});
