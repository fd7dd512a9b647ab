import assert from 'node:assert/strict';
import test from 'node:test';

import { requestBack } from '../../client/back.js';
import { requestProblems } from '../../model/validation.js';
import { LIVE_PLAN, PLAN } from './samples.js';

test('back: what went live goes back live, to the old node or a fresh one, and nothing is copied otherwise', () => {
  const old = requestBack(LIVE_PLAN, {});
  const fresh = requestBack(LIVE_PLAN, { target: 'fresh' });

  assert.deepEqual(old, {
    source: 'new',
    target: 'old',
    sourceSynchronizer: 'old-sync::1220',
    targetSynchronizer: 'old-sync::1220',
    route: 'live',
    options: {},
  });
  assert.deepEqual(fresh, { ...old, target: 'fresh', rootKeyHolder: 'old' });
  for (const request of [old, fresh]) assert.deepEqual(requestProblems(request), []);
});

test('back: where a synchronizer is named for a fresh node, the plan chooses the route', () => {
  const { route, targetSynchronizer } = requestBack(LIVE_PLAN, {
    target: 'fresh',
    targetSynchronizer: 'another',
  });

  assert.deepEqual([route, targetSynchronizer], [undefined, 'another']);
});

test('back: from another synchronizer the old node gets what changed', () => {
  const { route, options } = requestBack(PLAN, {});

  assert.deepEqual([route, options], [undefined, { copy: 'changes' }]);
});
