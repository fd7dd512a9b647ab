/** Measures the ACS engine and prints a table. Nothing is asserted: figures depend on the machine. */
import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { measure, type Measurement, type Subject } from './measure.js';
import { sampleRecord } from './sample-export.js';

const ROUNDS = 3;
const SPEED_CONTRACTS = 100_000;
const MEMORY_CONTRACTS = [20_000, 100_000];

/** One measurement in a process of its own, so that neither memory nor warm code carries over. */
interface Order {
  subject: Subject;
  contractCount: number;
  rounds: number;
  live: boolean;
}

async function main(): Promise<void> {
  const [order] = process.argv.slice(2);
  if (order !== undefined) {
    process.send?.(await fastest(JSON.parse(order) as Order));
    return;
  }
  printMachine();
  await printSpeed();
  await printMemory();
}

async function fastest({ subject, contractCount, rounds, live }: Order): Promise<Measurement> {
  let best = await measure(subject, contractCount, live);
  for (let round = 1; round < rounds; round++) {
    const next = await measure(subject, contractCount, live);
    if (next.cpuSeconds < best.cpuSeconds) best = next;
  }
  return best;
}

function inChild(order: Order): Promise<Measurement> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(order)]);
  return new Promise((resolve, reject) => {
    child.once('message', (measurement) => resolve(measurement as Measurement));
    child.once('exit', (code) =>
      reject(new Error(`measuring ${order.subject} ended with code ${code}`)),
    );
  });
}

function printMachine(): void {
  const recordBytes = sampleRecord({ number: 1234 }).length;
  print(`${cpus()[0]?.model.trim() ?? 'unknown cpu'}, ${cpus().length} cores, node ${process.version}`);
  print(`contracts of ${recordBytes} bytes, fastest of ${ROUNDS} rounds by cpu time\n`);
}

async function printSpeed(): Promise<void> {
  print(row('subject', 'contracts/s', 'per cpu s', 'cpu s', 'baseline', 'loop blocked'));
  let baseline = 0;
  for (const subject of ['baseline', 'spool', 'digest'] as const) {
    const order = { subject, contractCount: SPEED_CONTRACTS, rounds: ROUNDS, live: false };
    const { contractCount, seconds, cpuSeconds, blockedMs } = await inChild(order);
    baseline ||= cpuSeconds;
    const ratio = `${(cpuSeconds / baseline).toFixed(2)} x`;
    const perSecond = [contractCount / seconds, contractCount / cpuSeconds].map((rate) =>
      rate.toFixed(0),
    );
    print(row(subject, ...perSecond, cpuSeconds.toFixed(2), ratio, `${blockedMs.toFixed(0)} ms`));
  }
  print('\nbaseline: plain gunzip and gzip level 1 of the same bytes, ratio by cpu time\n');
}

async function printMemory(): Promise<void> {
  print(row('subject', 'contracts', 'export', 'peak memory'));
  for (const subject of ['generate', 'spool', 'digest'] as const) {
    for (const contractCount of MEMORY_CONTRACTS) {
      const { exportBytes, peakMemoryBytes } = await inChild({
        subject,
        contractCount,
        rounds: 1,
        live: true,
      });
      print(row(subject, `${contractCount}`, megabytes(exportBytes), megabytes(peakMemoryBytes)));
    }
  }
  print('\nwhole process, with the export generated while it is read; generate: the generator alone');
}

function row(...cells: string[]): string {
  return cells.map((cell, column) => (column === 0 ? cell.padEnd(10) : cell.padStart(14))).join('');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
