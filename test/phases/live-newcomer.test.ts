import assert from 'node:assert/strict';
import test from 'node:test';

import { leftToDo } from '../../model/left-to-do.js';
import { nextStepOf } from '../../model/next-step.js';
import { allocateOnSource } from '../support/topology-changes.js';
import { reached } from '../support/reached.js';
import { applyUpTo, liveOf, PROMPT_LIVE, startLiveSteps } from '../support/route-steps.js';

// Nothing but the source hosts it: stopped for good, the source would take the party and its contracts along.
test('live: a party that came to the source after the plan keeps the source running', async (t) => {
  const parties = { ...PROMPT_LIVE.parties, foreign: 0 };
  const migrating = await startLiveSteps(t, {
    before: 'isolate-target',
    scenario: { ...PROMPT_LIVE, parties },
  });
  const { sandbox, migration, planned } = migrating;
  const { source } = sandbox.participants;
  const newcomer = () =>
    source
      .parties('acme')
      .map(({ party }) => party)
      .find((party) => party.startsWith('Newcomer'));
  await allocateOnSource(sandbox, 'Newcomer');
  await reached(() => newcomer() !== undefined);

  await applyUpTo(migrating);

  assert.deepEqual(liveOf(migration).staying, [newcomer()]);
  const things = leftToDo(planned.plan, migration.live).map(({ what }) => what);
  assert.ok(
    things.includes(`deal with the parties that stay on source: ${newcomer()}`),
    things.join('\n'),
  );
  assert.ok(!things.some((what) => what.startsWith('stop the process of source')));
  assert.match(
    nextStepOf({ ...migration, state: 'watching' }),
    /^keep source running, which serves 1 party that stays on it; /,
  );
});
