import assert from 'node:assert/strict';
import test from 'node:test';
import { ContractIdSet, hashContractId, type ContractIdBytes } from '../../acs/contract-id-set.js';
import { sampleContractId } from '../../bench/sample-export.js';

function inRecord(id: string): ContractIdBytes {
  return { bytes: Buffer.from(`before ${id} after`), contractIdSpan: { start: 7, end: 7 + id.length } };
}

// More than the set has room for at first, so that it grows.
test('acs: a set of contract ids knows exactly those added since it was cleared', () => {
  const ids = new ContractIdSet();
  const count = 40_000;
  for (let round = 0; round < 2; round++) {
    for (let number = 0; number < count; number++)
      assert.ok(ids.add(inRecord(sampleContractId(number))));
    for (let number = 0; number < count; number += 7)
      assert.ok(!ids.add(inRecord(sampleContractId(number))));
    ids.clear();
  }
});

test('acs: ids of different lengths and with a common start are different', () => {
  const ids = new ContractIdSet();
  const all = ['00', '000', '0000', '00000', '0001', '1000'];
  assert.deepEqual(
    all.map((id) => ids.add(inRecord(id))),
    all.map(() => true),
  );
  assert.deepEqual(
    all.map((id) => ids.add(inRecord(id))),
    all.map(() => false),
  );
});

test('acs: contract ids spread evenly over buckets', () => {
  const counts = new Array<number>(64).fill(0);
  for (let number = 0; number < 64_000; number++) {
    const bucket = hashContractId(inRecord(sampleContractId(number))) & 63;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  assert.ok(Math.min(...counts) > 800 && Math.max(...counts) < 1200, `${counts.join(' ')}`);
});
