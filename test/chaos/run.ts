/**
 * Migrates again and again, each time with one fault at one seeded moment, on protocol versions 35 and 34 in turn (34 for
 * even seeds), and prints a table:
 * `npm run chaos -- [--runs 100] [--seed 1] [--parallel 2] [--route live]`. One run alone: `--runs 1 --seed <its seed>`.
 * Exit code 1 if a run did not end as it has to.
 */
import { parseArgs } from 'node:util';

import { versionOfTurn } from '../support/protocol-version.js';
import { runOnce, type Outcome } from './one-run.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '2' },
    route: { type: 'string', default: 'new-synchronizer' },
  },
});

const seeds = Array.from({ length: Number(values.runs) }, (_, at) => Number(values.seed) + at);
const outcomes: Outcome[] = [];
print(row('seed', 'version', 'copy', 'fault', 'struck at', 'recovery', 'resent', 'took', 'outcome'));
await Promise.all(Array.from({ length: Number(values.parallel) }, lane));
const failed = outcomes.filter(({ wrong }) => wrong.length > 0);
print(`${outcomes.length} runs, ${failed.length} not as they have to be`);
process.exit(failed.length > 0 ? 1 : 0);

async function lane(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const outcome = await runOnce(seed, values.route === 'live' ? 'live' : 'new-synchronizer').catch(
      (error: Error) => broken(seed, error),
    );
    outcomes.push(outcome);
    const { copy, fault, stage, recoverySeconds, resent, seconds, stops, wrong } = outcome;
    const end = wrong.length > 0 ? `WRONG: ${wrong.join('; ')}` : 'verified';
    const stopped = stops.length > 0 ? ` after ${stops.join(', ')}` : '';
    const recovery = Number.isNaN(recoverySeconds) ? '-' : `${recoverySeconds.toFixed(1)} s`;
    print(
      row(
        `${seed}`,
        `${versionOfTurn(seed)}`,
        copy,
        fault,
        stage,
        recovery,
        `${resent}`,
        `${seconds.toFixed(0)} s`,
        end + stopped,
      ),
    );
  }
}

function broken(seed: number, error: Error): Outcome {
  return {
    seed,
    copy: 'cold',
    fault: '',
    stage: '',
    recoverySeconds: NaN,
    resent: 0,
    stops: [],
    seconds: 0,
    wrong: [`the run itself broke: ${error.message}`],
  };
}

function row(...cells: string[]): string {
  const widths = [6, 9, 6, 24, 50, 10, 8, 7, 0];
  return cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('');
}

function print(line: string): void {
  process.stdout.write(`${line.trimEnd()}\n`);
}
