import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import type { Client } from '@temporalio/client';

import { MigrationClient } from '../../client/index.js';
import type { MigrationRequest } from '../../model/request.js';
import { RETUNE_UPDATE, type RetuneInput } from '../../model/steering.js';
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

/** Three import calls of the smallest size, at {@link slowly}. */
export const THREE_SHARDS: ScenarioChange = { timing: QUICK_TIMING, contracts: { count: 1_250 } };

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
  { scenario = THREE_SHARDS }: { scenario?: ScenarioChange } = {},
): Promise<CrashStack> {
  const seed = randomUUID();
  const sandbox = await startSandbox({ scenario: { seed, ...scenario } });
  t.after(() => sandbox.close());
  const taskQueue = `crash-${seed}`;
  const temporal = await connectTemporal(t);
  return {
    sandbox,
    client: MigrationClient.over(temporal, { taskQueue }),
    temporal,
    taskQueue,
    contracts: sandbox.participants.source.contracts(),
    request: REQUEST,
  };
}

/** Has the transfer make import calls of 500 contracts, one a second. */
export async function slowly(temporal: Client, id: string): Promise<void> {
  const input: RetuneInput = { by: 'test', targetSeconds: 1, contractsPerSecond: 500 };
  await temporal.workflow.getHandle(id).executeUpdate(RETUNE_UPDATE, { args: [input] });
}

/** Five import calls, each long enough under way that a death hits it. */
export const FIVE_SHARDS: ScenarioChange = {
  timing: { ...QUICK_TIMING, importCallMs: 700 },
  contracts: { count: 2_300 },
};

interface Start {
  /** How many workers as an operator starts them. */
  workers: number;
  scenario?: ScenarioChange;
  prepare?: (sandbox: Sandbox) => void;
}

/** A migration under way, all gates approved as they open. */
export async function startTransfer(t: TestContext, start: Start) {
  const { scenario = FIVE_SHARDS, prepare } = start;
  const stack = await startCrashStack(t, { scenario });
  const { client, sandbox, taskQueue, request, temporal } = stack;
  prepare?.(sandbox);
  const workers = await Promise.all(
    Array.from({ length: start.workers }, () =>
      startWorker(t, { taskQueue, addresses: sandbox.addresses }),
    ),
  );
  const id = await client.start(request);
  await slowly(temporal, id);
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
