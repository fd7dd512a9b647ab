import assert from 'node:assert/strict';
import test from 'node:test';

import type { ParticipantView } from '../../sandbox/index.js';
import { copyAhead } from '../../workflows/phases/transfer-active-contracts.js';
import { submit } from '../support/ledger-traffic.js';
import {
  bringPackage,
  creationOf,
  settlementOf,
  unvet,
  type BroughtPackage,
} from '../support/package-changes.js';
import { eventually } from '../support/driving.js';
import { snapshotOf } from '../support/snapshot.js';
import {
  type Migrating,
  applyPhase,
  partyOf,
  startSteps,
  undoPhase,
  importModes,
} from '../support/route-steps.js';
import { REQUEST, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';

const BEFORE = { upTo: 'migrate-local-state' } as const;
const WARM = { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' as const } };

const REST = ['transfer-active-contracts', 'cut-over', 'verify'] as const;

const hasDar = (view: ParticipantView, { packageId }: BroughtPackage) =>
  view.ledger.packages.dar(packageId) !== undefined;

/** A DAR comes to the source, and a contract of it. */
async function late(migrating: Migrating, name = 'lab-late') {
  const { source } = migrating.sandbox.participants;
  const brought = await bringPackage(source, name);
  const [alice, bob] = [partyOf(migrating, 'Alice'), partyOf(migrating, 'Bob')];
  const before = new Set(source.contracts());
  await submit(source, alice, creationOf(brought, alice, bob));
  const [contractId = ''] = source.contracts().filter((id) => !before.has(id));
  return { brought, alice, contractId };
}

/** The contract is on the target, and its payer can end it there. */
async function assertUsable(
  { sandbox }: Migrating,
  { brought, alice, contractId }: Awaited<ReturnType<typeof late>>,
): Promise<void> {
  const { target } = sandbox.participants;
  assert.ok(target.contracts().includes(contractId));
  await submit(target, alice, settlementOf(brought, contractId));
  assert.ok(!target.contracts().includes(contractId));
}

test('late packages: a DAR that came after the plan is uploaded while the target is disconnected, and vetted once it is connected', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { target } = migrating.sandbox.participants;
  const its = await late(migrating);

  const changed = await applyPhase(migrating, 'transfer-active-contracts');
  assert.deepEqual(target.connected(), []);
  assert.ok(hasDar(target, its.brought));
  assert.match(changed[0]!, /^DAR lab-late 1\.0\.0 uploaded, which was added on source after the plan$/);
  assert.equal(migrating.planned.plan.imports?.mode, 'accept');
  assert.match(changed[1]!, /after the plan: in mode VALIDATION, not ACCEPT as planned$/);
  assert.deepEqual(importModes(migrating), ['VALIDATION']);
  const connected = await applyPhase(migrating, 'cut-over');
  assert.ok(connected.includes('2 packages vetted'), connected.join('\n'));
  await applyPhase(migrating, 'verify');

  for (const id of its.brought.packageIds) assert.ok(target.vetted('da').includes(id));
  await assertUsable(migrating, its);
});

for (const when of ['before the copy', 'before the first catch-up', 'before the freeze'] as const) {
  test(`late packages: one that came ${when} of a warm copy is there before its contract`, async (t) => {
    const migrating = await startSteps(t, { ...BEFORE, request: WARM });
    const { act, planned, record } = migrating;
    let its: Awaited<ReturnType<typeof late>> | undefined;
    const comes = async (at: typeof when) => {
      if (when === at) its ??= await late(migrating);
    };
    await comes('before the copy');
    const watched: typeof act = {
      ...act,
      readLatePackages: async (input) => {
        if (record.exported) await comes('before the first catch-up');
        return act.readLatePackages(input);
      },
    };
    await copyAhead(planned, watched, record);
    await comes('before the freeze');

    for (const phase of REST) await applyPhase(migrating, phase);

    await assertUsable(migrating, its!);
  });
}

test('late packages: what was vetted on the source only after the plan is vetted, what was unvetted there is unvetted', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { source, target } = migrating.sandbox.participants;
  const other = source.ledger.packages.newest('lab-other')!.packageId;
  assert.ok(target.vetted('da').includes(other));
  const { packageIds } = await bringPackage(source, 'lab-late');
  await unvet(source, [other]);

  for (const phase of REST.slice(0, 2)) await applyPhase(migrating, phase);

  assert.ok(packageIds.every((id) => target.vetted('da').includes(id)));
  assert.deepEqual(target.vetted('da').sort(), source.vetted('acme').sort());
  const serving = await applyPhase(migrating, 'verify');
  assert.match(
    serving.join('\n'),
    /15 contracts of package lab-other \(\w+\), vetted on neither node: nobody could use them before either/,
  );
});

test('late packages: an abort takes back what came, and leaves no trace', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { target } = migrating.sandbox.participants;
  const before = await snapshotOf(migrating);
  const { packageId } = await bringPackage(migrating.sandbox.participants.source, 'lab-late');
  await applyPhase(migrating, 'transfer-active-contracts');
  assert.ok(hasDar(target, { name: 'lab-late', packageId, packageIds: [] }));

  for (const phase of ['transfer-active-contracts', 'migrate-dars'] as const)
    await undoPhase(migrating, phase);

  assert.ok(!hasDar(target, { name: 'lab-late', packageId, packageIds: [] }));
  await applyPhase(migrating, 'migrate-dars');
  assert.deepEqual((await snapshotOf(migrating)).target, before.target);
});

test('late packages: an interrupted upload is taken back too', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox } = migrating;
  const { brought } = await late(migrating);
  sandbox.faults.dropReply('UploadDar', { participant: 'target' });

  await assert.rejects(
    applyPhase(migrating, 'transfer-active-contracts'),
    failing('Unavailable', 'transient', 'UploadDar'),
  );
  assert.ok(hasDar(sandbox.participants.target, brought));
  await undoPhase(migrating, 'transfer-active-contracts');
  await undoPhase(migrating, 'migrate-dars');

  assert.ok(!hasDar(sandbox.participants.target, brought));
});

test('late packages: where nothing came, no DAR is read or uploaded', async (t) => {
  const migrating = await startSteps(t, BEFORE);

  const calls = await callsOf(migrating, () => applyPhase(migrating, 'transfer-active-contracts'));

  assert.deepEqual(
    calls.filter(({ method }) => ['UploadDar', 'GetDar'].includes(method)),
    [],
  );
});

// The source keeps the package of a contract, but no DAR of it: an operator has to find one.
test('late packages: a missing package is named with its contract; uploaded unvetted to the disconnected target, it is vetted after the connect', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { source, target } = migrating.sandbox.participants;
  const its = await late(migrating);
  const { packageId } = its.brought;
  source.ledger.packages.remove(packageId);

  await assert.rejects(
    applyPhase(migrating, 'transfer-active-contracts'),
    failing('ContractPackageMissing', 'refused', 'lab-late', packageId, its.contractId),
  );
  await bringPackage(target, 'lab-late', { isVetted: false });
  for (const phase of REST) await applyPhase(migrating, phase);

  await assertUsable(migrating, its);
});

test('verify: a package that contracts need is named if the target has not vetted it, though the plan did not vet it', async (t) => {
  const migrating = await startSteps(t, { upTo: 'cut-over' });
  const { target } = migrating.sandbox.participants;
  const iou = target.ledger.packages.newest('lab-iou')!.packageId;
  assert.ok(migrating.planned.plan.vetting.add.every((its) => its.packageId !== iou));
  await unvet(target, [iou]);

  await assert.rejects(
    applyPhase(migrating, 'verify'),
    failing('TargetNotServing', 'mismatch', `vetting of lab-iou 1.0.0 (${iou})`),
  );
});

test('late packages: a validity period that was changed on the source after the copy is followed', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { participants, planned } = migrating;
  const { uid, synchronizer } = planned.plan.source;
  const { topology } = participants.get('source')!;
  const store = { synchronizerId: synchronizer.logicalId };
  const other = migrating.sandbox.participants.source.ledger.packages.newest('lab-other')!.packageId;
  const validUntil = '2099-01-01T00:00:00.000000Z';
  const { packages, serial } = (await topology.findVettedPackages(store, uid))!;
  await topology.proposeVettedPackages(store, {
    participantUid: uid,
    packages: packages.map((its) => (its.packageId === other ? { ...its, validUntil } : its)),
    serial: serial + 1,
  });
  const vettedBy = async (name: 'source' | 'target') => {
    const node = planned.plan[name];
    const vetted = await participants
      .get(name)!
      .topology.findVettedPackages({ synchronizerId: node.synchronizer.logicalId }, node.uid);
    return vetted?.packages.find(({ packageId }) => packageId === other);
  };
  await eventually('the new period', async () =>
    (await vettedBy('source'))?.validUntil === undefined ? undefined : true,
  );

  await applyPhase(migrating, 'transfer-active-contracts');
  const changed = await applyPhase(migrating, 'cut-over');

  assert.deepEqual(await vettedBy('target'), await vettedBy('source'));
  assert.ok(
    changed.includes('1 package vetted with another validity period, as on source now'),
    changed.join('\n'),
  );
});
