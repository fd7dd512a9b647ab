/**
 * Runs randomized schedules of the live route, and then again without each of the guards in turn, until one of
 * the ways shows what it is for: `npm run orders -- [--runs 100] [--seed 1] [--parallel 2] [--without none|<words of one>]`.
 * Exit code 1 if a way with all guards ends as it must not, or a guard is not missed.
 */
import { parseArgs } from 'node:util';

import { GUARDS, type Guard } from './guards.js';
import { travel, Violation, type Journey } from './one-journey.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    parallel: { type: 'string', default: '2' },
    without: { type: 'string', default: '' },
  },
});

const seeds = Array.from({ length: Number(values.runs) }, (_, at) => Number(values.seed) + at);
let isAsItMust = true;

const missed = GUARDS.filter(({ name }) => name.includes(values.without));
if (values.without === '' || missed.length === 0) await goAllWays();
for (const guard of missed) await miss(guard);
process.exit(isAsItMust ? 0 : 1);

async function goAllWays(): Promise<void> {
  const ends: Record<string, number> = {};
  let moves = 0;
  await inLanes(async (seed) => {
    const found = await goOnce(seed);
    const isSound = !(found instanceof Error);
    const end = isSound ? found.end : found.name;
    ends[end] = (ends[end] ?? 0) + 1;
    if (isSound) moves += found.moves.length;
    else {
      isAsItMust = false;
      print(`${found.name}: ${found.message}`);
    }
    return true;
  });
  const counted = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
  print(`${seeds.length} ways, ${moves} moves: ${counted.join(', ')}`);
}

/** Goes the same ways without the guard, until one shows what it was for. */
async function miss(guard: Guard): Promise<void> {
  let hit: string | undefined;
  await inLanes(async (seed) => {
    const found = await goOnce(seed, guard);
    if (found instanceof Violation) hit ??= `seed ${seed}: ${found.message.split('\n')[0]}`;
    return hit === undefined;
  });
  isAsItMust &&= hit !== undefined;
  print(`without "${guard.name}": ${hit ?? 'NOT MISSED'}`);
}

/** As many at once as asked for, as long as `work` says so. */
async function inLanes(work: (seed: number) => Promise<boolean>): Promise<void> {
  const left = [...seeds];
  const lane = async () => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift())
      if (!(await work(seed))) left.length = 0;
  };
  await Promise.all(Array.from({ length: Number(values.parallel) }, lane));
}

async function goOnce(seed: number, without?: Guard): Promise<Journey | Error> {
  const endings: (() => unknown)[] = [];
  try {
    return await travel({ after: (end: () => unknown) => void endings.push(end) }, seed, {
      without,
      isMixed: seed % 4 === 3,
    });
  } catch (error) {
    return error as Error;
  } finally {
    for (const end of endings) await end();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
