import assert from 'node:assert/strict';
import test from 'node:test';

import { DEFAULT_QUIET_SECONDS, type MigrationOptions } from '../../model/request.js';
import { freezeSeconds, secondsToSwitch, warmFreezeSeconds } from '../../model/transfer-cost.js';

const SIZES = [0, 1, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

const sized = (total: number, options: MigrationOptions = {}) => ({
  request: { source: 'a', target: 'b', sourceSynchronizer: 'x', targetSynchronizer: 'y', options },
  contracts: { total },
});

test('transfer cost: without contracts the source is out of service for the quiet period and the steps', () => {
  const { cold, warm } = freezeSeconds(sized(0));

  assert.equal(cold, warm);
  assert.ok(cold > DEFAULT_QUIET_SECONDS && cold < DEFAULT_QUIET_SECONDS + 10, `${cold} s`);
});

test('transfer cost: the quiet period of the request counts, second by second', () => {
  const short = freezeSeconds(sized(0, { quietSeconds: 5 }));
  const long = freezeSeconds(sized(0, { quietSeconds: 105 }));

  assert.deepEqual([long.cold - short.cold, long.warm - short.warm], [100, 100]);
});

test('transfer cost: more contracts never take less time, cold or warm', () => {
  const costs = SIZES.map((total) => freezeSeconds(sized(total)));

  for (const [index, { cold, warm }] of costs.slice(1).entries()) {
    assert.ok(cold >= costs[index]!.cold, `cold, ${SIZES[index + 1]}`);
    assert.ok(warm >= costs[index]!.warm, `warm, ${SIZES[index + 1]}`);
  }
});

test('transfer cost: a warm copy shortens the freeze of a large contract set, by most of the import', () => {
  for (const total of SIZES.filter((size) => size >= 100_000)) {
    const { cold, warm } = freezeSeconds(sized(total));
    const base = freezeSeconds(sized(0)).cold;

    assert.ok(warm < cold, `${total}: ${warm} s, ${cold} s`);
    assert.ok(warm - base < (cold - base) / 3, `${total}: ${warm} s, ${cold} s`);
  }
});

test('transfer cost: what changed since the last catch-up lengthens the freeze', () => {
  const plan = sized(1_000_000);
  const seconds = [0, 1_000, 100_000, 1_000_000].map((changed) => warmFreezeSeconds(plan, changed));

  assert.deepEqual(
    seconds,
    [...new Set(seconds)].sort((a, b) => a - b),
  );
  // However large the ledger is; but a node that was parked is read as a whole.
  assert.equal(seconds[0], warmFreezeSeconds(sized(0), 0));
  const parked = { ...plan, request: { ...plan.request, options: { copy: 'changes' as const } } };
  assert.ok(warmFreezeSeconds(parked, 0) > seconds[0] + 50);
});

test('transfer cost: estimates are whole seconds', () => {
  for (const total of SIZES) {
    const { cold, warm } = freezeSeconds(sized(total));
    assert.ok(Number.isInteger(cold) && Number.isInteger(warm), `${total}: ${cold}, ${warm}`);
  }
});

test('transfer cost: on the live route the switch takes no less with more contracts', () => {
  const seconds = SIZES.map((total) => secondsToSwitch(sized(total)));

  assert.deepEqual(
    seconds,
    seconds.toSorted((a, b) => a - b),
  );
  // The flags have their waiting time, and a period of commitments is compared, however little there is to move.
  assert.ok(seconds[0]! >= 120 && seconds[0]! < 300, `${seconds[0]} s`);
});
