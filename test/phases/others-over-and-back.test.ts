import assert from 'node:assert/strict';
import test from 'node:test';

import { itemsOf } from '../support/plan-parties.js';
import { movedParties, namespaceOf } from '../../model/plan.js';
import { QUICK_TIMING, type ParticipantView } from '../../sandbox/index.js';
import { submitExternally } from '../sandbox/external-support.js';
import { signHostings } from '../support/hostings.js';
import {
  applyUpTo,
  begun,
  checkUndone,
  partyOf,
  startSteps,
  undoAll,
  unhurried,
  type Migrating,
} from '../support/route-steps.js';
import { quickly } from '../support/quick-attempts.js';
import { REQUEST } from '../support/stack.js';

const OTHERS = {
  timing: QUICK_TIMING,
  parties: {
    ...{ local: 2, multiHosted: 0, foreign: 0, decentralized: 1 },
    ...{ external: 2, externalKeys: 1, externalWithDelegation: 1 },
  },
  contracts: { count: 2, ofExternal: 2, ofDecentralized: 1 },
};
const BACK = { source: 'target', target: 'source', sourceSynchronizer: 'da', targetSynchronizer: 'acme' };

/** Has the external party give away one of its contracts, by its own key. */
async function transfer(migrating: Migrating, at: ParticipantView): Promise<void> {
  const { sandbox } = migrating;
  const [party, receiver] = ['external-0001', 'Alice'].map((name) => partyOf(migrating, name));
  const id = at === sandbox.participants.target ? 'target' : 'source';
  const { ledger } = migrating.participants.get(id)!;
  const offset = await ledger.readLedgerEnd();
  const ids: string[] = [];
  for await (const its of ledger.scanActiveContracts({ parties: [party!], offset }))
    if ('contractId' in its) ids.push(its.contractId);
  const argument = { record: { fields: [{ value: { party: receiver! } }] } };
  const template_id = { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' };
  const exercise = { template_id, contract_id: ids[0]!, choice: 'Transfer', choice_argument: argument };
  await submitExternally(
    {
      party: party!,
      keys: [namespaceOf(party!)],
      sign: (key, bytes) => sandbox.sign(key, bytes),
    },
    { exercise },
    { prepare: at.ledgerAddress, execute: at.ledgerAddress },
  );
  const end = await ledger.readLedgerEnd();
  let left = 0;
  for await (const its of ledger.scanActiveContracts({ parties: [party!], offset: end }))
    if ('contractId' in its) left += 1;
  assert.equal(left, ids.length - 1);
}

test('new-synchronizer: external parties and those of several owners go over, act by their own keys, and come back', async (t) => {
  const migrating = await startSteps(t, { scenario: OTHERS });
  const { sandbox, planned } = migrating;
  const { source, target } = sandbox.participants;
  await signHostings(migrating);

  await applyUpTo(migrating);

  await transfer(migrating, target);
  const parties = itemsOf(movedParties(planned.plan));
  const request = { ...REQUEST, ...BACK, parties, options: { copy: 'changes' as const, quietSeconds: 1 } };
  const act = quickly(migrating.activities);
  const back = await act.readPlan(request);
  assert.deepEqual(back.plan.obstacles, []);
  assert.deepEqual(itemsOf(movedParties(back.plan)), parties);
  const returning = begun({ ...migrating, act }, unhurried(back));
  assert.deepEqual(await signHostings(returning), []);
  await applyUpTo(returning);
  await transfer(returning, source);
});

test('new-synchronizer: an abort takes external parties and those of several owners back', async (t) => {
  const migrating = await startSteps(t, { scenario: OTHERS });
  await signHostings(migrating);
  await applyUpTo(migrating, 'park-source');

  await undoAll(migrating);
  await checkUndone(migrating);

  assert.deepEqual(
    migrating.sandbox.participants.target.parties('da').filter(({ party }) => party.includes('external')),
    [],
  );
  await transfer(migrating, migrating.sandbox.participants.source);
});
