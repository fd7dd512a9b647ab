import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { ConfigurationError, readWorkerOptions } from '../../worker/options.js';

const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

const NODE = 'admin: { address: "127.0.0.1:1" }, ledger: { address: "127.0.0.1:2" }';

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'canton-migrate-options-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function write(t: TestContext, text: string): string {
  const path = join(folder(t), 'worker.yaml');
  writeFileSync(path, text);
  return path;
}

function problems(path: string, environment: NodeJS.ProcessEnv = {}): string[] {
  try {
    readWorkerOptions(path, environment);
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    return error.problems.map((line) => line.replace(`${path}: `, ''));
  }
  return [];
}

test('worker options: a file with only participants gets every default', (t) => {
  const options = readWorkerOptions(write(t, `participants: { old: { ${NODE} } }`), {
    XDG_STATE_HOME: '/state',
  });

  const { spool, ...rest } = options;
  assert.equal(spool.folder, '/state/canton-migrate/spool');
  assert.equal(spool.key.length, 32);
  assert.deepEqual(rest, {
    participants: [
      { name: 'old', admin: { address: '127.0.0.1:1' }, ledger: { address: '127.0.0.1:2' } },
    ],
    taskQueue: 'canton-migrate',
    maxConcurrentActivities: 16,
    maxCachedWorkflows: 100,
    logLevel: 'info',
  });
});

test('worker options: JSON is read as well as YAML', (t) => {
  const channel = { address: 'node.example:5002' };
  const path = write(t, JSON.stringify({ participants: { old: { admin: channel, ledger: channel } } }));

  assert.equal(readWorkerOptions(path).participants[0]?.admin.address, 'node.example:5002');
});

test('worker options: secrets come from the environment and paths are relative to the file', (t) => {
  const path = write(
    t,
    `
participants:
  old:
    admin: { address: 'node.example:5002', token: '\${TOKEN}', tls: { ca: ca.pem, serverName: node } }
    ledger: { address: 'node.example:5001' }
spool: spool
`,
  );
  writeFileSync(join(path, '..', 'ca.pem'), PEM);

  const options = readWorkerOptions(path, { TOKEN: 'a: b # not YAML' });

  assert.deepEqual(options.participants[0]?.admin, {
    address: 'node.example:5002',
    token: 'a: b # not YAML',
    tls: { ca: Buffer.from(PEM), serverName: 'node' },
  });
  assert.equal(options.spool.folder, join(path, '..', 'spool'));
});

test('worker options: the spool key is taken as it is, and made up anew where there is none', (t) => {
  const key = 'ab'.repeat(32);
  const configured = write(t, `{ participants: { old: { ${NODE} } }, spoolKey: '\${KEY}' }`);
  const none = write(t, `participants: { old: { ${NODE} } }`);

  assert.equal(readWorkerOptions(configured, { KEY: key }).spool.key.toString('hex'), key);
  assert.notDeepEqual(readWorkerOptions(none).spool.key, readWorkerOptions(none).spool.key);
});

test('worker options: a spool key of another form is told without quoting it', (t) => {
  const path = write(t, `{ participants: { old: { ${NODE} } }, spoolKey: 'tell nobody' }`);

  assert.deepEqual(problems(path), [
    'spoolKey: found 11 characters, not all hexadecimal, expected 64 hexadecimal characters',
  ]);
});

test('worker options: a variable that is not set or empty is named with its field', (t) => {
  const path = write(
    t,
    `participants: { old: { admin: { address: '\${HOST}:1', token: '\${TOKEN}' }, ledger: { address: 'a:1' } } }`,
  );

  assert.deepEqual(problems(path, { TOKEN: '' }), [
    'participants.old.admin.address: the environment variable HOST is not set, expected a value for it',
    'participants.old.admin.token: the environment variable TOKEN is empty, expected a value for it',
  ]);
});

test('worker options: every problem is listed at once with field, value and expectation', (t) => {
  const path = write(
    t,
    `
participants:
  old: { admin: { address: nowhere }, ledger: { adress: 'a:1' } }
  'two words': { ${NODE} }
maxConcurrentActivities: 0
logLevel: loud
`,
  );

  assert.deepEqual(problems(path), [
    'participants.old.admin.address: found "nowhere", expected text that matches ' +
      '^(\\[[0-9A-Fa-f:.]+\\]|[^\\s/:\\[\\]]+):[0-9]{1,5}$',
    'participants.old.ledger.address: missing, expected host:port',
    'participants.old.ledger.adress: unknown field, expected one of address, tls, token, sendLimitBytes',
    'maxConcurrentActivities: found 0, expected >= 1',
    'logLevel: found "loud", expected one of trace, debug, info, warn, error',
    'participants: found the name "two words", expected text that matches ^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$',
  ]);
});

test('worker options: a token never appears in a problem', (t) => {
  const path = write(t, `participants: { old: { admin: { address: 'a:1', token: [hunter2] }, x: 1 } }`);

  assert.doesNotMatch(problems(path).join('\n'), /hunter2/);
});

test('worker options: a certificate that is missing or no PEM is named', (t) => {
  const path = write(
    t,
    `participants: { old: { admin: { address: 'a:1', tls: { ca: ca.pem } }, ledger: { address: 'a:1', tls: { ca: worker.yaml } } } }`,
  );

  assert.deepEqual(problems(path), [
    'participants.old.admin.tls.ca: found ca.pem, which cannot be read (ENOENT), expected the path of a PEM file',
    'participants.old.ledger.tls.ca: found worker.yaml, which is no PEM, expected the path of a PEM file',
  ]);
});

test('worker options: a file that is absent, or neither YAML nor JSON, is named', (t) => {
  assert.match(problems(join(folder(t), 'none.yaml'))[0] ?? '', /cannot be read: ENOENT/);
  assert.match(problems(write(t, 'a: [1'))[0] ?? '', /neither YAML nor JSON/);
  assert.deepEqual(problems(write(t, '')), ['the value: found null, expected object']);
});
