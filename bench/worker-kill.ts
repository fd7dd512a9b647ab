import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { nodeArguments } from '../tools/package-root.js';
import { startProcess } from '../tools/processes.js';
import { approveAll, startMigration, type BenchStack } from './migrating.js';

/** Shards that the first worker begins before it is killed. */
const SHARDS_BEFORE = 3;
const SHARD_CONTRACTS = 1_000;
const POLL_MS = 50;
const READY_LIMIT_MS = 60_000;

/** The sandbox takes half a second for each shard, so that the kill hits the transfer in its middle. */
export const KILL_TIMING = { importCallMs: 500 };

interface Upload {
  /** ISO 8601. */
  time: string;
}

/**
 * Kills the worker in the middle of the transfer and returns the seconds until the standby worker, which has no copy
 * of the export, sends the next shard.
 */
export async function measureWorkerKill(stack: BenchStack): Promise<number> {
  await startStandby(stack);
  const id = await startMigration(stack, { shardContracts: SHARD_CONTRACTS });
  const approving = approveAll(stack, id);
  const begun = await uploads(stack, SHARDS_BEFORE);
  process.kill(await busyWorker(stack, id), 'SIGKILL');
  const killedAt = Date.now();
  const next = (await uploads(stack, begun.length + 1)).at(-1);
  await approving;
  return (Date.parse(next!.time) - killedAt) / 1000;
}

/** A second worker with a spool of its own. */
async function startStandby({ configFile, environment, parts }: BenchStack): Promise<void> {
  const standbyFile = join(parts.folder, 'standby.json');
  const configuration = JSON.parse(readFileSync(configFile, 'utf8')) as object;
  const spool = join(parts.folder, 'standby-spool');
  writeFileSync(standbyFile, JSON.stringify({ ...configuration, spool }));
  const args = [...nodeArguments('worker/main'), '--config', standbyFile];
  const env = { ...process.env, ...environment };
  const standby = parts.add(startProcess('the standby worker', process.execPath, args, { env }));
  await standby.firstLine((line) => line.startsWith('worker ready'), READY_LIMIT_MS);
}

/** The uploads that the target has seen begin, as soon as there are as many. */
async function uploads({ sandbox }: BenchStack, count: number): Promise<Upload[]> {
  const url = `http://${sandbox.control}/calls?participant=target&method=ImportAcs`;
  for (;;) {
    const seen = (await (await fetch(url)).json()) as Upload[];
    if (seen.length >= count) return seen;
    await setTimeout(POLL_MS);
  }
}

/** Process id of the worker that has the migration's activity. */
async function busyWorker({ workflows }: BenchStack, id: string): Promise<number> {
  for (;;) {
    const { raw } = await workflows.getHandle(id).describe();
    const [pid] = (raw.pendingActivities ?? []).map((its) => parseInt(its.lastWorkerIdentity ?? '', 10));
    if (pid) return pid;
    await setTimeout(POLL_MS);
  }
}
