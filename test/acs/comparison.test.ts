import assert from 'node:assert/strict';
import test from 'node:test';
import { compare, nameDifferences } from '../../acs/comparison.js';
import { digestExport } from '../../acs/digest-stream.js';
import type { AcsDifferences } from '../../model/acs.js';
import {
  sampleContractId,
  sampleParty,
  sampleRecord,
  type SampleContract,
} from '../../bench/sample-export.js';
import { pack, stream } from './exports.js';

const alice = sampleParty('alice');
const bob = sampleParty('bob');
const parties = [alice, bob];

const contract = (number: number, changes: Partial<SampleContract> = {}): Buffer =>
  sampleRecord({ number, signatories: [alice], observers: [bob], ...changes });

const contracts = Array.from({ length: 3000 }, (_, number) => contract(number));

async function differences(source: Buffer[], target: Buffer[]): Promise<AcsDifferences> {
  return nameDifferences(
    {
      source: await digestExport(stream(pack(source)), { parties }),
      target: await digestExport(stream(pack(target)), { parties }),
      sourceExport: () => stream(pack(source)),
      targetExport: () => stream(pack(target)),
    },
    100,
  );
}

const none = { missing: 0, extra: 0, different: 0 };

test('acs: the same contracts in another order are equal, and nothing is named', async () => {
  const reversed = [...contracts].reverse();
  const [source, target] = await Promise.all(
    [contracts, reversed].map((side) => digestExport(stream(pack(side)), { parties })),
  );
  assert.ok(source && target);
  assert.deepEqual(compare(source, target), { isEqual: true, buckets: [], parties: [] });
  assert.deepEqual(await differences(contracts, reversed), {
    totals: none,
    named: [],
  });
});

test('acs: a missing, an extra and a different contract are named with their stakeholders', async () => {
  const target = [...contracts.slice(1), contract(9000)];
  target[100] = contract(101, { note: 'altered' });
  const { totals, named } = await differences(contracts, target);

  assert.deepEqual(totals, { missing: 1, extra: 1, different: 1 });
  assert.deepEqual(
    new Set(named),
    new Set([
      { contractId: sampleContractId(0), parties, kind: 'missing' },
      { contractId: sampleContractId(9000), parties, kind: 'extra' },
      { contractId: sampleContractId(101), parties, kind: 'different' },
    ]),
  );
});

test('acs: a contract that comes twice at the target is named as extra', async () => {
  const { totals, named } = await differences(contracts, [...contracts, contract(7)]);
  assert.deepEqual(totals, { ...none, extra: 1 });
  assert.deepEqual(named, [{ contractId: sampleContractId(7), parties, kind: 'extra' }]);
});

test('acs: two contracts that swapped their parties are both named', async () => {
  const one = [contract(1, { observers: [] }), contract(2, { signatories: [bob], observers: [] })];
  const other = [contract(2, { observers: [] }), contract(1, { signatories: [bob], observers: [] })];
  const { totals, named } = await differences(one, other);
  assert.deepEqual(totals, { ...none, different: 2 });
  assert.deepEqual(
    named.map((difference) => difference.parties),
    [parties, parties],
  );
});

test('acs: the first 100 of each kind are named and all are counted', async () => {
  const { totals, named } = await differences(contracts, contracts.slice(0, 2000));
  assert.deepEqual(totals, { ...none, missing: 1000 });
  assert.equal(named.length, 100);
});

test('acs: a party only one side was asked for is a difference', async () => {
  const [source, target] = await Promise.all(
    [parties, [alice]].map((asked) => digestExport(stream(pack(contracts)), { parties: asked })),
  );
  assert.ok(source && target);
  assert.deepEqual(compare(source, target), { isEqual: false, buckets: [], parties: [bob] });
});
