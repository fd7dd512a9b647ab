import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { createActivities } from '../../activities/index.js';
import { connectParticipant } from '../../canton/index.js';
import { PHASES } from '../../model/phase.js';
import { sourcePartiesOf } from '../../model/plan-parts.js';
import { removeContract } from '../support/ledger-changes.js';
import {
  applyPhase,
  applyStep,
  liveOf,
  startLiveSteps,
  startSteps,
  stepsIn,
  undoPhase,
  type Migrating,
} from '../support/route-steps.js';
import { quickly } from '../support/quick-attempts.js';
import { snapshotOf } from '../support/snapshot.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { REQUEST } from '../support/stack.js';
import { failing } from '../support/failing.js';

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

/** Lets each name lead to the other node, as on a worker that is configured for the reverse migration. */
function swap({ nodes }: Migrating): () => void {
  const [source, target] = [nodes.get('source')!, nodes.get('target')!];
  nodes.set('source', target).set('target', source);
  return () => nodes.set('source', source).set('target', target);
}

const REFUSED = failing('ApisOfTwoParticipants', 'refused', 'expected both of one participant');
const OTHER = failing('OtherParticipant', 'refused', 'expected ', 'which the plan calls ');

test('plan: two APIs of two nodes under one name are refused', async (t) => {
  const migrating = await startSteps(t);
  mixUp(t, migrating);

  await assert.rejects(migrating.act.readPlan(REQUEST), REFUSED);
});

for (const [at, phase] of PHASES.entries()) {
  test(`${phase}: two APIs of two nodes under one name, or another node than the planned one, change nothing and undo nothing`, async (t) => {
    const before = PHASES[at - 1];
    const migrating = await startSteps(t, before ? { upTo: before } : {});
    const after = migrating.sandbox.calls.last;
    const found = await snapshotOf(migrating);

    for (const [slip, refused] of [
      [() => mixUp(t, migrating), REFUSED],
      [() => swap(migrating), OTHER],
    ] as const) {
      const putRight = slip();
      await assert.rejects(applyPhase(migrating, phase), refused);
      if (stepsIn(migrating).some((step) => step.phase === phase && step.undo))
        await assert.rejects(undoPhase(migrating, phase), refused);
      putRight();
    }

    const changes = migrating.sandbox.calls.list({ participant: 'target', isMutating: true, after });
    assert.deepEqual(changes, []);
    assert.deepEqual((await snapshotOf(migrating)).target, found.target);
  });
}

test('live: the second worker reaches the source under the name of the target, and is refused before it compares', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'connect-target' });
  const { nodes, spoolFolder, sandbox } = migrating;
  const { admin, ledger } = sandbox.addresses.source;
  const source = connectParticipant('target', {
    admin: { address: admin },
    ledger: { address: ledger },
  });
  t.after(() => source.close());
  const spool = { folder: `${spoolFolder}-2`, key: SPOOL_KEY };
  const other = quickly(createActivities({ participants: new Map(nodes).set('target', source), spool }));
  const { target } = sandbox.participants;
  for (const id of target.contracts().slice(0, 6)) removeContract(target, id);
  delete liveOf(migrating.migration).provenLedgerEnd;

  migrating.act = {
    ...migrating.act,
    compareActiveContracts: (input) => other.compareActiveContracts(input),
  };
  await assert.rejects(applyStep(migrating, 'connect-target'), /is source::.*, expected target::/);

  assert.equal(liveOf(migrating.migration).provenLedgerEnd, undefined);
  assert.deepEqual(target.connected(), []);
});

test('isolation: a worker with another configuration under the same names disconnects nobody', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { act, refs, sandbox, planned } = migrating;
  swap(migrating);
  const after = sandbox.calls.last;
  const parked = { ...sourcePartiesOf(planned.plan), pinnedOffset: '1' };

  await assert.rejects(act.isolateTarget({ target: refs.target }), OTHER);
  await assert.rejects(act.ensureSourceParked(parked), OTHER);

  assert.deepEqual(sandbox.participants.source.connected(), ['acme']);
  assert.deepEqual(sandbox.calls.list({ after, isMutating: true }), []);
});
