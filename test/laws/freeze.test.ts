import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { createActivities, type Activities } from '../../activities/index.js';
import { participantsOf } from '../../activities/nodes/participants.js';
import { heldByFreeze } from '../../activities/nodes/upgrades.js';
import { DEFAULT_APPROVAL } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import type { CallRecord, ScenarioChange } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { failing } from '../support/failing.js';
import { onVersion } from '../support/protocol-version.js';
import { quickly } from '../support/quick-attempts.js';
import {
  applyStep,
  begun,
  PROMPT_LIVE,
  stepsIn,
  undoAll,
  unhurried,
  type Migrating,
} from '../support/route-steps.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { EVERYTHING, LIVE_REQUEST, REQUEST, SMALL, startStack } from '../support/stack.js';
import { announceUpgrade } from '../support/upgrading.js';

/** Beside the TopologyManagerWriteService. */
const WRITING = [
  'AllocateParty',
  'ClearPartyOnboardingFlag',
  'ConnectSynchronizer',
  'RegisterSynchronizer',
  'RemoveDar',
  'UnvetDar',
  'VetDar',
];
/** They wait for what others write, or only an operator or an offline root key leads there. */
const NOT_SEEN = ['readNamespaceDelegation', 'submitSignedDelegation'];

/** The activities that a freeze holds. */
function heldActivities(): string[] {
  const participants = new Map<string, never>();
  const all: Record<string, (input: never) => Promise<unknown>> = createActivities({
    participants,
    spool: { folder: '', key: SPOOL_KEY },
  });
  const held = heldByFreeze(all, participantsOf(participants, { approval: DEFAULT_APPROVAL }));
  return Object.keys(held).filter((name) => held[name] !== all[name]);
}

const writesTopology = ({ service, method }: CallRecord) =>
  service.endsWith('.TopologyManagerWriteService') || WRITING.includes(method);

/** A migration that notes which activities write topology. */
async function noting(
  t: TestContext,
  [scenario, request]: readonly [ScenarioChange, MigrationRequest],
  writers: Set<string>,
): Promise<Migrating> {
  const stack = await startStack(t, scenario);
  const { calls } = stack.sandbox;
  const quick = quickly(stack.activities);
  const noted = Object.entries(quick).map(([name, run]) => [
    name,
    async (input: never) => {
      const { last } = calls;
      try {
        return await run(input);
      } finally {
        if (calls.list({ isMutating: true, after: last }).some(writesTopology)) writers.add(name);
      }
    },
  ]);
  const planned = unhurried(await quick.readPlan(request));
  return begun({ ...stack, act: Object.fromEntries(noted) as Activities }, planned);
}

const JOINING: ScenarioChange = { ...PROMPT_LIVE, target: { synchronizers: [] } };
const ROUTES = [
  [EVERYTHING, REQUEST, 'park-source'],
  [JOINING, LIVE_REQUEST, 'move-clients'],
] as const;

test(
  'freeze: whatever writes topology on either route, or takes it back, is held, and nothing else',
  RARER,
  async (t) => {
    const writers = new Set<string>();
    for (const [scenario, request, lastUndone] of ROUTES) {
      const whole = await noting(t, [scenario, request], writers);
      for (const { name } of stepsIn(whole)) await applyStep(whole, name);
      const aborted = await noting(t, [scenario, request], writers);
      for (const { name } of stepsIn(aborted)) {
        await applyStep(aborted, name);
        if (name === lastUndone) break;
      }
      await undoAll(aborted);
    }

    const expected = heldActivities().filter((name) => !NOT_SEEN.includes(name));
    assert.deepEqual([...writers].sort(), expected.sort());
  },
);

test('freeze: each activity that is held says so, and changes nothing', async (t) => {
  const { sandbox, activities, refs } = await startStack(t, { ...SMALL, ...onVersion(34) });
  const { logicalId: synchronizerId } = sandbox.synchronizers.target.info;
  await announceUpgrade(sandbox, 'target');
  const { last } = sandbox.calls;
  const act = quickly(activities) as unknown as Record<string, (input: object) => Promise<unknown>>;

  for (const name of heldActivities())
    await assert.rejects(
      act[name]!({ ...refs, participant: refs.target, synchronizerId }),
      failing('SynchronizerFrozen', 'refused', 'its topology is frozen until it is done'),
      name,
    );

  assert.deepEqual(sandbox.calls.list({ isMutating: true, after: last }), []);
});
