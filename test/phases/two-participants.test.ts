import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { connectParticipant } from '../../canton/index.js';
import { PHASES } from '../../model/phase.js';
import { snapshotOf } from '../support/snapshot.js';
import { REQUEST } from '../support/stack.js';
import { APPLY, failing, startPhases, UNDO, type Migrating } from '../support/steps.js';

/** Lets the target's name lead to the Ledger API of the source, as a configuration with a slip does. */
function mixUp(t: TestContext, { nodes, sandbox }: Migrating): () => void {
  const { source, target } = sandbox.addresses;
  const good = nodes.get('target')!;
  const mixed = connectParticipant('target', {
    admin: { address: target.admin },
    ledger: { address: source.ledger },
  });
  t.after(() => mixed.close());
  nodes.set('target', mixed);
  return () => nodes.set('target', good);
}

const REFUSED = failing('ApisOfTwoParticipants', 'refused', 'expected both of one participant');

test('plan: two APIs of two nodes under one name are refused', async (t) => {
  const migrating = await startPhases(t);
  mixUp(t, migrating);

  await assert.rejects(migrating.act.readPlan(REQUEST), REFUSED);
});

for (const [at, phase] of PHASES.entries()) {
  test(`${phase}: two APIs of two nodes under one name change nothing, and undo nothing`, async (t) => {
    const before = PHASES[at - 1];
    const migrating = await startPhases(t, before ? { upTo: before } : {});
    const after = migrating.sandbox.calls.last;
    const found = await snapshotOf(migrating);
    const putRight = mixUp(t, migrating);

    await assert.rejects(APPLY[phase](migrating), REFUSED);
    if (phase in UNDO) await assert.rejects(UNDO[phase as keyof typeof UNDO](migrating), REFUSED);

    putRight();
    const changes = migrating.sandbox.calls.list({ participant: 'target', isMutating: true, after });
    assert.deepEqual(changes, []);
    assert.deepEqual((await snapshotOf(migrating)).target, found.target);
  });
}
