import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Pauses } from '../../loadtest/pauses.js';

test('pauses: the longest is between two successes of one client, not of two', () => {
  const pauses = new Pauses();
  pauses.begin(0, 0);
  pauses.begin(1, 0);

  for (const at of [100, 200, 900]) pauses.succeed(0, at);
  for (const at of [50, 550]) pauses.succeed(1, at);

  assert.equal(pauses.read(900).longestMs, 700);
});

test('pauses: one that still lasts counts, and so does the last one of a client that ends', () => {
  const pauses = new Pauses();
  pauses.begin(0, 0);
  pauses.succeed(0, 100);

  assert.equal(pauses.read(2_100).longestMs, 2_000);
  pauses.end(0, 3_100);

  assert.equal(pauses.read(9_000).longestMs, 3_000);
});

test('pauses: a mark has those around it alone, and the time before all marks has its own', () => {
  const pauses = new Pauses();
  pauses.begin(0, 0);
  pauses.succeed(0, 300);
  for (let at = 400; at <= 20_000; at += 100) pauses.succeed(0, at);

  pauses.mark('switch', 20_000);
  pauses.succeed(0, 20_900);
  for (let at = 21_000; at <= 60_000; at += 100) pauses.succeed(0, at);
  pauses.succeed(0, 62_000);

  const { longestMs, beforeMarksMs, marks } = pauses.read(62_000);
  assert.equal(longestMs, 2_000);
  assert.equal(beforeMarksMs, 300);
  assert.deepEqual(marks, [{ name: 'switch', at: 20_000, longestMs: 900 }]);
});
