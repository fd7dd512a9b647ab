import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { phaseOf } from '../../model/migration.js';
import { movedParties } from '../../model/plan.js';
import type { ParticipantView } from '../../sandbox/index.js';
import * as migrateDars from '../../workflows/phases/migrate-dars.js';
import * as migrateLocalState from '../../workflows/phases/migrate-local-state.js';
import { breaksOf, interrupted, type Break } from '../support/breaking.js';
import {
  applyLive,
  applyUpTo,
  begun,
  LIVE_STEPS,
  PROMPT_LIVE,
  startLiveSteps,
  undoHosting,
  undoLive,
  type LiveMigrating,
  type LiveStep,
} from '../support/live-steps.js';
import { snapshotOf } from '../support/snapshot.js';
import { callsOf } from '../support/steps.js';

/** How the nodes are brought back to where a step began; where nothing does, a stack of its own each time. */
const REWIND: Partial<Record<LiveStep, (migrating: LiveMigrating) => Promise<unknown>>> = {
  'migrate-dars': ({ planned: { plan }, act, migration }) =>
    migrateDars.undo(plan, act, migration.transfer),
  'migrate-local-state': ({ planned: { plan }, act }) => migrateLocalState.undo(plan, act),
  isolation: undoHosting,
  'transfer-active-contracts': (migrating) => rewoundTo(migrating, 'transfer-active-contracts'),
  equality: () => Promise.resolve(),
  onboarding: (migrating) => rewoundTo(migrating, 'onboarding'),
  switch: () => Promise.resolve(),
  'cut-over': hostAgain,
  verify: withoutLastTouches,
};

async function rewoundTo(migrating: LiveMigrating, step: LiveStep): Promise<void> {
  phaseOf(migrating.migration, 'transfer-active-contracts').state = 'running';
  await undoHosting(migrating);
  const between = LIVE_STEPS.slice(LIVE_STEPS.indexOf('isolation'), LIVE_STEPS.indexOf(step));
  for (const its of between) await applyLive(migrating, its);
}

/** Makes the source a host again beside the target, which nobody but a test may do: nothing has happened since. */
async function hostAgain({
  act,
  participants,
  refs,
  sandbox,
  planned: { plan },
}: LiveMigrating): Promise<void> {
  await act.ensureManualConnect({ target: refs.target });
  const { topology } = participants.get('source')!;
  const store = { synchronizerId: plan.source.synchronizer.logicalId };
  const host = {
    participantUid: plan.source.uid,
    permission: 'submission',
    isOnboarding: false,
  } as const;
  const mappings = await topology.listPartyMappings(store, { participantUid: plan.target.uid });
  for (const mapping of mappings.filter(({ party }) => movedParties(plan).includes(party))) {
    const hosts = [host, ...mapping.hosts.filter((its) => its.participantUid !== host.participantUid)];
    if (hosts.length > mapping.hosts.length)
      await topology.proposePartyMapping(store, { ...mapping, hosts, serial: mapping.serial + 1 });
  }
  const { source, target } = sandbox.participants;
  const isHost = (view: ParticipantView) => (party: string) => view.hosts(party).includes(source.uid);
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await delay(5))
    if ([source, target].every((view) => movedParties(plan).every(isHost(view)))) return;
  throw new Error('the source did not become a host again');
}

/** Takes off the target what only the last step gives it. */
async function withoutLastTouches({ act, participants, refs, planned: { plan } }: LiveMigrating) {
  await act.ensurePruningSchedule({ participant: refs.target });
  const { partyDetails } = participants.get('target')!;
  for (const { name, add } of plan.localState?.partyAnnotations ?? []) {
    const party = movedParties(plan).find((its) => its === name || its.startsWith(`${name}::`));
    await partyDetails.annotate(party!, Object.fromEntries(add.map((key) => [key, ''])));
  }
}

/** What the laws of the other route hold already is left out, because it costs most of the calls. */
const WITHOUT_USERS = { users: 0, identityProviders: 0, annotatedParties: 0 };
const WITH_USERS = { users: 1, pruningCron: '0 0 20 ? * SAT' };

/** Contract ids differ from stack to stack, so where stacks are compared there are none. */
function startBefore(t: TestContext, step: LiveStep): Promise<LiveMigrating> {
  const isLocal = step === 'migrate-local-state' || step === 'verify';
  const localState = isLocal ? WITH_USERS : WITHOUT_USERS;
  const contracts = { count: REWIND[step] ? 12 : 0 };
  return startLiveSteps(t, { before: step, scenario: { ...PROMPT_LIVE, localState, contracts } });
}

/** Both nodes, and the parties that are proposed for the target. */
async function stateOf(migrating: LiveMigrating) {
  const { sandbox, participants, planned } = migrating;
  assert.deepEqual(sandbox.participants.target.damage(), []);
  const { topology } = participants.get('source')!;
  const store = { synchronizerId: planned.plan.source.synchronizer.logicalId };
  const { uid: participantUid } = planned.plan.target;
  const proposals = await topology.listPartyMappings(store, { participantUid }, { isProposal: true });
  const proposed = [...new Set(proposals.map(({ party }) => party))].sort();
  return { ...(await snapshotOf(migrating)), proposed };
}

// Side by side, because most of the time is spent waiting for the nodes.
suite('live laws', { concurrency: 3 }, () => {
  test('live: every step applied twice leaves the ledger of applying it once', async (t) => {
    const migrating = await startBefore(t, 'migrate-local-state');
    for (const step of LIVE_STEPS) {
      await applyLive(migrating, step);
      const once = await stateOf(migrating);
      await applyLive(migrating, step);
      assert.deepEqual(await stateOf(migrating), once, step);
    }
  });

  for (const step of LIVE_STEPS) {
    test(`live, ${step}: failed before or after any call and applied again, it leaves the ledger of a clean run`, async (t) => {
      let migrating = await startBefore(t, step);
      const calls = await callsOf(migrating, () => applyLive(migrating, step));
      const clean = await stateOf(migrating);

      for (const { call, kind } of breaksOf(calls)) {
        const rewind = REWIND[step];
        if (rewind) await rewind(migrating);
        else migrating = await startBefore(t, step);
        await interrupted(migrating, call, kind, () => applyLive(migrating, step));
        await applyLive(migrating, step);
        assert.deepEqual(await stateOf(migrating), clean, named({ call, kind }));
      }
    });
  }

  const undoable = LIVE_STEPS.slice(1, LIVE_STEPS.indexOf('cut-over'));

  test('live: undone after any step, it leaves no trace but proposals, also if it is undone twice', async (t) => {
    const stack = await startLiveSteps(t, { before: 'recreate-parties' });
    const before = await snapshotOf(stack);
    for (const step of undoable) {
      const migrating = await begun(stack);
      await applyUpTo(migrating, LIVE_STEPS[LIVE_STEPS.indexOf(step) + 1]);
      await undoneTwice(migrating);
      assert.deepEqual(await snapshotOf(migrating), before, step);
      assert.deepEqual(stack.sandbox.participants.target.damage(), [], step);
    }
  });

  for (const step of ['recreate-parties', 'transfer-active-contracts', 'onboarding'] as const) {
    test(`live, ${step}: undone after it failed at any call that changes something, it leaves no trace but proposals`, async (t) => {
      const { stack, before, at } = await restarting(t, step);
      const clean = await at();
      const calls = await callsOf(stack, () => applyLive(clean, step), { isMutating: true });
      await undoLive(clean);

      for (const { call, kind } of breaksOf(calls)) {
        const migrating = await at();
        // Of a proposal that is there since the first attempt, no second one is made.
        await broken(migrating, { call, kind }, () => applyLive(migrating, step));
        await undoLive(migrating);
        assert.deepEqual(await snapshotOf(stack), before, named({ call, kind }));
        assert.deepEqual(stack.sandbox.participants.target.damage(), [], named({ call, kind }));
      }
    });
  }

  for (const step of ['equality', 'cut-over'] as const) {
    test(`live: an undo before ${step} that failed at any call that changes something, made again, leaves no trace but proposals`, async (t) => {
      const { stack, before, at } = await restarting(t, step);
      const clean = await at();
      const calls = await callsOf(stack, () => undoLive(clean), { isMutating: true });

      for (const { call, kind } of breaksOf(calls)) {
        const migrating = await at();
        await broken(migrating, { call, kind }, () => undoLive(migrating));
        await undoLive(migrating);
        assert.deepEqual(await snapshotOf(stack), before, named({ call, kind }));
        assert.deepEqual(stack.sandbox.participants.target.damage(), [], named({ call, kind }));
      }
    });
  }
});

/** A stack on which one migration after the other is begun, each brought to the step. */
async function restarting(t: TestContext, step: LiveStep) {
  const scenario = { ...PROMPT_LIVE, localState: WITHOUT_USERS };
  const stack = await startLiveSteps(t, { before: 'recreate-parties', scenario });
  const at = async () => {
    const migrating = await begun(stack);
    await applyUpTo(migrating, step);
    return migrating;
  };
  return { stack, before: await snapshotOf(stack), at };
}

/** Runs `work` with a call broken that it may not come to. */
async function broken(
  { sandbox: { faults } }: LiveMigrating,
  { call, kind }: Break,
  work: () => Promise<unknown>,
): Promise<void> {
  faults[kind](call.method, call);
  await work().catch((error: unknown) =>
    assert.match(String(error), /on demand/, named({ call, kind })),
  );
  faults.clear();
}

function named({ call: { participant, method, skip }, kind }: Break): string {
  return `${kind} ${participant} ${method} after ${skip} others`;
}

async function undoneTwice(migrating: LiveMigrating): Promise<void> {
  const { phases } = migrating.migration;
  const states = phases.map(({ state }) => state);
  await undoLive(migrating);
  for (const [at, its] of phases.entries()) its.state = states[at]!;
  await undoLive(migrating);
}
