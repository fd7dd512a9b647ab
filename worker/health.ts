import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { hostAndPort, whyNotListening } from './addresses.js';
import { ConfigurationError } from './options.js';
import type { Vitals } from './vitals.js';

const REQUEST_LIMIT_MS = 5_000;

/** Answers of an endpoint: a status of HTTP, and the same in words. */
interface Answer {
  status: number;
  body: object;
}

/** Where the health of the worker is read. */
export interface HealthServer {
  close: () => void;
}

/**
 * Serves `/livez` and `/readyz` at `address`, `host:port`, from before the worker is connected until it has stopped.
 *
 * It says no more than who may start a probe should know: neither addresses nor messages of others.
 */
export async function openHealth(address: string, vitals: Vitals): Promise<HealthServer> {
  const server = createServer((request, response) => answer(request, response, vitals));
  server.requestTimeout = REQUEST_LIMIT_MS;
  const { host, port } = hostAndPort(address);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([whyNotListening('health.address', address, code, message)]);
  }
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer({ method = '', url = '' }: IncomingMessage, response: ServerResponse, vitals: Vitals) {
  const { pathname } = new URL(url, 'http://worker');
  const { status, body } = answerTo(method, pathname, vitals);
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : `${JSON.stringify(body)}\n`);
}

function answerTo(method: string, path: string, vitals: Vitals): Answer {
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, body: { error: `found ${method}, expected GET or HEAD` } };
  if (path === '/livez') return liveness(vitals);
  if (path === '/readyz') return readiness(vitals);
  return { status: 404, body: { error: 'expected /livez or /readyz' } };
}

/** That this is answered at all is most of it: a process whose event loop is stuck answers nothing. */
function liveness({ state }: Vitals): Answer {
  const isAlive = state !== 'FAILED';
  return { status: isAlive ? 200 : 503, body: { status: isAlive ? 'alive' : 'failed', worker: state } };
}

/** A participant that does not answer is no reason: its migrations wait for it, those of others go on. */
function readiness(vitals: Vitals): Answer {
  const because = whyNotReady(vitals);
  return {
    status: because === undefined ? 200 : 503,
    body: {
      status: because === undefined ? 'ready' : 'not ready',
      ...(because !== undefined && { because }),
      worker: vitals.state,
      temporal: vitals.temporal,
      participants: vitals.participants,
    },
  };
}

function whyNotReady({ isStopping, state, temporal }: Vitals): string | undefined {
  if (isStopping) return 'the worker is stopping';
  if (state === 'STARTING') return 'the worker is starting';
  if (state !== 'RUNNING') return 'the worker does not ask for work';
  return temporal.isReachable ? undefined : 'Temporal does not answer';
}
