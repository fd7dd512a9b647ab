import assert from 'node:assert/strict';
import test from 'node:test';

import { createActivities } from '../../activities/index.js';
import type { Participant } from '../../model/participant-access.js';
import { movedParties } from '../../model/plan.js';
import { hostOf } from '../../workflows/phases/live/live-input.js';
import { remains } from '../../workflows/phases/live/withdrawal.js';
import { createContractOn, removeContract } from '../support/ledger-changes.js';
import { runTraffic } from '../support/ledger-traffic.js';
import { pretended } from '../support/pretending.js';
import { quickly } from '../support/quick-attempts.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import {
  applyStep,
  liveOf,
  livePlanOf,
  liveRunOf,
  startLiveSteps,
  undoAll,
  type Migrating,
} from '../support/route-steps.js';
import { itemsOf } from '../support/plan-parties.js';

// The target clears a flag whenever it likes: also between the read of a mapping and its replacement.
test('live withdrawal: a mapping that changed since it was read is read again, and the source alone hosts the parties', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'connect-target' });
  const { nodes, participants, planned, sandbox } = migrating;
  const source = participants.get('source')!;
  const { synchronizerId, target } = hostOf(livePlanOf(planned), liveOf(migrating.migration));
  const flagged = await source.topology.listPartyMappings(
    { synchronizerId },
    { participantUid: target.uid },
  );
  await applyStep(migrating, 'connect-target');
  const answers = [flagged, flagged];
  const topology = Object.assign(Object.create(source.topology) as Participant['topology'], {
    listPartyMappings: async (...asked: Parameters<typeof source.topology.listPartyMappings>) =>
      answers.shift() ?? source.topology.listPartyMappings(...asked),
  });
  const late = new Map([...nodes, ['source', pretended(nodes.get('source')!, { topology })]]);
  const act = quickly(createActivities({ participants: late, spool: { folder: '', key: SPOOL_KEY } }));

  const { withdrawn } = await act.withdrawOnboarding({
    ...hostOf(livePlanOf(planned), liveOf(migrating.migration)),
    signer: 'source',
  });

  assert.equal(withdrawn, 3);
  for (const party of itemsOf(movedParties(planned.plan)))
    assert.deepEqual(sandbox.participants.source.hosts(party), [planned.plan.source.uid]);
});

// The connection failed, the operator took the target back to the backup of the gate, and aborts.
test('live withdrawal: a target that was restored before it was connected is proven equal again first', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { sandbox } = migrating;
  const { source, target } = sandbox.participants;
  const backup = target.backup();
  for (const step of ['activate-target', 'copy-contracts', 'compare-nodes'])
    await applyStep(migrating, step);
  const scope = { participant: 'target', code: 'FAILED_PRECONDITION' };
  sandbox.faults.failBefore('ReconnectSynchronizer', scope);
  await assert.rejects(applyStep(migrating, 'connect-target'), /on demand/);
  await target.restore(backup);
  source.ledger.churn(0, 4);

  await undoAll(migrating);

  assert.deepEqual(target.damage(), []);
  assert.deepEqual(target.contracts(), []);
  assert.deepEqual(target.connected(), ['acme']);
});

// It connects to nothing by itself any more, and its vetting can only be taken back while it is connected.
test('live withdrawal: a target that restarted before it was disconnected for good is connected, and gives back what it got', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'isolate-target' });
  const { participants, planned, sandbox } = migrating;
  const { target } = sandbox.participants;
  const { synchronizerId } = hostOf(livePlanOf(planned), liveOf(migrating.migration));
  await target.restart();
  assert.deepEqual(target.connected(), []);

  await undoAll({ ...migrating, act: quickly(migrating.activities, { attempts: 5 }) });

  const { topology } = participants.get('target')!;
  const vetted = await topology.findVettedPackages({ synchronizerId }, target.uid);
  const ids = vetted!.packages.map(({ packageId }) => packageId);
  assert.ok(planned.plan.vetting.add.length > 0);
  for (const { packageId } of planned.plan.vetting.add) assert.ok(!ids.includes(packageId), packageId);
  assert.deepEqual(target.connected(), ['acme']);
});

// Without the event nobody knows that the target needs the contracts of the parties before it may be connected.
test('live withdrawal: a source whose ledger lags behind the activation is waited for', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { nodes, planned, sandbox, migration } = migrating;
  const { source, target } = sandbox.participants;
  const aborted = {
    ...migrating.act,
    readActivations: () => Promise.reject(new Error('aborted')),
  };
  await assert.rejects(applyStep({ ...migrating, act: aborted }, 'activate-target'), /aborted/);
  const parties = itemsOf(movedParties(planned.plan));
  assert.deepEqual(source.hosts(parties[0]!, 'acme'), [source.uid, target.uid]);
  await runTraffic(source, parties, 6);
  const { ledger } = nodes.get('source')!.reading();
  let reads = 0;
  const readLedgerEnd = () =>
    reads++ < 3 ? Promise.resolve(liveOf(migration).sourceOffset!) : ledger.readLedgerEnd();
  nodes.set('source', pretended(nodes.get('source')!, { ledger: { readLedgerEnd } }));

  await undoAll(migrating);

  assert.ok(reads > 3);
  assert.equal(liveOf(migration).leftIsolated, undefined);
  assert.deepEqual(target.damage(), []);
  assert.deepEqual(target.contracts(), []);
  assert.deepEqual(target.connected(), ['acme']);
  for (const party of parties) assert.deepEqual(source.hosts(party, 'acme'), [source.uid]);
});

/** The source alone serves; the target is disconnected for good, and what stays says why and what to do with it. */
async function assertLeft(migrating: Migrating, why: RegExp): Promise<void> {
  const { sandbox, planned } = migrating;
  const { source, target } = sandbox.participants;
  for (const party of itemsOf(movedParties(planned.plan)))
    assert.deepEqual(source.hosts(party, 'acme'), [source.uid], party);
  assert.deepEqual(source.connected(), ['acme']);
  assert.deepEqual(target.connected(), []);
  const [left] = remains(liveRunOf(migrating));
  assert.match(left?.what ?? '', /^target, which must not be connected any more$/);
  assert.match(left?.why ?? '', why);
  assert.match(left?.why ?? '', /Rebuild it from an empty database, with a new uid, and start again/);
}

// It was active when the target became a host, and is so at that offset whatever becomes of it afterwards.
test('live withdrawal: a contract that cannot be imported leaves the target isolated, and the abort ends', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { planned, sandbox } = migrating;
  const { source } = sandbox.participants;
  const [party = ''] = itemsOf(movedParties(planned.plan));
  const id = createContractOn(source, { parties: [party], reassignmentCounter: 1 });
  await applyStep(migrating, 'activate-target');
  await assert.rejects(applyStep(migrating, 'copy-contracts'), /a reassignment counter above 0/);
  removeContract(source, id);

  await undoAll(migrating);

  await assertLeft(migrating, /cannot be given all contracts .* a reassignment counter above 0/);
});

test('live withdrawal: a source that was pruned past the activation leaves the target isolated, and the abort ends', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'copy-contracts' });
  const { sandbox } = migrating;
  const { source } = sandbox.participants;
  source.ledger.churn(0, 2);
  source.ledger.prune(source.ledger.ledger.end);

  await undoAll(migrating);

  await assertLeft(migrating, /cannot be given all contracts .* pruned/);
});

test('live withdrawal: where the events of the activation were pruned, the target counts as a host without contracts', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { sandbox } = migrating;
  const { source } = sandbox.participants;
  const aborted = {
    ...migrating.act,
    readActivations: () => Promise.reject(new Error('aborted')),
  };
  await assert.rejects(applyStep({ ...migrating, act: aborted }, 'activate-target'), /aborted/);
  source.ledger.churn(0, 2);
  source.ledger.prune(source.ledger.ledger.end);

  await undoAll(migrating);

  await assertLeft(migrating, /cannot be given all contracts .* pruned/);
});
