import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import type { OAuthOptions } from '../../canton/oauth.js';
import type { Authority } from './certificates.js';

/** What a token server answers; `status` is 200 if left out. */
export interface TokenAnswer {
  status?: number;
  body: object | string;
  headers?: Record<string, string>;
}

export const CLIENT = { clientId: 'migration-client', clientSecret: 'hush-client-secret' };

/** An OAuth token server that answers as it is told. */
export interface TokenServer {
  /** Of the client it knows, which trusts it. */
  oauth: OAuthOptions;
  /** Bodies of the requests so far, and whether each came from the client. */
  requests: { body: URLSearchParams; isFromClient: boolean; authorization: string | undefined }[];
  close: () => Promise<void>;
}

/** Serves tokens on a free port, over TLS unless `isPlain`; each request is answered by `answer`. */
export async function startTokenServer(
  authority: Authority,
  answer: () => TokenAnswer | Promise<TokenAnswer>,
  { isPlain = false }: { isPlain?: boolean } = {},
): Promise<TokenServer> {
  const requests: TokenServer['requests'] = [];
  const { cert, key } = await authority.issue(['127.0.0.1']);
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = new URLSearchParams(Buffer.concat(chunks).toString());
      const { authorization } = request.headers;
      requests.push({ body, isFromClient: isFromClient(authorization), authorization });
      void Promise.resolve(answer()).then(({ status = 200, body: content, headers = {} }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(typeof content === 'string' ? content : JSON.stringify(content));
      });
    });
  };
  const server = isPlain ? createPlainServer(listener) : createServer({ cert, key }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const scheme = isPlain ? 'http' : 'https';
  return {
    oauth: { tokenUrl: `${scheme}://127.0.0.1:${port}/oauth2/token`, ca: authority.cert, ...CLIENT },
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Both parts are form-encoded before they are joined. Source: RFC 6749, section 2.3.1. */
function isFromClient(authorization = ''): boolean {
  const joined = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
  const [id, secret] = joined.split(':').map(decodeURIComponent);
  return id === CLIENT.clientId && secret === CLIENT.clientSecret;
}

/** The answer that carries a token. */
export function issued(token: string, expiresIn?: number): TokenAnswer {
  return {
    body: {
      access_token: token,
      token_type: 'Bearer',
      ...(expiresIn !== undefined && { expires_in: expiresIn }),
    },
  };
}
