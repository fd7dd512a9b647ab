import assert from 'node:assert/strict';
import test from 'node:test';

import type { HostingRequest } from '../../model/ceremony.js';
import { movedParties } from '../../model/plan.js';
import { HostingLaw } from '../support/hosting-law.js';
import { handedIn } from '../support/hosting-signatures.js';
import { signHostings } from '../support/hostings.js';
import { EVERY_KIND } from '../support/kinds.js';
import { itemsOf } from '../support/plan-parties.js';
import { reached } from '../support/reached.js';
import {
  applyUpTo,
  checkUndone,
  startLiveMigrating,
  undoAll,
  type Migrating,
} from '../support/route-steps.js';
import { snapshotOf, withoutDelegations } from '../support/snapshot.js';
import { startStack } from '../support/stack.js';

const isExternal = ({ transactions }: HostingRequest) =>
  transactions.some(({ party }) => party.startsWith('external-'));

/** How far a migration comes, the first step that is not done, and who has signed by then. */
const STATES: [name: string, before: string, hasSigned: (request: HostingRequest) => boolean][] = [
  ['nothing is proposed', 'propose-parties', () => false],
  ['proposed by the source alone', 'upload-dars', () => false],
  ['signed by some', 'await-owners', isExternal],
  ['signed by all but the target', 'activate-target', () => true],
  ['signed by the target', 'copy-contracts', () => true],
];

test('live: aborted in whatever state of the ceremony, late signatures of everybody make the target no host', async (t) => {
  const stack = await startStack(t, EVERY_KIND);
  const { source, target } = stack.sandbox.participants;
  const state = async () => withoutDelegations(await snapshotOf(stack));
  const before = await state();

  for (const [name, step, hasSigned] of STATES) {
    const migrating = await startLiveMigrating(stack);
    await applyUpTo(migrating, 'propose-parties');
    const requests = await signHostings(migrating, hasSigned);
    if (!requests.some(hasSigned)) delete migrating.migration.hostings;
    await applyUpTo(migrating, step);

    await undoAll(migrating);
    await checkUndone(migrating);
    assert.deepEqual(await state(), before, name);
    await signLate(migrating, requests);

    assert.equal(await isProposed(migrating, requests.find(isExternal)!), step !== 'copy-contracts');
    assert.deepEqual(await state(), before, name);
    assert.deepEqual([...source.damage(), ...target.damage()], [], name);
  }

  // What the others signed late is there already when the next migration proposes the same.
  const last = await startLiveMigrating(stack);
  const law = new HostingLaw(stack.sandbox, itemsOf(movedParties(last.planned.plan)));
  await signHostings(last);
  await applyUpTo(last);
  law.assertHeld();
});

/** Whether what this key was asked for is there, signed by it. */
async function isProposed({ participants, planned }: Migrating, { key, namespace }: HostingRequest) {
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  const { topology } = participants.get('source')!;
  const found = await topology.listSignedPartyProposals(store, namespace);
  return found.some(({ signedBy }) => signedBy.includes(key.fingerprint));
}

/**
 * Adds what everybody outside of the nodes was asked for, and waits until the source has nothing on its way.
 */
async function signLate(
  { sandbox, participants, planned }: Migrating,
  requests: HostingRequest[],
): Promise<void> {
  const { signing, topology, health } = participants.get('source')!;
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  for (const request of requests) {
    const { hash, key, algorithm, transactions } = request;
    const hashes = transactions.map((its) => its.hash);
    const signedTogether = hash === hashes[0] ? {} : { signedTogether: hashes };
    const { signature } = handedIn(sandbox, request);
    const signed = { signedBy: key.fingerprint, algorithm, signature, ...signedTogether };
    for (const one of transactions) {
      const added = topology.addTransactions([signing.assembleProposal(one, [signed])], store);
      // Of a hosting that was in effect meanwhile the serial is over.
      await added.catch((error: unknown) =>
        assert.match(String(error), /SERIAL_MISMATCH|ALREADY_EXISTS/),
      );
    }
  }
  await reached(async () => (await health.readStatus()).pendingTopologyTransactions === 0);
}
