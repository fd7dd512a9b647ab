import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { PHASES, type Phase } from '../../model/phase.js';
import * as withdrawal from '../../workflows/phases/withdrawal.js';
import { interrupted, KINDS, sampled } from '../support/breaking.js';
import { snapshotOf } from '../support/snapshot.js';
import { type Migrating, newRecord, startSteps, undoPhase } from '../support/route-steps.js';
import { SMALL, callsOf } from '../support/stack.js';

/** How a node is brought back to where a phase began; for a phase without an undo, a stack of its own each time. */
type Back = (migrating: Migrating) => Promise<unknown>;

interface Law {
  phase: Phase;
  undo?: Back;
  /** Back to before the phase without being its undo, so that one stack serves every failure. */
  rewind?: Back;
}

const LAWS: Law[] = [
  // Its removal is final: no undo, and a new stack for each failure.
  { phase: 'delegate-namespace' },
  { phase: 'recreate-parties', undo: UNDO['recreate-parties'] },
  { phase: 'migrate-dars', undo: UNDO['migrate-dars'] },
  { phase: 'migrate-local-state', undo: UNDO['migrate-local-state'] },
  { phase: 'transfer-active-contracts', undo: UNDO['transfer-active-contracts'] },
  // The point of no return: in an operator's hands there is no way back.
  {
    phase: 'cut-over',
    rewind: async (migrating) => {
      await migrating.act.isolateTarget({ target: migrating.refs.target });
      // What was compared was another state of the target.
      delete migrating.verification;
      migrating.isConnecting = false;
    },
  },
  {
    phase: 'verify',
    rewind: ({ act, refs }) => act.ensurePruningSchedule({ participant: refs.target }),
  },
];

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
  for (const { phase, undo, rewind } of LAWS) {
    const back = undo ?? rewind;
    const apply = APPLY[phase];
    const undoing = async (migrating: Migrating) => {
      await back!(migrating);
      if (phase === 'transfer-active-contracts') migrating.migration.transfer = newRecord();
    };

    test(`${phase}: applied twice, it leaves the ledger of applying it once`, async (t) => {
      const migrating = await startBefore(t, phase);

      await apply(migrating);
      const once = await snapshotOf(migrating);
      await apply(migrating);

      assert.deepEqual(await snapshotOf(migrating), once);
    });

    test(`${phase}: failed before or after any call and applied again, it leaves the ledger of a clean run`, async (t) => {
      let migrating = await startBefore(t, phase);
      const calls = await callsOf(migrating, () => apply(migrating));
      const clean = await snapshotOf(migrating);

      for (const kind of KINDS) {
        for (const call of sampled(calls)) {
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
      }
    });

    if (!undo) continue;

    test(`${phase}: undone, it leaves no trace, also if it is undone twice`, async (t) => {
      const migrating = await startBefore(t, phase);
      const before = await snapshotOf(migrating);

      await apply(migrating);
      await undo(migrating);
      assert.deepEqual(await snapshotOf(migrating), before);
      await undo(migrating);

      assert.deepEqual(await snapshotOf(migrating), before);
    });

    test(`${phase}: undone after it failed at any call, it leaves no trace`, async (t) => {
      const migrating = await startBefore(t, phase);
      const before = await snapshotOf(migrating);
      const calls = await callsOf(migrating, () => apply(migrating));
      await undoing(migrating);

      for (const call of sampled(calls)) {
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
      migrating.migration.transfer =
        phase === 'transfer-active-contracts' ? newRecord() : migrating.migration.transfer;

      for (const kind of KINDS) {
        for (const call of sampled(calls)) {
          await apply(migrating);
          await interrupted(migrating, call, kind, () => undo(migrating));
          await undoing(migrating);
          assert.deepEqual(
            await snapshotOf(migrating),
            before,
            `${kind} ${call.participant} ${call.method}`,
          );
        }
      }
    });
  }
});
