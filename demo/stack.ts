import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { nodeEnvironment, nodeFlags } from '../client/run-program.js';
import type { RouteName } from '../model/request.js';
import { SEARCH_ATTRIBUTES } from '../model/steering.js';
import { nodeArguments } from '../tools/package-root.js';
import { removeAtEnd, startProcess, type OwnedProcess } from '../tools/processes.js';
import { startTemporalServer, type TemporalServer } from '../tools/temporal-server.js';
import { readSandbox, type SandboxAddresses } from './sandbox-addresses.js';

const SANDBOX_LIMIT_MS = 180_000;
/** On a loaded machine: keys are made and sign. */
const SANDBOX_LIMIT_MS_EACH = 10;
const WORKER_LIMIT_MS = 60_000;

/** Everything a migration needs, on this machine, in processes that end with this one. */
export interface DemoStack {
  temporal: TemporalServer;
  sandbox: SandboxAddresses;
  worker: OwnedProcess;
  /** For a client or worker in another process. */
  environment: Record<string, string>;
  configFile: string;
  /** The request that migrates the source, as JSON. */
  requestFile: string;
  /** Rejects when one of the processes ends before it was told to. */
  broken: Promise<never>;
}

/** The parts of a stack, in the order in which they were started; stopping one that never started is no error. */
export class StackParts {
  /** Removed at the end, whatever happens. */
  readonly folder = mkdtempSync(join(tmpdir(), 'canton-migrate-demo-'));
  private readonly stops: (() => Promise<void>)[] = [];
  private stopped: Promise<void> | undefined;

  constructor() {
    removeAtEnd(this.folder);
  }

  add<T extends { stop: () => Promise<void> }>(part: T): T {
    this.stops.unshift(() => part.stop());
    return part;
  }

  get isStopping(): boolean {
    return this.stopped !== undefined;
  }

  /** Stops what was started, last first, and removes the folder. Repeating it waits for the first. */
  stop(): Promise<void> {
    this.stopped ??= (async () => {
      for (const stop of this.stops) await stop();
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 });
    })();
    return this.stopped;
  }
}

/** What a stack is started with. */
interface StackSettings {
  scenario: object;
  /** Contracts of participants of Canton 2.10, which have no scenario. */
  contracts210?: number;
  route?: RouteName;
  hookPort?: number;
  /** That the scenario has: with many the sandbox takes long to start. */
  parties?: number;
}

/**
 * Starts Temporal, the simulated participants and a worker; `tell` gets a line for each that is ready. The worker tells
 * clients at `hookPort`, if there are any, that they are to move.
 */
export async function startStack(
  parts: StackParts,
  { scenario, contracts210, route, hookPort, parties = 0 }: StackSettings,
  tell: (line: string) => void,
): Promise<DemoStack> {
  const startTemporal = async () => {
    const server = await startTemporalServer({ searchAttributes: Object.values(SEARCH_ATTRIBUTES) });
    tell(`Temporal at ${server.address}, its Web UI at ${server.uiAddress}`);
    return parts.add(server);
  };
  const startSandbox = async () => {
    const scenarioFile = join(parts.folder, 'scenario.json');
    writeFileSync(scenarioFile, JSON.stringify(scenario));
    const args = [
      ...(contracts210 === undefined
        ? ['--scenario', scenarioFile, '--state', join(parts.folder, 'sandbox')]
        : ['--canton', '2.10', '--contracts', `${contracts210}`]),
      '--json',
    ];
    const started = node(parts, 'the sandbox', 'sandbox/main', args);
    const limitMs = SANDBOX_LIMIT_MS + parties * SANDBOX_LIMIT_MS_EACH;
    const addresses = readSandbox(await started.firstLine(isJson, limitMs), route);
    const { source, target } = addresses.participants;
    tell(`simulated participants: source at ${source.admin.address}, target at ${target.admin.address}`);
    return { started, addresses };
  };
  const [temporal, sandbox] = await Promise.all([startTemporal(), startSandbox()]);

  const configFile = join(parts.folder, 'worker.json');
  const spool = join(parts.folder, 'spool');
  const lists = join(parts.folder, 'lists');
  const { participants } = sandbox.addresses;
  const switchHook =
    hookPort === undefined ? {} : { switchHook: { url: `http://127.0.0.1:${hookPort}/switch` } };
  writeFileSync(configFile, JSON.stringify({ participants, spool, lists, ...switchHook }, null, 2));
  const requestFile = join(parts.folder, 'migration.json');
  writeFileSync(requestFile, JSON.stringify(sandbox.addresses.request, null, 2));
  const environment = {
    ...temporalEnvironment(parts.folder, temporal.address),
    CANTON_MIGRATE_LISTS: lists,
    CANTON_MIGRATE_UI: temporal.uiAddress,
  };
  const worker = node(parts, 'the worker', 'worker/main', ['--config', configFile], {
    env: { ...nodeEnvironment('worker'), ...environment },
  });
  tell(await worker.firstLine((line) => line.startsWith('worker ready'), WORKER_LIMIT_MS));

  const broken = Promise.race([
    endedEarly(parts, 'the sandbox', sandbox.started),
    endedEarly(parts, 'the worker', worker),
    temporal.exited.then(() => fail(parts, 'the Temporal server ended')),
  ]);
  broken.catch(() => undefined);
  return {
    temporal,
    sandbox: sandbox.addresses,
    worker,
    environment,
    configFile,
    requestFile,
    broken,
  };
}

/** Starts a program of this package, as one of the parts. */
export function node(
  parts: StackParts,
  name: string,
  module: string,
  args: string[],
  options: { env?: NodeJS.ProcessEnv } = {},
): OwnedProcess {
  const flags = nodeFlags(module === 'worker/main' ? 'worker' : 'sandbox');
  const all = [...flags, ...nodeArguments(module), ...args];
  return parts.add(startProcess(name, process.execPath, all, options));
}

/** Settings of Temporal that hold whatever this machine's own are. */
function temporalEnvironment(folder: string, address: string): Record<string, string> {
  const profile = join(folder, 'temporal.toml');
  writeFileSync(profile, '[profile.default]\n');
  return {
    TEMPORAL_CONFIG_FILE: profile,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_API_KEY: '',
    TEMPORAL_TLS: 'false',
  };
}

/** Rejects when a part ends before all are stopped. */
export async function endedEarly(
  parts: StackParts,
  name: string,
  { exited, tail }: OwnedProcess,
): Promise<never> {
  const code = await exited;
  return fail(parts, `${name} ended with ${code}\n${tail()}`);
}

function fail(parts: StackParts, message: string): Promise<never> {
  // Told to stop, they all end; nobody waits for this then.
  return parts.isStopping ? new Promise<never>(() => undefined) : Promise.reject(new Error(message));
}

function isJson(line: string): boolean {
  return line.startsWith('{');
}
