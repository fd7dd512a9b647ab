import assert from 'node:assert/strict';
import test from 'node:test';

import { createActivities } from '../../activities/index.js';
import type { Participant } from '../../model/participant-access.js';
import type { PartyMapping } from '../../model/participant.js';
import { movedParties } from '../../model/plan.js';
import { proposalsOf } from '../../workflows/phases/live/live-input.js';
import { itemsOf } from '../support/plan-parties.js';
import { onVersion, PROTOCOL_VERSIONS } from '../support/protocol-version.js';
import { pretended } from '../support/pretending.js';
import { quickly } from '../support/quick-attempts.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import {
  applyStep,
  liveOf,
  livePlanOf,
  PROMPT_LIVE,
  startLiveSteps,
  undoAll,
} from '../support/route-steps.js';

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

// With version 35 a cleared flag shows as one more event of the same host, at an offset with other contracts.
for (const version of PROTOCOL_VERSIONS)
  test(`live activation: on version ${version} its offset is that of the first event, also once the flags are cleared`, async (t) => {
    const scenario = { ...PROMPT_LIVE, ...onVersion(version) };
    const migrating = await startLiveSteps(t, { before: 'remove-source', scenario });
    const { act, migration, participants, planned } = migrating;
    const plan = livePlanOf(planned);
    const { activation, sourceOffset } = liveOf(migration);
    const parties = itemsOf(movedParties(plan));
    const range = { parties, beginExclusive: sourceOffset!, endInclusive: '' };
    const { ledger } = participants.get('source')!;
    range.endInclusive = await ledger.readLedgerEnd();
    const kinds = new Set<string>();
    for await (const { kind } of ledger.scanPartyAuthorizations(range)) kinds.add(kind);
    assert.deepEqual([...kinds], version === 35 ? ['onboarding', 'added'] : ['added']);
    const input = { ...proposalsOf(plan), parties, beginExclusive: sourceOffset! };

    assert.deepEqual(await act.readActivations(input), activation);
    assert.deepEqual(await act.findActivations(input), { activation });
    await undoAll(migrating);
    const { groups } = (await act.findActivations(input)).activation!;
    assert.deepEqual(groups, activation!.groups, 'taken back, it was one all the same');
  });
