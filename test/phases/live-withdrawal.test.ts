import assert from 'node:assert/strict';
import test from 'node:test';

import { createActivities } from '../../activities/index.js';
import type { Participant } from '../../activities/participant.js';
import { movedParties } from '../../model/plan.js';
import { hostOf } from '../../workflows/phases/live/live-input.js';
import { pretended } from '../support/pretending.js';
import { quickly } from '../support/quick-attempts.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { applyStep, liveOf, livePlanOf, startLiveSteps, undoAll } from '../support/route-steps.js';

// The target clears a flag whenever it likes: also between the read of a mapping and its replacement.
test('live withdrawal: a mapping that changed since it was read is read again, and the source alone hosts the parties', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'connect-target' });
  const { nodes, participants, planned, sandbox } = migrating;
  const source = participants.get('source')!;
  const { synchronizerId, target } = hostOf(livePlanOf(planned), liveOf(migrating.migration));
  const flagged = await source.topology.listPartyMappings(
    { synchronizerId },
    { participantUid: target.uid },
  );
  await applyStep(migrating, 'connect-target');
  const answers = [flagged, flagged];
  const topology = Object.assign(Object.create(source.topology) as Participant['topology'], {
    listPartyMappings: async (...asked: Parameters<typeof source.topology.listPartyMappings>) =>
      answers.shift() ?? source.topology.listPartyMappings(...asked),
  });
  const late = new Map([...nodes, ['source', pretended(nodes.get('source')!, { topology })]]);
  const act = quickly(createActivities({ participants: late, spool: { folder: '', key: SPOOL_KEY } }));

  const { withdrawn } = await act.withdrawOnboarding({
    ...hostOf(livePlanOf(planned), liveOf(migrating.migration)),
    signer: 'source',
  });

  assert.equal(withdrawn, 3);
  for (const party of movedParties(planned.plan))
    assert.deepEqual(sandbox.participants.source.hosts(party), [planned.plan.source.uid]);
});

// The connection failed, the operator took the target back to the backup of the gate, and aborts.
test('live withdrawal: a target that was restored before it was connected is proven equal again first', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const backup = target.backup();
  for (const step of ['activate-target', 'copy-contracts', 'compare-nodes'])
    await applyStep(migrating, step);
  const scope = { participant: 'target', code: 'FAILED_PRECONDITION' };
  sandbox.faults.failBefore('ReconnectSynchronizer', scope);
  await assert.rejects(applyStep(migrating, 'connect-target'), /on demand/);
  await target.restore(backup);
  source.ledger.churn(0, 4);

  await assert.rejects(undoAll(migrating), /it was compared at/);
  await undoAll(migrating);

  assert.deepEqual(target.damage(), []);
  assert.deepEqual(target.contracts(), []);
  assert.deepEqual(target.connected(), ['acme']);
});

// It connects to nothing by itself any more, and its vetting can only be taken back while it is connected.
test('live withdrawal: a target that restarted before it was disconnected for good is connected, and gives back what it got', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'isolate-target' });
  const { participants, planned, sandbox } = migrating;
  const { target } = sandbox.participants;
  const { synchronizerId } = hostOf(livePlanOf(planned), liveOf(migrating.migration));
  await target.restart();
  assert.deepEqual(target.connected(), []);

  await undoAll({ ...migrating, act: quickly(migrating.activities, { attempts: 5 }) });

  const { topology } = participants.get('target')!;
  const vetted = await topology.findVettedPackages({ synchronizerId }, target.uid);
  const ids = vetted!.packages.map(({ packageId }) => packageId);
  assert.ok(planned.plan.vetting.add.length > 0);
  for (const { packageId } of planned.plan.vetting.add) assert.ok(!ids.includes(packageId), packageId);
  assert.deepEqual(target.connected(), ['acme']);
});
