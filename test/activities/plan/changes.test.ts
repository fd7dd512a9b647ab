import assert from 'node:assert/strict';
import test from 'node:test';

import { FoundContracts } from '../../../activities/contracts/active-contracts.js';
import { changeObstacles } from '../../../activities/plan/changes.js';
import type { WithParties } from '../../../model/plan.js';

const node = (name: string) => ({
  name,
  connections: [{ alias: 'acme', isConnected: false, isManualConnect: true }],
});
const nodes = { source: node('new'), target: node('old') };
const plan = { request: {}, parties: [], ...nodes } as unknown as WithParties;
const none = new FoundContracts();

test('plan-changes: a source that has none of the contracts is not the node that serves them', () => {
  const changes = { common: 0, missing: 7, extra: 3, kept: 0, keptWith: [], targetLedgerEnd: '9' };

  const found = changeObstacles(plan, { changes, gone: none });

  assert.deepEqual(
    found.map(({ type }) => type),
    ['NothingInCommon'],
  );
  assert.match(found[0]!.what, /new has none of the 3 contracts of old/);
});

test('plan-changes: contracts that came and went are no reason to stop', () => {
  const changes = {
    common: 1,
    missing: 7,
    extra: 3,
    kept: 2,
    keptWith: ['carol'],
    targetLedgerEnd: '9',
  };

  assert.deepEqual(changeObstacles(plan, { changes, gone: none }), []);
});
