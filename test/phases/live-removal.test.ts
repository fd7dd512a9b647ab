import assert from 'node:assert/strict';
import test from 'node:test';

import { movedParties } from '../../model/plan.js';
import { watchSwitch } from '../../workflows/phases/live/cut-over.js';
import { startWorld } from '../drift/world.js';
import { bringPackage, unvet } from '../support/package-changes.js';
import { removeContract } from '../support/ledger-changes.js';
import { failing } from '../support/failing.js';
import { pretended } from '../support/pretending.js';
import { changeConfirmations, hostOnOther } from '../support/topology-changes.js';
import { reached } from '../support/reached.js';
import {
  applyStep,
  liveOf,
  liveRunOf,
  PROMPT_LIVE,
  startLiveSteps,
  type Migrating,
} from '../support/route-steps.js';
import { itemsOf } from '../support/plan-parties.js';
import { statusOf } from '../../model/migration-status.js';
import { create, submit } from '../sandbox/live-support.js';

/** Lets both nodes compute commitments until the target was told a mismatch since it caught up. */
async function awaitMismatch({ participants, migration, planned }: Migrating): Promise<void> {
  const { logicalId: synchronizerId } = planned.plan.source.synchronizer;
  const nodes = [participants.get('source')!, participants.get('target')!];
  await reached(async () => {
    for (const { health } of nodes)
      await health.ping({ participantUid: await health.readUid(), synchronizerId, timeoutMs: 1_000 });
    const { commitments } = nodes[1]!;
    const fromExclusive = liveOf(migration).caughtUpAt!;
    const range = { synchronizerId, fromExclusive, toInclusive: new Date().toISOString() };
    return (await commitments.listReceived(range)).some(({ state }) => state === 'mismatch');
  });
}

const withoutOthers = { ...PROMPT_LIVE, parties: { ...PROMPT_LIVE.parties, foreign: 0 } };

// The gate may have been open for hours, and the comparison before the removal reads contracts, not what others say.
test('live removal: a mismatch that was reported since the gate opened keeps the source a host', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'remove-source', scenario: withoutOthers });
  const { sandbox, planned, migration } = migrating;
  const { source, target } = sandbox.participants;
  removeContract(target, target.contracts()[0]!);
  await awaitMismatch(migrating);

  await assert.rejects(applyStep(migrating, 'remove-source'), /source::\w+ and target disagree/);

  for (const party of itemsOf(movedParties(planned.plan)))
    assert.ok(source.hosts(party, 'acme').includes(source.uid), party);
  assert.equal(migration.steps.find(({ name }) => name === 'remove-source')?.state, 'running');
});

test('live removal: what the gate shows names who disagrees', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'move-clients', scenario: withoutOthers });
  const { source, target } = migrating.sandbox.participants;
  const run = liveRunOf(migrating);
  assert.deepEqual(run.live.switching?.disagreeing, []);
  removeContract(target, target.contracts()[0]!);
  await awaitMismatch(migrating);

  await watchSwitch(run);

  assert.deepEqual(run.live.switching?.disagreeing, [source.uid]);
  assert.deepEqual(run.live.switching?.unmatched, []);
});

test('live removal: what is in flight on a source that serves nobody else is waited for', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'remove-source', scenario: withoutOthers });
  const { nodes, sandbox, planned } = migrating;
  const { source } = sandbox.participants;
  let reads = 0;
  const countInFlight = () =>
    Promise.resolve({ pendingSubmissions: reads++ < 2 ? 1 : 0, pendingTransactions: 0 });
  nodes.set('source', pretended(nodes.get('source')!, { health: { countInFlight } }));

  await applyStep(migrating, 'remove-source');

  assert.ok(reads > 2);
  for (const party of itemsOf(movedParties(planned.plan)))
    assert.ok(!source.hosts(party, 'acme').includes(source.uid), party);
});

// Commitments of periods from before the target served prove nothing of it.
test('live removal: from when on commitments count is a time of the target, whatever the clock of the worker says', async (t) => {
  const world = await startWorld(t, 'live');
  world.clockOffsetMs = -60_000;
  const { alias, logicalId: synchronizerId } = world.places.target;
  const before = Date.now();

  const { caughtUpAt } = await world.act.awaitCaughtUp({
    ...world.refs,
    alias,
    synchronizerId,
    parties: [],
  });

  assert.ok(Date.parse(caughtUpAt) >= before, caughtUpAt);
});

test('live removal: what came to the source until then is vetted, and what it unvets afterwards is not followed', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'complete-local-state', scenario: withoutOthers });
  const { source, target } = migrating.sandbox.participants;
  const before = target.vetted('acme');
  const { packageIds } = await bringPackage(source, 'lab-late');
  const { vetted: made } = migrating.migration.transfer.made;
  assert.ok(made.length > 0);
  await unvet(source, made);

  await applyStep(migrating, 'complete-local-state');

  const vetted = new Set(target.vetted('acme'));
  assert.deepEqual(
    [...before, ...packageIds].filter((id) => !vetted.has(id)),
    [],
  );
  await applyStep(migrating, 'compare-at-removal');
});

test('live removal: parties whose hosting was changed since the plan are named before clients move, and before the removal', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'move-clients', scenario: withoutOthers });
  const { sandbox, planned } = migrating;
  const [party] = itemsOf(movedParties(planned.plan));
  const changed = failing('PartiesChanged', 'mismatch', party!, 'threshold 2');

  changeConfirmations(sandbox, party!, 2);
  await assert.rejects(applyStep(migrating, 'move-clients'), changed);
  changeConfirmations(sandbox, party!, 1);
  await applyStep(migrating, 'move-clients');
  changeConfirmations(sandbox, party!, 2);
  await assert.rejects(applyStep(migrating, 'remove-source'), changed);

  const { source } = sandbox.participants;
  assert.ok(source.hosts(party!, 'acme').includes(source.uid));
});

// Nothing leads back any more, and holders of parties change their hosting whenever they like.
test('live removal: once begun, it goes on past removals that take effect meanwhile and parties that got another host', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'remove-source', scenario: withoutOthers });
  const { nodes, participants, sandbox, planned, migration } = migrating;
  const { source } = sandbox.participants;
  const [changed = '', removed = ''] = itemsOf(movedParties(planned.plan));
  liveOf(migration).isRemovalBegun = true;
  const other = hostOnOther(sandbox, changed);
  changeConfirmations(sandbox, changed, 3);
  await assert.rejects(
    applyStep(migrating, 'remove-source'),
    failing('TargetChanged', 'mismatch', changed, 'threshold 3'),
  );
  changeConfirmations(sandbox, changed, 2);
  const { topology } = participants.get('target')!;
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  // Right between the look at the target and the one at the source.
  const listEffectiveHosting: typeof topology.listEffectiveHosting = async (...asked) => {
    const [mapping] = await topology.listPartyMappings(store, { party: removed });
    const hosts = mapping!.hosts.filter(({ participantUid }) => participantUid !== source.uid);
    const next = { ...mapping!, hosts, serial: mapping!.serial + 1 };
    if (hosts.length < mapping!.hosts.length) await topology.proposePartyMapping(store, next);
    await reached(() => !source.hosts(removed, 'acme').includes(source.uid));
    return topology.listEffectiveHosting(...asked);
  };
  nodes.set('target', pretended(nodes.get('target')!, { topology: { listEffectiveHosting } }));

  await applyStep(migrating, 'remove-source');

  for (const party of itemsOf(movedParties(planned.plan)))
    assert.ok(!source.hosts(party, 'acme').includes(source.uid), party);
  assert.ok(source.hosts(changed, 'acme').includes(other));
});

// Both serve from the connection on, so clients go on creating contracts after the first comparison.
test('live removal: the comparison that is told in the end is the last one, with a word why it has more contracts', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'move-clients', scenario: withoutOthers });
  const { migration, planned, sandbox } = migrating;
  const { total } = planned.plan.contracts;
  const [party] = itemsOf(movedParties(planned.plan)) as [string];
  const before = statusOf(migration);
  await submit(sandbox.participants.source, party, create(party, party));
  for (const step of ['move-clients', 'remove-source', 'complete-local-state', 'compare-at-removal'])
    await applyStep(migrating, step);

  const { verification, live } = statusOf({ ...migration, state: 'watching' });

  assert.deepEqual(
    [before.verification?.contractCount, before.live?.compared?.contractCount],
    [total, total],
  );
  assert.deepEqual([verification?.contractCount, live?.compared], [total + 1, undefined]);
  assert.equal(verification?.isAfterCutOver, true);
  assert.equal(
    verification.sincePlan,
    `${total} contracts when it was planned; others created and archived since`,
  );
});
