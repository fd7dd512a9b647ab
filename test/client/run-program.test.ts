import assert from 'node:assert/strict';
import test from 'node:test';

import { nodeFlags } from '../../client/run-program.js';

test('run-program: the heap of a worker is bounded, unless an operator sets it', () => {
  assert.deepEqual(nodeFlags('worker', ''), ['--max-semi-space-size=4', '--max-old-space-size=1024']);
  assert.deepEqual(nodeFlags('worker', '--max-old-space-size=4096'), ['--max-semi-space-size=4']);
  assert.deepEqual(nodeFlags('sandbox', ''), []);
});
