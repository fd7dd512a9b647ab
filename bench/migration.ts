/**
 * Measures whole migrations on the stack of the demo and prints a table: `npm run bench:migration -- [row...]`.
 * Nothing is asserted: figures depend on the machine.
 */
import { cpus } from 'node:os';

import { measureBareTransfer } from './bare-transfer.js';
import { measureMigration, onStack, type MeasuredMigration } from './migrating.js';
import { KILL_TIMING, measureWorkerKill } from './worker-kill.js';

const FEW_PARTIES = 8;
const MANY_PARTIES = 1_000;
const SMALL_CONTRACTS = 20_000;
const LARGE_CONTRACTS = 100_000;
/** As a request that says nothing of it. */
const SHARD_CONTRACTS = 10_000;

const ROWS = {
  empty: () => printWall('empty', FEW_PARTIES),
  parties: () => printWall('parties', MANY_PARTIES),
  contracts: printContracts,
  kill: printKill,
};
type Row = keyof typeof ROWS;

await main(process.argv.slice(2));

async function main(wanted: string[]): Promise<void> {
  const unknown = wanted.filter((name) => !(name in ROWS));
  if (unknown.length > 0) {
    process.stderr.write(
      `found ${unknown.join(', ')}, expected rows among ${Object.keys(ROWS).join(', ')}\n`,
    );
    process.exitCode = 2;
    return;
  }
  print(
    `${cpus()[0]?.model.trim() ?? 'unknown cpu'}, ${cpus().length} cores, node ${process.version}\n`,
  );
  print(
    row('row', 'contracts', 'parties', 'whole', 'transfer', 'contracts/s', 'of bare', 'worker peak'),
  );
  for (const name of Object.keys(ROWS) as Row[])
    if (wanted.length === 0 || wanted.includes(name)) await ROWS[name]();
  print(`
whole: from the start command to the report, gates approved as they open
transfer: the phase transfer-active-contracts, with both nodes taken out of service
of bare: seconds of the transfer by those of one bare ExportAcs and one bare ImportAcs of the same contracts
worker peak: largest resident set of the worker process`);
}

async function printWall(name: string, parties: number): Promise<void> {
  const measured = await onStack({ contracts: 0, parties }, (stack) => measureMigration(stack));
  print(row(name, '0', `${parties}`, ...figuresOf(measured)));
}

async function printContracts(): Promise<void> {
  const peaks: number[] = [];
  for (const contracts of [SMALL_CONTRACTS, LARGE_CONTRACTS]) {
    const sizes = { contracts, parties: FEW_PARTIES };
    const bareSeconds = await onStack(sizes, measureBareTransfer);
    const measured = await onStack(sizes, (stack) =>
      measureMigration(stack, { shardContracts: SHARD_CONTRACTS }),
    );
    peaks.push(measured.workerPeakBytes ?? NaN);
    print(row('bare', `${contracts}`, `${FEW_PARTIES}`, '', ...transferFigures(contracts, bareSeconds)));
    const figures = figuresOf(measured, contracts, bareSeconds);
    print(row('contracts', `${contracts}`, `${FEW_PARTIES}`, ...figures));
  }
  const [small = NaN, large = NaN] = peaks;
  print(
    `worker peak at ${LARGE_CONTRACTS} by that at ${SMALL_CONTRACTS}: ${(large / small).toFixed(2)}`,
  );
}

async function printKill(): Promise<void> {
  const sizes = { contracts: SMALL_CONTRACTS, parties: FEW_PARTIES };
  const seconds = await onStack(sizes, measureWorkerKill, KILL_TIMING);
  print(`worker killed in the transfer: the standby sends the next shard after ${seconds.toFixed(1)} s`);
}

function figuresOf(
  { report, seconds, workerPeakBytes }: MeasuredMigration,
  contracts = 0,
  bareSeconds?: number,
): string[] {
  const transfer = report.phases.find(({ phase }) => phase === 'transfer-active-contracts')!;
  const peak = workerPeakBytes === undefined ? 'unknown' : `${(workerPeakBytes / 1e6).toFixed(0)} MB`;
  return [
    inSeconds(seconds),
    ...transferFigures(contracts, transfer.durationMs / 1000, bareSeconds),
    peak,
  ];
}

function transferFigures(contracts: number, seconds: number, bareSeconds?: number): string[] {
  const rate = contracts > 0 ? (contracts / seconds).toFixed(0) : '';
  const ratio = bareSeconds === undefined ? '' : `${(seconds / bareSeconds).toFixed(2)} x`;
  return [inSeconds(seconds), rate, ratio];
}

function inSeconds(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}

function row(...cells: string[]): string {
  return cells.map((cell, column) => (column === 0 ? cell.padEnd(10) : cell.padStart(13))).join('');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
