/**
 * Measures whole migrations and the ACS engine, and prints one line per figure with its baseline of the same run:
 * `npm run bench -- [row...] [--parties n]`, some only by name. Nothing is asserted: figures depend on the machine.
 */
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { cpus } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { startLoad } from '../demo/load.js';
import { freePorts } from '../tools/free-port.js';
import { MANY_SIZES, REAL_COST, SIZES } from './costs.js';
import { approveAll, measureMigration, onStack, peakBytes, startMigration } from './migrating.js';
import { RECORDED_SECONDS_PER_PARTY, measureMany, measureSwitch } from './many-parties.js';
import { measurePause } from './pause-copy.js';
import { megabytes, print, ratio, seconds } from './printing.js';
import { measureReal } from './real.js';
import { readTimeline } from './timeline.js';
import { coldTransfer, printFreeze, printFreezeMillion, printTransfer } from './transfer-rows.js';
import { killBusyWorker } from './worker-kill.js';

const FEW_CONTRACTS = 20_000;
const KILLED_AT = 0.4;
const PAUSED_AT = 0.4;
/** As many as the observed runs had. Source: live-route 1. */
const LOAD_CONTRACTS = 1_100;
const ALONE_MS = 60_000;
const AFTER_MS = 10_000;
const MANY_SWITCHED = 10_000;
const MANY_PARTIES = 100_000;
const CONTRACTS_OF_EACH = 10;

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
  'pause-copy': printPauseCopy,
  'freeze-million': printFreezeMillion,
  'live-million': () => printLive(MANY_SIZES),
  real: printReal,
};
type Row = keyof typeof ROWS;

/** They take long, or need participants. */
const BY_NAME: readonly Row[] = [
  ...(['many-switch', 'many-plan', 'many-whole'] as const),
  ...(['freeze-million', 'live-million', 'real'] as const),
];

/** Of the rows for many parties, `--parties`. */
let wantedParties: number | undefined;

const { values, positionals } = parseArgs({
  options: {
    parties: { type: 'string' },
    config: { type: 'string' },
    source: { type: 'string' },
    target: { type: 'string' },
    'source-synchronizer': { type: 'string' },
    'target-synchronizer': { type: 'string' },
    withdraw: { type: 'string' },
  },
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
    if (wanted.length === 0 ? !BY_NAME.includes(name) : wanted.includes(name)) await ROWS[name]();
}

async function printEngine(): Promise<void> {
  const program = fileURLToPath(new URL('index.js', import.meta.url));
  execFileSync(process.execPath, [program], { stdio: 'inherit' });
}

async function printKill(): Promise<void> {
  const { wholeSeconds } = await coldTransfer();
  const killed = await onStack(
    SIZES,
    async (stack) => {
      const begin = performance.now();
      const id = await startMigration(stack);
      const approved = approveAll(stack, id);
      await Promise.race([stack.broken, killBusyWorker(stack, id, SIZES.contracts * KILLED_AT)]);
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
  for (const contracts of [FEW_CONTRACTS, MANY_SIZES.contracts]) {
    await onStack({ contracts, parties: SIZES.parties }, async (stack) => {
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
  for (const parties of [SIZES.parties, 1_000]) {
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
  const contracts = Math.max(SIZES.contracts, parties * CONTRACTS_OF_EACH);
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
async function printLive(sizes = SIZES): Promise<void> {
  const baseline = await coldTransfer(sizes);
  const [hookPort = 0] = await freePorts(1);
  await onStack(
    sizes,
    async (stack) => {
      const id = await startMigration(stack);
      // Only for the quiet source: no clients are there to be moved.
      const moved = JSON.stringify({ switched: true, migration: id });
      const hook = createServer((_request, response) => response.end(moved));
      hook.listen(hookPort, '127.0.0.1');
      await Promise.race([stack.broken, approveAll(stack, id)]).finally(() => hook.close());
      const { liveSeconds, liveWaitSeconds, copySeconds } = await readTimeline(stack, id);
      print(
        `live route, ${sizes.contracts} contracts, activation to gate switch: ${seconds(liveSeconds)}`,
      );
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
    { contracts: LOAD_CONTRACTS, parties: SIZES.parties },
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

async function printPauseCopy(): Promise<void> {
  const its = await onStack(
    SIZES,
    (stack) => measurePause(stack, SIZES.contracts * PAUSED_AT),
    REAL_COST,
  );
  print(
    `pause in the copy of ${SIZES.contracts} contracts, until none goes over: ${seconds(its.seconds)}`,
  );
  print(`  contracts sent twice: ${its.sentTwice}`);
}

/** Of real participants; what was imported is withdrawn, also after Ctrl-C. */
async function printReal(): Promise<void> {
  const { config, source, target, withdraw } = values;
  if (config === undefined || source === undefined || target === undefined)
    throw new Error('real: expected --config <file of a worker> --source <name> --target <name>');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  const { 'source-synchronizer': sourceSynchronizer, 'target-synchronizer': targetSynchronizer } =
    values;
  const settings = { config, source, target, sourceSynchronizer, targetSynchronizer, withdraw };
  await measureReal(settings, { signal: stop.signal, tell: print });
}
