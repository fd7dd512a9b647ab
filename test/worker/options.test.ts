import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { defaultListFolder } from '../../storage/places.js';
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

  const { spool, warnings, ...rest } = options;
  assert.equal(spool.folder, '/state/canton-migrate/spool');
  assert.equal(spool.key.length, 32);
  assert.deepEqual(rest, {
    participants: [
      { name: 'old', admin: { address: '127.0.0.1:1' }, ledger: { address: '127.0.0.1:2' } },
    ],
    lists: '/state/canton-migrate/lists',
    approval: { rootKeyProof: 'optional', approvers: [], twoPersons: [] },
    taskQueue: 'canton-migrate',
    maxConcurrentActivities: 16,
    maxCachedWorkflows: 100,
    logLevel: 'info',
  });
  assert.match(warnings.join(), /does not set lists: .* in \/state\/canton-migrate\/lists/);
});

test('worker options: JSON is read as well as YAML', (t) => {
  const channel = { address: 'node.example:5002', tls: {} };
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
    ledger: { address: 'localhost:5001' }
spool: spool
`,
  );
  writeFileSync(join(path, '..', 'ca.pem'), PEM);

  const options = readWorkerOptions(path, { TOKEN: 'a:{b}#not-YAML' });

  assert.deepEqual(options.participants[0]?.admin, {
    address: 'node.example:5002',
    token: 'a:{b}#not-YAML',
    tls: { ca: Buffer.from(PEM), serverName: 'node' },
  });
  assert.equal(options.spool.folder, join(path, '..', 'spool'));
});

const OPENSSH =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea someone@somewhere';

test('worker options: approvers have the same key as PEM, as a line of OpenSSH, and in a file', (t) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const approvers = [
    { name: 'Ada Lovelace', key: OPENSSH },
    { name: 'Grace Hopper', keyFile: 'grace.pem' },
  ];
  const approval = JSON.stringify({ approvers, twoPersons: ['cut-over'] });
  const path = write(t, `{ participants: { old: { ${NODE} } }, approval: ${approval} }`);
  writeFileSync(join(path, '..', 'grace.pem'), pem);

  const { rootKeyProof, twoPersons, approvers: read } = readWorkerOptions(path).approval;
  const [ada, grace] = read;

  assert.deepEqual([rootKeyProof, twoPersons], ['optional', ['cut-over']]);
  assert.equal(ada?.algorithm, 'ed25519');
  assert.equal(Buffer.from(ada.publicKey, 'base64').length, 32);
  assert.match(ada.fingerprint, /^SHA256:[A-Za-z0-9+/]{43}$/);
  assert.equal(grace?.algorithm, 'ecdsa-p256');
  assert.equal(Buffer.from(grace.publicKey, 'base64')[0], 4);
});

test('worker options: an approver that nobody could be, or twice, is told without quoting a private key', (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const rsa = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const approvers = [
    { name: 'a', key: OPENSSH },
    { name: 'b', key: OPENSSH },
    { name: 'c', key: secret },
    { name: 'd', key: rsa },
    { name: 'e', key: 'ssh-rsa AAAA' },
    { name: 'f' },
    { name: 'g', keyFile: 'nowhere.pub' },
  ];
  const found = problems(
    write(t, `{ participants: { old: { ${NODE} } }, approval: ${JSON.stringify({ approvers })} }`),
  );

  assert.deepEqual(
    found.map((line) => line.replace(/, expected.*/, '').replace(/ENOENT.*/, 'ENOENT')),
    [
      'approval.approvers[1]: found the name or the key of a',
      'approval.approvers[2]: found a private key',
      'approval.approvers[3]: found a key of another kind',
      'approval.approvers[4]: found other text',
      'approval.approvers[5]: found neither key nor keyFile',
      'approval.approvers[6]: keyFile: ENOENT',
    ],
  );
  assert.ok(!found.join().includes(secret.split('\n')[1]!));
  const one = JSON.stringify({ approvers: approvers.slice(0, 1), twoPersons: ['switch'] });
  assert.deepEqual(problems(write(t, `{ participants: { old: { ${NODE} } }, approval: ${one} }`)), [
    'approval.twoPersons: found one approver, expected at least two',
  ]);
  const odd = JSON.stringify({ approvers: [{ name: 'a\u202Eb', key: OPENSSH }] });
  const [named] = problems(write(t, `{ participants: { old: { ${NODE} } }, approval: ${odd} }`));
  assert.match(named!, /^approval\.approvers\[?.?0/);
});

test('worker options: the migrations that are listed are of two participants of the file', (t) => {
  const both = `participants: { old: { ${NODE} }, new: { ${NODE} } }`;
  const path = write(t, `{ ${both}, migrations: [{ source: old, target: new }] }`);
  const wrong = `[{ source: old, target: newer }, { source: new, target: new }]`;

  assert.deepEqual(readWorkerOptions(path).migrations, [{ source: 'old', target: 'new' }]);
  assert.deepEqual(problems(write(t, `{ ${both}, migrations: ${wrong} }`)), [
    'migrations[0].target: found newer, expected one of participants: old, new',
    'migrations[1]: found new twice, expected two participants',
  ]);
  assert.match(problems(write(t, `{ ${both}, migrations: [] }`))[0]!, /^migrations: /);
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
    `participants: { old: { admin: { address: '\${HOST}:1', token: '\${TOKEN}' }, ledger: { address: 'localhost:1' } } }`,
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
    'participants.old.ledger.adress: unknown field, expected one of address, tls, token, tokenFile, oauth, insecure, sendLimitBytes',
    'maxConcurrentActivities: found 0, expected at least 1',
    'logLevel: found "loud", expected one of trace, debug, info, warn, error',
    'participants: found the name "two words", expected text that matches ^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$',
  ]);
});

for (const [what, entry] of [
  ['a token that is no text', "address: 'a:1', token: [hunter2]"],
  ['a token with a line break', 'address: \'127.0.0.1:1\', token: "hunter2\\nhunter2"'],
  ['a token without TLS', "address: 'a:1', token: hunter2"],
  [
    'a client secret that is no text',
    "address: 'a:1', tls: {}, oauth: { tokenUrl: 'https://a', clientId: c, clientSecret: [hunter2] }",
  ],
  [
    'a client secret that is sent in clear text',
    "address: 'a:1', tls: {}, oauth: { tokenUrl: 'http://a', clientId: c, clientSecret: hunter2 }",
  ],
  [
    'a password in the token URL',
    "address: 'a:1', tls: {}, oauth: { tokenUrl: 'https://c:hunter2@a', clientId: c, clientSecret: s }",
  ],
] as const) {
  test(`worker options: ${what} is a problem that does not quote it`, (t) => {
    const path = write(
      t,
      `participants: { old: { admin: { ${entry} }, ledger: { address: 'localhost:1' } } }`,
    );

    const [problem, ...more] = problems(path);
    assert.match(
      problem ?? '',
      /^participants\.old\.admin\.(token|oauth\.(clientSecret|tokenUrl)): found /,
    );
    assert.doesNotMatch(problem ?? '', /hunter2/);
    assert.deepEqual(more, []);
  });
}

test('worker options: a credential without TLS is refused, except to a loopback address', (t) => {
  const token = (address: string, tls = '') => `{ address: '${address}', token: secret${tls} }`;
  const path = write(
    t,
    `
participants:
  remote: { admin: ${token('node.example:1')}, ledger: ${token('node.example:2', ', tls: {}')} }
  local: { admin: ${token('localhost:1')}, ledger: ${token('[::1]:2')} }
`,
  );

  assert.deepEqual(problems(path), [
    'participants.remote.admin.token: found a credential without tls, expected tls, or a loopback address: ' +
      'anybody on the network path could read the token',
  ]);
});

test('worker options: plain text to a node that is not on this machine has to be meant', (t) => {
  const path = write(
    t,
    `
participants:
  remote: { admin: { address: 'node.example:1' }, ledger: { address: '10.0.0.7:2', insecure: false } }
  meant: { admin: { address: 'node.example:1', insecure: true }, ledger: { address: 'node.example:2', tls: {} } }
  local: { admin: { address: '127.0.0.1:1' }, ledger: { address: '[::1]:2' } }
  both: { admin: { address: 'node.example:1', tls: {}, insecure: true }, ledger: { address: 'localhost:2' } }
`,
  );

  const cure =
    'expected tls, or a loopback address: anybody on the network path could read and change what is sent to the node. ' +
    'If that network is trusted all the same, set insecure: true here';
  assert.deepEqual(problems(path), [
    `participants.remote.admin: found node.example:1 without tls, ${cure}`,
    `participants.remote.ledger: found 10.0.0.7:2 without tls, ${cure}`,
    'participants.both.admin.insecure: found true beside tls, expected only one of them',
  ]);
});

test('worker options: a credential is not sent in plain text, whatever is set', (t) => {
  const entry = "{ address: 'node.example:1', token: secret, insecure: true }";
  const path = write(t, `participants: { old: { admin: ${entry}, ledger: ${entry} } }`);

  assert.match(
    problems(path)[0] ?? '',
    /^participants\.old\.admin\.token: found a credential without tls/,
  );
});

test('worker options: the switch hook is called over https, or on this machine, with one token', (t) => {
  const hook = (entry: string) =>
    write(t, `{ participants: { old: { ${NODE} } }, switchHook: { ${entry} } }`);
  const safe =
    'switchHook.url: found something else, expected an https URL without user and password; http only to a loopback address';

  assert.deepEqual(problems(hook("url: 'http://router.example/switch'")), [safe]);
  assert.deepEqual(problems(hook("url: 'https://me:hunter2@router.example/'")), [safe]);
  const path = hook("url: 'https://router.example/', token: a, tokenFile: b, tls: { ca: none.pem }");
  writeFileSync(join(path, '..', 'b'), 'b', { mode: 0o600 });
  assert.deepEqual(problems(path), [
    'switchHook: found token and tokenFile, expected only one of them',
    'switchHook.tls.ca: found none.pem, which cannot be read (ENOENT), expected the path of a PEM file',
  ]);
});

test('worker options: the switch hook has its token file as an absolute path, and its certificates as bytes', (t) => {
  const path = write(
    t,
    `{ participants: { old: { ${NODE} } }, switchHook: { url: 'https://router.example/', tokenFile: t, tls: { ca: ca.pem, cert: ca.pem, key: ca.pem } } }`,
  );
  writeFileSync(join(path, '..', 't'), 'secret', { mode: 0o600 });
  writeFileSync(join(path, '..', 'ca.pem'), PEM, { mode: 0o600 });

  const pem = Buffer.from(PEM);
  assert.deepEqual(readWorkerOptions(path).switchHook, {
    url: 'https://router.example/',
    tokenFile: join(path, '..', 't'),
    tls: { ca: pem, cert: pem, key: pem },
  });
});

test('worker options: an API has one credential', (t) => {
  const path = write(
    t,
    `participants: { old: { admin: { address: 'localhost:1', token: a, tokenFile: token }, ledger: { address: 'localhost:1' } } }`,
  );
  writeFileSync(join(path, '..', 'token'), 'a', { mode: 0o600 });

  assert.deepEqual(problems(path), [
    'participants.old.admin: found token and tokenFile, expected only one of token, tokenFile, oauth',
  ]);
});

test('worker options: the token file and the authority of the token server are looked for at once', (t) => {
  const path = write(
    t,
    `
participants:
  old:
    admin: { address: 'localhost:1', tokenFile: missing }
    ledger: { address: 'localhost:2', tokenFile: empty }
  new:
    admin: { address: 'localhost:3', tokenFile: two }
    ledger:
      address: 'localhost:4'
      oauth: { tokenUrl: 'http://localhost/token', clientId: c, clientSecret: s, ca: two }
`,
  );
  writeFileSync(join(path, '..', 'empty'), '\n', { mode: 0o600 });
  writeFileSync(join(path, '..', 'two'), 'one two', { mode: 0o600 });
  const expected = 'expected the path of a file that holds a token';

  assert.deepEqual(problems(path), [
    `participants.old.admin.tokenFile: found missing, which cannot be read (ENOENT), ${expected}`,
    `participants.old.ledger.tokenFile: found empty, which is empty, ${expected}`,
    `participants.new.admin.tokenFile: found two, which holds something other than one token, ${expected}`,
    'participants.new.ledger.oauth.ca: found two, which is not PEM, expected the path of a PEM file',
  ]);
});

test('worker options: a token file is kept as an absolute path, and an OAuth client with the bytes of its CA', (t) => {
  const path = write(
    t,
    `
participants:
  old:
    admin: { address: 'node.example:1', tls: {}, tokenFile: token }
    ledger:
      address: 'node.example:2'
      tls: {}
      oauth: { tokenUrl: 'https://login.example/token', clientId: c, clientSecret: '\${SECRET}', ca: ca.pem }
`,
  );
  writeFileSync(join(path, '..', 'token'), 'secret\n', { mode: 0o600 });
  writeFileSync(join(path, '..', 'ca.pem'), PEM);

  const { participants } = readWorkerOptions(path, { SECRET: 'hunter2' });

  assert.equal(participants[0]?.admin.tokenFile, join(path, '..', 'token'));
  assert.deepEqual(participants[0]?.ledger.oauth, {
    tokenUrl: 'https://login.example/token',
    clientId: 'c',
    clientSecret: 'hunter2',
    ca: Buffer.from(PEM),
  });
});

test('worker options: a certificate that is missing or no PEM is named', (t) => {
  const path = write(
    t,
    `participants: { old: { admin: { address: 'a:1', tls: { ca: ca.pem } }, ledger: { address: 'a:1', tls: { ca: worker.yaml } } } }`,
  );

  assert.deepEqual(problems(path), [
    'participants.old.admin.tls.ca: found ca.pem, which cannot be read (ENOENT), expected the path of a PEM file',
    'participants.old.ledger.tls.ca: found worker.yaml, which is not PEM, expected the path of a PEM file',
  ]);
});

test('worker options: a file that is absent, or neither YAML nor JSON, is named', (t) => {
  assert.match(problems(join(folder(t), 'none.yaml'))[0] ?? '', /cannot be read: ENOENT/);
  assert.match(problems(write(t, 'a: [1'))[0] ?? '', /neither YAML nor JSON/);
  assert.deepEqual(problems(write(t, '')), ['the value: found null, expected object']);
});

test('worker options: the place of long lists is a folder beside the file or a bucket, and a wrong one is named', (t) => {
  const listsOf = (lists: string) => write(t, `participants: { old: { ${NODE} } }\nlists: '${lists}'`);
  const bucket = 's3://migrations/lists?region=eu-central-1';
  const path = listsOf('shared');

  assert.equal(readWorkerOptions(path).lists, join(dirname(path), 'shared'));
  assert.deepEqual(readWorkerOptions(path).warnings, []);
  const elsewhere = write(t, `participants: { old: { ${NODE} } }\nspool: cache`);
  const environment = { XDG_STATE_HOME: '/state' };
  assert.equal(readWorkerOptions(elsewhere, environment).lists, defaultListFolder(environment));
  assert.equal(readWorkerOptions(listsOf(bucket)).lists, bucket);
  assert.match(
    problems(listsOf('gs://migrations'))[0]!,
    /lists: found gs:\/\/migrations, expected a folder or s3/,
  );
});
