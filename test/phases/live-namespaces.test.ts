import assert from 'node:assert/strict';
import test from 'node:test';

import { movedParties } from '../../model/plan.js';
import { hostForTarget } from '../support/topology-changes.js';
import { HostingLaw } from '../support/hosting-law.js';
import { signHostings } from '../support/hostings.js';
import { itemsOf } from '../support/plan-parties.js';
import {
  applyStep,
  applyUpTo,
  livePlanOf,
  PROMPT_LIVE,
  startLiveMigrating,
  stepsIn,
  type Migrating,
} from '../support/route-steps.js';
import { startStack } from '../support/stack.js';
import { createContractOn } from '../support/ledger-changes.js';

// What its key signs is the signature of the target as well: nothing is proposed before the target is disconnected.
test('live: a party in the namespace of the target is signed for ahead, and becomes active in the window', async (t) => {
  const stack = await startStack(t, PROMPT_LIVE);
  const { source, target } = stack.sandbox.participants;
  const party = hostForTarget(stack.sandbox, 'guest-of-target');
  createContractOn(source, { parties: [party] });
  const migrating = await startLiveMigrating(stack);
  const { live } = livePlanOf(migrating.planned);
  assert.ok(live.isProposalEffective);
  const law = new HostingLaw(stack.sandbox, itemsOf(movedParties(migrating.planned.plan)));
  await applyUpTo(migrating, 'propose-parties');
  await signHostings(migrating);

  await applyUpTo(migrating, 'activate-target');
  assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
  await applyRest(migrating, 'activate-target');

  law.assertHeld();
  assert.deepEqual(target.hosts(party, 'acme'), [target.uid]);
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
});

/** Takes the steps from the one given on. */
async function applyRest(migrating: Migrating, from: string): Promise<void> {
  const names = stepsIn(migrating).map(({ name }) => name);
  for (const name of names.slice(names.indexOf(from))) await applyStep(migrating, name);
}
