import assert from 'node:assert/strict';
import test from 'node:test';

import { AwaitedReport } from '../../../activities/hosting/awaited.js';
import type { AwaitedSignatures } from '../../../model/live.js';

const missing = (parties: number): AwaitedSignatures => ({
  parties,
  named: [],
  namespaces: [],
  namespaceCount: 0,
});

test('awaited: what changes all the time is told at once, then ever more rarely, and what is known never', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 });
  const told: number[] = [];
  const report = new AwaitedReport(missing(9), async ({ parties }) => void told.push(parties));

  await report.update(missing(9));
  await report.update(missing(8));
  await report.update(missing(7));
  assert.deepEqual(told, [8]);
  for (let minute = 1; minute <= 7 * 24 * 60; minute++) {
    t.mock.timers.setTime(1_000_000 + minute * 60_000);
    await report.update(missing(10_000_000 - minute));
  }

  assert.ok(told.length < 60, `${told.length} times in a week`);
  assert.deepEqual(told.slice(1, 3), [10_000_000 - 1, 10_000_000 - 3]);
});
