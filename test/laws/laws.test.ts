import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { newMigration } from '../../model/migration.js';
import { PHASES, type Phase } from '../../model/phase.js';
import * as withdrawal from '../../workflows/phases/withdrawal.js';
import { newSynchronizer } from '../../workflows/routes/new-synchronizer.js';
import { RARER } from '../support/boundaries.js';
import { breaksOf, interrupted, inTurn } from '../support/breaking.js';
import { snapshotOf } from '../support/snapshot.js';
import { applyStep, type Migrating, startSteps, stepsIn, undoPhase } from '../support/route-steps.js';
import { SMALL, callsOf } from '../support/stack.js';

/**
 * Back to before a phase that is never undone, so that one stack serves every failure: past the point of no return, in an
 * operator's hands there is no way back. A phase with neither has a stack of its own each time.
 */
const REWIND: Partial<Record<Phase, (migrating: Migrating) => Promise<unknown>>> = {
  'cut-over': async ({ act, migration, refs }) => {
    await act.isolateTarget({ target: refs.target });
    // What was compared was another state of the target.
    delete migration.verification;
    delete migration.transfer.isConnectBegun;
  },
  verify: ({ act, refs }) => act.ensurePruningSchedule({ participant: refs.target }),
};

/** As little as possible of everything. Contract ids differ from stack to stack, so where stacks are compared there are none. */
function startBefore(t: TestContext, phase: Phase): Promise<Migrating> {
  const before = PHASES[PHASES.indexOf(phase) - 1];
  const contracts = { count: before ? 8 : 0 };
  const localState = { users: 2, pruningCron: '0 0 20 ? * SAT' };
  const scenario = { ...SMALL, parties: { local: 2 }, contracts, localState };
  return startSteps(t, { scenario, ...(before && { upTo: before }) });
}

// Side by side, because most of the time is spent waiting for the nodes.
suite('laws', { concurrency: 4 }, () => {
  for (const [step, phase] of PHASES.entries()) {
    const isUndone = newSynchronizer.steps.some((step) => step.phase === phase && step.undo);
    const apply = (migrating: Migrating) => finish(migrating, phase);
    const undo = (migrating: Migrating) => undoPhase(migrating, phase);
    const back = isUndone ? undo : REWIND[phase];
    const undoing = async (migrating: Migrating) => {
      await back!(migrating);
      forget(migrating, phase);
    };

    // Whoever fails after its last call and applies again has applied twice as well: CI looks at each third one.
    const often = step % 3 === 0 ? {} : RARER;

    test(`${phase}: each step applied twice leaves the ledger of applying it once`, often, async (t) => {
      const migrating = await startBefore(t, phase);

      for (const { name } of stepsOfPhase(migrating, phase)) {
        await applyStep(migrating, name);
        const once = await snapshotOf(migrating);
        await applyStep(migrating, name);

        assert.deepEqual(await snapshotOf(migrating), once, name);
      }
    });

    test(`${phase}: failed before or after any call and applied again, it leaves the ledger of a clean run`, async (t) => {
      let migrating = await startBefore(t, phase);
      const calls = await callsOf(migrating, () => apply(migrating));
      const clean = await snapshotOf(migrating);

      for (const { call, kind } of inTurn(breaksOf(calls), step)) {
        if (back) await undoing(migrating);
        else migrating = await startBefore(t, phase);
        await interrupted(migrating, call, kind, () => apply(migrating));
        await apply(migrating);
        assert.deepEqual(
          await snapshotOf(migrating),
          clean,
          `${kind} ${call.participant} ${call.method}`,
        );
      }
    });

    if (!isUndone) continue;

    test(`${phase}: undone, it leaves no trace, also if it is undone twice`, often, async (t) => {
      const migrating = await startBefore(t, phase);
      const before = await snapshotOf(migrating);

      await apply(migrating);
      await undo(migrating);
      assert.deepEqual(await snapshotOf(migrating), before);
      await undo(migrating);

      assert.deepEqual(await snapshotOf(migrating), before);
    });

    test(`${phase}: undone after it failed at any call that changes something, it leaves no trace`, async (t) => {
      const migrating = await startBefore(t, phase);
      const before = await snapshotOf(migrating);
      const calls = await callsOf(migrating, () => apply(migrating));
      await undoing(migrating);

      for (const { call } of breaksOf(calls).filter(({ kind }) => kind === 'dropReply')) {
        await interrupted(migrating, call, 'dropReply', () => apply(migrating));
        await undoing(migrating);
        assert.deepEqual(await snapshotOf(migrating), before, `${call.participant} ${call.method}`);
      }
      // What an abort reads last, with what the phases before left taken back too.
      await undoPhase(migrating, 'recreate-parties');
      await withdrawal.check(migrating.planned, migrating.act, migrating.migration.transfer);
    });

    test(`${phase}: an undo that failed before or after any call and is repeated leaves no trace`, async (t) => {
      const migrating = await startBefore(t, phase);
      const before = await snapshotOf(migrating);
      await apply(migrating);
      const calls = await callsOf(migrating, () => undo(migrating));
      forget(migrating, phase);

      for (const { call, kind } of inTurn(breaksOf(calls), step)) {
        await apply(migrating);
        await interrupted(migrating, call, kind, () => undo(migrating));
        await undoing(migrating);
        assert.deepEqual(
          await snapshotOf(migrating),
          before,
          `${kind} ${call.participant} ${call.method}`,
        );
      }
    });
  }
});

/** Takes the steps of a phase from the first that is not done on, as a migration does that was stopped at one. */
async function finish(migrating: Migrating, phase: Phase): Promise<void> {
  for (const { name } of stepsOfPhase(migrating, phase)) {
    const known = migrating.migration.steps.find((step) => step.name === name);
    if (known?.state !== 'done') await applyStep(migrating, name);
  }
}

/** What a phase does itself: the comparison that proves is made again by whatever needs it. */
function stepsOfPhase(migrating: Migrating, name: Phase): { name: string }[] {
  return stepsIn(migrating).filter(({ phase, isProof }) => phase === name && !isProof);
}

/** Whoever applies the phase next has done nothing of it. */
function forget({ migration }: Migrating, phase: Phase): void {
  for (const step of migration.steps) if (step.phase === phase) step.state = 'waiting';
  if (phase === 'transfer-active-contracts')
    migration.transfer = newMigration(migration.workflowId).transfer;
}
