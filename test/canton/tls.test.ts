import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';

import { ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

import { Channel, type ChannelOptions } from '../../canton/channel.js';
import { CantonError } from '../../canton/errors.js';
import { StateService } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { startServer } from './server.js';

const { getLedgerEnd } = StateService.method;
const SERVER_NAME = 'participant.test';

const folder = mkdtempSync(join(tmpdir(), 'canton-tls-'));
after(() => rmSync(folder, { recursive: true }));

/** A certificate that is its own authority. */
function selfSigned(name: string): { cert: Buffer; key: Buffer } {
  const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${SERVER_NAME}`];
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    keyFile,
  ];
  execFileSync('openssl', ['req', '-x509', ...key, '-out', certFile, '-days', '1', ...subject], {
    stdio: 'pipe',
  });
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}

const server = selfSigned('server');
const other = selfSigned('other');

async function connect(
  t: TestContext,
  tls: ChannelOptions['tls'],
  clientAuthority: Buffer | null = null,
) {
  const credentials = ServerCredentials.createSsl(
    clientAuthority,
    [{ private_key: server.key, cert_chain: server.cert }],
    clientAuthority !== null,
  );
  const handle = (_: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) =>
    reply(null, Buffer.alloc(0));
  const { address } = await startServer(t, [{ method: getLedgerEnd, handle }], credentials);
  const channel = new Channel('target', { address, ...(tls && { tls }) });
  t.after(() => channel.close());
  return channel;
}

async function failure(channel: Channel): Promise<CantonError> {
  const error: unknown = await channel.unary(getLedgerEnd, {}).catch((reason: unknown) => reason);
  assert.ok(error instanceof CantonError);
  return error;
}

test('tls: a server signed by the configured CA is spoken to', async (t) => {
  const channel = await connect(t, { ca: server.cert, serverName: SERVER_NAME });

  assert.equal((await channel.unary(getLedgerEnd, {})).offset, 0n);
});

test('tls: a server signed by another CA is refused, and the message names the certificate', async (t) => {
  const error = await failure(await connect(t, { ca: other.cert, serverName: SERVER_NAME }));

  assert.equal(error.code, 'UNAVAILABLE');
  assert.equal(error.kind, 'refused');
  assert.match(
    error.message,
    /certificate of the server is not one the configured CA and server name allow/,
  );
});

test('tls: a server with another name is refused, and the message says which name it has', async (t) => {
  const error = await failure(await connect(t, { ca: server.cert, serverName: 'someone.else' }));

  assert.equal(error.kind, 'refused');
  assert.match(error.message, /participant\.test/);
});

test('tls: a client certificate is sent where the server asks for one', async (t) => {
  const tls = { ca: server.cert, serverName: SERVER_NAME, cert: other.cert, key: other.key };
  const channel = await connect(t, tls, other.cert);

  assert.equal((await channel.unary(getLedgerEnd, {})).offset, 0n);
});

test('tls: plain text to a server that wants TLS is transient, for it looks like a node that is starting', async (t) => {
  const error = await failure(await connect(t, undefined));

  assert.equal(error.code, 'UNAVAILABLE');
  assert.equal(error.kind, 'transient');
});
