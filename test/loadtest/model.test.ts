import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ContractModel } from '../../loadtest/model.js';
import { Random } from '../../loadtest/random.js';
import type { SeenContract } from '../../loadtest/commands.js';

const random = new Random(1);

function iou(contractId: string, payer = 'alice', owner = 'bob'): SeenContract {
  const stakeholders = [payer, owner];
  return { contractId, stakeholders, iou: { payer, owner, amount: '1', note: `note of ${contractId}` } };
}

test('model: a contract is in the hands of one client until it is given back', () => {
  const model = new ContractModel(['alice', 'bob']);
  model.add(iou('one'));
  const taken = model.take(random)!;

  assert.equal(model.take(random), undefined);
  model.release(taken);

  assert.equal(model.take(random)?.contractId, 'one');
});

test('model: a transaction ends contracts and adds others, which are free to be used', () => {
  const model = new ContractModel(['alice', 'bob']);
  model.add(iou('one'));
  model.take(random);

  model.commit({ updateId: '', offset: '5', archived: ['one'], created: [iou('two', 'bob', 'alice')] });

  assert.deepEqual([...model.expected.keys()], ['two']);
  assert.equal(model.take(random)?.contractId, 'two');
});

test('model: a contract of another template or with another party is expected, and never used', () => {
  const model = new ContractModel(['alice', 'bob']);

  model.add({ contractId: 'other', stakeholders: ['alice'] });
  model.add(iou('foreign', 'alice', 'zoe'));

  assert.equal(model.size, 2);
  assert.equal(model.take(random), undefined);
});

test('model: the note of a command stays known when its contract is gone', () => {
  const model = new ContractModel(['alice', 'bob']);
  model.commit({ updateId: '', offset: '1', archived: [], created: [iou('one')] });
  model.take(random);
  model.commit({ updateId: '', offset: '2', archived: ['one'], created: [] });

  assert.equal(model.hasNote('note of one'), true);
  assert.equal(model.hasNote('note of two'), false);
});

test('model: the same seed draws the same', () => {
  const draw = () => {
    const one = new Random(42);
    return Array.from({ length: 5 }, () => one.below(1_000));
  };

  assert.deepEqual(draw(), draw());
  assert.equal(new Set(draw()).size, 5);
});
