import type { FailureType } from '../model/cures.js';

// Ahead of the text of grpc-js stands what it tried, behind it when and how the name was resolved.
const AROUND =
  /^No connection established\. Last error: (?:Error(?: \[\w+\])?: )?|\.? Resolution note:[^]*$/g;
const WHEN = /\s?\(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/;
/** Code, library, function, *reason*, place in the sources of OpenSSL. */
const OPENSSL = /error:[0-9A-F]{1,16}:SSL routines:[^:]{0,200}:([^:]{1,500}):[^]*/;

/**
 * Handshakes that fail in the same way until somebody changes a certificate or the configuration, with what the
 * words of Node and OpenSSL mean here. The first that fits holds. The cures are in `model/cures.ts`.
 */
export const TLS_FAILURES = [
  {
    type: 'HostNameMismatch',
    text: /does not match certificate's altnames/,
    advice: 'the certificate of the server is for another name',
  },
  {
    type: 'ClientCertificateRequired',
    // What a server says of the certificate it got, or did not get; TLS 1.2 knows no word for a missing one.
    text: /alert (certificate|bad certificate|unsupported certificate|unknown ca|access denied|handshake failure)/,
    advice: 'the server does not accept the client certificate, or wants one',
  },
  {
    type: 'TlsNotSpoken',
    text: /wrong version number|packet length too long/,
    advice: 'what answers there does not speak TLS',
  },
  {
    type: 'CertificateNotTrusted',
    text: /certificate|unable to get (local )?issuer|CERT_/i,
    advice: 'the certificate of the server is not trusted',
  },
] satisfies { type: FailureType; text: RegExp; advice: string }[];

/** Whether a connection failed over TLS, and not for the network. */
export function isTlsFailure(text: string): boolean {
  return TLS_FAILURES.some((failure) => failure.text.test(text));
}

/** The reason in what grpc-js says of a connection, without what only its developers need. */
export function connectionReason(text: string): string {
  const reason = text.replace(AROUND, '').replace(WHEN, '').trim();
  return OPENSSL.exec(reason)?.[1]?.trim() ?? reason;
}
