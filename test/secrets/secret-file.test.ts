import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { readPayloadKeys } from '../../secrets/payload-keys.js';
import { checkTemporalKey, isOpenToOthers, readSecretFile } from '../../secrets/secret-file.js';

function fileOf(t: TestContext, content: string, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-secrets-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

test('secret-file: a file that only its owner may read is read', (t) => {
  for (const mode of [0o600, 0o400])
    assert.equal(readSecretFile(fileOf(t, 'secret', mode)).toString(), 'secret');
});

test('secret-file: one with permissions for others is refused with the command that repairs it', (t) => {
  for (const [mode, said] of [
    [0o644, '644'],
    [0o604, '604'],
    [0o620, '620'],
    [0o601, '601'],
  ] as const) {
    const path = fileOf(t, 'secret', mode);
    assert.throws(() => readSecretFile(path), {
      name: 'SecretFileError',
      message: `found ${path} with mode ${said}, expected a file that only its owner may read: chmod 600 ${path}`,
    });
  }
});

test('secret-file: neither a folder nor a file that is not there nor an enormous one is a secret', (t) => {
  assert.throws(() => readSecretFile(tmpdir()), /not a regular file/);
  assert.throws(() => readSecretFile('/nowhere/token'), /found \/nowhere\/token, .*\(ENOENT\)/);
  assert.throws(() => readSecretFile(fileOf(t, 'x'.repeat(1_100_000))), /has 1100000 bytes/);
});

// As orchestrators mount secrets: of root, for the group of a user that is not root.
test('secret-file: the group may read a file of root if we are not root', (t) => {
  t.mock.method(process as { getuid: () => number }, 'getuid', () => 1000);
  assert.equal(isOpenToOthers({ mode: 0o100440, uid: 0 }), false);
  assert.equal(isOpenToOthers({ mode: 0o100444, uid: 0 }), true);
  assert.equal(isOpenToOthers({ mode: 0o100440, uid: 1000 }), true);
});

test('payload-keys: each line is a key, the first of them encrypts', (t) => {
  const path = fileOf(t, `# new\n2026-12 ${'ab'.repeat(32)}\n\nold\t${'CD'.repeat(32)}\r\n`);
  assert.deepEqual(readPayloadKeys(path), [
    { id: '2026-12', key: Buffer.alloc(32, 0xab) },
    { id: 'old', key: Buffer.alloc(32, 0xcd) },
  ]);
});

test('payload-keys: what is wrong is named by its line and not quoted', (t) => {
  const short = fileOf(t, `a ${'ab'.repeat(32)}\nb ${'cd'.repeat(31)}`);
  assert.throws(() => readPayloadKeys(short), {
    message: `found ${short}, whose line 2 is not a payload key, expected <id> <64 hexadecimal characters>: openssl rand -hex 32 makes a key`,
  });
  const twice = fileOf(t, `a ${'ab'.repeat(32)}\na ${'cd'.repeat(32)}`);
  assert.throws(() => readPayloadKeys(twice), /line 2 repeats the id a/);
  assert.throws(() => readPayloadKeys(fileOf(t, '# none')), /without a key/);
  assert.throws(() => readPayloadKeys(fileOf(t, `a ${'ab'.repeat(32)}`, 0o644)), /mode 644/);
});

test('secret-file: the key of Temporal has to be private too', (t) => {
  checkTemporalKey({});
  checkTemporalKey({ TEMPORAL_TLS_CLIENT_KEY_PATH: fileOf(t, 'key') });
  const path = fileOf(t, 'key', 0o644);
  assert.throws(() => checkTemporalKey({ TEMPORAL_TLS_CLIENT_KEY_PATH: path }), {
    name: 'SecretFileError',
    message: /^TEMPORAL_TLS_CLIENT_KEY_PATH: found .+ with mode 644/,
  });
});
