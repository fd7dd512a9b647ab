import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { PHASES, type Phase } from '../../model/phase.js';
import type { CallRecord } from '../../sandbox/index.js';
import { snapshotOf } from '../support/snapshot.js';
import { SMALL } from '../support/stack.js';
import { APPLY, callsOf, newRecord, startPhases, UNDO, type Migrating } from '../support/steps.js';

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
  { phase: 'cut-over', rewind: ({ act }) => act.isolateTarget({ target: 'target' }) },
  { phase: 'verify', rewind: ({ act }) => act.ensurePruningSchedule({ participant: 'target' }) },
];

/** As little as possible of everything. Contract ids differ from stack to stack, so where stacks are compared there are none. */
function startBefore(t: TestContext, phase: Phase): Promise<Migrating> {
  const before = PHASES[PHASES.indexOf(phase) - 1];
  const contracts = { count: before ? 8 : 0 };
  const localState = { users: 2, pruningCron: '0 0 20 ? * SAT' };
  const scenario = { ...SMALL, parties: { local: 2 }, contracts, localState };
  return startPhases(t, { scenario, ...(before && { upTo: before }) });
}

/** The first and the last call of each method to each node. */
function sampled(calls: readonly CallRecord[]): { participant: string; method: string; skip: number }[] {
  const counts = new Map<string, { participant: string; method: string; count: number }>();
  for (const { participant, method } of calls) {
    const key = `${participant} ${method}`;
    const known = counts.get(key) ?? { participant, method, count: 0 };
    counts.set(key, { ...known, count: known.count + 1 });
  }
  return [...counts.values()].flatMap(({ participant, method, count }) =>
    [...new Set([0, count - 1])].map((skip) => ({ participant, method, skip })),
  );
}

/** Runs `work` with one call broken; a poll that came out shorter this time may miss the last call. */
async function interrupted(
  migrating: Migrating,
  fault: { participant: string; method: string; skip: number },
  kind: 'failBefore' | 'dropReply',
  work: () => Promise<unknown>,
): Promise<void> {
  const { faults } = migrating.sandbox;
  faults[kind](fault.method, fault);
  const failure = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  const wasHit = faults.pending().length === 0;
  faults.clear();
  if (wasHit) assert.match(String(failure), /on demand/, `${fault.participant} ${fault.method}`);
  else assert.ok(fault.skip > 0 && failure === undefined, String(failure));
}

const KINDS = ['failBefore', 'dropReply'] as const;

// Side by side, because most of the time is spent waiting for the nodes.
suite('laws', { concurrency: 4 }, () => {
  for (const { phase, undo, rewind } of LAWS) {
    const back = undo ?? rewind;
    const apply = APPLY[phase];
    const undoing = async (migrating: Migrating) => {
      await back!(migrating);
      if (phase === 'transfer-active-contracts') migrating.record = newRecord();
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
    });

    test(`${phase}: an undo that failed before or after any call and is repeated leaves no trace`, async (t) => {
      const migrating = await startBefore(t, phase);
      const before = await snapshotOf(migrating);
      await apply(migrating);
      const calls = await callsOf(migrating, () => undo(migrating));
      migrating.record = phase === 'transfer-active-contracts' ? newRecord() : migrating.record;

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
