import assert from 'node:assert/strict';
import test from 'node:test';

import { movedParties } from '../../model/plan.js';
import { signHostings } from '../support/hostings.js';
import { bringPackage } from '../support/package-changes.js';
import { itemsOf } from '../support/plan-parties.js';
import { quickly } from '../support/quick-attempts.js';
import {
  applyStep,
  applyUpTo,
  checkUndone,
  PROMPT_LIVE,
  startLiveSteps,
  type Migrating,
  undoAll,
} from '../support/route-steps.js';

const BACK_AFTER_MS = 50;
/** Less than anything waits in vain. */
const LIMIT_MS = 60_000;

/** The same migration, whose activities are tried again while a node comes back. */
function persistent(migrating: Migrating): Migrating {
  return { ...migrating, act: quickly(migrating.activities, { attempts: 6, limitMs: LIMIT_MS }) };
}

function vettedOnTarget({ participants, planned: { plan } }: Migrating) {
  const store = { synchronizerId: plan.target.synchronizer.logicalId };
  return participants.get('target')!.topology.findVettedPackages(store, plan.target.uid);
}

// With manual connect a restart leaves it disconnected: nothing that it signs is sent, and nothing it waits for comes.
for (const [at, method] of [
  ['after', 'UploadDar'],
  ['before', 'Authorize'],
  ['after', 'Authorize'],
] as const) {
  test(`live restarts: a target that is killed right ${at} ${method} is connected again and gets its vetting`, async (t) => {
    const migrating = persistent(await startLiveSteps(t, { before: 'upload-dars' }));
    const { sandbox, planned } = migrating;
    sandbox.faults.crash('target', { at, method, restartAfterMs: BACK_AFTER_MS });

    await applyStep(migrating, 'upload-dars');

    assert.deepEqual(sandbox.faults.pending(), []);
    const ids = (await vettedOnTarget(migrating))!.packages.map(({ packageId }) => packageId);
    assert.ok(planned.plan.vetting.add.length > 0);
    for (const { packageId } of planned.plan.vetting.add) assert.ok(ids.includes(packageId), packageId);
  });
}

// Also one that has been a host, and was proven and connected since.
for (const [at, before] of [
  ['before', 'isolate-target'],
  ['after', 'isolate-target'],
  ['before', 'connect-target'],
  ['before', 'move-clients'],
] as const) {
  test(`live restarts: aborted before ${before}, a target that is killed right ${at} it signs that it takes back its vetting is connected again`, async (t) => {
    const migrating = persistent(await startLiveSteps(t, { before }));
    const { sandbox } = migrating;
    sandbox.faults.crash('target', { at, method: 'Authorize', restartAfterMs: BACK_AFTER_MS });

    await undoAll(migrating);

    assert.deepEqual(sandbox.faults.pending(), []);
    await checkUndone(migrating);
  });
}

// Of a party whose keys the source does not have only the target can take itself off.
test('live restarts: a target that is killed while it takes itself off a party is connected again and goes on', async (t) => {
  const scenario = {
    ...PROMPT_LIVE,
    parties: { ...PROMPT_LIVE.parties, local: 1, external: 1, foreign: 0 },
    contracts: { count: 3, ofExternal: 1 },
  };
  const migrating = persistent(await startLiveSteps(t, { before: 'propose-parties', scenario }));
  const { sandbox, planned } = migrating;
  await signHostings(migrating);
  await applyUpTo(migrating, 'copy-contracts');
  sandbox.faults.crash('target', { at: 'before', method: 'Authorize', restartAfterMs: BACK_AFTER_MS });

  await undoAll(migrating);

  assert.deepEqual(sandbox.faults.pending(), []);
  const { source } = sandbox.participants;
  for (const party of itemsOf(movedParties(planned.plan)))
    assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
  await checkUndone(migrating);
});

// Where the source does not connect by itself, neither does the target that took its place.
test('live restarts: after the source was removed, a target on manual connect that was restarted is connected again for a package that came', async (t) => {
  const migrating = persistent(await startLiveSteps(t, { before: 'complete-local-state' }));
  const { participants, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const late = await bringPackage(source, 'late');
  await participants.get('target')!.synchronizers.setManualConnect('acme', true);
  await target.restart();
  assert.deepEqual(target.connected(), []);

  await applyStep(migrating, 'complete-local-state');

  const vetted = (await vettedOnTarget(migrating))!.packages.map(({ packageId }) => packageId);
  assert.ok(vetted.includes(late.packageId));
});
