/**
 * A worker with the real activities that kills itself at the next crash point of its file, beside every cleanup.
 *
 * Its settings are JSON in the environment variable `CRASH_WORKER`; a point is struck from the file before the kill,
 * so that the next worker goes on.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Context } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { createActivities, type Activities } from '../../activities/index.js';
import { connectParticipant } from '../../canton/index.js';
import { PLAN_WORKFLOW } from '../../model/steering.js';
import type { Addresses } from '../../sandbox/index.js';
import { SPOOL_KEY } from './spool-key.js';
import { openLists, openReports } from '../../storage/open.js';

/** Where a worker dies: right before an activity begins, or when its work is done and nobody knows it yet. */
export interface CrashPoint {
  when: 'before' | 'after';
  activity: keyof Activities;
  /** Times it passes here first. */
  skip?: number;
}

export interface CrashWorkerSettings {
  temporal: string;
  taskQueue: string;
  /** File of the bundled workflow code. */
  codePath: string;
  spoolFolder: string;
  addresses: Addresses;
  /** File with the crash points that are still to come, in their order, as JSON. */
  crashFile: string;
}

/** What the worker says when it takes work. */
export const READY = 'worker ready';

const settings = process.env['CRASH_WORKER'];
if (settings !== undefined) await work(JSON.parse(settings) as CrashWorkerSettings);

async function work(its: CrashWorkerSettings): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const participants = new Map(
    (['source', 'target'] as const).map((name) => {
      const { admin, ledger } = its.addresses[name];
      const apis = { admin: { address: admin }, ledger: { address: ledger } };
      return [name, connectParticipant(name, apis)] as const;
    }),
  );
  const activities = createActivities({
    participants,
    spool: { folder: its.spoolFolder, key: SPOOL_KEY },
    lists: openLists(join(its.spoolFolder, 'lists'), []),
    reports: { store: openReports(join(its.spoolFolder, 'lists'), []) },
  });
  const worker = await Worker.create({
    connection: await NativeConnection.connect({ address: its.temporal }),
    taskQueue: its.taskQueue,
    workflowBundle: { codePath: its.codePath },
    activities: mortal(activities, its.crashFile),
    maxHeartbeatThrottleInterval: '1s',
    shutdownForceTime: '5s',
    // Workflows on this thread: one of their own loads the SDK again, a fifth of what a start costs.
    debugMode: true,
  });
  const running = worker.run();
  process.stdout.write(`${READY}\n`);
  await running;
}

/** The same activities in a process that dies at the points of the file. */
function mortal(activities: Activities, crashFile: string): Activities {
  const calls = Object.entries(activities).map(([name, run]) => [
    name,
    async (input: never) => {
      dieIfDue(crashFile, 'before', name);
      const result = await run(input);
      dieIfDue(crashFile, 'after', name);
      return result;
    },
  ]);
  return Object.fromEntries(calls) as Activities;
}

function dieIfDue(crashFile: string, when: CrashPoint['when'], activity: string): void {
  // The plan that a client makes before it starts anything is no migration yet.
  if (Context.current().info.workflowType === PLAN_WORKFLOW) return;
  const [next, ...later] = JSON.parse(readFileSync(crashFile, 'utf8')) as CrashPoint[];
  if (next?.when !== when || next.activity !== activity) return;
  const { skip = 0 } = next;
  const left = skip > 0 ? [{ ...next, skip: skip - 1 }, ...later] : later;
  writeFileSync(crashFile, JSON.stringify(left));
  if (skip === 0) process.kill(process.pid, 'SIGKILL');
}
