import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { Participant } from '../../activities/participant.js';
import { connectParticipant } from '../../canton/index.js';
import { PHASES } from '../../model/phase.js';
import { snapshotOf } from '../support/snapshot.js';
import { REQUEST } from '../support/stack.js';
import { applyPhase, startSteps, stepsIn, undoPhase, type Migrating } from '../support/route-steps.js';
import { failing } from '../support/failing.js';

/** Lets the target's name lead to the Ledger API of the source, as a configuration with a slip does. */
function mixUp(t: TestContext, { participants, sandbox }: Migrating): () => void {
  const { source, target } = sandbox.addresses;
  const named = participants as Map<string, Participant>;
  const good = named.get('target')!;
  const mixed = connectParticipant('target', {
    admin: { address: target.admin },
    ledger: { address: source.ledger },
  });
  t.after(() => mixed.close());
  named.set('target', mixed);
  return () => named.set('target', good);
}

const REFUSED = failing('ApisOfTwoParticipants', 'refused', 'expected both of one participant');

test('plan: two APIs of two nodes under one name are refused', async (t) => {
  const migrating = await startSteps(t);
  mixUp(t, migrating);

  await assert.rejects(migrating.act.readPlan(REQUEST), REFUSED);
});

for (const [at, phase] of PHASES.entries()) {
  test(`${phase}: two APIs of two nodes under one name change nothing, and undo nothing`, async (t) => {
    const before = PHASES[at - 1];
    const migrating = await startSteps(t, before ? { upTo: before } : {});
    const after = migrating.sandbox.calls.last;
    const found = await snapshotOf(migrating);
    const putRight = mixUp(t, migrating);

    await assert.rejects(applyPhase(migrating, phase), REFUSED);
    if (stepsIn(migrating).some((step) => step.phase === phase && step.undo))
      await assert.rejects(undoPhase(migrating, phase), REFUSED);

    putRight();
    const changes = migrating.sandbox.calls.list({ participant: 'target', isMutating: true, after });
    assert.deepEqual(changes, []);
    assert.deepEqual((await snapshotOf(migrating)).target, found.target);
  });
}
