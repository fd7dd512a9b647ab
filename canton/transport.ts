import { isIP } from 'node:net';
import { connect } from 'node:tls';

import { credentials, type ChannelCredentials } from '@grpc/grpc-js';

import { CantonError } from './errors.js';

/** How one API encrypts. Certificates and keys are PEM; without a CA the system's are used. */
export interface TlsOptions {
  ca?: Uint8Array;
  cert?: Uint8Array;
  key?: Uint8Array;
  serverName?: string;
}

const PROBE_LIMIT_MS = 5_000;
/** Failures of the network below: nothing was there to speak to. */
const UNREACHED =
  /ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|resolution failed/i;

/** Plain text without options. */
export function channelCredentials(tls: TlsOptions | undefined): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const pem = (bytes: Uint8Array | undefined) => (bytes ? Buffer.from(bytes) : null);
  return credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert));
}

/** Whether something took the connection of a call and ended it before it spoke HTTP/2. */
export function isTurnedAway(error: unknown): boolean {
  if (!(error instanceof CantonError) || error.code !== 'UNAVAILABLE' || error.type) return false;
  return /No connection established/.test(error.message) && !UNREACHED.test(error.message);
}

/**
 * Whether what answers at an address, `host:port`, speaks TLS. No certificate is checked, and nothing is sent.
 *
 * A server that wants TLS ends a plain connection without a word, as a node does that is starting.
 */
export function speaksTls(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const port = Number(address.slice(colon + 1));
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      ALPNProtocols: ['h2'],
      rejectUnauthorized: false,
      ...(isIP(host) === 0 && { servername: host }),
    });
    const timer = setTimeout(() => end(false), PROBE_LIMIT_MS);
    const end = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', () => end(true));
    // Whoever refuses the handshake by an alert speaks TLS too.
    socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => end(/^ERR_SSL_.*ALERT/.test(code)));
    socket.once('close', () => end(false));
  });
}
