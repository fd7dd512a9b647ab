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
  /** Sent by HTTP Basic authentication, to the token server only. */
  clientSecret: string;
  scope?: string;
  audience?: string;
  /** PEM; without it the system's authorities are trusted. */
  ca?: Uint8Array;
}

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
    const { tokenUrl, clientId, clientSecret, scope, audience } = this.options;
    const server = { issuer: this.server, token_endpoint: tokenUrl };
    const client = { client_id: clientId };
    const parameters = {
      ...(scope !== undefined && { scope }),
      ...(audience !== undefined && { audience }),
    };
    const asked = Date.now();
    let response: Response | undefined;
    try {
      response = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        oauth.ClientSecretBasic(clientSecret),
        parameters,
        {
          [oauth.customFetch]: this.fetch,
          // The configuration lets only loopback addresses do without TLS.
          [oauth.allowInsecureRequests]: new URL(tokenUrl).protocol === 'http:',
          signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
        },
      );
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
