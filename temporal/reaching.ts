import { connect, isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

import { TemporalProblem, type TemporalProblemType } from './problem.js';
import { findRefusal } from './refusals.js';
import type { TemporalSettings } from './settings.js';

const PROBE_LIMIT_MS = 5_000;
/** The preface, and settings that change nothing. Source: RFC 9113, sections 3.4 and 4.1. */
const HTTP2_BEGINNING = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const FRAME_TYPE_AT = 3;
const SETTINGS = 4;

/** What came of speaking HTTP/2 to an address. */
type Probe =
  | { came: 'http2' }
  /** It took the connection and said nothing, or ended it. */
  | { came: 'connection' }
  /** It said something that HTTP/2 does not begin with. */
  | { came: 'other' }
  | { came: 'failure'; code: string; message: string };

const LATE: Probe = { came: 'failure', code: 'ETIMEDOUT', message: 'no answer' };

/** Failures of the network below, in words. */
const UNREACHED: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host name has no address',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the host does not answer',
};

/** What Node says of a handshake that failed, in its code or message; the first that fits holds. */
const HANDSHAKES: { type: TemporalProblemType; text: RegExp; what: string }[] = [
  {
    type: 'TemporalHostNameMismatch',
    text: /ERR_TLS_CERT_ALTNAME_INVALID/,
    what: 'its certificate is for another name',
  },
  {
    type: 'TemporalClientCertificateRequired',
    text: /alert (certificate|bad certificate|unsupported certificate|unknown ca|access denied|handshake failure)/i,
    what: 'it does not accept the client certificate, or wants one',
  },
  {
    type: 'TemporalTlsNotSpoken',
    text: /wrong version number|packet length too long|http request/i,
    what: 'what answers there does not speak TLS',
  },
  {
    type: 'TemporalCertificateNotTrusted',
    text: /certificate|CERT_|unable to (get|verify)/i,
    what: 'its certificate is not trusted',
  },
];

/**
 * Finds out why there is no connection to Temporal, and returns it with what to do.
 *
 * The SDKs say little: that of clients only that the time is over. So what `error` tells is taken first, and else the
 * address is spoken to once more.
 */
export async function whyUnreachable(
  settings: TemporalSettings,
  error: unknown,
): Promise<TemporalProblem> {
  const refusal = findRefusal(error, settings);
  if (refusal) return refusal;
  const { address, connection } = settings;
  const { tls } = connection;
  const [type, what] = tls ? await overTls(address, tls) : await inPlainText(address);
  const reason = what ?? (error as Error).message;
  return new TemporalProblem(type, `Temporal does not answer at ${address}: ${reason}`, {
    cause: error,
  });
}

type Reason = [type: TemporalProblemType, what?: string];

async function overTls(
  address: string,
  tls: NonNullable<TemporalSettings['connection']['tls']>,
): Promise<Reason> {
  const { serverNameOverride, serverRootCACertificate, clientCertPair } =
    tls === true || !tls ? {} : tls;
  const found = await probe(address, {
    ...(serverNameOverride && { servername: serverNameOverride }),
    ...(serverRootCACertificate && { ca: Buffer.from(serverRootCACertificate) }),
    ...(clientCertPair && {
      cert: Buffer.from(clientCertPair.crt),
      key: Buffer.from(clientCertPair.key),
    }),
  });
  const text = found.came === 'failure' ? `${found.code} ${found.message}` : '';
  const handshake = HANDSHAKES.find((its) => its.text.test(text));
  if (handshake) return [handshake.type, handshake.what];
  // Some servers without TLS end the connection at its first byte.
  const isUnreached = found.came === 'failure' && found.code in UNREACHED;
  if (found.came !== 'http2' && !isUnreached && (await probe(address)).came === 'http2')
    return ['TemporalTlsNotSpoken', 'what answers there does not speak TLS'];
  return unexplained(found);
}

async function inPlainText(address: string): Promise<Reason> {
  const found = await probe(address);
  if (found.came === 'http2' || (found.came === 'failure' && found.code in UNREACHED))
    return unexplained(found);
  const secure = await probe(address, { rejectUnauthorized: false });
  const speaksTls =
    secure.came === 'http2' || (secure.came === 'failure' && /alert|ALPN/i.test(secure.message));
  if (speaksTls)
    return ['TemporalTlsRequired', 'what answers there speaks TLS, and TEMPORAL_TLS is not set'];
  return unexplained(found);
}

function unexplained(found: Probe): Reason {
  if (found.came === 'other') return ['TemporalNotSpoken', 'what answers there does not speak gRPC'];
  if (found.came === 'connection')
    return ['TemporalUnavailable', 'it took the connection and does not answer'];
  if (found.came === 'http2') return ['TemporalUnavailable'];
  const unreached = UNREACHED[found.code];
  if (unreached !== undefined) return ['TemporalUnavailable', unreached];
  return ['TemporalUnavailable', found.message];
}

/** Begins HTTP/2, as gRPC does, and waits for what the other side begins with. TLS if there are options for it. */
function probe(address: string, options?: ConnectionOptions): Promise<Probe> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const at = { host, port: Number(address.slice(colon + 1)) };
  return new Promise((resolve) => {
    let isConnected = false;
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = options
      ? connectTls({ ...at, ALPNProtocols: ['h2'], ...servername, ...options })
      : connect(at);
    const timer = setTimeout(() => end(isConnected ? { came: 'connection' } : LATE), PROBE_LIMIT_MS);
    const end = (found: Probe) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(found);
    };
    socket.once(options ? 'secureConnect' : 'connect', () => {
      isConnected = true;
      socket.write(HTTP2_BEGINNING);
    });
    socket.once('data', (bytes: Buffer) => {
      end({ came: bytes[FRAME_TYPE_AT] === SETTINGS ? 'http2' : 'other' });
    });
    socket.on('error', ({ code = '', message }: NodeJS.ErrnoException) => {
      end({ came: 'failure', code, message });
    });
    socket.once('close', () => end({ came: 'connection' }));
  });
}
