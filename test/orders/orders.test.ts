import { suite, test } from 'node:test';

import { RARER } from '../support/boundaries.js';
import { travel } from './one-journey.js';

/** `npm run orders` runs a hundred schedules, and again without each guard. */
const SEEDS = [1, 6];
const MIXED_SEEDS = [3, 4, 7, 10];

suite('orders', { concurrency: 3 }, () => {
  for (const seed of SEEDS) {
    test(
      `orders: in the schedule of seed ${seed} no target is destroyed by our hand, and nothing is lost`,
      RARER,
      async (t) => {
        const { end, moves } = await travel(t, seed);
        t.diagnostic(`${moves.length} moves, ${end}`);
      },
    );
  }
  for (const seed of MIXED_SEEDS) {
    test(
      `orders: with parties of every kind, in the schedule of seed ${seed} no target is destroyed by our hand, and nothing is lost`,
      RARER,
      async (t) => {
        const { end, moves } = await travel(t, seed, { isMixed: true });
        t.diagnostic(`${moves.length} moves, ${end}`);
      },
    );
  }
});
