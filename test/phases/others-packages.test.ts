import assert from 'node:assert/strict';
import test from 'node:test';

import type { PlannedDar } from '../../model/plan.js';
import type { ParticipantView } from '../../sandbox/index.js';
import * as cutOver from '../../workflows/phases/live/cut-over.js';
import { hostOf } from '../../workflows/phases/live/live-input.js';
import { bringLate, remains } from '../../workflows/phases/migrate-dars.js';
import { eventually } from '../support/driving.js';
import { createContractOn } from '../support/ledger-changes.js';
import { bringPackage, unvet } from '../support/package-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import {
  type Migrating,
  applyPhase,
  applyStep,
  startLiveSteps,
  startSteps,
  undoPhase,
  liveOf,
  livePlanOf,
  liveRunOf,
  stepsIn,
} from '../support/route-steps.js';

const PHASE = 'migrate-dars';
const BEFORE = { upTo: 'recreate-parties' } as const;

const hasDar = (view: ParticipantView, { mainPackageId }: Pick<PlannedDar, 'mainPackageId'>) =>
  view.ledger.packages.dar(mainPackageId) !== undefined;

function darOf({ planned }: Migrating, name: string): PlannedDar {
  const found = planned.plan.dars.find((dar) => dar.name === name);
  assert.ok(found, `the plan has no DAR ${name}`);
  return found;
}

/** As another operator would in the console of the target. */
async function vetOnTarget({ planned, participants }: Migrating, packageIds: string[]): Promise<void> {
  const { uid, synchronizer } = planned.plan.target;
  const { topology } = participants.get('target')!;
  const store = { synchronizerId: synchronizer.logicalId };
  const now = (await topology.findVettedPackages(store, uid))!;
  const others = now.packages.filter(({ packageId }) => !packageIds.includes(packageId));
  const packages = [...others, ...packageIds.map((packageId) => ({ packageId }))];
  await topology.proposeVettedPackages(store, { participantUid: uid, packages, serial: now.serial + 1 });
  const isVetted = async () => {
    const { packages: vetted } = (await topology.findVettedPackages(store, uid))!;
    return packageIds.every((id) => vetted.some(({ packageId }) => packageId === id));
  };
  await eventually('the vetting', async () => ((await isVetted()) ? true : undefined));
}

const contentsOf = async ({ participants }: Migrating, { mainPackageId }: PlannedDar) =>
  (await participants.get('target')!.packages.listContents(mainPackageId)).map(
    ({ packageId }) => packageId,
  );

test('migrate-dars: a DAR that others brought to the target and vetted after the plan stays theirs', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { participants, sandbox } = migrating;
  const { target } = sandbox.participants;
  const dar = darOf(migrating, 'lab-other');
  const bytes = await participants.get('source')!.packages.readDar(dar.mainPackageId);
  await participants.get('target')!.packages.uploadDar(dar, bytes);
  const known = new Set(await contentsOf(migrating, dar));
  const { add } = migrating.planned.plan.vetting;
  const ids = add.map(({ packageId }) => packageId).filter((id) => known.has(id));
  assert.ok(ids.includes(dar.mainPackageId));
  await vetOnTarget(migrating, ids);
  const before = (await snapshotOf(migrating)).target;

  await applyPhase(migrating, PHASE);
  const changed = await undoPhase(migrating, PHASE);

  assert.deepEqual((await snapshotOf(migrating)).target, before);
  assert.ok(hasDar(target, dar));
  assert.ok(ids.every((id) => target.vetted('da').includes(id)));
  assert.ok(
    changed.includes('DAR lab-other 1.0.0 left: others uploaded it to target'),
    changed.join('\n'),
  );
});

test('migrate-dars: an uploaded DAR that others vet on the target stays with what it depends on, and the undo ends', async (t) => {
  const migrating = await startSteps(t, { upTo: PHASE });
  const { target } = migrating.sandbox.participants;
  const dar = darOf(migrating, 'lab-extra');
  const contents = await contentsOf(migrating, dar);
  assert.ok(!target.vetted('da').includes(dar.mainPackageId), 'the source has only uploaded it');
  await vetOnTarget(migrating, contents);

  await undoPhase(migrating, PHASE);

  assert.ok(hasDar(target, dar));
  for (const id of contents) assert.ok(target.vetted('da').includes(id));
  assert.ok(!hasDar(target, darOf(migrating, 'lab-other')));
  const stays = remains(migrating.planned.plan, migrating.record);
  assert.match(stays.map(({ why }) => why).join('\n'), /lab-extra 1\.0\.0 could not be used there/);
});

// It came to be used between the look and the call.
test('migrate-dars: an undo ends although the target refuses to remove a DAR', async (t) => {
  const migrating = await startSteps(t, { upTo: PHASE });
  const { act, sandbox } = migrating;
  const { target } = sandbox.participants;
  const removing: typeof act = {
    ...act,
    removeDar: async (input) => {
      if (input.dar.name === 'lab-other')
        createContractOn(target, { parties: [target.uid], packageName: 'lab-other' });
      return act.removeDar(input);
    },
  };

  const changed = await undoPhase({ ...migrating, act: removing }, PHASE);

  assert.match(changed.join('\n'), /DAR lab-other 1\.0\.0 left: .*in-use by contract/);
  assert.ok(hasDar(target, darOf(migrating, 'lab-other')));
});

test('migrate-dars: live, a package that the source vetted after the plan and unvets again is unvetted on the target', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'isolate-target' });
  const { act, planned, record, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const { packageIds } = await bringPackage(source, 'lab-late');
  const host = hostOf(livePlanOf(planned), liveOf(migrating.migration));
  const bring = () => bringLate(planned.plan, act, record, host);
  const isVetted = () => packageIds.every((id) => target.vetted('acme').includes(id));
  await bring();
  assert.ok(isVetted());

  await unvet(source, packageIds);
  await bring();
  assert.ok(packageIds.every((id) => !target.vetted('acme').includes(id)));

  await bringPackage(source, 'lab-late');
  await bring();
  assert.ok(isVetted());
});

test('migrate-dars: live, each step tells what it brought, vetted and unvetted of packages that changed after the plan', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'isolate-target' });
  const { source, target } = migrating.sandbox.participants;
  const { packageIds } = await bringPackage(source, 'lab-late');

  const isolated = await applyStep(migrating, 'isolate-target');

  assert.deepEqual(isolated, [
    'DAR lab-late 1.0.0 uploaded, which was added on source after the plan',
    '2 packages vetted',
  ]);
  const names = stepsIn(migrating).map(({ name }) => name);
  for (const name of names.slice(names.indexOf('activate-target'), names.indexOf('move-clients')))
    await applyStep(migrating, name);
  await unvet(source, packageIds);
  await cutOver.watchSwitch(liveRunOf(migrating));
  assert.ok(packageIds.every((id) => !target.vetted('acme').includes(id)));
  // It was done while the gate was open, and is told by the step behind it.
  assert.deepEqual(await applyStep(migrating, 'move-clients'), [
    '2 packages unvetted, as on source since the plan',
  ]);
});
