import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import type { Client } from '@temporalio/client';

import { MigrationClient } from '../../client/index.js';
import type { MigrationRequest } from '../../model/request.js';
import {
  QUICK_TIMING,
  startSandbox,
  type CallRecord,
  type Sandbox,
  type ScenarioChange,
} from '../../sandbox/index.js';
import { approveGates, connectTemporal } from './driving.js';
import { REQUEST } from './stack.js';
import { startWorker } from './workers.js';

/** Three shards of the smallest size. */
const SHARDS_OF_100: ScenarioChange = { timing: QUICK_TIMING, contracts: { count: 250 } };

/** A sandbox in this process and a client, on a task queue of their own and without a worker. */
export interface CrashStack {
  sandbox: Sandbox;
  client: MigrationClient;
  temporal: Client;
  taskQueue: string;
  /** What the source held at the start. */
  contracts: string[];
  request: MigrationRequest;
}

/** Starts a sandbox whose source has an id of its own, so that many migrations share one server. */
export async function startCrashStack(
  t: TestContext,
  { scenario = SHARDS_OF_100, shardContracts = 100 }: Partial<Size> = {},
): Promise<CrashStack> {
  const seed = randomUUID();
  const sandbox = await startSandbox({ scenario: { seed, ...scenario } });
  t.after(() => sandbox.close());
  const taskQueue = `crash-${seed}`;
  const temporal = await connectTemporal(t);
  return {
    sandbox,
    client: new MigrationClient(temporal, { taskQueue }),
    temporal,
    taskQueue,
    contracts: sandbox.participants.source.contracts(),
    request: { ...REQUEST, options: { ...REQUEST.options, shardContracts } },
  };
}

interface Size {
  scenario: ScenarioChange;
  shardContracts: number;
}

/** Five shards of 100, each long enough under way that a death hits it. */
export const FIVE_SHARDS: ScenarioChange = {
  timing: { ...QUICK_TIMING, importCallMs: 700 },
  contracts: { count: 500 },
};

interface Start {
  /** How many workers as an operator starts them. */
  workers: number;
  scenario?: ScenarioChange;
  shardContracts?: number;
  prepare?: (sandbox: Sandbox) => void;
}

/** A migration under way, all gates approved as they open. */
export async function startTransfer(t: TestContext, start: Start) {
  const { scenario = FIVE_SHARDS, shardContracts = 100, prepare } = start;
  const stack = await startCrashStack(t, { scenario, shardContracts });
  const { client, sandbox, taskQueue, request } = stack;
  prepare?.(sandbox);
  const workers = await Promise.all(
    Array.from({ length: start.workers }, () =>
      startWorker(t, { taskQueue, addresses: sandbox.addresses }),
    ),
  );
  const id = await client.start(request);
  const result = approveGates(client, id).then(() => client.result(id));
  // Whoever waits for it gets the failure; until then nobody does.
  result.catch(() => undefined);
  return { stack, workers, id, result };
}

/** The uploads to the target among the calls. */
export function onlyImports(calls: readonly CallRecord[]): CallRecord[] {
  return calls.filter(({ method, participant }) => method === 'ImportAcs' && participant === 'target');
}

/** Whether there are at least this many. */
export function atLeast(calls: readonly CallRecord[], count: number): true | undefined {
  return calls.length >= count ? true : undefined;
}
