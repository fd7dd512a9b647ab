import { setTimeout as wait } from 'node:timers/promises';

import type { MigrationClient } from '../client/index.js';
import type { LoadReport } from '../loadtest/report.js';
import { endedEarly, node, type StackParts } from './stack.js';

const READY_LIMIT_MS = 60_000;
/** Its clients end what they have under way. */
const END_LIMIT_MS = 180_000;
/** Long enough for pauses without any migration to compare with. */
const ALONE_MS = 5_000;

/** Clients that use the ledger while it is migrated, in a process that ends with this one. */
export interface DemoLoad {
  /** In words, for whoever watches. */
  started: string;
  /** Marks the beginning of each phase, until the migration ends. */
  follow: (client: MigrationClient, id: string) => Promise<void>;
  /** Ends the clients; what they know and what the ledger has is compared then. */
  stop: () => Promise<LoadReport>;
  /** Rejects when it ends before it was told to. */
  broken: Promise<never>;
}

/** Starts `canton-migrate loadtest` with the configuration of the worker, and gives it some seconds alone. */
export async function startLoad(
  parts: StackParts,
  stack: { configFile: string; hookPort: number },
): Promise<DemoLoad> {
  const names = ['--source', 'source', '--target', 'target', '--config', stack.configFile];
  const args = ['loadtest', ...names, '--hook-port', String(stack.hookPort), '--json'];
  const load = node(parts, 'the load test', 'client/cli', args);
  const { started } = JSON.parse(
    await load.firstLine((line) => line.startsWith('{"started"'), READY_LIMIT_MS),
  ) as { started: { run: string; parties: string[]; hook: string } };
  await wait(ALONE_MS);
  return {
    started: `${started.run} uses ${started.parties.length} parties; ${started.hook}/switch moves its clients`,
    follow: (client, id) => markPhases(started.hook, client, id),
    stop: async () => {
      process.kill(load.pid, 'SIGINT');
      const line = await load.firstLine((one) => one.startsWith('{"report"'), END_LIMIT_MS);
      return (JSON.parse(line) as { report: LoadReport }).report;
    },
    broken: endedEarly(parts, 'the load test', load),
  };
}

async function markPhases(hook: string, client: MigrationClient, id: string): Promise<void> {
  let marked: string | undefined;
  for await (const { status } of client.watch(id)) {
    if (status?.state === 'watching') return;
    const phase = status?.phases.find(({ state }) => state === 'running')?.phase;
    if (phase === undefined || phase === marked) continue;
    marked = phase;
    await fetch(`${hook}/marks/${phase}`, { method: 'POST' });
  }
}
