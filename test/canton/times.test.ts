import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fromRfc3339, toMicroseconds } from '../../canton/times.js';

test('times: a time has all digits of its microseconds, so that texts sort as times do', () => {
  const texts = ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.0001Z', '2026-01-02T03:04:05.01Z'];

  const times = texts.map((text) => toMicroseconds(fromRfc3339(text)));

  assert.deepEqual(times, [
    '2026-01-02T03:04:05.000000Z',
    '2026-01-02T03:04:05.000100Z',
    '2026-01-02T03:04:05.010000Z',
  ]);
  assert.deepEqual(times, [...times].sort());
});

// What a synchronizer started with. Source: admin-api 1.2.
test('times: the first microsecond of year 1 comes back as it was', () => {
  const first = '0001-01-01T00:00:00.000001Z';

  assert.equal(toMicroseconds(fromRfc3339(first)), first);
});
