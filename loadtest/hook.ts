import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Load } from './load.js';

const MARK = /^\/marks\/([\w .:-]{1,60})$/;

export interface Hook {
  /** `http://127.0.0.1:<port>`. */
  url: string;
  close: () => void;
}

/**
 * Serves what a migration asks of its clients, on this machine only; port 0 takes any free one.
 *
 * `POST /switch` answers once all clients use the target, `POST /marks/<event>` marks a moment, `GET /report` has
 * the figures so far.
 */
export async function openHook(load: Load, port: number): Promise<Hook> {
  const server = createServer((request, response) => {
    request.resume();
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

async function answer(
  load: Load,
  { method, url = '' }: IncomingMessage,
): Promise<{ status: number; body: object }> {
  if (method === 'GET' && url === '/report') return { status: 200, body: load.report() };
  if (method === 'POST' && url === '/switch') {
    await load.switchToTarget();
    return { status: 200, body: { serving: load.serving.current.name } };
  }
  const [, name] = MARK.exec(decodeURIComponent(url)) ?? [];
  if (method === 'POST' && name !== undefined) {
    const isMarked = load.mark(name);
    return { status: isMarked ? 200 : 409, body: { marked: isMarked ? name : null } };
  }
  const known = 'POST /switch, POST /marks/<event> and GET /report';
  return { status: 404, body: { error: `there is only ${known}` } };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
