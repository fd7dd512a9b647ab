import type { KeyObject } from 'node:crypto';

import * as oauth from 'oauth4webapi';
import { Agent, fetch } from 'undici';

import { boundedBody } from './bounded-body.js';
import { isTlsFailure } from './tls-failures.js';
import { CredentialFailure, expiryOf, isToken, type Credential } from './token.js';

/** A client of an OAuth token server that gets its tokens by the client credentials grant. */
export interface OAuthOptions {
  /** Without user and password. */
  tokenUrl: string;
  clientId: string;
  /** How the client proves who it is; `basic` if left out. */
  clientAuth?: ClientAuth;
  /** Of `basic` and `post`; sent to the token server only. */
  clientSecret?: string;
  /** Of `private_key_jwt`: the private key, which goes nowhere. */
  clientKey?: KeyObject;
  /** The name of that key at the token server, if it wants one. */
  clientKeyId?: string;
  scope?: string;
  audience?: string;
  /** PEM; without it the system's authorities are trusted. */
  ca?: Uint8Array;
}

/** HTTP Basic authentication, the form of the request, or a JWT signed for it. */
export const CLIENT_AUTH = ['basic', 'post', 'private_key_jwt'] as const;
export type ClientAuth = (typeof CLIENT_AUTH)[number];

/** Milliseconds since 1970. */
interface Issued {
  token: string;
  renewAt: number;
}

const ANSWER_LIMIT_MS = 30_000;
/** A token is renewed so long before it expires, or at the last fifth of a shorter life. */
const RENEWAL_MS = 60_000;

/**
 * Keeps a token until shortly before it expires; calls that come meanwhile wait for the same new one.
 *
 * Failures name the server and the client. What the server answers beside its error code is never quoted: some
 * repeat what they were sent.
 * Source: RFC 6749, sections 4.4 and 5.2.
 */
export class OAuthCredential implements Credential {
  readonly description: string;
  private readonly server: string;
  private readonly agent: Agent;
  private issued: Issued | undefined;
  private pending: Promise<Issued> | undefined;

  constructor(private readonly options: OAuthOptions) {
    const { origin, pathname } = new URL(options.tokenUrl);
    this.server = `${origin}${pathname}`;
    this.description = `the token of the client ${options.clientId} from ${this.server}`;
    this.agent = new Agent({ connect: { ...(options.ca && { ca: Buffer.from(options.ca) }) } });
  }

  async token(): Promise<string> {
    const isOver = this.issued !== undefined && Date.now() >= this.issued.renewAt;
    if (isOver || !this.pending) this.pending = this.renew();
    return (await this.pending).token;
  }

  async discard(refused: string): Promise<boolean> {
    if (this.issued?.token === refused) this.forget();
    return true;
  }

  close(): void {
    void this.agent.destroy();
  }

  private forget(): void {
    this.issued = undefined;
    this.pending = undefined;
  }

  private async renew(): Promise<Issued> {
    this.issued = undefined;
    try {
      this.issued = await this.request();
      return this.issued;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  private async request(): Promise<Issued> {
    const { tokenUrl, clientId, scope, audience } = this.options;
    const server = { issuer: this.server, token_endpoint: tokenUrl };
    const client = { client_id: clientId };
    const parameters = {
      ...(scope !== undefined && { scope }),
      ...(audience !== undefined && { audience }),
    };
    const asked = Date.now();
    const authentication = await authenticationOf(this.options);
    let response: Response | undefined;
    try {
      response = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, {
        [oauth.customFetch]: this.fetch,
        // The configuration lets only loopback addresses do without TLS.
        [oauth.allowInsecureRequests]: new URL(tokenUrl).protocol === 'http:',
        signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
      });
      const answer = await oauth.processClientCredentialsResponse(server, client, response);
      return issuedFrom(answer, asked);
    } catch (error) {
      throw this.failureOf(error, response?.status);
    }
  }

  /** Redirects are not followed, which the library sees to, and no more is read of an answer than a token takes. */
  private readonly fetch = async (url: string, init: object): Promise<Response> => {
    const answer = await fetch(url, { ...init, dispatcher: this.agent });
    const body = await boundedBody(answer.body);
    if (!body) throw new Error('an answer that is too long');
    const { status, headers } = answer;
    return new Response(BODYLESS.has(status) ? null : new Uint8Array(body), {
      status,
      headers: [...headers],
    });
  };

  private failureOf(error: unknown, status: number | undefined): CredentialFailure {
    const about = `the token server ${this.server}`;
    if (status === undefined) {
      const reason = reasonOf(error);
      return isTlsFailure(reason)
        ? new CredentialFailure('refused', 'TokenServerNotTrusted', `${about} is not trusted: ${reason}`)
        : new CredentialFailure(
            'transient',
            'TokenServerUnavailable',
            `${about} ${NO_ANSWER}: ${reason}`,
          );
    }
    if (status === 408 || status === 429 || status >= 500) {
      return new CredentialFailure('transient', 'TokenServerUnavailable', `${about} answered ${status}`);
    }
    const code = error instanceof oauth.ResponseBodyError ? errorCode(error.error) : '';
    const what = status === 200 ? 'answered without a bearer token' : `answered ${status}${code}`;
    const client = `the client ${this.options.clientId}`;
    return new CredentialFailure('refused', 'TokenRefused', `${about} ${what} to ${client}`);
  }
}

/** What goes with a request, so that the token server knows the client. */
async function authenticationOf({
  clientAuth = 'basic',
  clientSecret = '',
  clientKey,
  clientKeyId,
}: OAuthOptions): Promise<oauth.ClientAuth> {
  if (clientAuth === 'post') return oauth.ClientSecretPost(clientSecret);
  if (clientAuth === 'basic') return basic(clientSecret);
  if (!clientKey) throw new Error('private_key_jwt without a key');
  const use = useOf(clientKey);
  if (!use) throw new Error(`private_key_jwt with a key of type ${clientKey.asymmetricKeyType}`);
  const pkcs8 = clientKey.export({ format: 'der', type: 'pkcs8' });
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), use.parameters, false, [
    'sign',
  ]);
  return oauth.PrivateKeyJwt(
    { key, ...(clientKeyId !== undefined && { kid: clientKeyId }) },
    { [oauth.modifyAssertion]: (header) => (header['alg'] = use.alg) },
  );
}

/**
 * Both parts are form-encoded, but for the characters that need not be: some servers compare them as they come, and to
 * those that decode them `-`, `_` and `.` mean the same either way. Source: RFC 6749, section 2.3.1.
 */
function basic(clientSecret: string): oauth.ClientAuth {
  return (_server, { client_id: id }, _body, headers) => {
    const joined = [id, clientSecret].map(encodeURIComponent).join(':');
    headers.set('authorization', `Basic ${Buffer.from(joined).toString('base64')}`);
  };
}

const CURVES: Readonly<Record<string, { namedCurve: string; alg: string }>> = {
  prime256v1: { namedCurve: 'P-256', alg: 'ES256' },
  secp384r1: { namedCurve: 'P-384', alg: 'ES384' },
  secp521r1: { namedCurve: 'P-521', alg: 'ES512' },
};

/** How a key signs a JWT; nothing if it is of a kind that token servers do not take. */
export function useOf({ type, asymmetricKeyType, asymmetricKeyDetails }: KeyObject) {
  if (type !== 'private') return undefined;
  if (asymmetricKeyType === 'ed25519') return { alg: 'EdDSA', parameters: { name: 'Ed25519' } };
  if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048)
    return { alg: 'RS256', parameters: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } };
  const curve = CURVES[asymmetricKeyDetails?.namedCurve ?? ''];
  if (asymmetricKeyType !== 'ec' || !curve) return undefined;
  const { alg, namedCurve } = curve;
  return { alg, parameters: { name: 'ECDSA', namedCurve } };
}

const NO_ANSWER = 'does not answer';
/** Statuses that a `Response` must not have a body with. */
const BODYLESS = new Set([101, 204, 205, 304]);

function issuedFrom(answer: oauth.TokenEndpointResponse, asked: number): Issued {
  const { access_token: token, expires_in: seconds, token_type: type } = answer;
  if (type !== 'bearer' || !isToken(token)) throw new Error('no bearer token');
  const lifeMs = seconds === undefined ? (expiryOf(token) ?? Infinity) - asked : seconds * 1000;
  return { token, renewAt: asked + lifeMs - Math.min(RENEWAL_MS, lifeMs / 5) };
}

/** The error codes of RFC 6749 and their kin; anything else is not worth the risk of what it may hold. */
function errorCode(code: string): string {
  return /^[a-z_]{1,40}$/.test(code) ? ` ${code}` : '';
}

/** The words of Node or OpenSSL below "fetch failed". */
function reasonOf(error: unknown): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${ANSWER_LIMIT_MS / 1000} s`;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : name;
}
