import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { SMALL, callsOf, startStack, type Stack } from '../support/stack.js';
import { RARER } from '../support/boundaries.js';
import { breaksOf, interrupted, inTurn } from '../support/breaking.js';
import { signHostings } from '../support/hostings.js';
import { EVERY_KIND, KINDS_FOR_ANOTHER } from '../support/kinds.js';
import { snapshotOf, withoutDelegations } from '../support/snapshot.js';
import {
  applyStep,
  applyUpTo,
  startLiveMigrating,
  startSteps,
  stepsIn,
  undoAll,
  undoPhase,
  type Migrating,
} from '../support/route-steps.js';

/** Of the live route, with what everybody outside of the nodes has signed. */
async function startLiveKinds(
  t: TestContext,
  before?: string,
  contracts: Partial<typeof EVERY_KIND.contracts> = EVERY_KIND.contracts,
): Promise<Migrating> {
  return begin(await startStack(t, { ...EVERY_KIND, contracts }), before);
}

async function begin(stack: Stack, before?: string): Promise<Migrating> {
  const migrating = await startLiveMigrating(stack);
  await signHostings(migrating);
  if (before !== undefined) await applyUpTo(migrating, before);
  return migrating;
}

/** As an abort whose worker died before it could tell that all was taken back. */
async function undoTwice(migrating: Migrating): Promise<void> {
  const states = migrating.migration.steps.map(({ state }) => state);
  await undoAll(migrating);
  for (const [at, its] of migrating.migration.steps.entries()) its.state = states[at]!;
  await undoAll(migrating);
}

/** Contract ids differ from stack to stack, so where stacks are compared there are none. */
const NONE = Object.fromEntries(Object.keys(EVERY_KIND.contracts).map((name) => [name, 0]));

/** What somebody else's signature has a part in. */
const SIGNED_STEPS = ['propose-parties', 'activate-target', 'remove-source'];

suite('laws of every kind', { concurrency: 3, ...RARER }, () => {
  test('kinds, live: every step applied twice leaves the ledger of applying it once', async (t) => {
    const migrating = await startLiveKinds(t);
    for (const { name } of stepsIn(migrating)) {
      await applyStep(migrating, name);
      const once = await snapshotOf(migrating);
      await applyStep(migrating, name);
      assert.deepEqual(await snapshotOf(migrating), once, name);
    }
  });

  for (const step of SIGNED_STEPS) {
    test(
      `kinds, live, ${step}: failed before or after any call that changes something and applied again, it leaves the ledger of a clean run`,
      RARER,
      async (t) => {
        let migrating = await startLiveKinds(t, step, NONE);
        const calls = await callsOf(migrating, () => applyStep(migrating, step), { isMutating: true });
        const clean = await snapshotOf(migrating);

        for (const { call, kind } of inTurn(breaksOf(calls), 0)) {
          migrating = await startLiveKinds(t, step, NONE);
          await interrupted(migrating, call, kind, () => applyStep(migrating, step));
          await applyStep(migrating, step);
          assert.deepEqual(await snapshotOf(migrating), clean, `${kind} ${call.method} ${call.skip}`);
        }
      },
    );
  }

  for (const last of ['await-owners', 'activate-target', 'clear-onboarding-flags', 'move-clients']) {
    test(
      `kinds, live: undone after ${last}, also if it is undone twice, it leaves no trace but proposals`,
      RARER,
      async (t) => {
        const stack = await startStack(t, EVERY_KIND);
        const before = await snapshotOf(stack);
        const migrating = await begin(stack, last);
        await applyStep(migrating, last);

        await undoTwice(migrating);

        assert.deepEqual(withoutDelegations(await snapshotOf(stack)), withoutDelegations(before));
        assert.deepEqual(stack.sandbox.participants.target.damage(), []);
      },
    );
  }

  test(
    'kinds, new-synchronizer: every step applied twice leaves the ledger of applying it once',
    RARER,
    async (t) => {
      const migrating = await startSteps(t, { scenario: { ...SMALL, ...KINDS_FOR_ANOTHER } });
      await signHostings(migrating);
      for (const { name } of stepsIn(migrating)) {
        await applyStep(migrating, name);
        const once = await snapshotOf(migrating);
        await applyStep(migrating, name);
        assert.deepEqual(await snapshotOf(migrating), once, name);
      }
    },
  );

  test('kinds, new-synchronizer: undone after the parties are hosted, also if it is undone twice, it leaves no hosting', async (t) => {
    const migrating = await startSteps(t, { scenario: { ...SMALL, ...KINDS_FOR_ANOTHER } });
    const before = await snapshotOf(migrating);
    await signHostings(migrating);
    await applyUpTo(migrating, 'host-parties');
    await applyStep(migrating, 'host-parties');

    await undoTwice(migrating);

    const after = await snapshotOf(migrating);
    // Only whoever signs for a party can remove its mapping: it stays, without a host.
    const { hosting } = after.target;
    const left = hosting['da']!.filter((its) => !its.includes(', '));
    hosting['da'] = hosting['da']!.filter((its) => !left.includes(its));
    assert.equal(left.length, 4);
    assert.equal(migrating.record.partiesWithoutHosts, left.length);
    assert.deepEqual(withoutDelegations(after), withoutDelegations(before));
  });

  test('kinds, new-synchronizer: the hosting failed before or after any call, applied again, is that of a clean run', async (t) => {
    const migrating = await startSteps(t, {
      before: 'host-parties',
      scenario: { ...SMALL, ...KINDS_FOR_ANOTHER },
    });
    await signHostings(migrating);
    const calls = await callsOf(migrating, () => applyStep(migrating, 'host-parties'));
    const clean = await snapshotOf(migrating);

    for (const { call, kind } of inTurn(breaksOf(calls), 0)) {
      await undoPhase(migrating, 'recreate-parties');
      // The serials have grown since.
      await signHostings(migrating);
      await interrupted(migrating, call, kind, () => applyStep(migrating, 'host-parties'));
      await applyStep(migrating, 'host-parties');
      assert.deepEqual(await snapshotOf(migrating), clean, `${kind} ${call.method} ${call.skip}`);
    }
  });
});
