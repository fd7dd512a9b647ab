import assert from 'node:assert/strict';
import test from 'node:test';

import { createActivities } from '../../activities/index.js';
import type { Participant } from '../../activities/participant.js';
import { hostOf } from '../../workflows/phases/live/live-input.js';
import { pretended } from '../support/pretending.js';
import { quickly } from '../support/quick-attempts.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { applyStep, liveOf, livePlanOf, startLiveSteps } from '../support/route-steps.js';

// The answer to the first attempt was lost: its parties become hosts between two reads of the second.
test('live activation: a proposal that takes effect meanwhile is not missing', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'compare-nodes' });
  const { nodes, participants, planned, migration } = migrating;
  const source = participants.get('source')!;
  let reads = 0;
  const topology = Object.assign(Object.create(source.topology) as Participant['topology'], {
    listPartyMappings: async (...asked: Parameters<typeof source.topology.listPartyMappings>) =>
      reads++ === 0 ? [] : source.topology.listPartyMappings(...asked),
  });
  const early = new Map([...nodes, ['source', pretended(nodes.get('source')!, { topology })]]);
  const act = quickly(createActivities({ participants: early, spool: { folder: '', key: SPOOL_KEY } }));

  await act.activateParties({
    ...hostOf(livePlanOf(planned), liveOf(migration)),
    beginExclusive: liveOf(migration).targetOffset!,
  });

  assert.ok(reads > 1);
  await applyStep(migrating, 'compare-nodes');
});
