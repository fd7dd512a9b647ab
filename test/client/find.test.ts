import assert from 'node:assert/strict';
import { test } from 'node:test';

import { matching } from '../../client/find.js';
import type { MigrationRun } from '../../client/migrations.js';
import { migrationId } from '../../model/plan.js';

const uid = (name: string, tail = 'ab') => `${name}::1220${tail.repeat(32)}`;

function run(source: string, target: string, isOpen = true): MigrationRun {
  const id = migrationId(uid(source));
  const nodes = {
    source: { name: source, uid: uid(source) },
    target: { name: target, uid: uid(target) },
  };
  // What Temporal says beside that is no part of a name.
  return { id, isOpen, ...nodes } as MigrationRun;
}

const idsOf = (runs: MigrationRun[], reference: string) => matching(runs, reference).map(({ id }) => id);

test('find: an open migration comes before those that have ended, also where it has the node as its target', () => {
  const runs = [run('new', 'old'), run('old', 'new', false)];

  assert.deepEqual(idsOf(runs, 'old'), [migrationId(uid('new'))]);
});

test('find: of those that have ended, the one that has the node as its source comes first', () => {
  const runs = [run('new', 'old', false), run('old', 'new', false)];

  assert.deepEqual(idsOf(runs, 'old'), [migrationId(uid('old'))]);
  assert.deepEqual(idsOf(runs, uid('new').slice(0, 10)), [migrationId(uid('new'))]);
});

test('find: a name comes before what begins with it, and several runs of one migration are one', () => {
  const runs = [run('old2', 'x'), run('old', 'new'), run('old3', 'y', false), run('old3', 'y', false)];

  assert.deepEqual(idsOf(runs, 'old'), [migrationId(uid('old'))]);
  assert.deepEqual(idsOf(runs, 'old3'), [migrationId(uid('old3'))]);
});

test('find: what begins in several ways is ambiguous, and the empty text names nothing', () => {
  const runs = [run('old2', 'x'), run('old3', 'y')];

  assert.equal(idsOf(runs, 'ol').length, 2);
  assert.deepEqual([idsOf(runs, ''), idsOf(runs, '...')], [[], []]);
});
