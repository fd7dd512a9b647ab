import assert from 'node:assert/strict';
import test, { suite } from 'node:test';

import { RARER } from '../support/boundaries.js';
import { runOnce } from './one-run.js';

/** Seeds whose faults and moments differ: `npm run chaos` runs a hundred. */
const SEEDS = [5];
const LIVE_SEEDS = [4];

suite('chaos', { concurrency: 2 }, () => {
  for (const seed of SEEDS) {
    test(
      `chaos: the migration of seed ${seed} ends verified in spite of its fault`,
      RARER,
      async (t) => {
        const { copy, fault, stage, wrong } = await runOnce(seed);
        t.diagnostic(`${copy}, ${fault} at ${stage}`);
        assert.deepEqual(wrong, []);
      },
    );
  }

  for (const seed of LIVE_SEEDS) {
    test(
      `chaos: the live migration of seed ${seed} ends verified, and its clients lose nothing`,
      RARER,
      async (t) => {
        const { fault, stage, wrong } = await runOnce(seed, 'live');
        t.diagnostic(`${fault} at ${stage}`);
        assert.deepEqual(wrong, []);
      },
    );
  }
});
