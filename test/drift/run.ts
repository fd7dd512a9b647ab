/**
 * The drift law: at every call boundary of every route, forward and in an abort, one change from outside happens.
 *
 * `npm run drift -- [--route live] [--direction forward|abort] [--step <step>] [--change <words>] [--sample 500] [--seed 1]
 * [--parallel 2] [--minutes 9] [--only <key>]`. Prints what was found, and exits with 1 if the law was broken.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { seeded } from '../support/random.js';
import { CHANGES, changeOf } from './changes.js';
import { travel, type Boundary, type Verdict } from './journey.js';
import { boundariesBack, boundariesForward, boundaryOf, keyOf, stepsOf } from './law.js';
import { ROUTES } from './procedure.js';

const { values } = parseArgs({
  options: {
    route: { type: 'string', default: '' },
    direction: { type: 'string', default: '' },
    step: { type: 'string', default: '' },
    change: { type: 'string', default: '' },
    sample: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '0' },
    only: { type: 'string', default: '' },
    worker: { type: 'boolean', default: false },
  },
});

/** Journeys of one process at once: they wait a good part of their time. */
const AT_ONCE = 3;

interface Outcome extends Verdict {
  readonly key: string;
}

await (values.worker ? work() : lead());

/** Takes keys from the input, one a line, and answers each with its outcome. */
async function work(): Promise<void> {
  for await (const key of createInterface({ input: process.stdin }))
    void outcomeOf(key).then((outcome) => print(JSON.stringify(outcome)));
}

async function outcomeOf(key: string): Promise<Outcome> {
  const { boundary, change: name } = boundaryOf(key);
  try {
    return { key, ...(await travel(boundary, changeOf(name))) };
  } catch (error) {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { key, end: 'not reached', failures: [], violations: [`the journey broke: ${said}`] };
  }
}

async function lead(): Promise<void> {
  const keys = values.only === '' ? sampled(await allKeys()) : [values.only];
  const outcomes = values.only === '' ? await shared(keys) : [await outcomeOf(values.only)];
  if (values.only !== '') print(JSON.stringify(outcomes[0], undefined, 2));
  for (const { key, violations } of outcomes)
    for (const violation of violations) print(`VIOLATION ${key}: ${violation}`);
  printTable(outcomes);
  process.exit(outcomes.some(({ violations }) => violations.length > 0) ? 1 : 0);
}

async function allKeys(): Promise<string[]> {
  const boundaries: Boundary[] = [];
  for (const route of ROUTES.filter((its) => values.route === '' || its === values.route)) {
    if (values.direction !== 'abort') boundaries.push(...(await boundariesForward(route)));
    if (values.direction === 'forward') continue;
    for (const step of await stepsOf(route)) {
      if (values.step !== '' && step !== values.step) continue;
      boundaries.push(...(await boundariesBack(route, step)));
    }
  }
  return boundaries
    .filter(({ step }) => values.step === '' || step === values.step)
    .flatMap((boundary) =>
      CHANGES.filter(({ name }) => name.includes(values.change))
        .filter(({ routes }) => routes === undefined || routes.includes(boundary.route))
        .map(({ name }) => keyOf(boundary, name)),
    );
}

/** As many as asked for, all if none are, in an order that the seed decides. */
function sampled(keys: readonly string[]): string[] {
  const random = seeded(Number(values.seed));
  const shuffled = keys
    .map((key) => ({ key, at: random(1_000_000_000) }))
    .sort((a, b) => a.at - b.at)
    .map(({ key }) => key);
  const count = Number(values.sample) || shuffled.length;
  print(`${keys.length} journeys, ${Math.min(count, keys.length)} of them now`);
  return shuffled.slice(0, count);
}

async function shared(keys: readonly string[]): Promise<Outcome[]> {
  const left = [...keys];
  const limit = Number(values.minutes) > 0 ? Date.now() + Number(values.minutes) * 60_000 : Infinity;
  const outcomes: Outcome[] = [];
  const lane = () =>
    new Promise<void>((resolve, reject) => {
      const file = fileURLToPath(import.meta.url);
      const child = spawn(process.execPath, ['--import', 'tsx', file, '--worker'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const next = () => {
        const key = Date.now() < limit ? left.shift() : undefined;
        if (key === undefined) child.stdin.end();
        else child.stdin.write(`${key}\n`);
      };
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (!line.startsWith('{')) return;
        const outcome = JSON.parse(line) as Outcome;
        outcomes.push(outcome);
        for (const violation of outcome.violations)
          process.stderr.write(`${outcome.key}: ${violation.slice(0, 300)}\n`);
        if (outcomes.length % 50 === 0) process.stderr.write(`${outcomes.length} of ${keys.length}\n`);
        next();
      });
      child.on('exit', () => resolve());
      child.on('error', reject);
      for (let n = 0; n < AT_ONCE; n++) next();
    });
  await Promise.all(Array.from({ length: Number(values.parallel) }, lane));
  return outcomes;
}

function printTable(outcomes: readonly Outcome[]): void {
  const rows = new Map<string, Record<string, number>>();
  for (const { key, end, violations } of outcomes) {
    const { change } = boundaryOf(key);
    const row = rows.get(change) ?? {};
    const verdict = violations.length > 0 ? 'VIOLATION' : end;
    rows.set(change, { ...row, [verdict]: (row[verdict] ?? 0) + 1 });
  }
  for (const [change, row] of [...rows].sort()) {
    const counts = Object.entries(row).map(([verdict, count]) => `${count} ${verdict}`);
    print(`${change.padEnd(52)} ${counts.sort().join(', ')}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
