import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Client, Connection, type ClientOptions, type WorkflowHandle } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';

import { createActivities, type Activities } from '../../activities/index.js';
import type { SwitchHook } from '../../activities/nodes/switch-hook.js';
import type { Participant } from '../../model/participant-access.js';
import { connectParticipant, type ChannelOptions } from '../../canton/index.js';
import { MigrationClient } from '../../client/index.js';
import type { Gate } from '../../model/phase.js';
import type { ApprovalPolicy } from '../../model/plan.js';
import { SEARCH_ATTRIBUTES, STATUS_QUERY, type MigrationStatus } from '../../model/steering.js';
import { startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { MigrationPayloadCodec } from '../../secrets/payload-codec.js';
import type { PayloadKey } from '../../secrets/payload-keys.js';
import type { SigningKey } from '../../report/seal.js';
import { FolderStore } from '../../storage/folder.js';
import { ListStore } from '../../storage/list-store.js';
import { ReportStore } from '../../storage/report-store.js';
import {
  startTemporalServer,
  type TemporalServer,
  type TemporalServerOptions,
} from '../../tools/temporal-server.js';
import { resetSinks } from '../../worker/reset-sinks.js';
import { bundleWorkflows, FAILURE_CONVERTER } from '../../worker/workflow-code.js';
import { workflowBundle } from './bundle.js';
import { approvalOf } from './driving.js';
import { operatorOf } from './operator.js';
import { assertNoSecret, scanFolder, scanHistories } from './secret-scan.js';
import { SPOOL_KEY } from './spool-key.js';
import { SMALL } from './stack.js';

const CONDITION_LIMIT_MS = 60_000;
/** Each look costs the server and the worker: soon after something was asked for, then less often. */
const FIRST_LOOK_MS = 50;
const MOST_BETWEEN_LOOKS_MS = 500;

let server: Promise<TemporalServer> | undefined;
after(async () => {
  const its = await server;
  if (!its) return;
  try {
    await scanHistories(its.address);
    assertNoSecret('the log of a worker', logged.join('\n'));
  } finally {
    await its.stop();
  }
});

/** Everything the SDK, the workflows and the activities of this process log. */
const logged: string[] = [];
const defaultLogger = new DefaultLogger('ERROR');
const logger = new DefaultLogger('DEBUG', ({ level, message, meta }) => {
  logged.push(`${level} ${message} ${inspect(meta, { depth: 8 })}`);
  if (level === 'ERROR') defaultLogger.error(message, meta);
});

/** The Temporal dev server of this test process, started at first use, as `options` says then. */
export function temporalServer(
  options: Pick<TemporalServerOptions, 'longAfterEvents' | 'searchAttributes' | 'ui'> = {},
): Promise<TemporalServer> {
  if (!server) {
    Runtime.install({ logger });
    const searchAttributes = Object.values(SEARCH_ATTRIBUTES);
    server = startTemporalServer({ ui: 'none', searchAttributes, ...options });
  }
  return server;
}

export interface MigrationStack {
  sandbox: Sandbox;
  client: MigrationClient;
  temporal: Client;
  taskQueue: string;
  spoolFolder: string;
  /** Another operator's access to the nodes. */
  participants: { source: Participant; target: Participant };
  /** Status of a migration as soon as `accept` holds for it. */
  until: (id: string, accept: (status: MigrationStatus) => boolean) => Promise<MigrationStatus>;
  /** Waits for the gate and approves it. */
  approve: (id: string, gate: Gate) => Promise<void>;
  handle: (id: string) => WorkflowHandle;
}

/** How the worker reaches a participant of the sandbox. */
export type ChannelsOf = (
  name: 'source' | 'target' | 'fresh',
  addresses: { admin: string; ledger: string },
) => { admin: ChannelOptions; ledger: ChannelOptions };

const openChannels: ChannelsOf = (_name, { admin, ledger }) => ({
  admin: { address: admin },
  ledger: { address: ledger },
});

interface StackOptions {
  scenario?: ScenarioChange;
  approval?: ApprovalPolicy;
  switchHook?: SwitchHook;
  change?: (activities: Activities) => Partial<Activities>;
  channels?: ChannelsOf;
  /** Encrypt what goes to Temporal. */
  payloadKeys?: readonly PayloadKey[];
  /** Where long lists are kept; in the folder of the spool if left out. */
  lists?: ListStore;
  /** Where reports are kept; with the lists if left out. */
  reports?: ReportStore;
  /** What signs them. */
  signingKey?: SigningKey;
  /** Those that the namespace has, if not all. */
  searchAttributes?: readonly string[];
  /** Whether each task of the workflow is another worker's: it knows only what the history has. */
  forgets?: boolean;
}

/** A sandbox, a worker with the real activities, and a client, on a task queue of their own. */
export async function startMigrationStack(
  t: TestContext,
  options: StackOptions = {},
): Promise<MigrationStack> {
  // A seed of its own: the workflow id follows from the source's keys, and the server is shared.
  const seed = randomUUID();
  const sandbox = await startSandbox({ scenario: { seed, ...(options.scenario ?? SMALL) } });
  return { sandbox, ...(await startStackOver(t, sandbox, options)) };
}

/** The same over nodes that are started already; all of it ends with the test. */
export async function startStackOver(
  t: TestContext,
  sandbox: Pick<Sandbox, 'addresses' | 'close'>,
  options: StackOptions = {},
): Promise<Omit<MigrationStack, 'sandbox'>> {
  const { address } = await temporalServer();
  const spoolFolder = mkdtempSync(join(tmpdir(), 'canton-migrate-spool-'));
  const taskQueue = `test-${randomUUID()}`;
  const { channels = openChannels } = options;
  const { fresh: more, ...both } = sandbox.addresses;
  const connect = (name: 'source' | 'target') => connectParticipant(name, channels(name, both[name]));
  const [source, target] = [connect('source'), connect('target')];
  const fresh = more && connectParticipant('fresh', channels('fresh', more));
  const all = [source, target, ...(fresh ? [fresh] : [])];
  const participants = new Map(all.map((its) => [its.name, its]));
  t.after(async () => {
    for (const participant of participants.values()) participant.close();
    await sandbox.close();
    scanFolder(spoolFolder);
    rmSync(spoolFolder, { recursive: true, force: true });
  });
  const blobs = new FolderStore(join(spoolFolder, 'lists'));
  const { lists = new ListStore(blobs), reports: store = new ReportStore(blobs), signingKey } = options;
  const activities = createActivities({
    ...{ participants, lists },
    reports: { store, ...(signingKey && { key: signingKey }) },
    spool: { folder: spoolFolder, key: SPOOL_KEY },
    ...(options.approval && { approval: options.approval }),
    ...(options.switchHook && { switchHook: options.switchHook }),
    ...(options.searchAttributes && { searchAttributes: options.searchAttributes }),
  });
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    ...(await workflowsOf(options.payloadKeys)),
    activities: { ...activities, ...options.change?.(activities) },
    maxHeartbeatThrottleInterval: '1s',
    shutdownForceTime: '5s',
    sinks: resetSinks(native, 'default'),
    ...(options.forgets && { maxCachedWorkflows: 0 }),
  });
  const running = worker.run();
  const temporal = new Client({ connection, ...clientCodec(options.payloadKeys) });
  t.after(async () => {
    worker.shutdown();
    await running;
    await Promise.all([native.close(), connection.close()]);
  });
  await polling(temporal, taskQueue);

  const handle = (id: string) => temporal.workflow.getHandle(id);
  const until = async (id: string, accept: (status: MigrationStatus) => boolean) => {
    const deadline = Date.now() + CONDITION_LIMIT_MS;
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.5, MOST_BETWEEN_LOOKS_MS)) {
      const status = await handle(id).query<MigrationStatus>(STATUS_QUERY);
      assertNoSecret(`the status of ${id}`, JSON.stringify(status));
      if (accept(status)) return status;
      if (Date.now() > deadline)
        throw new Error(`not reached in time, status is ${JSON.stringify(status, null, 1)}`);
      await delay(wait);
    }
  };
  const client = MigrationClient.over(temporal, { taskQueue, lists });
  const approve = async (id: string, gate: Gate) => {
    const { planHash } = await until(id, (status) => status.gate?.name === gate);
    await client.approve(id, approvalOf(gate, planHash!));
  };
  return {
    client,
    temporal,
    taskQueue,
    spoolFolder,
    participants: { source: operatorOf(source), target: operatorOf(target) },
    until,
    approve,
    handle,
  };
}

/** The workflow code and, with keys, what a worker that encrypts is started with. */
async function workflowsOf(keys?: readonly PayloadKey[]): Promise<Partial<WorkerOptions>> {
  if (!keys) return { workflowBundle: await workflowBundle() };
  const codec = new MigrationPayloadCodec({ keys, compresses: true, unopened: 'pass' });
  return {
    workflowBundle: await bundleWorkflows('ERROR', { isEncrypted: true }),
    dataConverter: { payloadCodecs: [codec], failureConverterPath: FAILURE_CONVERTER },
  };
}

function clientCodec(keys?: readonly PayloadKey[]): Pick<ClientOptions, 'dataConverter'> {
  if (!keys) return {};
  const codec = new MigrationPayloadCodec({ keys, compresses: true, unopened: 'fail' });
  return { dataConverter: { payloadCodecs: [codec] } };
}

/** Resolves once the server knows that a worker polls the queue. */
async function polling(
  { connection, options: { namespace } }: Client,
  taskQueue: string,
): Promise<void> {
  for (const deadline = Date.now() + CONDITION_LIMIT_MS; ; await delay(20)) {
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: 1,
    });
    if (pollers.length > 0) return;
    if (Date.now() > deadline) throw new Error(`no worker polls ${taskQueue}`);
  }
}
