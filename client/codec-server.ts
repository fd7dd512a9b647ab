import { createHash, timingSafeEqual } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';

import type { Payload, PayloadCodec } from '@temporalio/common';

import { MAX_PAYLOAD_BYTES } from '../secrets/payload-codec.js';

/** Many payloads of a page of history, in base64. */
const MAX_REQUEST_BYTES = 32 * 1024 * 1024;
/** What all payloads of one request may become. */
const MAX_OPENED_BYTES = 4 * MAX_PAYLOAD_BYTES;
const REQUEST_LIMIT_MS = 30_000;
const PREFLIGHT_SECONDS = '600';

/** Who may use a codec server, and where it is. */
export interface CodecServerOptions {
  codec: PayloadCodec;
  host: string;
  /** 0 for a free one. */
  port: number;
  /** Origin of the Web UI: the only page whose requests a browser lets through. */
  uiOrigin: string;
  /** What a request has to carry as a bearer token. */
  token?: string;
  /** PEM. With `ca`, only clients with a certificate of it are heard. */
  tls?: { cert: Buffer; key: Buffer; ca?: Buffer };
}

export interface CodecServer {
  readonly url: string;
  readonly server: Server;
  close: () => Promise<void>;
}

/** A request that is answered with this status and nothing else. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Opens and closes payloads for Temporal's Web UI and CLI, by their protocol: POST /decode and /encode.
 *
 * A page of another origin gets nothing, and neither does a name that leads to this address without being one of it:
 * the browser of somebody who may see everything would tell that page. Source: Temporal docs, "Codec Server".
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const { host, port, tls } = options;
  const serve: RequestListener = (request, response) => void answer(options, request, response);
  const server = tls
    ? createTlsServer({ ...tls, ...(tls.ca && { requestCert: true, rejectUnauthorized: true }) }, serve)
    : createServer(serve);
  server.requestTimeout = REQUEST_LIMIT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    url: `${tls ? 'https' : 'http'}://${shown}:${bound}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: CodecServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    checkHost(options, request);
    checkOrigin(options, request);
    allowOrigin(options, response);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    checkToken(options, request);
    const transform = transformOf(options.codec, request);
    const payloads = await transform(payloadsOf(await bodyOf(request)));
    const text = JSON.stringify({ payloads: payloads.map(toJson) });
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  } catch (error) {
    const { status, message } =
      error instanceof Refusal ? error : new Refusal(400, (error as Error).message);
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ error: message }));
  }
}

/** A page that lets its own name lead to a loopback address sends that name. */
function checkHost({ host, tls }: CodecServerOptions, { headers }: IncomingMessage): void {
  // The certificate says who is meant.
  if (tls) return;
  const asked = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (asked !== host && !isLoopback(asked))
    throw new Refusal(403, 'the request is for another host than this one');
}

function checkOrigin({ uiOrigin }: CodecServerOptions, { headers }: IncomingMessage): void {
  if (headers.origin !== undefined && headers.origin !== uiOrigin)
    throw new Refusal(403, `the page of the request is not ${uiOrigin}`);
}

function allowOrigin({ uiOrigin }: CodecServerOptions, response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', uiOrigin);
  response.setHeader('vary', 'origin');
  response.setHeader('access-control-allow-methods', 'POST, OPTIONS');
  response.setHeader('access-control-allow-headers', 'content-type, x-namespace, authorization');
  // The browser sends its certificate only so.
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-allow-private-network', 'true');
  response.setHeader('access-control-max-age', PREFLIGHT_SECONDS);
  response.setHeader('cache-control', 'no-store');
}

function checkToken({ token }: CodecServerOptions, { headers }: IncomingMessage): void {
  if (token === undefined) return;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  if (!timingSafeEqual(hash(headers.authorization ?? ''), hash(`Bearer ${token}`)))
    throw new Refusal(401, 'the request has no bearer token, or another one than expected');
}

function transformOf(
  codec: PayloadCodec,
  { method, url = '', headers }: IncomingMessage,
): (payloads: Payload[]) => Promise<Payload[]> {
  const { pathname } = new URL(url, 'http://codec');
  if (method !== 'POST' || !['/encode', '/decode'].includes(pathname))
    throw new Refusal(404, 'found another request, expected POST /encode or POST /decode');
  // What a page may send to another origin without asking is no JSON.
  if (!(headers['content-type'] ?? '').startsWith('application/json'))
    throw new Refusal(415, 'found another content type, expected application/json');
  return async (payloads) => {
    if (pathname === '/encode') return codec.encode(payloads);
    const opened: Payload[] = [];
    let bytes = 0;
    // One after another: each is bounded, and so is what all of them become.
    for (const payload of payloads) {
      const [one] = await codec.decode([payload]);
      bytes += one?.data?.length ?? 0;
      if (bytes > MAX_OPENED_BYTES)
        throw new Refusal(413, `the payloads hold more than ${MAX_OPENED_BYTES} bytes`);
      if (one) opened.push(one);
    }
    return opened;
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_REQUEST_BYTES)
      throw new Refusal(413, `the request has more than ${MAX_REQUEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'found a body that is no JSON');
  }
}

/** The JSON form of `temporal.api.common.v1.Payloads`: bytes are base64. */
function payloadsOf(body: unknown): Payload[] {
  const { payloads = [] } = (body ?? {}) as { payloads?: unknown };
  if (!Array.isArray(payloads)) throw new Refusal(400, 'payloads: found no list');
  return payloads.map((payload: unknown) => {
    const { metadata, data } = (payload ?? {}) as { metadata?: unknown; data?: unknown };
    return {
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name, bytesOf(value)]),
      ),
      data: bytesOf(data ?? ''),
    };
  });
}

function bytesOf(value: unknown): Buffer {
  if (typeof value !== 'string') throw new Refusal(400, 'payloads: found bytes that are no text');
  return Buffer.from(value, 'base64');
}

function toJson({ metadata, data }: Payload): object {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  return {
    metadata: Object.fromEntries(
      Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)]),
    ),
    data: base64(data ?? Buffer.alloc(0)),
  };
}

/** Without asking a name server: what it answers may change. */
export function isLoopback(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(host);
}
