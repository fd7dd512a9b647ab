import assert from 'node:assert/strict';
import test from 'node:test';

import type { StepStatus } from '../../model/steering.js';
import { stepLines } from '../../model/steps.js';

const step = (name: string, state: StepStatus['state'], its: Partial<StepStatus> = {}): StepStatus => ({
  name,
  phase: 'cut-over',
  serving: 'source',
  state,
  ...its,
});

const STEPS = [
  step('copy-contracts', 'done'),
  step('park-source', 'running', { serving: 'nobody' }),
  step('connect-target', 'waiting', { serving: 'target', isPointOfNoReturn: true }),
];

test('steps: the one under way is told with who serves after it, and whether the next one can be taken back', () => {
  assert.deepEqual(stepLines({ state: 'running', steps: STEPS }), [
    'At step 2 of 3, park-source, after which nobody serves the parties; then connect-target, the point of no return',
  ]);
});

test('steps: at a gate the last one that is done is told as such, with who serves now', () => {
  const [first, ...rest] = STEPS.map((its) => ({ ...its, state: 'waiting' as const }));
  const steps = [{ ...first!, state: 'done' as const }, ...rest];
  assert.deepEqual(stepLines({ state: 'waiting-for-approval', steps }), [
    'Done up to step 1 of 3, copy-contracts: the source serves the parties; then park-source',
  ]);
});

test('steps: before the first one, and while they are taken back, none is told', () => {
  const waiting = STEPS.map(({ name }) => step(name, 'waiting'));
  const undone = [step('copy-contracts', 'done'), step('park-source', 'undone')];

  assert.deepEqual(stepLines({ state: 'waiting-for-approval', steps: waiting }), []);
  assert.deepEqual(stepLines({ state: 'aborting', steps: STEPS }), []);
  assert.deepEqual(stepLines({ state: 'stopped', steps: undone, retryAt: '2026-01-01T00:00:00Z' }), []);
});
