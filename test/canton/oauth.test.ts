import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { inspect } from 'node:util';

import { jwtVerify } from 'jose';

import { toFailure } from '../../activities/attempt/failures.js';
import { CantonError } from '../../canton/errors.js';
import { connectOperator } from '../support/operator.js';
import type { OAuthOptions } from '../../canton/oauth.js';
import { startSandbox } from '../../sandbox/index.js';
import { makeAuthority } from '../support/certificates.js';
import { makeProtection } from '../support/protection.js';
import { SMALL } from '../support/stack.js';
import { CLIENT, issued, startTokenServer, type TokenAnswer } from '../support/token-server.js';

const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-oauth-'));
const protection = await makeProtection(folder);
const { authority, tls, token } = protection;
const sandbox = await startSandbox({ scenario: { ...SMALL, ...protection.scenario } });
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});
const { admin, ledger } = sandbox.addresses.source;
const SYNCHRONIZER = sandbox.synchronizers.source.info.logicalId;

/** The source, with tokens for its Admin API from a server that answers as told. */
async function connect(
  t: TestContext,
  answer: () => TokenAnswer | Promise<TokenAnswer>,
  change: Partial<OAuthOptions> & { isPlain?: boolean } = {},
) {
  const { isPlain = false, ...options } = change;
  const server = await startTokenServer(authority, answer, { isPlain });
  const participant = connectOperator('old', {
    admin: { address: admin, tls, oauth: { ...server.oauth, ...options } },
    ledger: { address: ledger, tls, token: await token('ledger') },
  });
  t.after(async () => {
    participant.close();
    await server.close();
  });
  return { participant, server };
}

async function failureOf(call: Promise<unknown>): Promise<CantonError> {
  const error: unknown = await call.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CantonError, String(error));
  const seen = [inspect(error, { depth: null, showHidden: true }), inspect(toFailure(error))].join('\n');
  for (const secret of ['hush', CLIENT.clientSecret]) assert.ok(!seen.includes(secret), seen);
  return error;
}

test('oauth: a client gets its tokens with its scope and audience, and keeps one for many calls', async (t) => {
  const { participant, server } = await connect(t, async () => issued(await token('admin'), 3600), {
    scope: 'one two',
    audience: 'the-admin-apis',
  });

  // The first two at once.
  await Promise.all([participant.health.readUid(), participant.packages.listDars()]);
  await participant.health.readUid();

  assert.equal(server.requests.length, 1);
  const [{ body, isFromClient }] = server.requests as [(typeof server.requests)[number]];
  assert.equal(isFromClient, true);
  assert.deepEqual(Object.fromEntries(body), {
    grant_type: 'client_credentials',
    scope: 'one two',
    audience: 'the-admin-apis',
  });
});

test('oauth: an id of unreserved characters reaches a server that compares the header as it comes', async (t) => {
  const client = { clientId: 'migration-client_1.prod~x', clientSecret: 'a-b_c.d~e' };
  const { participant, server } = await connect(
    t,
    async () => issued(await token('admin'), 3600),
    client,
  );

  await participant.health.readUid();

  const raw = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  assert.deepEqual(
    server.requests.map(({ authorization }) => authorization),
    [`Basic ${raw}`],
  );
});

// Source: RFC 6749, section 2.3.1.
test('oauth: what is not unreserved is encoded, so that a colon in the id is none between id and secret', async (t) => {
  const client = { clientId: 'migration:client', clientSecret: 'a+b/c=d e%' };
  const { participant, server } = await connect(
    t,
    async () => issued(await token('admin'), 3600),
    client,
  );

  await participant.health.readUid();

  const [{ authorization = '' }] = server.requests as [(typeof server.requests)[number]];
  const joined = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  assert.deepEqual(joined.split(':').map(decodeURIComponent), Object.values(client));
});

test('oauth: with post the client is in the form, and in no header', async (t) => {
  const { participant, server } = await connect(t, async () => issued(await token('admin'), 3600), {
    clientAuth: 'post',
  });

  await participant.health.readUid();

  const [{ body, authorization }] = server.requests as [(typeof server.requests)[number]];
  assert.equal(authorization, undefined);
  assert.deepEqual(
    [body.get('client_id'), body.get('client_secret')],
    [CLIENT.clientId, CLIENT.clientSecret],
  );
});

for (const [alg, pair] of [
  ['RS256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ['ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ['ES384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['EdDSA', () => generateKeyPairSync('ed25519')],
] as const) {
  test(`oauth: with private_key_jwt the client signs who it is, by ${alg} with its key, and sends no secret`, async (t) => {
    const { privateKey: clientKey, publicKey } = pair();
    const { participant, server } = await connect(t, async () => issued(await token('admin'), 3600), {
      clientAuth: 'private_key_jwt',
      clientKey,
      clientKeyId: 'key-1',
    });

    await participant.health.readUid();

    const [{ body, authorization }] = server.requests as [(typeof server.requests)[number]];
    assert.deepEqual([authorization, body.get('client_secret')], [undefined, null]);
    assert.equal(
      body.get('client_assertion_type'),
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    );
    const { clientId: id } = CLIENT;
    const wanted = { issuer: id, subject: id, audience: server.oauth.tokenUrl, algorithms: [alg] };
    const { protectedHeader } = await jwtVerify(body.get('client_assertion')!, publicKey, wanted);
    assert.deepEqual(protectedHeader, { alg, kid: 'key-1' });
  });
}

test('oauth: a token server on this machine may do without TLS', async (t) => {
  const good = async () => issued(await token('admin'), 3600);
  const { participant } = await connect(t, good, { isPlain: true });

  assert.equal(await participant.health.readUid(), sandbox.participants.source.uid);
});

test('oauth: a token is renewed shortly before it expires', async (t) => {
  const { participant, server } = await connect(t, async () =>
    issued(await token('admin', { secondsToLive: 7200 }), 3600),
  );
  await participant.health.readUid();

  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 3_500_000 });
  await participant.health.readUid();
  assert.equal(server.requests.length, 1);
  t.mock.timers.tick(50_000);
  await participant.health.readUid();

  assert.equal(server.requests.length, 2);
});

test('oauth: a token that expires at once serves the call it was asked for', async (t) => {
  const { participant, server } = await connect(t, async () => issued(await token('admin'), 0));

  await participant.health.readUid();
  await participant.health.readUid();

  assert.equal(server.requests.length, 2);
});

test('oauth: without a lifetime in the answer that of the token holds', async (t) => {
  const { participant, server } = await connect(t, async () =>
    issued(await token('admin', { secondsToLive: 600 })),
  );
  await participant.health.readUid();

  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 545_000 });
  await participant.health.readUid();

  assert.equal(server.requests.length, 2);
});

for (const [what, call] of [
  ['call', (its: ReturnType<typeof connectOperator>) => its.health.readUid()],
  [
    'stream',
    async (its) => {
      const parties = await its.ledger.listLocalParties();
      const offset = await its.ledger.readLedgerEnd();
      const exported = its.repair.exportAcs({ parties, offset, synchronizerId: SYNCHRONIZER });
      return exported[Symbol.asyncIterator]().next();
    },
  ],
] as readonly [string, (its: ReturnType<typeof connectOperator>) => Promise<unknown>][]) {
  test(`oauth: a token that is no longer accepted is renewed once, and the ${what} made again`, async (t) => {
    const answers = [
      await token('admin', { isSignedByOther: true }),
      await token('admin', { isSignedByOther: true }),
      await token('admin', { isSignedByOther: true }),
      await token('admin'),
    ];
    const { participant, server } = await connect(t, () => issued(answers.shift()!, 3600));

    const error = await failureOf(call(participant));
    assert.deepEqual([error.code, error.kind], ['UNAUTHENTICATED', 'refused']);
    assert.match(error.message, /the token of the client migration-client from https:\/\/127/);
    assert.equal(server.requests.length, 2);
    await call(participant);
    assert.equal(server.requests.length, 4);
  });
}

// What was sent cannot be sent again, so the step is.
test('oauth: an import whose token is not accepted is tried again with another one', async (t) => {
  const good = await token('admin');
  // The first two, of one call each, are for who the node is and for a call that shows that this is known.
  const answers: [string, number][] = [
    [good, 0],
    [good, 0],
    [await token('admin', { isSignedByOther: true }), 3600],
    [good, 3600],
  ];
  const { participant } = await connect(t, () => issued(...answers.shift()!));
  await participant.packages.listDars();
  const upload = () =>
    participant.repair.importAcs({
      chunks: chunks(),
      synchronizerId: SYNCHRONIZER,
      workflowIdPrefix: 'mig-test',
      mode: 'validation',
    });

  const error = await failureOf(upload());
  assert.deepEqual([error.kind, error.type], ['transient', 'TokenReplaced']);
  const second = await failureOf(upload());
  assert.match(second.message, /There are still synchronizers connected/);
});

const NO_CLIENT = { error: 'invalid_client', error_description: 'hush-client-secret is wrong' };
const ANSWERS: readonly [string, TokenAnswer, 'refused' | 'transient', string, RegExp][] = [
  [
    'refuses the client',
    { status: 401, body: NO_CLIENT },
    'refused',
    'TokenRefused',
    /token answered 401 invalid_client to the client migration-client$/,
  ],
  [
    'refuses the client with a challenge',
    { status: 401, body: NO_CLIENT, headers: { 'www-authenticate': 'Basic realm="hush"' } },
    'refused',
    'TokenRefused',
    /token answered 401 to the client migration-client$/,
  ],
  [
    'refuses the scope',
    { status: 400, body: { error: 'invalid_scope' } },
    'refused',
    'TokenRefused',
    /answered 400 invalid_scope/,
  ],
  [
    'is somewhere else now',
    { status: 302, body: '', headers: { location: 'https://hush.example/' } },
    'refused',
    'TokenRefused',
    /answered 302/,
  ],
  [
    'answers something else',
    { body: '<html>hush</html>', headers: { 'content-type': 'text/html' } },
    'refused',
    'TokenRefused',
    /answered without a bearer token/,
  ],
  [
    'answers a token that is none',
    issued('hush hush\n', 60),
    'refused',
    'TokenRefused',
    /answered without a bearer token/,
  ],
  [
    'has an error of its own',
    { status: 503, body: 'hush' },
    'transient',
    'TokenServerUnavailable',
    /answered 503$/,
  ],
  [
    'is asked too often',
    { status: 429, body: { error: 'slow_down' } },
    'transient',
    'TokenServerUnavailable',
    /answered 429$/,
  ],
];
for (const [what, answer, kind, type, message] of ANSWERS) {
  test(`oauth: a token server that ${what} is named, and nothing it says is quoted`, async (t) => {
    const { participant, server } = await connect(t, () => answer);

    const error = await failureOf(participant.health.readUid());

    assert.deepEqual([error.kind, error.type], [kind, type]);
    const where = `old: Admin API at ${admin}: the token server ${server.oauth.tokenUrl} `;
    assert.ok(error.message.startsWith(where), error.message);
    assert.match(error.message, message);
  });
}

test('oauth: a token server that is down is waited for', async (t) => {
  const { participant, server } = await connect(t, async () => issued(await token('admin')));
  await server.close();

  const error = await failureOf(participant.health.readUid());

  assert.deepEqual([error.kind, error.type], ['transient', 'TokenServerUnavailable']);
  assert.match(error.message, /token does not answer: connect ECONNREFUSED/);
});

test('oauth: a token server is not trusted with a secret unless its certificate is', async (t) => {
  const { cert: ca } = await makeAuthority('another CA');
  const good = async () => issued(await token('admin'));
  const unknown = await connect(t, good, { ca });
  const renamed = await connect(t, good);
  const tokenUrl = renamed.server.oauth.tokenUrl.replace('127.0.0.1', 'localhost');
  const misnamed = await connect(t, good, { tokenUrl });

  for (const [{ participant, server }, message] of [
    [unknown, /is not trusted: .*certificate/],
    [misnamed, /is not trusted: Hostname.*localhost/],
  ] as const) {
    const error = await failureOf(participant.health.readUid());
    assert.deepEqual([error.kind, error.type], ['refused', 'TokenServerNotTrusted']);
    assert.match(error.message, message);
    assert.deepEqual(server.requests, []);
  }
});

test('oauth: after a failure the next call asks again', async (t) => {
  const answers = [{ status: 503, body: '' }, issued(await token('admin'), 3600)];
  const { participant, server } = await connect(t, () => answers.shift()!);
  await failureOf(participant.health.readUid());

  await participant.health.readUid();

  assert.equal(server.requests.length, 2);
});

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(1000);
}
