import { measureBareTransfer, type BareTransfer } from './bare-transfer.js';
import { MANY_SIZES, REAL_COST, SIZES } from './costs.js';
import {
  approveAll,
  measureMigration,
  onStack,
  startMigration,
  type BenchStack,
  type Sizes,
} from './migrating.js';
import { print, ratio, seconds } from './printing.js';
import { readTimeline } from './timeline.js';

const LONG_CALL_SECONDS = 30;
const CHANGED = SIZES.contracts / 100;

interface ColdFigures {
  transferSeconds: number;
  compareSeconds: number;
  freezeSeconds: number;
  wholeSeconds: number;
}

/** Of one cold transfer of this run and of so many contracts, the baseline of the rows after it. */
const cold = new Map<number, Promise<ColdFigures>>();

/** The nodes cost what real ones do, so that the ratio means something. */
export async function printTransfer(): Promise<void> {
  const bare = await onStack(SIZES, measureBareTransfer, REAL_COST);
  print(`bare export ${seconds(bare.exportSeconds)}, bare import ${seconds(bare.importSeconds)}`);
  await printCold(bare);
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

async function printCold(bare: BareTransfer): Promise<void> {
  const { transferSeconds, freezeSeconds, compareSeconds } = await coldTransfer();
  const bareSeconds = bare.exportSeconds + bare.importSeconds;
  print(`  by one bare export and import: ${ratio(transferSeconds, bareSeconds)}`);
  print(
    `  from the freeze to the gate cut-over, with every comparison, by the same: ${ratio(freezeSeconds, bareSeconds)}`,
  );
  print(
    `  rate of the comparison by that of a bare export: ${ratio(bare.exportSeconds, compareSeconds)}`,
  );
}

/** Measured once in a run of the benchmark. */
export function coldTransfer(sizes = SIZES): Promise<ColdFigures> {
  const { contracts } = sizes;
  const measured = cold.get(contracts) ?? onStack(sizes, measureCold, REAL_COST);
  cold.set(contracts, measured);
  return measured;
}

async function measureCold(stack: BenchStack): Promise<ColdFigures> {
  const { report, seconds: wholeSeconds, workerCpuSeconds, id } = await measureMigration(stack);
  const { contractCount } = report.verification;
  const { copySeconds, compareSeconds, freezeSeconds } = await readTimeline(stack, id);
  print(
    `transfer of ${contractCount} contracts: ${seconds(copySeconds)}, out of service ${seconds(freezeSeconds)}`,
  );
  print(`  processor time of the whole worker: ${seconds(workerCpuSeconds)}`);
  return { transferSeconds: copySeconds, compareSeconds, freezeSeconds, wholeSeconds };
}

export async function printFreeze(): Promise<void> {
  const baseline = await coldTransfer();
  const freezeSeconds = await warmFreeze(SIZES);
  print(`  by the same cold: ${ratio(freezeSeconds, baseline.freezeSeconds)}`);
}

export async function printFreezeMillion(): Promise<void> {
  const few = await warmFreeze(SIZES);
  const many = await warmFreeze(MANY_SIZES);
  print(`  by the same with ${SIZES.contracts} contracts: ${ratio(many, few)}`);
}

/** Seconds out of service with a warm copy, of which as much has changed whatever the size. */
function warmFreeze(sizes: Sizes): Promise<number> {
  return onStack(
    sizes,
    async (stack) => {
      const id = await startMigration(stack, { copy: 'warm' });
      const approved = approveAll(stack, id, async (gate) => {
        if (gate === 'interrupt-service') await change(stack, CHANGED / 2);
      });
      await Promise.race([stack.broken, approved]);
      const { freezeSeconds, compareSeconds } = await readTimeline(stack, id);
      print(
        `out of service with a warm copy of ${sizes.contracts} contracts and ${CHANGED} changes since: ${seconds(freezeSeconds)}`,
      );
      print(`  of it the comparison ${seconds(compareSeconds)}`);
      return freezeSeconds;
    },
    REAL_COST,
  );
}

/** Creates and archives as many contracts on the source, which serves. */
async function change({ sandbox }: BenchStack, count: number): Promise<void> {
  const url = `http://${sandbox.control}/ledger/churn?participant=source&create=${count}&archive=${count}`;
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}
