import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { ConfigurationError, readWorkerOptions } from '../../worker/options.js';

const NODE = "{ admin: { address: '127.0.0.1:1' }, ledger: { address: '127.0.0.1:2' } }";
const KEY = 'ab'.repeat(32);

/** A configuration and files beside it, each with its mode. */
function configuration(
  t: TestContext,
  text: string,
  files: Record<string, [content: string, mode: number]> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-options-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, [content, mode]] of Object.entries({
    ...files,
    'worker.yaml': [text, 0o644] as const,
  })) {
    writeFileSync(join(folder, name), content);
    chmodSync(join(folder, name), mode);
  }
  return join(folder, 'worker.yaml');
}

function problems(path: string): string[] {
  try {
    readWorkerOptions(path, {});
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.problems.map((line) => line.replace(`${path}: `, ''));
  }
  return [];
}

const withOauth = (fields: string) => `
participants:
  old:
    admin: { address: 'localhost:1', oauth: { tokenUrl: 'https://login.example', clientId: c${fields} } }
    ledger: { address: 'localhost:2' }`;

test('worker secrets: the key of the spool, the secret of an OAuth client and the keys of payloads come from files', (t) => {
  const path = configuration(
    t,
    `${withOauth(', clientSecretFile: secret')}
spoolKeyFile: spool-key
payloads: { keyFile: keys }
lists: shared`,
    {
      secret: ['hunter2\n', 0o600],
      'spool-key': [`${KEY}\n`, 0o400],
      keys: [`new ${KEY}\nold ${'cd'.repeat(32)}\n`, 0o600],
    },
  );

  const { participants, spool, payloads, warnings } = readWorkerOptions(path, {});

  assert.equal(participants[0]?.admin.oauth?.clientSecret, 'hunter2');
  assert.deepEqual(spool.key, Buffer.from(KEY, 'hex'));
  assert.deepEqual(
    payloads?.keys.map(({ id }) => id),
    ['new', 'old'],
  );
  assert.equal(payloads?.compresses, true);
  assert.deepEqual(warnings, []);
});

test('worker secrets: a file that others can read is refused, whatever it is for', (t) => {
  const open = (name: string) =>
    `found ${name} with mode 644, expected a file that only its owner may read: chmod 600 ${name}`;
  const path = configuration(
    t,
    `
participants:
  old:
    admin: { address: 'localhost:1', tokenFile: token }
    ledger: { address: 'localhost:2', tls: { cert: cert, key: key } }
  new:
    admin:
      address: 'localhost:3'
      oauth: { tokenUrl: 'https://login.example', clientId: c, clientSecretFile: secret }
    ledger: { address: 'localhost:4' }
spoolKeyFile: spool-key
payloads: { keyFile: keys }`,
    {
      token: ['token', 0o644],
      cert: ['-----BEGIN CERTIFICATE-----', 0o644],
      key: ['-----BEGIN PRIVATE KEY-----', 0o644],
      secret: ['hunter2', 0o644],
      'spool-key': [KEY, 0o644],
      keys: [`new ${KEY}`, 0o644],
    },
  );

  assert.deepEqual(problems(path), [
    `participants.old.admin.tokenFile: ${open('token')}`,
    `participants.old.ledger.tls.key: ${open('key')}`,
    `participants.new.admin.oauth.clientSecretFile: ${open('secret')}`,
    `spoolKeyFile: ${open('spool-key')}`,
    `payloads.keyFile: ${open('keys')}`,
  ]);
});

test('worker secrets: the key that signs reports is one of Ed25519, in a file of its own', (t) => {
  const pem = (privateKey: KeyObject) => privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const { privateKey } = generateKeyPairSync('ed25519');
  const files = {
    right: [pem(privateKey), 0o600],
    open: [pem(privateKey), 0o644],
    other: [pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey), 0o600],
    broken: ['-----BEGIN PRIVATE KEY-----\nhunter2', 0o600],
  } as Record<string, [string, number]>;
  const named = (name: string) =>
    configuration(t, `participants: { old: ${NODE} }\nreport: { signingKey: ${name} }`, files);

  const { signingKey } = readWorkerOptions(named('right'), {});

  assert.match(signingKey!.fingerprint, /^SHA256:[A-Za-z0-9+/]{43}$/);
  assert.match(problems(named('open')).join(), /^report\.signingKey: found open with mode 644/);
  for (const name of ['other', 'broken'])
    assert.deepEqual(problems(named(name)), [
      `report.signingKey: found ${name}, which is not such a key, expected an Ed25519 private key without a password, as openssl genpkey -algorithm ed25519 makes it`,
    ]);
});

test('worker secrets: a secret is given once, in the file or by its path', (t) => {
  const files = { secret: ['', 0o600], key: [KEY, 0o600] } as Record<string, [string, number]>;
  const both = configuration(
    t,
    `${withOauth(', clientSecret: s, clientSecretFile: secret')}\nspoolKey: ${KEY}\nspoolKeyFile: key`,
    files,
  );

  assert.deepEqual(problems(both), [
    'participants.old.admin.oauth.clientSecret: found both of clientSecret and clientSecretFile, expected one of them',
    'spoolKey: found both of spoolKey and spoolKeyFile, expected one of them',
  ]);
  assert.deepEqual(problems(configuration(t, withOauth(''))), [
    'participants.old.admin.oauth.clientSecret: found neither of clientSecret and clientSecretFile, expected one of them',
  ]);
  assert.deepEqual(problems(configuration(t, withOauth(', clientSecretFile: secret'), files)), [
    'participants.old.admin.oauth.clientSecretFile: found secret, which is empty, expected the path of a file that holds a secret',
  ]);
});

test('worker secrets: a configuration that others can read is warned of if it holds a secret itself', (t) => {
  const own = configuration(t, `participants: { old: ${NODE} }\nlists: shared\nspoolKey: ${KEY}`);
  const named = configuration(t, `participants: { old: ${NODE} }\nlists: shared\nspoolKey: '\${KEY}'`);

  assert.deepEqual(readWorkerOptions(own, {}).warnings, [
    `${own} holds a secret and has mode 644: others can read it; chmod 600 ${own}, or name a file or a variable instead`,
  ]);
  assert.deepEqual(readWorkerOptions(named, { KEY }).warnings, []);
  chmodSync(own, 0o600);
  assert.deepEqual(readWorkerOptions(own, {}).warnings, []);
});

test('worker secrets: payloads are left alone, compressed, or encrypted as well', (t) => {
  const payloads = (text: string) =>
    readWorkerOptions(configuration(t, `participants: { old: ${NODE} }\n${text}`), {}).payloads;

  assert.equal(payloads(''), undefined);
  assert.deepEqual(payloads('payloads: { compress: true }'), { keys: [], compresses: true });
  assert.deepEqual(problems(configuration(t, `participants: { old: ${NODE} }\npayloads: {}`)).length, 1);
});

const PRIVATE_KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const PEM = PRIVATE_KEY.export({ format: 'pem', type: 'sec1' }).toString();
const BY_KEY = ', clientAuth: private_key_jwt';

test('worker secrets: the private key of an OAuth client comes from a file', (t) => {
  const fields = `${BY_KEY}, clientKeyFile: client.pem, clientKeyId: k1`;
  const path = configuration(t, withOauth(fields), { 'client.pem': [PEM, 0o600] });

  const [old] = readWorkerOptions(path, {}).participants;

  const { clientKey, ...rest } = old!.admin.oauth!;
  assert.ok(clientKey?.equals(PRIVATE_KEY));
  assert.deepEqual(rest, {
    tokenUrl: 'https://login.example',
    clientId: 'c',
    clientAuth: 'private_key_jwt',
    clientKeyId: 'k1',
  });
});

test('worker secrets: what an OAuth client is known by has to fit clientAuth, and only its owner may read its key', (t) => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const files: Record<string, [string, number]> = {
    'open.pem': [PEM, 0o644],
    'weak.pem': [weak.export({ format: 'pem', type: 'pkcs8' }).toString(), 0o600],
    'cut.pem': [PEM.slice(0, 60), 0o600],
  };
  const field = 'participants.old.admin.oauth';
  const kinds =
    'expected a private key without a password: RSA of 2048 bits or more, ECDSA on P-256, P-384 or P-521, or Ed25519';
  for (const [fields, problem] of [
    [
      BY_KEY,
      'clientKeyFile: found none, expected the path of a private key: clientAuth is private_key_jwt',
    ],
    [
      `${BY_KEY}, clientKeyFile: open.pem`,
      'clientKeyFile: found open.pem with mode 644, expected a file that only its owner may read: chmod 600 open.pem',
    ],
    [
      `${BY_KEY}, clientKeyFile: weak.pem`,
      `clientKeyFile: found weak.pem, which is not such a key, ${kinds}`,
    ],
    [
      `${BY_KEY}, clientKeyFile: cut.pem`,
      `clientKeyFile: found cut.pem, which is not such a key, ${kinds}`,
    ],
    [
      ', clientAuth: post',
      'clientSecret: found neither of clientSecret and clientSecretFile, expected one of them',
    ],
    [
      ', clientSecret: s, clientKeyFile: weak.pem',
      'clientKeyFile: found with clientAuth basic, which does not use it',
    ],
  ] as const) {
    const path = configuration(t, withOauth(fields), files);
    assert.deepEqual(problems(path), [`${field}.${problem}`]);
  }
});
