import assert from 'node:assert/strict';
import test from 'node:test';

import { movedEverything, partiesSince, requestReverse } from '../../client/reverse.js';
import { requestArguments } from '../../client/command-options.js';
import {
  movedParties,
  namespaceOf,
  NOT_SELECTED,
  type PlannedParty,
  type WithParties,
} from '../../model/plan.js';
import type { ImportMode } from '../../model/participant.js';
import { requestProblems } from '../../model/validation.js';
import { LIVE_PLAN, PLAN } from './samples.js';
import { itemsOf, partiesIn, whole } from '../support/plan-parties.js';

const PLANNED = whole(PLAN.plan);
const LIVE = whole(LIVE_PLAN.plan);
const PARTIES = itemsOf(movedParties(PLANNED));
const OWN = PLANNED.target.namespace;
const THIRD = `1220${'77'.repeat(32)}`;

test('back: what went live goes back live, to the old node or a fresh one, and nothing is copied otherwise', () => {
  const old = requestReverse(LIVE, {});
  const fresh = requestReverse(LIVE, { target: 'fresh' });

  assert.deepEqual(old, {
    source: 'new',
    target: 'old',
    sourceSynchronizer: 'old-sync::1220',
    targetSynchronizer: 'old-sync::1220',
    parties: PARTIES,
    route: 'live',
    options: {},
  });
  assert.deepEqual(fresh, { ...old, target: 'fresh', rootKeyHolder: 'old' });
  for (const request of [old, fresh]) assert.deepEqual(requestProblems(request), []);
});

test('back: where a synchronizer is named for a fresh node, the plan chooses the route', () => {
  const { route, targetSynchronizer } = requestReverse(LIVE, {
    target: 'fresh',
    targetSynchronizer: 'another',
  });

  assert.deepEqual([route, targetSynchronizer], [undefined, 'another']);
});

test('back: from another synchronizer the old node gets what changed', () => {
  const { route, options } = requestReverse(PLANNED, {});

  assert.deepEqual([route, options], [undefined, { copy: 'changes' }]);
});

test('back: a wish to validate is carried over, one for mode ACCEPT was about the nodes of one direction', () => {
  const back = (importMode: ImportMode) =>
    requestReverse({ ...PLANNED, request: { ...PLANNED.request, options: { importMode } } }, {}).options;

  assert.deepEqual(back('validation'), { importMode: 'validation', copy: 'changes' });
  assert.deepEqual(back('accept'), { copy: 'changes' });
});

test('back: a migration that named its parties is reversed for these, whatever else the node hosts', () => {
  const parties = [
    ...partiesIn(PLANNED),
    {
      ...partiesIn(PLANNED)[0]!,
      party: `dora::${OWN}`,
      treatment: 'leave',
      reason: NOT_SELECTED,
    } as const,
  ];

  assert.deepEqual(requestReverse({ ...PLANNED, parties }, {}).parties, PARTIES);
  assert.equal(movedEverything({ ...PLANNED, parties }), false);
});

test('back: whatever is chosen takes the place of what the migration had', () => {
  const options = { catchUps: 3, quietSeconds: 5, watchSeconds: 30, leaveBehind: ['users'] };
  const plan = { ...PLANNED, request: { ...PLANNED.request, options: { ...options, copy: 'warm' } } };

  const kept = requestReverse(plan as WithParties, {});
  const chosen = requestReverse(plan as WithParties, {
    parties: [PARTIES[0]!],
    sourceSynchronizer: 'next',
    rootKeyHolder: 'vault',
    options: { catchUps: 9, leaveBehind: ['pruningSchedule'], sharedContracts: 'include' },
  });

  assert.deepEqual(kept.options, { ...options, copy: 'changes' });
  assert.deepEqual(chosen, {
    ...kept,
    parties: [PARTIES[0]],
    sourceSynchronizer: 'next',
    rootKeyHolder: 'vault',
    options: {
      ...options,
      copy: 'changes',
      catchUps: 9,
      leaveBehind: ['pruningSchedule'],
      sharedContracts: 'include',
    },
  });
  for (const request of [kept, chosen]) assert.deepEqual(requestProblems(request), []);
});

test('back: options that belong to one route are not carried over to the other', () => {
  const options = { copy: 'warm', catchUps: 3, sharedContracts: 'exclude', quietSeconds: 5 } as const;
  const live = requestReverse(
    { ...PLANNED, request: { ...PLANNED.request, options } },
    { route: 'live', targetSynchronizer: 'new-sync' },
  );
  const { request, ...its } = LIVE;
  const other = requestReverse(
    { ...its, request: { ...request, options: { delegation: 'none', quietSeconds: 5 } } },
    { route: 'new-synchronizer', targetSynchronizer: 'another' },
  );

  assert.deepEqual([live.route, live.options], ['live', { quietSeconds: 5 }]);
  assert.deepEqual([other.route, other.options], ['new-synchronizer', { quietSeconds: 5 }]);
  for (const made of [live, other]) assert.deepEqual(requestProblems(made), []);
});

/** What the node that serves now hosts: what was moved, and more. */
const hosting = (...more: string[]) => {
  const party = (name: string): PlannedParty => ({
    ...partiesIn(PLANNED)[0]!,
    class: 'local',
    party: name,
  });
  return {
    ...PLANNED,
    source: { ...PLANNED.source, namespace: OWN },
    parties: [...PARTIES, ...more].map(party),
  };
};
const [DORA, EMIL, THIRD_PARTY] = [`dora::${OWN}`, `emil::${namespaceOf(PARTIES[0]!)}`, `fay::${THIRD}`];

test('back: parties that the node got since go back with the others, and none of a third namespace ever does', () => {
  assert.deepEqual(partiesSince(PLANNED, hosting(DORA, EMIL)), [DORA, EMIL]);
  // Of two nodes that were brought together on it, either may be meant by what is its own.
  assert.deepEqual(partiesSince(PLANNED, hosting(DORA, EMIL, THIRD_PARTY)), [EMIL]);
});

test('back: parties of a namespace that the target hosted before stay there', () => {
  const hosted = [{ namespace: OWN, count: 1 }];
  const before = { ...PLANNED, target: { ...PLANNED.target, hosted } };

  assert.deepEqual(partiesSince(before, hosting(DORA, EMIL)), [EMIL]);
});

test('back: every option that repeats a command is told with each of its values', () => {
  const text = requestArguments({
    reverse: 'old::1220',
    party: ['a::1220', 'b b::1220'],
    leaveBehind: ['users', 'pruningSchedule'],
    catchUps: 2,
  });

  assert.equal(
    text,
    "--reverse old::1220 --catch-ups 2 --leave-behind users --leave-behind pruningSchedule --party a::1220 --party 'b b::1220'",
  );
});
