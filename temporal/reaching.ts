import { connect, type SecureClientSessionOptions } from 'node:http2';
import { isIP } from 'node:net';

import { TemporalProblem, type TemporalProblemType } from './problem.js';
import { findRefusal } from './refusals.js';
import type { TemporalSettings } from './settings.js';

const PROBE_LIMIT_MS = 5_000;

/** What came of speaking HTTP/2 to an address. */
type Probe =
  | { came: 'http2' }
  /** It took the connection, and said nothing that HTTP/2 begins with. */
  | { came: 'connection' }
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
  const found = await probe(`https://${address}`, {
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
  if (found.came !== 'http2' && !isUnreached && (await probe(`http://${address}`)).came === 'http2')
    return ['TemporalTlsNotSpoken', 'what answers there does not speak TLS'];
  return unexplained(found);
}

async function inPlainText(address: string): Promise<Reason> {
  const found = await probe(`http://${address}`);
  if (found.came === 'http2' || (found.came === 'failure' && found.code in UNREACHED))
    return unexplained(found);
  const secure = await probe(`https://${address}`, { rejectUnauthorized: false });
  const speaksTls =
    secure.came === 'http2' || (secure.came === 'failure' && /alert|ALPN/i.test(secure.message));
  if (speaksTls)
    return ['TemporalTlsRequired', 'what answers there speaks TLS, and TEMPORAL_TLS is not set'];
  return unexplained(found);
}

function unexplained(found: Probe): Reason {
  if (found.came === 'connection')
    return ['TemporalUnavailable', 'it took the connection and said nothing'];
  if (found.came === 'http2') return ['TemporalUnavailable'];
  const unreached = UNREACHED[found.code];
  if (unreached !== undefined) return ['TemporalUnavailable', unreached];
  if (found.code.startsWith('ERR_HTTP2') || found.code.startsWith('HPE_'))
    return ['TemporalNotSpoken', 'what answers there does not speak gRPC'];
  return ['TemporalUnavailable', found.message];
}

/** Begins HTTP/2, as gRPC does, and waits for what the other side begins with. */
function probe(url: string, options: SecureClientSessionOptions = {}): Promise<Probe> {
  return new Promise((resolve) => {
    let isConnected = false;
    const { hostname } = new URL(url);
    const isName = isIP(hostname.replace(/^\[(.*)\]$/, '$1')) === 0;
    const session = connect(url, { ...(isName && { servername: hostname }), ...options });
    const timer = setTimeout(() => end(isConnected ? { came: 'connection' } : LATE), PROBE_LIMIT_MS);
    const end = (found: Probe) => {
      clearTimeout(timer);
      session.destroy();
      resolve(found);
    };
    session.once('connect', () => (isConnected = true));
    session.once('remoteSettings', () => end({ came: 'http2' }));
    session.on('error', ({ code = '', message, cause }: NodeJS.ErrnoException) => {
      const inner = (cause ?? {}) as NodeJS.ErrnoException;
      end({ came: 'failure', code, message: [message, inner.message].filter(Boolean).join(': ') });
    });
    session.once('close', () => end({ came: 'connection' }));
  });
}
