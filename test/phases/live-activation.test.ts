import assert from 'node:assert/strict';
import test from 'node:test';

import { createActivities } from '../../activities/index.js';
import type { Participant } from '../../model/participant-access.js';
import type { PartyMapping } from '../../model/participant.js';
import { proposalsOf } from '../../workflows/phases/live/live-input.js';
import { pretended } from '../support/pretending.js';
import { quickly } from '../support/quick-attempts.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { applyStep, liveOf, livePlanOf, startLiveSteps } from '../support/route-steps.js';

// The answer to the first attempt was lost: its parties become hosts between two reads of the second.
test('live activation: a proposal that takes effect meanwhile is not missing', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'compare-nodes' });
  const { nodes, participants, planned, migration, sandbox } = migrating;
  const source = participants.get('source')!;
  let reads = 0;
  const { uid } = sandbox.participants.target;
  const before = ({ hosts, serial, ...mapping }: PartyMapping): PartyMapping => ({
    ...mapping,
    hosts: hosts.filter(({ participantUid }) => participantUid !== uid),
    serial: serial - 1,
  });
  const topology = Object.assign(Object.create(source.topology) as Participant['topology'], {
    listPartyMappings: async (...asked: Parameters<typeof source.topology.listPartyMappings>) => {
      const now = await source.topology.listPartyMappings(...asked);
      return reads++ === 0 ? now.map(before) : now;
    },
  });
  const early = new Map([...nodes, ['source', pretended(nodes.get('source')!, { topology })]]);
  const act = quickly(createActivities({ participants: early, spool: { folder: '', key: SPOOL_KEY } }));

  await act.activateParties({
    ...proposalsOf(livePlanOf(planned)),
    beginExclusive: liveOf(migration).targetOffset!,
  });

  assert.ok(reads > 1);
  await applyStep(migrating, 'compare-nodes');
});
