import { Connection } from '@temporalio/client';
import { setTimeout } from 'node:timers/promises';

import { freePorts } from './free-port.js';
import { startProcess } from './processes.js';
import { ensureTemporalCli } from './temporal-cli.js';

const READY_LIMIT_MS = 30_000;
const POLL_MS = 50;
const MOST_ATTEMPTS = 3;

export interface TemporalServerOptions {
  /** A free one if left out. */
  port?: number;
  /** The Web UI's port, or no Web UI. A free port if left out. */
  ui?: { port?: number } | 'none';
  /** File of the database; in memory if left out. */
  dbFilename?: string;
  /** Names of search attributes to register, all of type Keyword. */
  searchAttributes?: readonly string[];
  /** After so many events a workflow is told to continue as new; what Temporal has by default if left out. */
  longAfterEvents?: number;
}

export interface TemporalServer {
  /** `host:port` of the gRPC API. */
  readonly address: string;
  /** URL of the Web UI; empty without one. */
  readonly uiAddress: string;
  /** Process id, leader of its process group. */
  readonly pid: number;
  /** Resolves when the process ended, by whatever cause. */
  readonly exited: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** Starts a Temporal dev server on loopback; resolves when it answers. It ends with this process. */
export async function startTemporalServer(options: TemporalServerOptions = {}): Promise<TemporalServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // A port that was free when it was chosen, by us or by the server, may be taken when it is bound; of a server that
      // panics then the end of what it wrote does not say so.
      const text = error instanceof Error ? error.message : '';
      const isTaken = text.includes('address already in use') || text.includes('devserver.Start(');
      if (!isTaken || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function startOnce(options: TemporalServerOptions): Promise<TemporalServer> {
  const [executable, free] = await Promise.all([ensureTemporalCli(), freePorts(2)]);
  const port = options.port ?? free[0] ?? 0;
  const ui = options.ui === 'none' ? undefined : (options.ui?.port ?? free[1] ?? 0);
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', `${port}`, '--log-level', 'warn'],
    ...(ui === undefined ? ['--headless'] : ['--ui-port', `${ui}`]),
    ...(options.dbFilename === undefined ? [] : ['--db-filename', options.dbFilename]),
    ...(options.searchAttributes ?? []).flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...(options.longAfterEvents === undefined
      ? []
      : [
          '--dynamic-config-value',
          `limit.historyCount.suggestContinueAsNew=${options.longAfterEvents}`,
        ]),
  ];

  const server = startProcess('the Temporal server', executable, args);
  const address = `127.0.0.1:${port}`;
  try {
    await Promise.race([
      answering(address),
      server.exited.then((code) => {
        throw new Error(`the Temporal server ended with ${code}\n${server.tail()}`);
      }),
    ]);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    address,
    uiAddress: ui === undefined ? '' : `http://127.0.0.1:${ui}`,
    pid: server.pid,
    exited: server.exited,
    stop: server.stop,
  };
}

async function answering(address: string): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        await connection.withDeadline(Date.now() + 2_000, () =>
          connection.workflowService.describeNamespace({ namespace: 'default' }),
        );
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`the Temporal server at ${address} did not answer`, { cause: error });
      }
      await setTimeout(POLL_MS);
    }
  }
}
