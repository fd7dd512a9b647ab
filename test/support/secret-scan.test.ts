import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';

import { SECRET_NOTE } from '../../sandbox/ledger/seed.js';
import { assertNoSecret, scanFolder } from './secret-scan.js';

const key = generateKeyPairSync('ed25519').privateKey;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const der = (its: typeof key) => its.export({ format: 'der', type: 'pkcs8' }).toString('base64');
const part = (text: string) => Buffer.from(text).toString('base64url');

const HIDDEN: Record<string, string> = {
  'as it is': `before ${SECRET_NOTE} after`,
  'in hex': Buffer.from(`x${SECRET_NOTE}`).toString('hex'),
  'in base64': Buffer.from(`${SECRET_NOTE}...`).toString('base64'),
  'in base64, one further': Buffer.from(`x${SECRET_NOTE}...`).toString('base64'),
  'in base64, two further': Buffer.from(`xy${SECRET_NOTE}...`).toString('base64'),
  'a key as PEM': key.export({ format: 'pem', type: 'pkcs8' }).toString(),
  'a key as DER': `{"key":"${der(key)}"}`,
  'a key on another curve': der(p384),
  'a token': `authorization: ${part('{"alg":"HS256"}')}.${part('{"sub":"worker"}')}.${part('signature')}`,
};

for (const [how, text] of Object.entries(HIDDEN)) {
  test(`secret-scan: ${how}, a secret is found`, () => {
    assert.throws(() => assertNoSecret('the text', text), /the text holds/);
  });
}

test('secret-scan: public keys, ids and hashes are no secrets', () => {
  const publicKey = generateKeyPairSync('ed25519').publicKey;
  const text = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

  assertNoSecret('the text', `${text} alice::1220${'ab'.repeat(32)} {"contractId":"00ab"}`);
});

test('secret-scan: every file of a folder is scanned', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-scan-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'segments.bin'), Buffer.from(`\x00\xff${SECRET_NOTE}`, 'latin1'));

  assert.throws(() => scanFolder(folder), /segments.bin holds an argument of a contract/);
});
