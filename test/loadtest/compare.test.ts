import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SeenContract } from '../../loadtest/commands.js';
import { compare, isEqual } from '../../loadtest/compare.js';
import { noteOf } from '../../loadtest/notes.js';

const RUN = 'loadtest-1';
const PARTIES = ['alice', 'bob', 'carol'];

function own(contractId: string, commandId: string, stakeholders = ['alice', 'bob']): SeenContract {
  const [payer = '', owner = ''] = stakeholders;
  const note = noteOf(RUN, commandId);
  return { contractId, stakeholders, iou: { payer, owner, amount: '1', note } };
}

async function compared(known: SeenContract[], actual: SeenContract[], committed: string[] = []) {
  const expected = new Map(known.map((one) => [one.contractId, one]));
  const notes = committed.map((commandId) => noteOf(RUN, commandId));
  const isCommitted = (note: string) => notes.includes(note);
  async function* scan() {
    yield* actual;
  }
  return compare('target', { run: RUN, parties: PARTIES, expected, isCommitted }, scan());
}

test('compare: the same contracts are equal, for all parties together and for each', async () => {
  const contracts = [own('one', 'c1'), own('two', 'c2', ['bob', 'carol'])];

  const found = await compared(contracts, contracts, ['c1', 'c2']);

  assert.equal(isEqual(found), true);
  assert.deepEqual(
    found.parties.map((row) => [row.party, row.expected, row.found]),
    [
      ['alice', 1, 1],
      ['bob', 2, 2],
      ['carol', 1, 1],
    ],
  );
});

test('compare: a contract that only clients know is missing, for each of its parties', async () => {
  const found = await compared([own('one', 'c1')], [], ['c1']);

  assert.equal(isEqual(found), false);
  assert.deepEqual([found.missing, found.extra], [1, 0]);
  assert.deepEqual(
    found.parties.map(({ missing }) => missing),
    [1, 1, 0],
  );
  assert.deepEqual(found.differing, [
    { kind: 'missing', contractId: 'one', stakeholders: ['alice', 'bob'] },
  ]);
});

test('compare: a contract that only the node has is extra, and twice if its command was done once', async () => {
  const found = await compared(
    [own('one', 'c1')],
    [own('one', 'c1'), own('again', 'c1'), own('unheard', 'c9')],
    ['c1'],
  );

  assert.deepEqual([found.missing, found.extra, found.doubled], [0, 2, 1]);
});

test('compare: a transfer that clients did not hear of is no command that was done twice', async () => {
  const found = await compared([own('before', 'c1')], [own('after', 'c1')], ['c1']);

  assert.deepEqual([found.missing, found.extra, found.doubled], [1, 1, 0]);
});

test('compare: what somebody else creates meanwhile is counted, and is no failure', async () => {
  const foreign = { contractId: 'theirs', stakeholders: ['alice', 'zoe'] };

  const found = await compared([own('one', 'c1')], [own('one', 'c1'), foreign], ['c1']);

  assert.equal(isEqual(found), true);
  assert.equal(found.foreign, 1);
});
