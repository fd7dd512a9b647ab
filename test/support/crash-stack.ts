import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';

import type { MigrationClient } from '../../client/index.js';
import type { MigrationRequest } from '../../model/request.js';
import { QUICK_TIMING, startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { connectClient } from './driving.js';
import { REQUEST } from './stack.js';

/** Three shards of the smallest size. */
const SHARDS_OF_100: ScenarioChange = { timing: QUICK_TIMING, contracts: { count: 250 } };

/** A sandbox in this process and a client, on a task queue of their own and without a worker. */
export interface CrashStack {
  sandbox: Sandbox;
  client: MigrationClient;
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
  return {
    sandbox,
    client: await connectClient(t, taskQueue),
    taskQueue,
    contracts: sandbox.participants.source.contracts(),
    request: { ...REQUEST, options: { ...REQUEST.options, shardContracts } },
  };
}

interface Size {
  scenario: ScenarioChange;
  shardContracts: number;
}
