import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

import type { Addresses } from '../../sandbox/index.js';
import { nodeArguments } from '../../tools/package-root.js';
import { startProcess, type OwnedProcess } from '../../tools/processes.js';
import { READY, type CrashPoint, type CrashWorkerSettings } from './crash-worker.js';
import { workflowBundle } from './bundle.js';
import { assertNoSecret } from './secret-scan.js';
import { temporalServer } from './temporal.js';

const READY_LIMIT_MS = 60_000;

/** Kills without leave: no cleanup of the process runs. Resolves when it is gone. */
export async function kill({ pid, exited }: Pick<OwnedProcess, 'pid' | 'exited'>): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await exited;
}

/** A folder that goes with the test. */
export function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-crash-'));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

/** Starts a worker as an operator does, with a spool of its own; resolves when it takes work. */
export async function startWorker(
  t: TestContext,
  { taskQueue, addresses }: { taskQueue: string; addresses: Addresses },
): Promise<OwnedProcess> {
  const folder = folderOf(t);
  const configFile = join(folder, 'worker.json');
  const profile = ({ admin, ledger }: Addresses['source']) => ({
    admin: { address: admin },
    ledger: { address: ledger },
  });
  const participants = { source: profile(addresses.source), target: profile(addresses.target) };
  writeFileSync(
    configFile,
    JSON.stringify({
      participants,
      taskQueue,
      spool: join(folder, 'spool'),
      lists: join(folder, 'lists'),
      logLevel: 'error',
    }),
  );
  const { address } = await temporalServer();
  const worker = startProcess(
    'the worker',
    process.execPath,
    [...nodeArguments('worker/main'), '--config', configFile],
    { env: { ...process.env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' } },
  );
  t.after(async () => {
    await worker.stop();
    assertNoSecret('the log of a worker', worker.tail());
  });
  await worker.firstLine((line) => line.startsWith('worker ready'), READY_LIMIT_MS);
  return worker;
}

/** Workers of which each new one takes the place of the one that killed itself. */
export interface MortalWorkers {
  /** The crash points that no worker has come to yet. */
  remaining: () => CrashPoint[];
  /** How many died so far. */
  deaths: () => number;
  /** Kills the one that runs now; the next one is started as after every death. */
  killNow: () => Promise<void>;
  /** Rejects if a worker ends by itself, or does not start. */
  broken: Promise<never>;
}

/** Starts a worker that dies at each of the points in turn, and after each death the next one. */
export async function startMortalWorkers(
  t: TestContext,
  its: { taskQueue: string; addresses: Addresses; crashes: readonly CrashPoint[] },
): Promise<MortalWorkers> {
  const folder = folderOf(t);
  const crashFile = join(folder, 'crashes.json');
  writeFileSync(crashFile, JSON.stringify(its.crashes));
  const settings: CrashWorkerSettings = {
    temporal: (await temporalServer()).address,
    taskQueue: its.taskQueue,
    codePath: await bundleFile(),
    spoolFolder: join(folder, 'spool'),
    addresses: its.addresses,
    crashFile,
  };
  let current: OwnedProcess | undefined;
  let isStopping = false;
  let deaths = 0;
  const start = async () => {
    const worker = startProcess(
      'the worker',
      process.execPath,
      nodeArguments('test/support/crash-worker'),
      {
        env: { ...process.env, CRASH_WORKER: JSON.stringify(settings) },
      },
    );
    current = worker;
    await worker.firstLine((line) => line === READY, READY_LIMIT_MS);
    return worker;
  };
  const supervise = async (first: OwnedProcess): Promise<never> => {
    for (let worker = first; ; worker = await start()) {
      const how = await worker.exited;
      if (isStopping) return new Promise<never>(() => undefined);
      if (how !== 'SIGKILL') throw new Error(`the worker ended with ${how}\n${worker.tail()}`);
      deaths += 1;
    }
  };
  t.after(() => {
    isStopping = true;
    return current?.stop();
  });
  const broken = supervise(await start());
  broken.catch(() => undefined);
  return {
    remaining: () => JSON.parse(readFileSync(crashFile, 'utf8')) as CrashPoint[],
    deaths: () => deaths,
    killNow: () => kill(current!),
    broken,
  };
}

let file: Promise<string> | undefined;

/** The workflow code in a file, once for all workers of this process. */
function bundleFile(): Promise<string> {
  file ??= workflowBundle().then((bundle) => {
    const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-bundle-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'workflows.js');
    writeFileSync(path, bundle.code);
    return path;
  });
  return file;
}
