import type { NativeConnection } from '@temporalio/worker';
import { Worker, type WorkerOptions as SdkOptions } from '@temporalio/worker';

import { createActivities } from '../activities/index.js';
import type { ParticipantAccess } from '../model/participant-access.js';
import { openLists, openReports } from '../storage/open.js';
import { deploymentOf, sayDeployment } from './deployment.js';
import { ensureFolders } from './folders.js';
import { openHealth } from './health.js';
import { createLog, logUnforeseen } from './logging.js';
import type { WorkerOptions } from './options.js';
import { connectParticipants, greet, twins } from './participants.js';
import { dataConverterOf, payloadBytes, workflowsOf } from './payloads.js';
import { resetSinks } from './reset-sinks.js';
import { installRuntime } from './runtime.js';
import { say } from './saying.js';
import { ensureSearchAttributes } from './search-attributes.js';
import { isRunning, keepSwept } from './spool-sweep.js';
import { Stopping, STOP_LIMIT } from './stopping.js';
import { connectToTemporal } from './temporal-connection.js';
import { Vitals } from './vitals.js';

/**
 * Runs a worker until it is asked to stop. Says on standard output who answers and when it is ready.
 *
 * An unreachable participant is a warning: its migrations wait for it. Temporal must be there at start; if it
 * goes away later, the worker tries again by itself. Connection settings of Temporal come from its own
 * environment variables and profiles.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const log = createLog(options.logLevel);
  logUnforeseen(log);
  installRuntime(options, log);
  await ensureFolders(options);
  for (const warning of options.warnings) say(`warning: ${warning}`);

  const vitals = new Vitals();
  const stopping = new Stopping(vitals);
  const health =
    options.healthAddress === undefined ? undefined : await openHealth(options.healthAddress, vitals);
  const { connection, address, namespace } = await connectToTemporal();
  const participants = connectParticipants(options.participants);
  try {
    const attributes = await ensureSearchAttributes(connection, namespace);
    for (const warning of attributes.warnings) say(`warning: ${warning}`);
    vitals.greeted(await introduce(participants));
    const searchAttributes = attributes.known;
    const its = { connection, namespace, participants, searchAttributes };
    const worker = await createWorker(options, its);
    if (health) vitals.keepLooking(connection, () => greet(participants));
    const stopSweeping = keepSwept(options.spool.folder, isRunning(connection, namespace), log);
    const running = stopping.run(worker).finally(stopSweeping);
    say(`worker ready: task queue ${options.taskQueue}, Temporal ${address}, namespace ${namespace}`);
    sayDeployment(options);
    await running;
    say('worker stopped');
  } finally {
    vitals.close();
    for (const participant of participants.values()) participant.close();
    await connection.close();
    health?.close();
    stopping.close();
  }
}

/** Asks the participants who they are, and says it. */
async function introduce(participants: ReadonlyMap<string, ParticipantAccess>) {
  const greetings = await greet(participants);
  for (const greeting of greetings) {
    if ('uid' in greeting) say(`participant ${greeting.name} is ${greeting.uid}`);
    else say(`warning: participant ${greeting.name} cannot be used: ${greeting.problem}`);
  }
  for (const warning of twins(greetings)) say(`warning: ${warning}`);
  return greetings;
}

interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  participants: Map<string, ParticipantAccess>;
  /** Those that the namespace has. */
  searchAttributes: string[];
}

async function createWorker(
  options: WorkerOptions,
  { connection, namespace, participants, searchAttributes }: WorkerParts,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    ...(await workflowsOf(options)),
    ...sdkOptions(options),
    sinks: resetSinks(connection, namespace),
    activities: createActivities({
      participants,
      spool: options.spool,
      approval: options.approval,
      searchAttributes,
      lists: openLists(options.lists, options.payloads?.keys ?? []),
      reports: {
        store: openReports(options.lists, options.payloads?.keys ?? []),
        ...(options.signingKey && { key: options.signingKey }),
      },
      sizeOf: (value) => payloadBytes(options, value),
      ...(options.migrations && { migrations: options.migrations }),
      ...(options.switchHook && { switchHook: options.switchHook }),
    }),
  });
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
    shutdownForceTime: STOP_LIMIT,
    ...deploymentOf(options),
  } satisfies Partial<SdkOptions>;
}
