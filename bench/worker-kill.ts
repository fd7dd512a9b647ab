import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { nodeEnvironment, nodeFlags } from '../client/run-program.js';
import { nodeArguments } from '../tools/package-root.js';
import { startProcess } from '../tools/processes.js';
import type { BenchStack } from './migrating.js';

const POLL_MS = 50;
const READY_LIMIT_MS = 60_000;

/**
 * Starts a standby worker with a spool of its own, and kills the worker that has the migration as soon as so many
 * contracts are on the target.
 */
export async function killBusyWorker(stack: BenchStack, id: string, contracts: number): Promise<void> {
  await startStandby(stack);
  for (;;) {
    const { pid, imported } = await busyWorker(stack, id);
    if (pid !== undefined && imported >= contracts) {
      process.kill(pid, 'SIGKILL');
      return;
    }
    await setTimeout(POLL_MS);
  }
}

async function startStandby({ configFile, environment, parts }: BenchStack): Promise<void> {
  const standbyFile = join(parts.folder, 'standby.json');
  const configuration = JSON.parse(readFileSync(configFile, 'utf8')) as object;
  const spool = join(parts.folder, 'standby-spool');
  writeFileSync(standbyFile, JSON.stringify({ ...configuration, spool }));
  const args = [...nodeFlags('worker'), ...nodeArguments('worker/main'), '--config', standbyFile];
  const env = { ...nodeEnvironment('worker'), ...environment };
  const standby = parts.add(startProcess('the standby worker', process.execPath, args, { env }));
  await standby.firstLine((line) => line.startsWith('worker ready'), READY_LIMIT_MS);
}

/** Process id of the worker that copies, and how far it is. */
async function busyWorker({ workflows, client }: BenchStack, id: string) {
  const { pending } = await client.status(id);
  const copying = pending.find(({ step }) => step === 'copyActiveContracts');
  if (!copying) return { pid: undefined, imported: 0 };
  const { raw } = await workflows.getHandle(id).describe();
  const [pid] = (raw.pendingActivities ?? []).map((its) => parseInt(its.lastWorkerIdentity ?? '', 10));
  const { imported = 0 } = (copying.progress ?? {}) as { imported?: number };
  return { pid: pid || undefined, imported };
}
