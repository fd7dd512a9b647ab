import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { inspect } from 'node:util';

import { toFailure } from '../../activities/attempt/failures.js';
import type { ChannelOptions } from '../../canton/endpoint.js';
import { CantonError } from '../../canton/errors.js';
import { connectOperator } from '../support/operator.js';
import { startSandbox } from '../../sandbox/index.js';
import { greet } from '../../worker/participants.js';
import { makeAuthority } from '../support/certificates.js';
import { makeProtection, MAX_TOKEN_LIFETIME, type Api, type TokenFlaw } from '../support/protection.js';
import { SMALL } from '../support/stack.js';

const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-credentials-'));
const protection = await makeProtection(folder);
const { tls, token } = protection;
const sandbox = await startSandbox({ scenario: { ...SMALL, ...protection.scenario } });
after(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});
const { source } = sandbox.addresses;

type Change = Omit<Partial<ChannelOptions>, 'tls'> & { tls?: ChannelOptions['tls'] | undefined };

/** The source, reached as it should be but for what is given. */
async function connect(t: TestContext, change: { admin?: Change; ledger?: Change } = {}) {
  const options = async (api: Api): Promise<ChannelOptions> => {
    const { tls: own, ...credential } = change[api] ?? {};
    const isGiven = Object.keys(credential).length > 0;
    return {
      address: source[api],
      tls: own ?? tls,
      ...(isGiven ? credential : { token: await token(api) }),
    };
  };
  const apis = { admin: await options('admin'), ledger: await options('ledger') };
  const participant = connectOperator('old', apis);
  t.after(() => participant.close());
  return participant;
}

async function failureOf(call: Promise<unknown>): Promise<CantonError> {
  const error: unknown = await call.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof CantonError, String(error));
  return error;
}

/** Nothing of what an operator, a log or a history may see of the failure holds the text. */
function assertSecret(error: CantonError, ...secrets: string[]): void {
  const seen = [inspect(error, { depth: null, showHidden: true }), inspect(toFailure(error))].join('\n');
  for (const secret of secrets) assert.ok(!seen.includes(secret), seen);
}

function tokenFile(content?: string): string {
  const path = join(mkdtempSync(join(folder, 'token-')), 'token');
  if (content !== undefined) writeFileSync(path, content);
  return path;
}

async function readAll(stream: AsyncIterable<readonly unknown[]>): Promise<number> {
  let count = 0;
  for await (const items of stream) count += items.length;
  return count;
}

test('credentials: a configured token opens both APIs over mutual TLS', async (t) => {
  const { health, ledger } = await connect(t);

  assert.equal(await health.readUid(), sandbox.participants.source.uid);
  assert.ok((await ledger.listLocalParties()).length > 0);
});

test('credentials: the token of a file opens both APIs, a line break at its end is no part of it', async (t) => {
  const { health, ledger } = await connect(t, {
    admin: { tokenFile: tokenFile(`${await token('admin')}\n`) },
    ledger: { tokenFile: tokenFile(await token('ledger')) },
  });

  assert.equal(await health.readUid(), sandbox.participants.source.uid);
  assert.ok((await ledger.listLocalParties()).length > 0);
});

test('credentials: a file that was replaced holds for the next call', async (t) => {
  const path = tokenFile(await token('admin', { secondsToLive: -1 }));
  const { health } = await connect(t, { admin: { tokenFile: path } });

  const error = await failureOf(health.readUid());
  assert.equal(error.kind, 'refused');
  assert.match(
    error.message,
    new RegExp(`does not accept the token of the file ${path}, which expired at`),
  );
  writeFileSync(path, await token('admin'));
  assert.equal(await health.readUid(), sandbox.participants.source.uid);
});

test('credentials: a stream that runs goes on with the token it began with', async (t) => {
  const path = tokenFile(await token('ledger'));
  const { ledger } = await connect(t, { ledger: { tokenFile: path } });
  const parties = await ledger.listLocalParties();
  const offset = await ledger.readLedgerEnd();
  const stream = ledger.scanActiveContracts({ parties, offset });

  const reading = stream[Symbol.asyncIterator]();
  const first = await reading.next();
  writeFileSync(path, 'no-good');
  const error = await failureOf(ledger.readLedgerEnd());

  assert.equal(error.code, 'UNAUTHENTICATED');
  assert.ok(!first.done);
  const all = sandbox.participants.source.contracts().length;
  assert.equal(first.value.length + (await readAll(stream)), all);
});

for (const [what, content, message] of [
  ['is gone', undefined, 'cannot be read \\(ENOENT\\)'],
  ['is empty', ' \n', 'is empty'],
  ['holds two tokens', 'hush-one\nhush-two\n', 'holds something other than one token'],
] as const) {
  test(`credentials: a token file that ${what} makes the call wait for another one`, async (t) => {
    const path = tokenFile(content);
    const { health } = await connect(t, { admin: { tokenFile: path } });

    const error = await failureOf(health.readUid());

    assert.deepEqual([error.kind, error.type], ['transient', 'TokenFileUnusable']);
    const where = `^old: Admin API at ${source.admin}: the token file ${path}`;
    assert.match(error.message, new RegExp(`${where} ${message}$`));
    assertSecret(error, 'hush');
  });
}

const FLAWS: readonly [string, Api, TokenFlaw][] = [
  ['that has expired', 'admin', { secondsToLive: -1 }],
  ['that has expired', 'ledger', { secondsToLive: -1 }],
  ['for another audience', 'admin', { audience: 'somebody else' }],
  ['without the scope', 'ledger', { scope: 'something_else' }],
  ['that somebody else signed', 'admin', { isSignedByOther: true }],
  ['that somebody else signed', 'ledger', { isSignedByOther: true }],
  // The Admin API knows the users of its configuration only.
  ['of an unknown user', 'admin', { user: 'nobody' }],
];
for (const [what, api, flaw] of FLAWS) {
  test(`credentials: a token ${what} is refused by the ${api} API, by name`, async (t) => {
    const bad = await token(api, flaw);
    const { health, ledger } = await connect(t, { [api]: { token: bad } });

    const error = await failureOf(api === 'admin' ? health.readUid() : ledger.readLedgerEnd());

    assert.deepEqual([error.code, error.kind], ['UNAUTHENTICATED', 'refused']);
    const name = api === 'admin' ? 'Admin API' : 'Ledger API';
    const expiry = flaw.secondsToLive === undefined ? '' : ', which expired at \\S+Z';
    assert.match(
      error.message,
      new RegExp(`^old: .*; the ${name} does not accept the configured token${expiry} \\(trace id`),
    );
    assertSecret(error, bad);
  });
}

// A node tells no more of it than of a token that has expired.
test('credentials: a token that lives longer than a node allows is told by its life', async (t) => {
  const bad = await token('ledger', { secondsToLive: 2 * MAX_TOKEN_LIFETIME });
  const { ledger } = await connect(t, { ledger: { token: bad } });

  const error = await failureOf(ledger.readLedgerEnd());

  assert.deepEqual([error.code, error.kind], ['UNAUTHENTICATED', 'refused']);
  assert.match(
    error.message,
    /the Ledger API does not accept the configured token, which lives 7\d\d\d s: without a longer max-token-lifetime a node accepts 300 s at most/,
  );
  assertSecret(error, bad);
});

test('credentials: a node that is not told otherwise takes tokens of five minutes on its Ledger API', async (t) => {
  const auth = { ...protection.scenario.source!.ledger!.auth! };
  delete (auth as { maxTokenLifetimeSeconds?: number }).maxTokenLifetimeSeconds;
  const usual = await startSandbox({ scenario: { ...SMALL, source: { ledger: { auth } } } });
  t.after(() => usual.close());
  const { admin, ledger } = usual.addresses.source;
  const end = async (secondsToLive: number) => {
    const participant = connectOperator('old', {
      admin: { address: admin },
      ledger: { address: ledger, token: await token('ledger', { secondsToLive }) },
    });
    t.after(() => participant.close());
    return participant.ledger.readLedgerEnd();
  };

  assert.match(await end(300), /^\d+$/);
  assert.equal((await failureOf(end(360))).code, 'UNAUTHENTICATED');
});

test('credentials: calls without a token are refused where one is needed', async (t) => {
  const { health } = await connect(t, { admin: { sendLimitBytes: 65_536 } });

  const error = await failureOf(health.readUid());

  assert.equal(error.code, 'UNAUTHENTICATED');
  assert.match(error.message, /the Admin API does not accept calls without a token/);
});

test('credentials: a user without admin rights is told by API and participant', async (t) => {
  const { health } = await connect(t, {
    admin: { token: await token('admin', { user: 'reader' }) },
  });
  const { ledger } = await connect(t, {
    ledger: { token: await token('ledger', { user: 'reader' }) },
  });

  for (const [api, call] of [
    ['Admin API', () => health.readUid()],
    ['Ledger API', () => ledger.listLocalParties()],
  ] as const) {
    const error = await failureOf(call());
    assert.deepEqual([error.code, error.kind], ['PERMISSION_DENIED', 'refused']);
    assert.match(
      error.message,
      new RegExp(`^old: .*; the ${api} grants too little to the configured token`),
    );
  }
});

test('credentials: the right to manage parties is not the right to read their contracts', async (t) => {
  const { ledger } = await connect(t, {
    ledger: { token: await token('ledger', { user: 'manager' }) },
  });
  const parties = await ledger.listLocalParties();
  const offset = await ledger.readLedgerEnd();

  const error = await failureOf(readAll(ledger.scanActiveContracts({ parties, offset })));

  assert.equal(error.code, 'PERMISSION_DENIED');
});

// Canton ends the streams of the Ledger API with their token; the next attempt has another one.
test('credentials: a stream that outlives its token may be tried again', async (t) => {
  const { ledger } = await connect(t);
  const parties = await ledger.listLocalParties();
  const offset = await ledger.readLedgerEnd();
  const { ledger: hurried } = await connect(t, {
    ledger: { token: await token('ledger', { secondsToLive: 3 }) },
  });
  sandbox.faults.arm({
    kind: 'delay',
    method: 'GetActiveContracts',
    participant: 'source',
    delayMs: 3_100,
  });

  const error = await failureOf(readAll(hurried.scanActiveContracts({ parties, offset })));

  assert.deepEqual(
    [error.code, error.errorId, error.kind],
    ['ABORTED', 'ACCESS_TOKEN_EXPIRED', 'transient'],
  );
});

test('credentials: each API names the CA, the name and the client certificate that do not fit', async (t) => {
  const { cert: ca } = await makeAuthority('another CA');
  const withoutCertificate = { ca: tls.ca };
  const otherName = { ...tls, serverName: 'somewhere.else' };

  for (const [change, type] of [
    [{ ...tls, ca }, 'CertificateNotTrusted'],
    [otherName, 'HostNameMismatch'],
    [withoutCertificate, 'ClientCertificateRequired'],
  ] as const) {
    const { health } = await connect(t, { admin: { tls: change } });
    const { ledger } = await connect(t, { ledger: { tls: change } });
    for (const [where, call] of [
      [`old: Admin API at ${source.admin}: `, () => health.readUid()],
      [`old: Ledger API at ${source.ledger}: `, () => ledger.readLedgerEnd()],
    ] as const) {
      const error = await failureOf(call());
      assert.deepEqual([error.kind, error.type], ['refused', type]);
      assert.ok(error.message.startsWith(where), error.message);
    }
  }
});

test('credentials: plain text to a port that wants TLS is told from a node that is down', async (t) => {
  const plain = { address: source.admin };
  const participant = connectOperator('old', { admin: plain, ledger: plain });
  const absent = connectOperator('old', {
    admin: { address: '127.0.0.1:1' },
    ledger: { address: '127.0.0.1:1' },
  });
  t.after(() => [participant, absent].forEach((its) => its.close()));

  const error = await failureOf(participant.health.readUid());
  assert.deepEqual([error.kind, error.type], ['refused', 'TlsRequired']);
  assert.equal(
    error.message,
    `old: Admin API at ${source.admin}: what answers there speaks TLS, and tls is not configured`,
  );
  assert.equal((await failureOf(absent.health.readUid())).kind, 'transient');
});

test('credentials: the worker says at start what is wrong with whom, and the cure', async (t) => {
  const refused = await connect(t, {
    admin: { token: await token('admin', { isSignedByOther: true }) },
  });
  const unknown = await connect(t, { ledger: { tls: { ...tls, serverName: 'somewhere.else' } } });

  const greetings = await greet(
    new Map([
      ['refused', { name: 'refused', reading: () => refused }],
      ['unknown', { name: 'unknown', reading: () => unknown }],
    ]),
  );

  const problems = greetings.map((greeting) => ('problem' in greeting ? greeting.problem : ''));
  assert.match(problems[0]!, /^old: .*does not accept the configured token.*; replace the content of/);
  assert.match(problems[1]!, /^old: Ledger API at .*another name.*; set the address or tls\.serverName/);
});
