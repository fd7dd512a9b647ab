import assert from 'node:assert/strict';
import test from 'node:test';

import { isLeftBehind, nameOf, partyNamed, rightOf, rightText } from '../../model/local-state.js';
import { requestProblems } from '../../model/validation.js';

const NAMESPACE = `1220${'ab'.repeat(32)}`;

test('local-state: a right is written short and read back as it was', () => {
  const own = { kind: 'act-as', party: `Alice Smith::${NAMESPACE}` } as const;
  const foreign = { kind: 'read-as', party: `Bob::1220${'cd'.repeat(32)}` } as const;
  const general = { kind: 'participant-admin' } as const;

  assert.equal(rightText(own, NAMESPACE), 'act-as Alice Smith');
  for (const right of [own, foreign, general])
    assert.deepEqual(rightOf(rightText(right, NAMESPACE), NAMESPACE), right);
});

test('local-state: a party of another namespace keeps its id', () => {
  const [own, foreign] = [`Alice::${NAMESPACE}`, 'Bob::1220'];

  assert.deepEqual([nameOf(own, NAMESPACE), nameOf(foreign, NAMESPACE)], ['Alice', foreign]);
  assert.deepEqual([partyNamed('Alice', NAMESPACE), partyNamed(foreign, NAMESPACE)], [own, foreign]);
});

test('local-state: a request leaves behind a kind as a whole or one thing of it', () => {
  assert.ok(isLeftBehind(['users'], 'users', 'alice'));
  assert.ok(isLeftBehind(['users/alice'], 'users', 'alice'));
  assert.ok(!isLeftBehind(['users/alice'], 'users'));
  assert.ok(!isLeftBehind(['users/alice'], 'users', 'bob'));
});

test('local-state: what a request leaves behind has to be a kind, or one thing of it', () => {
  const problems = (...leaveBehind: string[]) =>
    requestProblems({
      source: 'a',
      target: 'b',
      sourceSynchronizer: 'x',
      targetSynchronizer: 'y',
      options: { leaveBehind },
    });

  assert.deepEqual(
    problems('users', 'users/alice', 'partyAnnotations/Alice::1220', 'resourceLimits'),
    [],
  );
  assert.equal(problems('user').length, 1);
  assert.equal(problems('resourceLimits/all').length, 1);
});
