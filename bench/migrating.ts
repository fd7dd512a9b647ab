import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { Client, Connection } from '@temporalio/client';

import { MigrationClient } from '../client/index.js';
import { startStack, StackParts, type DemoStack } from '../demo/stack.js';
import type { Gate } from '../model/phase.js';
import type { MigrationReport } from '../model/report.js';
import type { MigrationOptions } from '../model/request.js';
import { openLists } from '../storage/open.js';

const POLL_MS = 100;
const APPROVER = 'the benchmark';
const NO_OTHERS = { multiHosted: 0, decentralized: 0, foreign: 0 };

/** What a sandbox starts with, as far as the rows differ. */
export interface Sizes {
  contracts: number;
  /** Local ones. */
  parties: number;
  /** None, and no others, unless it is given; each has one contract more. */
  external?: number;
}

/** One whole migration on a stack of its own. */
export interface MeasuredMigration {
  report: MigrationReport;
  /** From the start command, which plans first, to the report; gates are approved as they open. */
  seconds: number;
  /** Largest resident set of the worker so far; undefined where the system does not tell. */
  workerPeakBytes: number | undefined;
  /** Processor time of the worker so far, all threads; NaN where the system does not tell. */
  workerCpuSeconds: number;
  id: string;
}

/** A stack, and what the benchmark does with it. */
export interface BenchStack extends DemoStack {
  client: MigrationClient;
  /** Of Temporal. */
  workflows: Client['workflow'];
  /** To start more, and its folder. */
  parts: StackParts;
}

/** Both participants on one synchronizer, and clients that the worker tells to move at a port. */
export interface LiveStack {
  hookPort: number;
}

/** Starts a stack, runs `work` on it and leaves nothing behind. */
export async function onStack<T>(
  { contracts, parties, external }: Sizes,
  work: (stack: BenchStack) => Promise<T>,
  timing: Record<string, number> = {},
  live?: LiveStack,
): Promise<T> {
  const parts = new StackParts();
  try {
    const scenario = {
      contracts: { count: contracts, ...(external !== undefined && { ofExternal: external }) },
      parties: { local: parties, ...(external !== undefined && { ...NO_OTHERS, external }) },
      timing,
      ...(live && { target: { synchronizers: ['source'] } }),
    };
    const settings = {
      ...{ scenario, parties: parties + (external ?? 0) },
      ...(live && { route: 'live' as const, ...live }),
    };
    const stack = await startStack(parts, settings, () => undefined);
    const connection = await Connection.connect({ address: stack.temporal.address });
    try {
      const temporal = new Client({ connection });
      const lists = openLists(join(parts.folder, 'lists'), []);
      const client = MigrationClient.over(temporal, { lists });
      return await work({ ...stack, parts, client, workflows: temporal.workflow });
    } finally {
      await connection.close();
    }
  } finally {
    await parts.stop();
  }
}

/** Runs a migration from start to report. */
export async function measureMigration(
  stack: BenchStack,
  options: MigrationOptions = {},
): Promise<MeasuredMigration> {
  const begin = performance.now();
  const id = await startMigration(stack, options);
  const report = await Promise.race([stack.broken, approveAll(stack, id)]);
  const seconds = (performance.now() - begin) / 1000;
  const { pid } = stack.worker;
  return { report, seconds, workerPeakBytes: peakBytes(pid), workerCpuSeconds: cpuSeconds(pid), id };
}

/** Starts the migration of the stack's source and returns its id. */
export function startMigration(
  { sandbox: { request }, client }: BenchStack,
  options: MigrationOptions = {},
): Promise<string> {
  return client.start({ ...request, options: { ...request.options, ...options } });
}

/** Approves every gate as it opens, whoever answers, after `before` has run, and returns the report. */
export async function approveAll(
  { client }: BenchStack,
  id: string,
  before: (gate: Gate) => Promise<void> = () => Promise.resolve(),
): Promise<MigrationReport> {
  for (;;) {
    const { status, execution } = await client.status(id);
    if (execution !== 'running' || status?.state === 'watching') return client.result(id);
    if (status?.state === 'stopped') throw new Error(status.summary);
    if (status?.gate && status.planHash !== undefined) {
      const { name: gate } = status.gate;
      await before(gate);
      const waiver = gate === 'target-backup' ? { waiver: APPROVER } : {};
      const { planHash } = status;
      await client.approve(id, { gate, planHash, approver: APPROVER, ...waiver });
    }
    await setTimeout(POLL_MS);
  }
}

/** Clock ticks of Linux are hundredths of a second. */
function cpuSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}

/** Largest resident set of a process so far; undefined where the system does not tell. */
export function peakBytes(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
