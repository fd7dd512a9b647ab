import assert from 'node:assert/strict';
import test from 'node:test';

import { hostOf } from '../../workflows/phases/live/live-input.js';
import { quickly } from '../support/quick-attempts.js';
import { liveOf, livePlanOf, startLiveSteps } from '../support/route-steps.js';

// A worker that is cut off from Temporal and not from the participants, and goes on with an earlier migration.
test('live: in the window, no step of a worker that was given up connects the target, changes who hosts or takes packages back', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'compare-nodes' });
  const { sandbox, planned, migration, activities } = migrating;
  const { source, target } = sandbox.participants;
  const host = hostOf(livePlanOf(planned));
  const { alias, synchronizerId, parties } = host;
  const hosts = parties.map((party) => source.hosts(party));
  const since = new Date().toISOString();
  const window = { targetUid: host.targetUid, beginExclusive: liveOf(migration).targetOffset! };
  const verifiedLedgerEnd = String(target.ledger.ledger.end);
  const late = quickly(activities, { areGivenUp: true });
  const remove = planned.plan.vetting.add.map(({ packageId }) => packageId);
  const uploaded = planned.plan.dars.find(({ action }) => action === 'upload');
  const connections = [{ alias, isConnected: true, isManualConnect: true }];

  for (const step of [
    () => late.ensureConnected(host),
    () => late.ensureJoined(host),
    () => late.connectTarget({ target: 'target', synchronizerId, connections }),
    () =>
      late.connectProvenTarget({
        ...{ source: 'source', target: 'target', synchronizerId, alias, connections, parties },
        proof: { sourceOffset: '1', targetLedgerEnd: verifiedLedgerEnd },
        isBegun: true,
      }),
    () => late.reconnectOnboarded({ ...host, window, verifiedLedgerEnd }),
    () => late.awaitCaughtUp(host),
    () => late.clearOnboardingFlags({ ...host, beginExclusive: window.beginExclusive }),
    () => late.awaitCommitments({ ...host, since, counterParticipants: [host.sourceUid] }),
    () => late.readSwitching({ ...host, sinceOffset: '1' }),
    () => late.removeSourceHosting({ ...host, signer: 'target' }),
    () => late.withdrawOnboarding({ ...host, signer: 'source' }),
    () => late.withdrawVetting({ ...host, remove }),
    () => late.removeDar({ target: 'target', dar: uploaded! }),
  ]) {
    await assert.rejects(step, /belongs to another attempt/, String(step));
    assert.deepEqual(target.connected(), [], String(step));
  }

  assert.deepEqual(
    parties.map((party) => source.hosts(party)),
    hosts,
  );
});
