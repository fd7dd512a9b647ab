import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { MockActivityEnvironment } from '@temporalio/testing';

import { readCarried, writeCarried } from '../../../acs/carried-digest.js';
import { CarriedDigests } from '../../../activities/contracts/carried-digests.js';
import { copyKeyOf, placeOf, type ExportInput } from '../../../activities/contracts/spooling.js';
import type { Participants } from '../../../activities/nodes/participants.js';
import type { NodeRef } from '../../../model/participant.js';
import { SPOOL_KEY } from '../../support/spool-key.js';
import { importPrefix } from '../../../model/plan-parts.js';
import { exportInput } from '../../../workflows/phases/export-input.js';
import { copyAhead, isolateTarget } from '../../../workflows/phases/transfer-active-contracts.js';
import {
  alterContract,
  createContractOn,
  removeContract,
  stakeholdersOf,
} from '../../support/ledger-changes.js';
import {
  applyStep,
  compared,
  liveOf,
  partyOf,
  startLiveSteps,
  startSteps,
  stepsIn,
  type Migrating,
} from '../../support/route-steps.js';
import { eventually } from '../../support/driving.js';
import { create, createdIn, settle, submit } from '../../sandbox/live-support.js';
import { itemsOf } from '../../support/plan-parties.js';
import { movedParties } from '../../../model/plan.js';
import { RARER } from '../../support/boundaries.js';
import { callsOf, REQUEST, SMALL } from '../../support/stack.js';

const AFTER_TRANSFER = { upTo: 'transfer-active-contracts' } as const;
const BOTH = 'compare-while-both-serve';
const never = new AbortController().signal;
const WARM = { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' as const } };

type Compared = Awaited<ReturnType<typeof compared>>;

/** Compares, and says which exports that took. */
async function comparedBy(migrating: Migrating) {
  let verification: Compared | undefined;
  const calls = await callsOf(migrating, async () => {
    verification = await compared(migrating);
  });
  const exports = calls.filter(({ method }) => method === 'ExportAcs');
  return { ...verification!, exports: [...new Set(exports.map((its) => its.participant))].sort() };
}

/** Of the shortened request of an export, the first party. */
function partyIn(request: string): string {
  return /"party_ids":\["([^"]*)"/.exec(request)?.[1] ?? '';
}

/** A warm copy, after which the source created, archived, and did both to one contract. */
async function startWarm(t: TestContext): Promise<Migrating> {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state', request: WARM });
  const { planned, act, migration, sandbox } = migrating;
  const { source } = sandbox.participants;
  await copyAhead(planned, act, migration.transfer);
  const party = partyOf(migrating, 'Alice');
  for (const contractId of source.contracts().slice(0, 7)) removeContract(source, contractId);
  for (let at = 0; at < 5; at++) createContractOn(source, { parties: [party] });
  removeContract(source, createContractOn(source, { parties: [party] }));
  await applyStep(migrating, 'freeze-source');
  return migrating;
}

test('carried: a cold copy is not read twice, and the proof is that of exports', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  // So little was copied in one call, with no other to read it in.
  const { exports: first } = await comparedBy(migrating);
  assert.deepEqual(first, ['target']);

  const carried = await comparedBy(migrating);
  // A worker that has no spool reads everything.
  rmSync(migrating.spoolFolder, { recursive: true });
  const exported = await comparedBy(migrating);

  assert.deepEqual([carried.isEqual, carried.isCarried, carried.exports], [true, true, []]);
  assert.deepEqual(
    [exported.isEqual, exported.isCarried, exported.exports],
    [true, undefined, ['source', 'target']],
  );
  const proofIn = ({ parties, packages, contractCount, sourceOffset, targetLedgerEnd }: Compared) => ({
    ...{ parties, packages, contractCount, sourceOffset, targetLedgerEnd },
  });
  assert.deepEqual(proofIn(carried), proofIn(exported));
});

test('carried: after a warm copy only what changed is read, and the proof is that of exports', async (t) => {
  const migrating = await startWarm(t);
  await applyStep(migrating, 'copy-contracts');

  const carried = await comparedBy(migrating);
  rmSync(migrating.spoolFolder, { recursive: true });
  const exported = await comparedBy(migrating);

  assert.deepEqual([carried.isCarried, carried.exports], [true, []]);
  assert.equal(exported.isCarried, undefined);
  assert.deepEqual(carried.parties, exported.parties);
  assert.deepEqual(carried.packages, exported.packages);
});

for (const change of ['removed', 'added', 'altered'] as const) {
  test(`carried: a contract that was ${change} on the target is named`, async (t) => {
    const migrating = await startWarm(t);
    await applyStep(migrating, 'copy-contracts');
    const { target } = migrating.sandbox.participants;
    let [contractId = ''] = target.contracts();
    const parties = stakeholdersOf(target, contractId);
    if (change === 'removed') removeContract(target, contractId);
    if (change === 'altered') alterContract(target, contractId);
    if (change === 'added') contractId = createContractOn(target, { parties: parties.slice(0, 1) });

    const { isEqual, differences, isCarried, exports } = await comparedBy(migrating);

    assert.deepEqual([isEqual, isCarried, exports], [false, undefined, ['source', 'target']]);
    const kind = { removed: 'missing', added: 'extra', altered: 'different' } as const;
    assert.deepEqual(
      differences.map((its) => [its.contractId, its.kind]),
      [[contractId, kind[change]]],
    );
  });
}

test('carried: where a contract ends that nobody knows both nodes are exported', async (t) => {
  const migrating = await startWarm(t);
  await applyStep(migrating, 'copy-contracts');
  const { target } = migrating.sandbox.participants;
  // What it added stands in no index: only the source is indexed.
  removeContract(target, createContractOn(target, { parties: [partyOf(migrating, 'Alice')] }));

  const { isEqual, isCarried, exports } = await comparedBy(migrating);

  assert.deepEqual([isEqual, isCarried, exports], [true, undefined, ['source', 'target']]);
});

// A node that is restored and imported into again comes to the same ledger end.
test('carried: a node that has another update where the last one was read is exported', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  await compared(migrating);
  const { planned, record, spoolFolder } = migrating;
  const input = exportInput(planned, record.copyOffset!) as ExportInput;
  const place = placeOf({ folder: spoolFolder, key: SPOOL_KEY }, input);
  const carried = await readCarried(place, 'target', copyKeyOf(input));
  const last = { ...carried!.last!, updateId: '1220ab' };
  await writeCarried(place, 'target', { ...carried!, last });

  const { isEqual, isCarried, exports } = await comparedBy(migrating);

  assert.deepEqual([isEqual, isCarried, exports], [true, undefined, ['target']]);
});

// It went on from a backup, and is at the same offset again, with another contract than the one that was copied.
test('carried: what a source lost that was restored after the copy is found', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state', request: WARM });
  const { planned, act, migration, sandbox } = migrating;
  const { source } = sandbox.participants;
  const party = partyOf(migrating, 'Alice');
  const backup = source.backup();
  const lost = createContractOn(source, { parties: [party] });
  // Others use the source more than the parties that move.
  for (let at = 0; at < 1_500; at++) createContractOn(source, { parties: [] });
  await copyAhead(planned, act, migration.transfer);
  const copiedTo = source.ledger.ledger.end;
  await source.restore(backup);
  const { ledger } = migrating.participants.get('source')!;
  await eventually('the source answers', () => ledger.readLedgerEnd().catch(() => undefined));
  const created = createContractOn(source, { parties: [party] });
  while (source.ledger.ledger.end < copiedTo) createContractOn(source, { parties: [] });
  createContractOn(source, { parties: [party] });
  await applyStep(migrating, 'freeze-source');
  await applyStep(migrating, 'copy-contracts');

  const { isEqual, differences } = await comparedBy(migrating);

  assert.equal(isEqual, false);
  assert.deepEqual(
    new Map(differences.map(({ contractId, kind }) => [contractId, kind])),
    new Map([
      [lost, 'extra'],
      [created, 'missing'],
    ]),
  );
});

test('carried: after a whole comparison, as of a parked node, later ones read only what changed', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state', request: WARM });
  const { planned, act, record, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const party = partyOf(migrating, 'Alice');
  await isolateTarget(planned.plan, act, record);
  createContractOn(target, { parties: [party], workflowId: 'mig-0123456789abcdef-0-1' });
  record.copyOffset = String(source.ledger.ledger.end);
  record.caughtUpOffset = record.copyOffset;
  const { sent, purged } = await act.repairDifferences({
    ...exportInput(planned, record.copyOffset),
    alias: planned.plan.target.synchronizer.alias,
    workflowIdPrefix: importPrefix(planned.hash),
    copied: { offset: record.copyOffset },
  });
  assert.deepEqual([sent, purged], [source.contracts().length, 1]);
  removeContract(source, source.contracts()[0]!);
  createContractOn(source, { parties: [party] });
  await applyStep(migrating, 'freeze-source');
  await applyStep(migrating, 'copy-contracts').catch(() => undefined);

  const { isEqual, isCarried, exports } = await comparedBy(migrating);

  assert.deepEqual([isEqual, isCarried, exports], [true, true, []]);
});

// Comparing is reading: neither a folder that cannot be made nor a disk that gets full is in its way.
test('carried: where the disk takes nothing both are compared as ever, and nothing is kept', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { planned, record, spoolFolder, sandbox } = migrating;
  const input = exportInput(planned, record.copyOffset!) as ExportInput;
  const { folder } = placeOf({ folder: spoolFolder, key: SPOOL_KEY }, input);
  const full = (name: string) => {
    rmSync(spoolFolder, { recursive: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const side of ['source', 'target']) symlinkSync('/dev/full', join(folder, `${side}.${name}`));
  };
  const compareTwice = async () => {
    for (const { isEqual, isCarried, exports } of [
      await comparedBy(migrating),
      await comparedBy(migrating),
    ])
      assert.deepEqual([isEqual, isCarried, exports], [true, undefined, ['source', 'target']]);
  };

  full('index');
  await compareTwice();
  full('digest.unfinished');
  await compareTwice();
  rmSync(spoolFolder, { recursive: true });
  writeFileSync(spoolFolder, '');
  await compareTwice();
  const [gone = ''] = sandbox.participants.target.contracts();
  removeContract(sandbox.participants.target, gone);
  const { isEqual, differences } = await comparedBy(migrating);

  assert.equal(isEqual, false);
  assert.deepEqual(
    differences.map(({ contractId, kind }) => [contractId, kind]),
    [[gone, 'missing']],
  );
});

test('carried: where what was read cannot be kept any more both nodes are exported', async (t) => {
  const migrating = await startWarm(t);
  const { planned, record, spoolFolder } = migrating;
  const input = exportInput(planned, record.copyOffset!) as ExportInput;
  const { folder } = placeOf({ folder: spoolFolder, key: SPOOL_KEY }, input);
  for (const name of ['changes.index', 'source.digest', 'source.digest.unfinished']) {
    rmSync(join(folder, name), { force: true });
    if (name !== 'source.digest') symlinkSync('/dev/full', join(folder, name));
  }
  await applyStep(migrating, 'copy-contracts');

  const { isEqual, isCarried, exports } = await comparedBy(migrating);

  assert.deepEqual([isEqual, isCarried, exports], [true, undefined, ['source', 'target']]);
});

test('carried: on the live route both comparisons read only what changed', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'compare-nodes' });
  const { planned, sandbox, migration } = migrating;
  const { source, target } = sandbox.participants;
  const [party] = itemsOf(movedParties(planned.plan)) as [string];
  const names = stepsIn(migrating).map(({ name }) => name);
  const first = await callsOf(migrating, () => applyStep(migrating, 'compare-nodes'));
  const created = createdIn(await submit(source, party, create(party, party)));
  await submit(source, party, create(party, party));
  for (const name of names.slice(names.indexOf('connect-target'), names.indexOf(BOTH)))
    await applyStep(migrating, name);
  await submit(target, party, settle(created));

  const second = await callsOf(migrating, () => applyStep(migrating, BOTH));

  const exportsOf = (calls: typeof first) =>
    calls.flatMap(({ method, request }) => (method === 'ExportAcs' ? [partyIn(request)] : []));
  // What the target had before is not copied, and there is little of it: contracts with its own admin party.
  assert.deepEqual([exportsOf(first).length, exportsOf(second)], [1, [target.uid, target.uid]]);
  const { contractCount } = liveOf(migration).compared!;
  assert.equal(contractCount, planned.plan.contracts.total + 1);
});

test('carried: what was read before a worker was killed is not read again', RARER, async (t) => {
  const scenario = { ...SMALL, contracts: { count: 15_000 } };
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts', scenario });
  const { planned, record, participants, spoolFolder, sandbox } = migrating;
  const input = exportInput(planned, record.copyOffset!) as ExportInput;
  const find = { read: ({ name }: NodeRef) => participants.get(name)! } as unknown as Participants;
  // Each as of a worker of its own.
  const carry = (signal: AbortSignal, onProgress: (changed: number) => void) =>
    new CarriedDigests(find, { folder: spoolFolder, key: SPOOL_KEY }, input).carry(
      'target',
      String(sandbox.participants.target.ledger.ledger.end),
      { signal, onProgress },
    );
  const spool = placeOf({ folder: spoolFolder, key: SPOOL_KEY }, input);
  // The last calls were read while they were made.
  assert.ok(existsSync(join(spool.folder, 'target.digest')));
  const fresh = new CarriedDigests(find, { folder: spoolFolder, key: SPOOL_KEY }, input);
  await new MockActivityEnvironment().run(() => fresh.begin('target', '0', never));
  const killed = new AbortController();

  await assert.rejects(
    carry(killed.signal, (changed) => {
      if (changed > 11_000) killed.abort(new Error('killed'));
    }),
    /killed/,
  );
  let again = 0;
  const digest = await carry(never, (changed) => (again = changed));

  assert.ok(again > 0 && again <= 5_000, `${again} contracts were read again`);
  assert.equal(digest?.total.digest, record.exported?.total.digest);
});
