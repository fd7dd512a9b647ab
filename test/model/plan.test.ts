import assert from 'node:assert/strict';
import test from 'node:test';

import { canonicalJson } from '../../model/plan.js';
import { requestProblems, validator } from '../../model/validation.js';

const REQUEST = { source: 'a', target: 'b', sourceSynchronizer: 'x', targetSynchronizer: 'y' };

test('plan: equal values have equal canonical JSON, whatever the order of their keys', () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: null }), '{"a":null,"b":[{"c":2,"d":1}]}');
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
});

test('request: every problem is named with field, value and expectation', () => {
  assert.deepEqual(requestProblems(REQUEST), []);
  assert.deepEqual(requestProblems({ ...REQUEST, target: 'a' }), [
    'target: found a, expected another participant than the source',
  ]);
  assert.deepEqual(requestProblems({ ...REQUEST, options: { catchUps: 3 } }), [
    'options.catchUps: found 3, expected options.copy to be warm or changes with it',
  ]);
  assert.deepEqual(requestProblems({ ...REQUEST, options: { catchUps: 3, copy: 'warm' } }), []);
  const problems = requestProblems({
    ...REQUEST,
    source: 7,
    speed: 'high',
    options: { catchUps: 0, sharedContracts: 'maybe' },
  });
  for (const part of [
    'source: found 7, expected string',
    'speed: unknown field',
    'options.catchUps: found 0, expected at least 1',
    'options.sharedContracts: found "maybe", expected one of include, exclude',
  ]) {
    assert.ok(
      problems.some((line) => line.includes(part)),
      `${part} in ${problems.join('\n')}`,
    );
  }
});

test('request: an option of the other route is refused by its name', () => {
  const live = { ...REQUEST, route: 'live' };
  const options = { copy: 'warm', catchUps: 3, sharedContracts: 'include' };

  assert.deepEqual(requestProblems({ ...live, options }), [
    'options.copy: found warm, expected nothing on the route live',
    'options.catchUps: found 3, expected nothing on the route live',
    'options.sharedContracts: found include, expected nothing on the route live',
  ]);
  assert.deepEqual(
    requestProblems({ ...REQUEST, route: 'new-synchronizer', options: { delegation: 'none' } }),
    ['options.delegation: found none, expected create on the route new-synchronizer'],
  );
  assert.deepEqual(requestProblems({ ...REQUEST, route: 'fast' }), [
    'route: found "fast", expected one of new-synchronizer, live',
  ]);
});

test('request: what both routes know, and what only the plan can tell, is no problem', () => {
  const options = { quietSeconds: 5, leaveBehind: ['users'], watchSeconds: 5, delegation: 'none' };

  assert.deepEqual(requestProblems({ ...REQUEST, route: 'live', options }), []);
  assert.deepEqual(requestProblems({ ...REQUEST, options }), []);
  assert.deepEqual(requestProblems({ ...REQUEST, options: { copy: 'warm' } }), []);
});

test('request: ranges are told as what is expected, not as what must not be', () => {
  const ranges = validator({
    type: 'object',
    properties: {
      ...{ one: { type: 'string', minLength: 1 }, two: { type: 'array', minItems: 1, maxItems: 2 } },
      ...{ low: { type: 'integer', minimum: 1 }, high: { type: 'integer', maximum: 60 } },
      long: { type: 'string', maxLength: 2 },
    },
    minProperties: 1,
  });
  const found = [...ranges({ one: '', two: [], low: 0, high: 61, long: 'abc' }), ...ranges({})].join(
    '\n',
  );

  assert.doesNotMatch(found, /fewer|more than|must|[<>]/);
  for (const wanted of ['1 character', '1 item', '1', '1 field'])
    assert.match(found, new RegExp(`expected at least ${wanted}$`, 'm'));
  assert.match(found, /high: found 61, expected at most 60$/m);
  assert.match(found, /expected at most 2 characters$/m);
});
