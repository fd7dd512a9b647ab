import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Load } from './load.js';

/** Of a plan with thousands of parties. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
const MARK = /^\/marks\/([\w .:-]{1,60})$/;

export interface Hook {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  close: () => void;
}

/**
 * Serves what a migration asks of its clients, on this machine only; port 0 takes any free one.
 *
 * `POST /switch` answers once all clients use the target, and names the migration that it was asked for, `POST /marks/<event>` marks a moment, `GET /report` has
 * the figures so far.
 */
export async function openHook(load: Load, port: number): Promise<Hook> {
  const server = createServer((request, response) => {
    void answer(load, request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => send(response, 500, { error: (error as Error).message }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      const message = `--hook-port: port ${port} of 127.0.0.1 is taken by another program`;
      reject(isTaken ? new Error(message, { cause: error }) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: open } = server.address() as AddressInfo;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${open}`, close };
}

async function answer(load: Load, request: IncomingMessage): Promise<{ status: number; body: object }> {
  const { method, url = '' } = request;
  const asked = await bodyOf(request);
  if (method === 'GET' && url === '/report') return { status: 200, body: load.report() };
  if (method === 'POST' && url === '/switch') {
    await load.switchToTarget();
    const body = { switched: true, migration: migrationIn(asked), serving: load.serving.current.name };
    return { status: 200, body };
  }
  const [, name] = MARK.exec(decodeURIComponent(url)) ?? [];
  if (method === 'POST' && name !== undefined) {
    const isMarked = load.mark(name);
    return { status: isMarked ? 200 : 409, body: { marked: isMarked ? name : null } };
  }
  const known = 'POST /switch, POST /marks/<event> and GET /report';
  return { status: 404, body: { error: `there is only ${known}` } };
}

/** Nothing of one that is longer than any request of a worker. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= MAX_REQUEST_BYTES) parts.push(part);
  }
  return length <= MAX_REQUEST_BYTES ? Buffer.concat(parts).toString() : '';
}

/** The workflow id of the migration whose clients move; whoever moves them by hand sends none. */
function migrationIn(asked: string): string | null {
  try {
    const { migration } = JSON.parse(asked) as { migration?: unknown };
    return typeof migration === 'string' ? migration : null;
  } catch {
    return null;
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
