/**
 * Measures whole migrations and the ACS engine, and prints one line per figure with its baseline of the same run:
 * `npm run bench -- [row...] [--parties n]`; those for many parties only by name. Nothing is asserted: figures depend on the machine.
 */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { startLoad } from '../demo/load.js';
import { freePorts } from '../tools/free-port.js';
import { measureBareTransfer, type BareTransfer } from './bare-transfer.js';
import {
  approveAll,
  measureMigration,
  onStack,
  peakBytes,
  startMigration,
  type BenchStack,
} from './migrating.js';
import { RECORDED_SECONDS_PER_PARTY, measureMany, measureSwitch } from './many-parties.js';
import { readTimeline } from './timeline.js';
import { killBusyWorker } from './worker-kill.js';

/** What a warm real participant takes. Source: admin-api 2.8. */
const REAL_COST = {
  importCallMs: 600,
  importMicrosPerContract: 420,
  acceptMicrosPerContract: 390,
  exportMicrosPerContract: 55,
};
const PARTIES = 8;
const CONTRACTS = 100_000;
const CHANGED = CONTRACTS / 100;
const FEW_CONTRACTS = 20_000;
const MANY_CONTRACTS = 1_000_000;
const KILLED_AT = 0.4;
const LONG_CALL_SECONDS = 30;
/** As many as the observed runs had. Source: live-route 1. */
const LOAD_CONTRACTS = 1_100;
const ALONE_MS = 60_000;
const AFTER_MS = 10_000;
const MANY_SWITCHED = 10_000;
const MANY_PARTIES = 100_000;
const CONTRACTS_OF_EACH = 10;
const SIZES = { contracts: CONTRACTS, parties: PARTIES };

const ROWS = {
  engine: printEngine,
  transfer: printTransfer,
  freeze: printFreeze,
  kill: printKill,
  million: printMillion,
  parties: printParties,
  'many-switch': printManySwitch,
  'many-plan': printManyPlan,
  'many-whole': printManyWhole,
  live: printLive,
  pause: printPause,
};
type Row = keyof typeof ROWS;

/** Seconds of one cold transfer of this run, the baseline of the rows after it. */
let cold: { transferSeconds: number; freezeSeconds: number; wholeSeconds: number } | undefined;

/** Of the rows for many parties, `--parties`. */
let wantedParties: number | undefined;

const { values, positionals } = parseArgs({
  options: { parties: { type: 'string' } },
  allowPositionals: true,
});
if (values.parties !== undefined) wantedParties = Number(values.parties);

await main(positionals);

async function main(wanted: string[]): Promise<void> {
  const unknown = wanted.filter((name) => !(name in ROWS));
  if (unknown.length > 0) {
    process.stderr.write(
      `found ${unknown.join(', ')}, expected among ${Object.keys(ROWS).join(', ')}\n`,
    );
    process.exitCode = 2;
    return;
  }
  print(`${cpus()[0]?.model.trim() ?? 'unknown cpu'}, ${cpus().length} cores, node ${process.version}`);
  for (const name of Object.keys(ROWS) as Row[])
    if (wanted.length === 0 ? !name.startsWith('many-') : wanted.includes(name)) await ROWS[name]();
}

async function printEngine(): Promise<void> {
  const program = fileURLToPath(new URL('index.js', import.meta.url));
  execFileSync(process.execPath, [program], { stdio: 'inherit' });
}

/** The nodes cost what real ones do, so that the ratio means something. */
async function printTransfer(): Promise<void> {
  const bare = await onStack(SIZES, measureBareTransfer, REAL_COST);
  print(`bare export ${seconds(bare.exportSeconds)}, bare import ${seconds(bare.importSeconds)}`);
  await coldTransfer(bare);
  await printLongCalls(bare);
}

/** Longer calls cost less each: what an operator may ask for with `retune`. */
async function printLongCalls(bare: BareTransfer): Promise<void> {
  await onStack(
    SIZES,
    async (stack) => {
      const id = await startMigration(stack);
      await stack.client.retune(id, { by: 'the benchmark', targetSeconds: LONG_CALL_SECONDS });
      await Promise.race([stack.broken, approveAll(stack, id)]);
      const { copySeconds } = await readTimeline(stack, id);
      const by = ratio(copySeconds, bare.exportSeconds + bare.importSeconds);
      print(`the same with calls of ${LONG_CALL_SECONDS} s: ${seconds(copySeconds)}, ${by}`);
    },
    REAL_COST,
  );
}

async function coldTransfer(bare?: BareTransfer) {
  cold ??= await onStack(
    SIZES,
    async (stack) => {
      const { seconds: wholeSeconds, workerCpuSeconds, id } = await measureMigration(stack);
      const { copySeconds, compareSeconds, freezeSeconds } = await readTimeline(stack, id);
      print(
        `transfer of ${CONTRACTS} contracts: ${seconds(copySeconds)}, out of service ${seconds(freezeSeconds)}`,
      );
      print(`  processor time of the whole worker: ${seconds(workerCpuSeconds)}`);
      if (bare) {
        print(
          `  by one bare export and import: ${ratio(copySeconds, bare.exportSeconds + bare.importSeconds)}`,
        );
        print(
          `  rate of the comparison by that of a bare export: ${ratio(bare.exportSeconds, compareSeconds)}`,
        );
      }
      return { transferSeconds: copySeconds, freezeSeconds, wholeSeconds };
    },
    REAL_COST,
  );
  return cold;
}

async function printFreeze(): Promise<void> {
  const baseline = await coldTransfer();
  const warm = await onStack(
    SIZES,
    async (stack) => {
      const id = await startMigration(stack, { copy: 'warm' });
      const approved = approveAll(stack, id, async (gate) => {
        if (gate === 'interrupt-service') await change(stack, CHANGED / 2);
      });
      await Promise.race([stack.broken, approved]);
      return readTimeline(stack, id);
    },
    REAL_COST,
  );
  print(`out of service with a warm copy and ${CHANGED} changes since: ${seconds(warm.freezeSeconds)}`);
  print(`  of it the comparison ${seconds(warm.compareSeconds)}`);
  print(`  by the same cold: ${ratio(warm.freezeSeconds, baseline.freezeSeconds)}`);
}

async function printKill(): Promise<void> {
  const { wholeSeconds } = await coldTransfer();
  const killed = await onStack(
    SIZES,
    async (stack) => {
      const begin = performance.now();
      const id = await startMigration(stack);
      const approved = approveAll(stack, id);
      await Promise.race([stack.broken, killBusyWorker(stack, id, CONTRACTS * KILLED_AT)]);
      await approved;
      return (performance.now() - begin) / 1000;
    },
    REAL_COST,
  );
  print(`whole migration with its worker killed in the transfer, a standby running: ${seconds(killed)}`);
  print(`  more than without: ${seconds(killed - wholeSeconds)}`);
}

/** The nodes are as quick as the sandbox can be: memory and history are what counts. */
async function printMillion(): Promise<void> {
  const peaks: number[] = [];
  for (const contracts of [FEW_CONTRACTS, MANY_CONTRACTS]) {
    await onStack({ contracts, parties: PARTIES }, async (stack) => {
      const { seconds: whole, workerPeakBytes = NaN, id } = await measureMigration(stack);
      const { events, bytes, copySeconds } = await readTimeline(stack, id);
      peaks.push(workerPeakBytes);
      const rate = (contracts / copySeconds).toFixed(0);
      print(
        `migration of ${contracts} contracts: ${seconds(whole)}, ${rate} contracts/s, worker peak ${megabytes(workerPeakBytes)}`,
      );
      print(`  sandbox peak ${megabytes(peakBytes(stack.sandbox.pid) ?? NaN)}`);
      print(`  history: ${events} events, ${(bytes / 1024).toFixed(0)} KiB`);
    });
  }
  print(`  peak by that of ${FEW_CONTRACTS}: ${ratio(peaks[1] ?? NaN, peaks[0] ?? NaN)}`);
}

async function printParties(): Promise<void> {
  for (const parties of [PARTIES, 1_000]) {
    const { seconds: whole } = await onStack({ contracts: 0, parties }, (stack) =>
      measureMigration(stack),
    );
    print(`migration of ${parties} parties without contracts: ${seconds(whole)}`);
  }
}

/** On the live route, with what many parties cost a real participant. */
async function printManySwitch(): Promise<void> {
  const parties = partiesOr(MANY_SWITCHED);
  const [hookPort = 0] = await freePorts(1);
  const contracts = Math.max(CONTRACTS, parties * CONTRACTS_OF_EACH);
  const { many, few } = await measureSwitch({ parties, contracts, hookPort, costs: REAL_COST });
  print(
    `live route to the gate switch, ${parties} parties, ${contracts} contracts: ${seconds(many.seconds)}`,
  );
  print(`  by the same with 10 parties: ${ratio(many.seconds, few.seconds)}, ${seconds(few.seconds)}`);
  const recorded = few.seconds + parties * RECORDED_SECONDS_PER_PARTY;
  print(`  by the recorded rates: ${ratio(many.seconds, recorded)}, ${seconds(recorded)}`);
  for (const [name, of] of [
    ['most', many],
    ['with 10', few],
  ] as const)
    print(
      `  ${name}: ${of.longest.map(([activity, took]) => `${activity} ${seconds(took)}`).join(', ')}`,
    );
}

async function printManyPlan(): Promise<void> {
  const parties = partiesOr(MANY_PARTIES);
  const { planSeconds = NaN, planPeakBytes = NaN } = await measureMany(parties, false);
  print(`plan of ${parties} parties, 90 % external: ${seconds(planSeconds)}`);
  print(`  worker peak ${megabytes(planPeakBytes)}`);
}

async function printManyWhole(): Promise<void> {
  const parties = partiesOr(MANY_PARTIES);
  const its = await measureMany(parties, true);
  const { events, historyBytes = NaN, signatures, importSeconds = NaN } = its;
  print(`migration of ${parties} parties, 90 % external: ${seconds(its.wholeSeconds ?? NaN)}`);
  print(`  history: ${events} events, ${(historyBytes / 1024).toFixed(0)} KiB`);
  print(`  ${signatures} signatures imported: ${seconds(importSeconds)}`);
  print(`  status query: ${its.statusBytes} bytes, ${(its.statusMs ?? NaN).toFixed(0)} ms`);
}

/** The size that `--parties` asks for, or the one of the goals. */
function partiesOr(size: number): number {
  return wantedParties ?? size;
}

/** The live route with the costs of the cold transfer; nobody waits for the flags and the commitments. */
async function printLive(): Promise<void> {
  const baseline = await coldTransfer();
  const [hookPort = 0] = await freePorts(1);
  await onStack(
    SIZES,
    async (stack) => {
      const id = await startMigration(stack);
      // Only for the quiet source: no clients are there to be moved.
      const hook = createServer((_request, response) => response.end()).listen(hookPort, '127.0.0.1');
      await Promise.race([stack.broken, approveAll(stack, id)]).finally(() => hook.close());
      const { liveSeconds, liveWaitSeconds, copySeconds } = await readTimeline(stack, id);
      print(`live route, ${CONTRACTS} contracts, activation to gate switch: ${seconds(liveSeconds)}`);
      print(
        `  and waits for flags and commitments: ${seconds(liveWaitSeconds)}; its copy ${seconds(copySeconds)}`,
      );
      print(`  by the cold transfer: ${ratio(liveSeconds, baseline.transferSeconds)}`);
      print(`  by the cold transfer and its comparison: ${ratio(liveSeconds, baseline.freezeSeconds)}`);
    },
    { ...REAL_COST, onboardingMs: 60_000, reconciliationMs: 10_000 },
    { hookPort },
  );
}

/** Clients for a while without a migration, then through a whole one. */
async function printPause(): Promise<void> {
  const [hookPort = 0] = await freePorts(1);
  await onStack(
    { contracts: LOAD_CONTRACTS, parties: PARTIES },
    async (stack) => {
      const load = await startLoad(stack.parts, { configFile: stack.configFile, hookPort });
      await setTimeout(ALONE_MS);
      const id = await startMigration(stack);
      const following = load.follow(stack.client, id);
      await Promise.race([stack.broken, load.broken, approveAll(stack, id)]);
      await following;
      await setTimeout(AFTER_MS);
      const { commands, failureCount, comparison, pauses, retries } = await load.stop();
      const { longestMs, beforeMarksMs } = pauses;
      print(`longest pause of a client in a live migration: ${seconds(longestMs / 1000)}`);
      print(`  by that without one, same run: ${ratio(longestMs, beforeMarksMs)}`);
      print(`  ${commands.total} commands, retried: ${JSON.stringify(retries)}`);
      const { missing, extra, doubled } = comparison ?? {};
      print(
        `  final failures ${failureCount}, missing ${missing}, extra ${extra}, done twice ${doubled}`,
      );
    },
    { submissionMs: 20, onboardingMs: 60_000, reconciliationMs: 10_000 },
    { hookPort },
  );
}

/** Creates and archives as many contracts on the source, which serves. */
async function change({ sandbox }: BenchStack, count: number): Promise<void> {
  const url = `http://${sandbox.control}/ledger/churn?participant=source&create=${count}&archive=${count}`;
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

function ratio(value: number, baseline: number): string {
  return `${(value / baseline).toFixed(2)} x`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
