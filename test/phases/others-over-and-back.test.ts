import assert from 'node:assert/strict';
import test from 'node:test';

import { itemsOf } from '../support/plan-parties.js';
import { movedParties, namespaceOf } from '../../model/plan.js';
import { QUICK_TIMING, type ParticipantView } from '../../sandbox/index.js';
import { signatures, submitExternally } from '../sandbox/external-support.js';
import { call } from '../sandbox/wire-client.js';
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
  contracts: { count: 2, ofExternal: 6, ofDecentralized: 1 },
};
const BACK = {
  source: 'target',
  target: 'source',
  sourceSynchronizer: 'da',
  targetSynchronizer: 'acme',
};

/** Has the external party transfer a contract that it owns, by its own key. */
async function act(migrating: Migrating, at: ParticipantView): Promise<void> {
  const { sandbox } = migrating;
  const [party, receiver] = ['external-0001', 'Alice'].map((name) => partyOf(migrating, name));
  const id = at === sandbox.participants.target ? 'target' : 'source';
  const { ledger } = migrating.participants.get(id)!;
  const offset = await ledger.readLedgerEnd();
  const ids: string[] = [];
  for await (const entries of ledger.scanActiveContracts({ parties: [party!], offset }))
    for (const its of entries) if ('contractId' in its) ids.push(its.contractId);
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
  for await (const entries of ledger.scanActiveContracts({ parties: [party!], offset: end }))
    left += entries.filter((its) => 'contractId' in its).length;
  assert.equal(left, ids.length - 1);
}

/** Makes another party with the key of an external one that the node hosts. */
async function allocate({ sandbox, planned }: Migrating, at: ParticipantView, hint: string) {
  const { party_signing_keys: keys } = at
    .parties('da')
    .find(({ party }) => party.startsWith('external'))!;
  const synchronizer = planned.plan.target.synchronizer.logicalId;
  const public_key = {
    format: 'CRYPTO_KEY_FORMAT_DER_X509_SUBJECT_PUBLIC_KEY_INFO',
    key_data: keys!.keys[0]!.public_key,
    key_spec: 'SIGNING_KEY_SPEC_EC_CURVE25519',
  };
  const asked = { synchronizer, party_hint: hint, public_key };
  const made = await call(at.ledgerAddress, 'ledgerParties', 'GenerateExternalPartyTopology', asked);
  const party = String(made['party_id']);
  const signer = {
    ...{ party, keys: [namespaceOf(party)] },
    sign: (key: string, bytes: Uint8Array) => sandbox.sign(key, bytes),
  };
  await call(at.ledgerAddress, 'ledgerParties', 'AllocateExternalParty', {
    synchronizer,
    onboarding_transactions: (made['topology_transactions'] as Buffer[]).map((transaction) => ({
      transaction,
    })),
    multi_hash_signatures: signatures(signer, made['multi_hash'] as Buffer),
  });
  return party;
}

test('new-synchronizer: external parties and those of several owners go over, act by their own keys, and come back', async (t) => {
  const migrating = await startSteps(t, { scenario: OTHERS });
  const { sandbox, planned } = migrating;
  const { source, target } = sandbox.participants;
  await signHostings(migrating);

  await applyUpTo(migrating);

  await act(migrating, target);
  const late = await allocate(migrating, target, 'late');
  const parties = itemsOf(movedParties(planned.plan));
  parties.push(late);
  const request = {
    ...REQUEST,
    ...BACK,
    parties,
    options: { copy: 'changes' as const, quietSeconds: 1 },
  };
  const quick = quickly(migrating.activities);
  const back = await quick.readPlan(request);
  assert.deepEqual(back.plan.obstacles, []);
  assert.deepEqual(itemsOf(movedParties(back.plan)).sort(), parties.sort());
  const returning = begun({ ...migrating, act: quick }, unhurried(back));
  // The node is parked, and hosts all but the new one there.
  const asked = await signHostings(returning);
  assert.deepEqual(
    asked.map(({ transactions }) => transactions.map(({ party }) => party)),
    [[late]],
  );
  await applyUpTo(returning);
  const hosted = source.parties('acme').find(({ party }) => party === late)!;
  assert.deepEqual([hosted.participants.length, hosted.party_signing_keys?.keys.length], [1, 1]);
  await act(returning, source);
});

test('new-synchronizer: an abort takes external parties and those of several owners back', async (t) => {
  const migrating = await startSteps(t, { scenario: OTHERS });
  await signHostings(migrating);
  await applyUpTo(migrating, 'park-source');

  await undoAll(migrating);
  await checkUndone(migrating);

  // Only whoever signs for a party can remove its mapping: it stays, without a host.
  const left = migrating.sandbox.participants.target
    .parties('da')
    .filter(({ party }) => !party.startsWith('target'));
  assert.ok(left.some(({ party }) => party.includes('external')));
  for (const { party, participants } of left) assert.deepEqual(participants, [], party);
  await act(migrating, migrating.sandbox.participants.source);
});
