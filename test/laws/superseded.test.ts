import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { createActivities } from '../../activities/index.js';
import { PHASES } from '../../model/phase.js';
import { nodesOf } from '../../model/plan-parts.js';
import type { MigrationRequest } from '../../model/request.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { signatureRequests } from '../../workflows/steering/ceremony.js';
import { readDifferences } from '../../workflows/differences.js';
import * as delegateNamespace from '../../workflows/phases/delegate-namespace.js';
import { hostOf, onboardingOf, proposalsOf, windowOf } from '../../workflows/phases/live/live-input.js';
import * as liveParties from '../../workflows/phases/live/recreate-parties.js';
import { hostingsOf } from '../../workflows/phases/signed-hostings.js';
import { copyAhead } from '../../workflows/phases/transfer-active-contracts.js';
import { repair } from '../../workflows/phases/verify.js';
import * as withdrawal from '../../workflows/phases/withdrawal.js';
import { RARER } from '../support/boundaries.js';
import { itemsOf } from '../support/plan-parties.js';
import { removeContract } from '../support/ledger-changes.js';
import { signHostings } from '../support/hostings.js';
import { signatureOf } from '../support/offline-key.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { EVERYTHING, LIVE_REQUEST, REQUEST, startStack, TINY_LIVE } from '../support/stack.js';
import {
  applyPhase,
  applyUpTo,
  begun,
  liveOf,
  livePlanOf,
  PROMPT_LIVE,
  undoAll,
  unhurried,
  type Migrating,
} from '../support/route-steps.js';
import { supersededFirst, type Superseded } from '../support/superseded.js';

/** What may change no participant. */
const READS =
  /^(read|find|compare|generate|watch|awaitQuiet|awaitUpgrade|awaitTraffic|awaitHosting|awaitPartiesHosted$|removeExport$|switchClients$)/;

/** What asks Temporal alone, or no node at all. */
const NO_NODE = [
  ...['readHolder', 'watchHolder', 'readContinuation', 'readSearchAttributes', 'takeSignatures'],
  ...['keepReport', 'readKeptReport', 'readLostRun', 'readNothingLeft', 'findTakenNodes'],
];

const seen = new Map<string, Superseded>();

/** The phases of the route `new-synchronizer`, each activity on a worker that is superseded first. */
async function migrating(
  t: TestContext,
  {
    scenario = EVERYTHING,
    request = REQUEST,
  }: { scenario?: ScenarioChange; request?: MigrationRequest } = {},
): Promise<Migrating> {
  const stack = await startStack(t, scenario);
  const act = supersededFirst(t, stack, seen);
  return begun({ ...stack, act }, unhurried(await act.readPlan(request)));
}

const live = async (t: TestContext, scenario = PROMPT_LIVE) => {
  const stack = await startStack(t, scenario);
  const act = supersededFirst(t, stack, seen);
  return begun({ ...stack, act }, unhurried(await act.readPlan(LIVE_REQUEST)));
};

/** With an offline root key, and a target that joins. */
async function joinWithOfflineKey(t: TestContext): Promise<void> {
  const scenario = { ...TINY_LIVE, parties: { local: 2 }, target: { synchronizers: [] } };
  const stack = await startStack(t, scenario);
  const rootKey = stack.sandbox.participants.source.takeRootKey();
  const act = supersededFirst(t, stack, seen);
  const its = begun({ ...stack, act }, unhurried(await act.readPlan(LIVE_REQUEST)));
  const plan = livePlanOf(its.planned);
  await its.act.ensureJoined({ ...onboardingOf(plan), alias: plan.source.synchronizer.alias });
  const requests = await signatureRequests('migration', its.planned, its.act);
  const signed = requests.map((request) => {
    const { toSign, key, algorithm, hash } = request;
    const wanted = { hash, signedBy: key.fingerprint, algorithm, toSign: { base64: toSign } };
    return { ...request, provided: signatureOf(wanted as never, rootKey) };
  });
  await delegateNamespace.apply(plan, its.act, signed as never);
  await its.act.ensureManualConnect({ target: its.refs.target });
  await hostingsOf(plan, its.act);
  await its.act.awaitHostingSignatures({ ...proposalsOf(plan), parties: [] });
  await liveParties.propose(plan, its.act, signed as never);
  await its.participants.get('target')!.synchronizers.disconnect('acme');
  await its.act.ensureConnected(hostOf(plan, liveOf(its.migration)));
}

/** With an external party whose namespace the target synchronizer has to know before it is hosted there. */
async function learnNamespace(t: TestContext): Promise<void> {
  const parties = { local: 1, multiHosted: 0, foreign: 0, externalWithDelegation: 1 };
  const its = await migrating(t, { scenario: { ...EVERYTHING, parties } });
  await signHostings(its);
  await applyPhase(its, 'delegate-namespace');
  await applyPhase(its, 'recreate-parties');
}

// One after the other: they share the clock.
suite('superseded', { concurrency: 1, ...RARER }, () => {
  test('superseded: no superseded attempt changes a node, from the plan to the end', async (t) => {
    const its = await migrating(t);
    // A superseded attempt may have asked whether an import runs, which moves the ledger end.
    its.migration.transfer.isConnectBegun = true;
    for (const phase of PHASES) await applyPhase(its, phase);
    const { act, refs, record } = its;
    const input = { source: refs.source, expectedLedgerEnd: record.pinnedOffset! };
    await readDifferences({ ...its, plan: its.planned.plan });
    await act.readParkedSource(input);
    const { target: participant, synchronizerId } = nodesOf(its.planned.plan);
    await act.awaitTraffic({ participant, synchronizerId, what: 'nothing', cost: 1 });
    await act.awaitUpgrade({ nodes: [refs.source, refs.target], synchronizerIds: [synchronizerId] });
    await act.awaitPartiesHosted({ ...nodesOf(its.planned.plan), parties: [] });
    await act.watchSource({ ...input, everySeconds: 1 });
    await its.participants.get('source')!.synchronizers.reconnect('acme');
    await act.ensureParkedAgain(input);
    assert.deepEqual(its.sandbox.participants.source.connected(), []);
  });

  test('superseded: nor when a migration is taken back', async (t) => {
    const its = await migrating(t);
    await applyUpTo(its, 'park-source');
    await undoAll(its);
    await withdrawal.check(its.planned, its.act, its.record);
  });

  test('superseded: nor where packages, contracts or limits have to be brought after the plan', async (t) => {
    const request = { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' as const } };
    const its = await migrating(t, { request });
    const { source, target } = its.sandbox.participants;
    for (const phase of PHASES.slice(0, PHASES.indexOf('transfer-active-contracts')))
      await applyPhase(its, phase);
    await copyAhead(its.planned, its.act, its.record);
    removeContract(source, source.contracts()[0]!);
    await applyPhase(its, 'transfer-active-contracts');
    assert.equal(source.contracts().length, target.contracts().length);
    removeContract(target, target.contracts()[0]!);
    await repair(its.planned, its.act, its.record);
    assert.deepEqual(target.contracts().sort(), source.contracts().sort());
    await its.act.readFrozenTarget({ target: its.refs.target });
    const former = await its.participants.get('target')!.health.readResourceLimits();
    const limits = { maxSubmissionBurstFactor: 0.7 };
    await its.act.ensureResourceLimits({ participant: its.refs.target, limits, former });
  });

  test('superseded: nor where the target synchronizer has to learn a namespace', learnNamespace);

  test('superseded: nor on the live route', async (t) => {
    await applyUpTo(await live(t));
  });

  test('superseded: nor when a live migration is taken back', async (t) => {
    const its = await live(t);
    await applyUpTo(its, 'connect-target');
    await undoAll(its);
    const { refs, planned, migration, act } = its;
    const { sourceOffset: beginExclusive } = liveOf(migration);
    await act.findActivations({
      ...hostOf(livePlanOf(planned), liveOf(migration)),
      beginExclusive: beginExclusive!,
    });
    const parties = itemsOf(liveOf(migration).activation!.groups).flatMap((group) => group.parties);
    const window = windowOf(liveOf(migration));
    await act.readExposure({ ...onboardingOf(livePlanOf(planned)), parties, window });
    await act.leaveTarget({ target: refs.target });
    await its.participants.get('target')!.synchronizers.reconnect('acme');
    await assert.rejects(act.watchIsolatedTarget({ target: refs.target }), /is connected to acme/);
  });

  test('superseded: nor with an offline root key and a target that joins', joinWithOfflineKey);

  test('superseded: nor by parking a node that no migration is about', async (t) => {
    const its = await migrating(t);
    its.migration.transfer.isConnectBegun = true;
    for (const phase of PHASES) await applyPhase(its, phase);
    await its.act.readRequestedNodes(REQUEST);
    await its.act.readNodesLeft({ source: 'source', target: 'target' });
    const parking = { participant: 'source', servedBy: 'target', by: 'test' };
    await its.act.readNodesToPark(parking);
    await its.act.ensureParked({ ...parking, force: true });
  });

  test('superseded: every activity was among them, and whatever changes a node was stopped at it', () => {
    const spool = { folder: '', key: SPOOL_KEY };
    const all = Object.keys(createActivities({ participants: new Map(), spool }));
    assert.deepEqual([...seen.keys()].sort(), all.filter((name) => !NO_NODE.includes(name)).sort());
    for (const [name, { changes, stopped, refused }] of seen) {
      if (changes > 0) assert.ok(stopped > 0, `${name} was never superseded before a change`);
      if (changes > 0 && name !== 'readPlan')
        assert.ok(refused > 0, `${name} was never refused to a workflow that is no migration`);
      if (changes === 0) assert.match(name, READS, `${name} was never seen to change anything`);
    }
  });
});
