import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';

import { ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';

import { Channel } from '../../canton/channel.js';
import { Endpoint, type ChannelOptions } from '../../canton/endpoint.js';
import { CantonError } from '../../canton/errors.js';
import { StateService } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { makeAuthority, type Identity } from '../support/certificates.js';
import { startServer } from './server.js';

const { getLedgerEnd } = StateService.method;
const SERVER_NAME = 'participant.test';

const authority = await makeAuthority('the CA of the participants');
const server = await authority.issue([SERVER_NAME]);
const worker = await authority.issue(['worker']);
const other = await makeAuthority('another CA');

interface ServerTls {
  identity?: Identity;
  /** Whose client certificates it takes; without it, it asks for none. */
  clientAuthority?: Buffer;
}

async function connect(
  t: TestContext,
  tls: ChannelOptions['tls'],
  { identity = server, clientAuthority }: ServerTls = {},
) {
  const credentials = ServerCredentials.createSsl(
    clientAuthority ?? null,
    [{ private_key: identity.key, cert_chain: identity.cert }],
    clientAuthority !== undefined,
  );
  const handle = (_: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) =>
    reply(null, Buffer.alloc(0));
  const { address } = await startServer(t, [{ method: getLedgerEnd, handle }], credentials);
  const channel = new Channel(new Endpoint('target', { address, ...(tls && { tls }) }));
  t.after(() => channel.close());
  return { channel, address };
}

async function failure(channel: Channel): Promise<CantonError> {
  const error: unknown = await channel.unary(getLedgerEnd, {}).catch((reason: unknown) => reason);
  assert.ok(error instanceof CantonError);
  return error;
}

/** The failure stops the step, and says of which API of which participant, where, and what. */
async function refusal(connected: Awaited<ReturnType<typeof connect>>, type: string, what: RegExp) {
  const error = await failure(connected.channel);
  assert.deepEqual([error.kind, error.type], ['refused', type]);
  assert.ok(error.message.startsWith(`target: Ledger API at ${connected.address}: `), error.message);
  assert.match(error.message, what);
  assert.doesNotMatch(error.message, /Resolution note|openssl/);
}

test('tls: a server signed by the configured CA is spoken to', async (t) => {
  const { channel } = await connect(t, { ca: authority.cert, serverName: SERVER_NAME });

  assert.equal((await channel.unary(getLedgerEnd, {})).offset, 0n);
});

for (const [whose, ca] of [
  ['of another CA', { ca: other.cert }],
  ['that the authorities of the system do not know', {}],
] as const) {
  test(`tls: a certificate ${whose} is refused`, async (t) => {
    const connected = await connect(t, { ...ca, serverName: SERVER_NAME });

    await refusal(
      connected,
      'CertificateNotTrusted',
      /: the certificate of the server is not trusted: unable to verify the first certificate$/,
    );
  });
}

test('tls: an expired certificate is refused', async (t) => {
  const identity = await authority.issue([SERVER_NAME], { isExpired: true });
  const tls = { ca: authority.cert, serverName: SERVER_NAME };

  await refusal(
    await connect(t, tls, { identity }),
    'CertificateNotTrusted',
    /certificate has expired$/,
  );
});

test('tls: a server with another name is refused, and the message says which names there are', async (t) => {
  const connected = await connect(t, { ca: authority.cert, serverName: 'someone.else' });

  await refusal(connected, 'HostNameMismatch', /Host: someone\.else\..*DNS:participant\.test$/);
});

test('tls: a client certificate is sent where the server asks for one', async (t) => {
  const tls = { ca: authority.cert, serverName: SERVER_NAME, ...worker };
  const { channel } = await connect(t, tls, { clientAuthority: authority.cert });

  assert.equal((await channel.unary(getLedgerEnd, {})).offset, 0n);
});

test('tls: a client certificate that is missing is refused', async (t) => {
  const tls = { ca: authority.cert, serverName: SERVER_NAME };
  const connected = await connect(t, tls, { clientAuthority: authority.cert });

  await refusal(connected, 'ClientCertificateRequired', /alert certificate required$/);
});

test('tls: TLS to a server that speaks plain text is refused', async (t) => {
  const { address } = await startServer(t, []);
  const channel = new Channel(new Endpoint('target', { address, tls: { ca: authority.cert } }));
  t.after(() => channel.close());

  await refusal({ channel, address }, 'TlsNotSpoken', /does not speak TLS: wrong version number$/);
});

for (const [what, { clientAuthority }] of [
  ['', {}],
  [' and client certificates', { clientAuthority: authority.cert }],
] as const) {
  test(`tls: plain text to a server that wants TLS${what} is refused`, async (t) => {
    const connected = await connect(t, undefined, { ...(clientAuthority && { clientAuthority }) });

    await refusal(connected, 'TlsRequired', /speaks TLS, and tls is not configured$/);
  });
}

// A node that is starting, or a proxy in front of one that is down.
test('tls: a port that ends every plain connection is transient unless it speaks TLS', async (t) => {
  const listener = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const channel = new Channel(new Endpoint('target', { address: `127.0.0.1:${port}` }));
  t.after(() => {
    channel.close();
    listener.close();
  });

  const error = await failure(channel);

  assert.deepEqual([error.kind, error.code, error.type], ['transient', 'UNAVAILABLE', undefined]);
});
