import assert from 'node:assert/strict';
import test from 'node:test';

import { startLiveSteps } from '../support/route-steps.js';
import { importPrefix, nodesOf } from '../../model/plan-parts.js';
import { partiesIn } from '../support/plan-parties.js';

test('abort: a target of the live route with imported contracts is not taken for cleared', async (t) => {
  const { planned, act, sandbox } = await startLiveSteps(t, { before: 'compare-nodes' });
  const { plan, hash } = planned;
  assert.ok(sandbox.participants.target.contracts().length > 0);

  const reading = act.readClearedTarget({
    ...nodesOf(plan),
    connections: [],
    parties: partiesIn(plan)
      .filter(({ treatment }) => treatment === 'move')
      .map(({ party }) => ({ party })),
    keptParties: [],
    workflowIdPrefix: importPrefix(hash),
  });

  await assert.rejects(reading, /target has 12 imported contracts/);
});
