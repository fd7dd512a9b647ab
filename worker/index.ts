import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Logger as PinoLogger } from 'pino';
import { defaultPayloadConverter } from '@temporalio/common';
import { NativeConnection, Runtime, Worker, type WorkerOptions as SdkOptions } from '@temporalio/worker';

import { ensurePrivate } from '../acs/private-folder.js';
import { createActivities } from '../activities/index.js';
import { plain } from '../model/shown-text.js';
import { MigrationPayloadCodec } from '../secrets/payload-codec.js';
import { checkTemporalKey } from '../secrets/secret-file.js';
import { openLists } from '../storage/open.js';
import { createLog, logUnforeseen, sdkLogger } from './logging.js';
import { ConfigurationError, type WorkerOptions } from './options.js';
import { connectParticipants, greet, twins } from './participants.js';
import { isRunning, keepSwept } from './spool-sweep.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { bundleWorkflows, FAILURE_CONVERTER } from './workflow-code.js';

const CONNECT_LIMIT_MS = 15_000;
const PRIVATE_FOLDER = 0o700;

/**
 * Runs a worker until SIGINT or SIGTERM. Says on standard output who answers and when it is ready.
 *
 * An unreachable participant is a warning: its migrations wait for it. Temporal must be there at start; if it
 * goes away later, the worker tries again by itself. Connection settings of Temporal come from its own
 * environment variables and profiles.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const log = createLog(options.logLevel);
  logUnforeseen(log);
  installRuntime(options, log);
  mkdirSync(options.spool.folder, { recursive: true, mode: PRIVATE_FOLDER });
  await ensurePrivate(options.spool.folder).catch((error: Error) => {
    throw new ConfigurationError([`spool: found ${options.spool.folder}: ${error.message}`]);
  });
  for (const warning of options.warnings) say(`warning: ${warning}`);

  const { connection, address, namespace } = await connect();
  const participants = connectParticipants(options.participants);
  try {
    const attributes = await ensureSearchAttributes(connection, namespace);
    for (const warning of attributes.warnings) say(`warning: ${warning}`);
    const greetings = await greet(participants);
    for (const greeting of greetings) {
      if ('uid' in greeting) say(`participant ${greeting.name} is ${greeting.uid}`);
      else say(`warning: participant ${greeting.name} cannot be used: ${greeting.problem}`);
    }
    for (const warning of twins(greetings)) say(`warning: ${warning}`);

    const worker = await Worker.create({
      connection,
      namespace,
      ...(await workflows(encrypts(options))),
      ...sdkOptions(options),
      activities: createActivities({
        participants,
        spool: options.spool,
        approval: options.approval,
        searchAttributes: attributes.known,
        lists: openLists(options.lists, options.payloads?.keys ?? []),
        sizeOf: (value) => payloadBytes(options, value),
        ...(options.migrations && { migrations: options.migrations }),
        ...(options.switchHook && { switchHook: options.switchHook }),
      }),
    });
    const stopSweeping = keepSwept(options.spool.folder, isRunning(connection, namespace), log);
    const running = worker.run().finally(stopSweeping);
    say(`worker ready: task queue ${options.taskQueue}, Temporal ${address}, namespace ${namespace}`);
    await running;
    say('worker stopped');
  } finally {
    for (const participant of participants.values()) participant.close();
    await connection.close();
  }
}

function installRuntime({ metricsAddress }: WorkerOptions, log: PinoLogger): void {
  const metrics =
    metricsAddress === undefined ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } };
  try {
    Runtime.install({
      logger: sdkLogger(log),
      telemetryOptions: {
        logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
        ...metrics,
      },
    });
  } catch (error) {
    const { message } = error as Error;
    if (metricsAddress === undefined || !message.includes('metrics exporter')) throw error;
    const why = message.includes('in use')
      ? 'where another program listens'
      : `which cannot be used (${message})`;
    throw new ConfigurationError([
      `metrics.address: found ${metricsAddress}, ${why}, expected a free port`,
    ]);
  }
}

function sdkOptions(options: WorkerOptions) {
  return {
    dataConverter: dataConverterOf(options),
    taskQueue: options.taskQueue,
    maxConcurrentActivityTaskExecutions: options.maxConcurrentActivities,
    maxCachedWorkflows: options.maxCachedWorkflows,
    // What a crashed attempt had done since its last delivered heartbeat is done again.
    maxHeartbeatThrottleInterval: '1s',
    // Activities learn of the shutdown at once and the next worker goes on from their last heartbeat.
    shutdownGraceTime: 0,
    // Without it an activity that does not react holds the process as long as it likes.
    shutdownForceTime: '30s',
  } satisfies Partial<SdkOptions>;
}

/** The bundle that the build wrote, else bundled from source at start. */
async function workflows(isEncrypted: boolean): Promise<Pick<SdkOptions, 'workflowBundle'>> {
  const name = isEncrypted ? 'workflow-bundle-encrypted.js' : 'workflow-bundle.js';
  const codePath = fileURLToPath(new URL(name, import.meta.url));
  const isBuilt = existsSync(codePath);
  return { workflowBundle: isBuilt ? { codePath } : await bundleWorkflows('WARN', { isEncrypted }) };
}

function encrypts({ payloads }: WorkerOptions): boolean {
  return payloads !== undefined && payloads.keys.length > 0;
}

/** How large a value is as a payload of this worker. */
async function payloadBytes(options: WorkerOptions, value: unknown): Promise<number> {
  const codec = new MigrationPayloadCodec({ ...options.payloads, unopened: 'pass' });
  const [payload] = await codec.encode([defaultPayloadConverter.toPayload(value)]);
  return payload?.data?.length ?? 0;
}

/** Always with a codec: what an earlier setting compressed is opened whatever holds now. */
function dataConverterOf(options: WorkerOptions) {
  const codec = new MigrationPayloadCodec({ ...options.payloads, unopened: 'pass' });
  return {
    payloadCodecs: [codec],
    ...(encrypts(options) && { failureConverterPath: FAILURE_CONVERTER }),
  };
}

async function connect() {
  try {
    checkTemporalKey();
  } catch (error) {
    throw new ConfigurationError([(error as Error).message]);
  }
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), CONNECT_LIMIT_MS);
  try {
    const connection = await NativeConnection.connect({ ...connectionOptions, address });
    await connection.withAbortSignal(limit.signal, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    return { connection, address, namespace };
  } catch (error) {
    const cause = (error as Error).message;
    throw new Error(`Temporal at ${address}, namespace ${namespace}, does not answer: ${cause}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

function say(line: string): void {
  process.stdout.write(`${plain(line)}\n`);
}
