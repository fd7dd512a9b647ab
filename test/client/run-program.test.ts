import assert from 'node:assert/strict';
import test from 'node:test';

import { nodeEnvironment, nodeFlags } from '../../client/run-program.js';

test('run-program: the heap of a worker is bounded, unless an operator sets it', () => {
  assert.deepEqual(nodeFlags('worker', ''), [
    '--max-semi-space-size=1',
    '--heap-growing-percent=20',
    '--max-old-space-size=1024',
  ]);
  assert.deepEqual(nodeFlags('worker', '--max-semi-space-size=16 --max-old-space-size=4096'), [
    '--heap-growing-percent=20',
  ]);
  assert.deepEqual(nodeFlags('sandbox', ''), []);
});

test('run-program: a worker gives freed memory back, unless an operator sets how', () => {
  assert.deepEqual(nodeEnvironment('worker', { PATH: '/bin', MALLOC_ARENA_MAX: '8' }), {
    PATH: '/bin',
    MALLOC_ARENA_MAX: '8',
    MALLOC_MMAP_THRESHOLD_: '131072',
    MALLOC_TRIM_THRESHOLD_: '131072',
  });
  assert.deepEqual(nodeEnvironment('sandbox', { PATH: '/bin' }), { PATH: '/bin' });
});
