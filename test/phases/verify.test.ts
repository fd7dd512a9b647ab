import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import test, { type TestContext } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { ImportMode } from '../../model/participant.js';
import type { MigrationRequest } from '../../model/request.js';
import { SECRET_NOTE } from '../../sandbox/ledger/seed.js';
import { notEqual } from '../../workflows/phases/verify.js';
import { itemsOf } from '../support/plan-parties.js';
import {
  alterContract,
  createContractOn,
  removeContract,
  stakeholdersOf,
  swapContracts,
} from '../support/ledger-changes.js';
import { RARER } from '../support/boundaries.js';
import { pretended } from '../support/pretending.js';
import { callsOf, REQUEST, SMALL } from '../support/stack.js';
import {
  type Migrating,
  applyPhase,
  applyStep,
  compared,
  importModes,
  partyOf,
  startSteps,
} from '../support/route-steps.js';
import { failing } from '../support/failing.js';

const AFTER_TRANSFER = { upTo: 'transfer-active-contracts' } as const;
const AFTER_CUT_OVER = { upTo: 'cut-over' } as const;

const inMode = (importMode: ImportMode): MigrationRequest => ({
  ...REQUEST,
  options: { ...REQUEST.options, importMode },
});

/** Both nodes after every contract was imported in one mode, as the calls of the target show. */
async function transferred(t: TestContext, importMode: ImportMode): Promise<Migrating> {
  const migrating = await startSteps(t, { ...AFTER_TRANSFER, request: inMode(importMode) });
  assert.deepEqual(importModes(migrating), [importMode.toUpperCase()]);
  return migrating;
}

/** A snapshot in which the note of every contract is another one of the same length. */
async function* withOtherNote(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const text = gunzipSync(await buffer(chunks)).toString('latin1');
  assert.ok(text.includes(SECRET_NOTE));
  yield gzipSync(Buffer.from(text.replaceAll(SECRET_NOTE, SECRET_NOTE.toUpperCase()), 'latin1'));
}

test('verify: equal nodes are equal, party by party, by count and digest', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);

  const verification = await compared(migrating);

  assert.deepEqual(
    [verification.isEqual, verification.contractCount, verification.differenceCount],
    [true, 60, 0],
  );
  const parties = itemsOf(verification.parties);
  assert.equal(parties.length, 8);
  for (const { source, target, isEqual } of parties) {
    assert.deepEqual(target, source);
    assert.ok(isEqual && source.contractCount > 0 && /^[0-9a-f]{64}$/.test(source.digest));
  }
});

test('verify: comparing changes nothing', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);

  const calls = await callsOf(migrating, () => compared(migrating), { isMutating: true });

  assert.deepEqual(calls, []);
});

for (const importMode of ['accept', 'validation'] as const) {
  // What the comparison finds is what it found before there was a choice.
  const often = importMode === 'accept' ? {} : RARER;

  test(
    `verify: after imports in mode ${importMode} a contract that is missing on the target is named with its parties`,
    often,
    async (t) => {
      const migrating = await transferred(t, importMode);
      const { target } = migrating.sandbox.participants;
      const [contractId = ''] = target.contracts();
      const parties = stakeholdersOf(target, contractId);
      const { repair } = migrating.participants.get('target')!;
      await repair.purgeContracts('da', [contractId]);

      const verification = await compared(migrating);

      assert.equal(verification.isEqual, false);
      assert.deepEqual(verification.differences, [{ contractId, parties, kind: 'missing' }]);
      const { unequalParties, unequalPartyCount } = verification;
      assert.equal(unequalPartyCount, parties.length);
      assert.deepEqual(
        unequalParties.map(({ party }) => party),
        parties,
      );
      assert.deepEqual(itemsOf(verification.parties).slice(0, parties.length), unequalParties);
    },
  );

  test(
    `verify: after imports in mode ${importMode} a contract of another content is different, with the same count`,
    often,
    async (t) => {
      const migrating = await transferred(t, importMode);
      const { target } = migrating.sandbox.participants;
      const [contractId = ''] = target.contracts();
      alterContract(target, contractId);

      const { differences, parties } = await compared(migrating);

      assert.deepEqual(differences, [
        { contractId, parties: stakeholdersOf(target, contractId), kind: 'different' },
      ]);
      assert.ok(
        itemsOf(parties).every(({ source, target: its }) => source.contractCount === its.contractCount),
      );
    },
  );

  test(
    `verify: after imports in mode ${importMode} a contract that only the target has is extra`,
    often,
    async (t) => {
      const migrating = await transferred(t, importMode);
      const alice = partyOf(migrating, 'Alice');
      const contractId = createContractOn(migrating.sandbox.participants.target, { parties: [alice] });

      const { differences, differenceCount } = await compared(migrating);

      assert.equal(differenceCount, 1);
      assert.deepEqual(differences, [{ contractId, parties: [alice], kind: 'extra' }]);
    },
  );

  test(
    `verify: after imports in mode ${importMode} two contracts that exchanged their content are both named`,
    often,
    async (t) => {
      const migrating = await transferred(t, importMode);
      const { target } = migrating.sandbox.participants;
      const two = target.contracts().slice(0, 2).sort();
      swapContracts(target, two[0]!, two[1]!);

      const { differences } = await compared(migrating);

      assert.deepEqual(
        differences.map(({ contractId, kind }) => [contractId, kind]).sort(),
        two.map((contractId) => [contractId, 'different']),
      );
    },
  );

  test(`verify: a contract that is altered on its way is refused in mode validation, named after mode ${importMode}`, async (t) => {
    const migrating = await startSteps(t, { upTo: 'migrate-local-state', request: inMode(importMode) });
    const { nodes, participants, sandbox } = migrating;
    const { repair } = participants.get('target')!;
    const importAcs = repair.importAcs.bind(repair);
    const altered = async ({ chunks, ...request }: Parameters<typeof importAcs>[0]) =>
      importAcs({ ...request, chunks: withOtherNote(chunks) });
    nodes.set('target', pretended(nodes.get('target')!, { repair: { importAcs: altered } }));

    const transfer = applyPhase(migrating, 'transfer-active-contracts');

    const { target } = sandbox.participants;
    if (importMode === 'validation') {
      await assert.rejects(transfer, failing('ContractRefused', 'refused', 'Failed to authenticate'));
      assert.deepEqual(target.contracts(), []);
      return;
    }
    await transfer;
    const { isEqual, differenceCount, differences } = await compared(migrating);
    assert.deepEqual([isEqual, differenceCount], [false, target.contracts().length]);
    assert.ok(differences.every(({ kind }) => kind === 'different'));
  });
}

test('verify: several differences are counted and the failure names the first', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { target } = migrating.sandbox.participants;
  for (const contractId of target.contracts().slice(0, 8)) removeContract(target, contractId);

  const verification = await compared(migrating);
  const failure = notEqual(verification);

  assert.equal(verification.differenceCount, 8);
  failing(
    'NotVerified',
    'mismatch',
    '8 contracts differ',
    verification.differences[0]!.contractId,
  )(failure);
});

test('verify: a worker without the export makes it again at the pinned offset', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { act, planned, record } = migrating;
  await act.removeExport({ planHash: planned.hash, offset: record.copyOffset! });

  const verification = await compared(migrating);

  assert.equal(verification.isEqual, true);
});

test('verify: a comparison whose export breaks is no comparison', async (t) => {
  const migrating = await startSteps(t, AFTER_TRANSFER);
  const { sandbox } = migrating;
  const breaking = { participant: 'target', afterBytes: 1 };
  // In one call, in two, in four, and one for each of the eight parties.
  for (let n = 0; n < 4; n++) sandbox.faults.breakStream('ExportAcs', breaking);

  await assert.rejects(compared(migrating), failing('Unavailable', 'transient', 'target', 'ExportAcs'));

  sandbox.faults.breakStream('ExportAcs', breaking);
  const whole = { method: 'ExportAcs', participant: 'target' };
  const calls = await callsOf(
    migrating,
    async () => {
      assert.equal((await compared(migrating)).isEqual, true);
    },
    whole,
  );
  assert.equal(calls.length, 3);
});

test('verify: after the cut-over the target hosts the parties and has their packages vetted', async (t) => {
  const migrating = await startSteps(t, AFTER_CUT_OVER);

  const [equal = '', serving = ''] = await applyStep(migrating, 'compare-after-cut-over');

  assert.match(equal, /^60 contracts equal/);
  assert.match(serving, /^8 parties local on target, 2 packages vetted/);
});

test('verify: a source that is connected again is named', async (t) => {
  const migrating = await startSteps(t, AFTER_CUT_OVER);
  const { sandbox } = migrating;
  await sandbox.participants.source.participant.node.connections.connect('acme');

  await assert.rejects(
    applyStep(migrating, 'compare-after-cut-over'),
    failing('StillConnected', 'mismatch', 'source', 'acme (connected)'),
  );
});

test('verify: a target that does not host a party or has not vetted a package is named with what it lacks', async (t) => {
  const scenario = { ...SMALL, contracts: { count: 0 } };
  const migrating = await startSteps(t, { ...AFTER_CUT_OVER, scenario });
  const { sandbox, act, planned } = migrating;
  const bob = partyOf(migrating, 'Bob');
  const nodes = {
    target: migrating.refs.target,
    synchronizerId: sandbox.synchronizers.target.info.logicalId,
  };
  await act.withdrawParties({ ...nodes, parties: [{ party: bob }] });
  const remove = planned.plan.vetting.add.map(({ packageId }) => packageId);
  await act.withdrawVetting({ ...nodes, remove });

  await assert.rejects(
    applyStep(migrating, 'compare-after-cut-over'),
    failing('TargetNotServing', 'mismatch', `hosting of ${bob}`, 'vetting of lab-', `(${remove[0]})`),
  );
});
