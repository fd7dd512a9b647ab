import assert from 'node:assert/strict';
import test from 'node:test';

import type { ParticipantView } from '../../sandbox/index.js';
import { apply, remains, undo } from '../../workflows/phases/migrate-dars.js';
import { createContractOn, removeContract } from '../support/ledger-changes.js';
import { submit } from '../support/ledger-traffic.js';
import { settlementOf } from '../support/package-changes.js';
import { snapshotOf } from '../support/snapshot.js';
import { REQUEST, SMALL, callsOf } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { partyOf, startSteps } from '../support/route-steps.js';

const BEFORE = { upTo: 'recreate-parties' } as const;
const LAB_OTHER = { name: 'lab-other', packageIds: [] };

const darNames = (view: ParticipantView) =>
  view.ledger.packages
    .dars()
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('canton-builtin-'))
    .sort();

/** Names of the packages among `ofDars` that a node has vetted. */
const vettedNames = (view: ParticipantView, alias: string) => {
  const vetted = new Set(view.vetted(alias));
  return view.ledger.packages
    .packages()
    .filter(({ packageId, name }) => vetted.has(packageId) && name.startsWith('lab-'))
    .map(({ name }) => name)
    .sort();
};

test('migrate-dars: the target gets every DAR it lacks, byte for byte', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const { source, target } = sandbox.participants;

  const changed = await apply(planned.plan, act, record);

  assert.deepEqual(darNames(target), ['lab-extra', 'lab-iou', 'lab-other']);
  for (const { main } of source.ledger.packages.dars())
    assert.deepEqual(target.ledger.packages.bytes(main), source.ledger.packages.bytes(main));
  assert.equal(changed.length, 3);
});

test('migrate-dars: the vetting state is copied, a package that was only uploaded stays unvetted', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const { source, target } = sandbox.participants;

  await apply(planned.plan, act, record);

  assert.deepEqual(vettedNames(source, 'acme'), ['lab-extra-base', 'lab-iou', 'lab-other']);
  assert.deepEqual(target.vetted('da').sort(), source.vetted('acme').sort());
});

test('migrate-dars: what the target had vetted beside the source stays vetted', async (t) => {
  const dars = [{ name: 'lab-own', version: '1.0.0', isVetted: true }];
  const { sandbox, act, planned, record } = await startSteps(t, {
    ...BEFORE,
    scenario: { ...SMALL, target: { dars } },
  });
  const { target } = sandbox.participants;

  await apply(planned.plan, act, record);

  assert.deepEqual(vettedNames(target, 'da'), [
    'lab-extra-base',
    'lab-iou',
    'lab-other',
    'lab-own',
    'lab-own-base',
  ]);
});

test('migrate-dars: a repeat changes nothing', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-dars' });
  const { act, planned, record } = migrating;

  const calls = await callsOf(
    migrating,
    async () => assert.deepEqual(await apply(planned.plan, act, record), []),
    { isMutating: true },
  );

  assert.deepEqual(calls, []);
});

for (const method of ['UploadDar', 'Authorize', 'GetDar']) {
  test(`migrate-dars: a repeat after the lost reply of ${method} ends with the same DARs and vetting`, async (t) => {
    const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
    const { source, target } = sandbox.participants;
    sandbox.faults.dropReply(method);

    await assert.rejects(apply(planned.plan, act, record), failing('Unavailable', 'transient'));
    await apply(planned.plan, act, record);

    assert.deepEqual(darNames(target), ['lab-extra', 'lab-iou', 'lab-other']);
    assert.deepEqual(target.vetted('da').sort(), source.vetted('acme').sort());
  });
}

test('migrate-dars: undo takes away what was added and nothing else', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const before = await snapshotOf(migrating);

  await apply(planned.plan, act, record);
  await undo(planned.plan, act, record);

  assert.deepEqual(await snapshotOf(migrating), before);
  assert.deepEqual(darNames(sandbox.participants.target), ['lab-iou']);
});

test('migrate-dars: undo is repeated without a change, also after a lost reply', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-dars' });
  const { sandbox, act, planned, record } = migrating;
  sandbox.faults.dropReply('RemoveDar');

  await assert.rejects(undo(planned.plan, act, record), failing('Unavailable', 'transient'));
  await undo(planned.plan, act, record);
  const calls = await callsOf(migrating, () => undo(planned.plan, act, record), { isMutating: true });

  assert.deepEqual(calls, []);
  assert.deepEqual(darNames(sandbox.participants.target), ['lab-iou']);
});

test('migrate-dars: a second migration after an undo brings everything again', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, { upTo: 'migrate-dars' });
  const { source, target } = sandbox.participants;
  await undo(planned.plan, act, record);

  const { plan } = await act.readPlan(REQUEST);
  await apply(plan, act, record);

  assert.deepEqual(darNames(target), ['lab-extra', 'lab-iou', 'lab-other']);
  assert.deepEqual(target.vetted('da').sort(), source.vetted('acme').sort());
});

// Unvetted, the contract could not even be archived.
test('migrate-dars: undo leaves a DAR that contracts of the target use, vetted, and says what helps', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-dars' });
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  const before = new Set(target.vetted('da'));
  const alice = partyOf(migrating, 'Alice');
  const contractId = createContractOn(target, { parties: [alice], packageName: 'lab-other' });
  const { packageId } = target.ledger.packages.newest('lab-other')!;

  const changed = await undo(planned.plan, act, record);

  assert.deepEqual(darNames(target), ['lab-iou', 'lab-other']);
  assert.deepEqual(vettedNames(target, 'da'), ['lab-iou', 'lab-other']);
  assert.ok(before.has(packageId));
  assert.deepEqual(changed, ['1 package unvetted', 'DAR lab-extra 1.0.0 removed']);
  const [stays] = remains(planned.plan, record);
  assert.match(stays!.what, new RegExp(`^package lab-other 1\\.0\\.0 \\(${packageId}\\) on target`));
  assert.match(
    stays!.why,
    new RegExp(`1 contract of target uses it, such as ${contractId}\\. Archive them`),
  );
  await submit(target, alice, settlementOf({ ...LAB_OTHER, packageId }, contractId));
  assert.ok(!target.contracts().includes(contractId));
});

test('migrate-dars: once the contracts are gone, undo takes the rest back', async (t) => {
  const migrating = await startSteps(t, BEFORE);
  const { sandbox, act, planned, record } = migrating;
  const { target } = sandbox.participants;
  const before = await snapshotOf(migrating);
  await apply(planned.plan, act, record);
  const parties = [partyOf(migrating, 'Alice')];
  const contractId = createContractOn(target, { parties, packageName: 'lab-other' });
  await undo(planned.plan, act, record);
  removeContract(target, contractId);

  await undo(planned.plan, act, record);

  assert.deepEqual((await snapshotOf(migrating)).target, before.target);
  assert.deepEqual(
    remains(planned.plan, record).filter(({ what }) => what.includes('lab-other')),
    [],
  );
});

test('migrate-dars: a DAR that is gone from the source is named by its refusal', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const dar = planned.plan.dars.find(({ name }) => name === 'lab-extra');
  assert.ok(dar);
  sandbox.participants.source.ledger.packages.remove(dar.mainPackageId);

  await assert.rejects(
    apply(planned.plan, act, record),
    failing('NotFound', 'refused', 'source', 'DAR_NOT_FOUND', dar.mainPackageId.slice(0, 10)),
  );
});

test('migrate-dars: packages that only a newer release of the source has are not vetted on the target', async (t) => {
  const { sandbox, act, planned, record } = await startSteps(t, BEFORE);
  const unknown = { packageId: 'cd'.repeat(32) };
  const { vetting } = planned.plan;
  const plan = { ...planned.plan, vetting: { ...vetting, add: [...vetting.add, unknown] } };

  await apply(plan, act, record);

  const { target } = sandbox.participants;
  assert.ok(!target.vetted('da').includes(unknown.packageId));
  assert.deepEqual(vettedNames(target, 'da'), ['lab-extra-base', 'lab-iou', 'lab-other']);
});
