import assert from 'node:assert/strict';
import test from 'node:test';

import { newLiveRecord } from '../../model/live.js';
import { newMigration } from '../../model/migration.js';
import { nextStepOf } from '../../model/next-step.js';
import { leftToDo } from '../../model/left-to-do.js';
import type { MigrationPlan, PlannedNamespace, PlannedParty } from '../../model/plan.js';
import { LIVE_PLAN, PLAN } from '../client/samples.js';
import { partiesIn } from '../support/plan-parties.js';

const things = (plan: MigrationPlan) => leftToDo(plan).map(({ what }) => what);
const BOB = { ...partiesIn(PLAN.plan)[0]!, party: 'bob::1220', treatment: 'leave' } as PlannedParty;

test('left to do: whoever stays on a parked node comes before its process is stopped', () => {
  const [first, second] = things({ ...PLAN.plan, parties: [...partiesIn(PLAN.plan), BOB] });

  assert.equal(
    first,
    'deal with the parties that stay on old, before its process is stopped: bob::1220',
  );
  assert.match(second!, /^stop the process of old for good/);
  assert.match(things(PLAN.plan)[0]!, /^stop the process of old for good/);
});

test('left to do: no root key is retired of the node that the parties went back to', () => {
  const of = (namespace: string) => ({ namespace }) as PlannedNamespace;
  const { target, source } = LIVE_PLAN.plan;
  const back = things({ ...LIVE_PLAN.plan, namespaces: [of(target.namespace)] }).join();
  const forward = things({ ...LIVE_PLAN.plan, namespaces: [of(source.namespace)] }).join();

  const keyed = things({
    ...LIVE_PLAN.plan,
    namespaces: [{ ...of(source.namespace), sourceKeys: ['1220ab'] }],
  }).join();

  assert.match(keyed, /delete the keys 1220ab from the vault of old, and from its KMS/);
  assert.doesNotMatch(forward, /delete the keys/);
  assert.doesNotMatch(back, /retire the root key/);
  assert.match(forward, /retire the root key/);
});

test('left to do: tokens whose audience is the source are named on both routes', () => {
  for (const { plan } of [PLAN, LIVE_PLAN])
    assert.ok(
      things(plan).some(
        (what) =>
          what.includes(`of the audience https://daml.com/jwt/aud/participant/${plan.target.uid}`) &&
          what.includes(`in place of https://daml.com/jwt/aud/participant/${plan.source.uid}`),
      ),
    );
});

test('left to do: a source that goes on serving keeps its process, its key and its traffic', () => {
  const { source } = LIVE_PLAN.plan;
  const plan = { ...LIVE_PLAN.plan, namespaces: [{ namespace: source.namespace } as PlannedNamespace] };
  const told = (staying: string[]) => {
    const migration = {
      ...newMigration('m'),
      hashed: { ...LIVE_PLAN, plan },
      state: 'watching',
    } as const;
    const all = [...leftToDo(plan, { staying }).map(({ what }) => what)];
    return [
      all.join('\n'),
      nextStepOf({ ...migration, live: { ...newLiveRecord(), staying } }),
    ] as const;
  };
  const [left, next] = told(['bob::1220']);

  assert.doesNotMatch(left, /stop the process|retire the root key 1220|delete|stop buying/);
  assert.match(left, /leave the root key where it is/);
  assert.match(next, /^keep old running, which serves 1 party that stays on it; canton-migrate close/);
  assert.match(told([])[0], /stop the process of old for good[^]*retire the root key/);
});
