import assert from 'node:assert/strict';
import test, { before } from 'node:test';
import { compare, nameDifferences } from '../../acs/comparison.js';
import { digestExport } from '../../acs/digest-stream.js';
import { frame } from '../../acs/framing.js';
import type { AcsDifferences, AcsDigest } from '../../model/acs.js';
import { sampleContractId, sampleExport, sampleParty, sampleRecord } from '../../bench/sample-export.js';
import { RARER } from '../support/boundaries.js';
import { seeded } from './exports.js';

const COUNT = 15_000;
/** As many as are kept in memory at once. */
const MANY = 100_000;
const parties = ['alice', 'bob', 'carol', 'dora'].map(sampleParty);
const partyOf = (number: number): string => parties[number % parties.length]!;
const record = (number: number, changes: object = {}): Buffer =>
  sampleRecord({ number, signatories: [partyOf(number)], observers: [], ...changes });

let records: Buffer[];
let source: AcsDigest;
before(async () => {
  records = Array.from({ length: COUNT }, (_, number) => record(number));
  source = await digestExport(sampleExport(records), { parties });
});

/** What a comparison with the tampered target finds. */
async function found(target: Buffer[]): Promise<AcsDifferences & { isEqual: boolean }> {
  const digest = await digestExport(sampleExport(target), { parties });
  const { isEqual } = compare(source, digest);
  const sides = {
    source,
    target: digest,
    sourceExport: () => sampleExport(records),
    targetExport: () => sampleExport(target),
  };
  return { isEqual, ...(await nameDifferences(sides, 100)) };
}

const none = { missing: 0, extra: 0, different: 0 };

test('tamper: a dropped contract is found and named', async () => {
  const { isEqual, totals, named } = await found(records.toSpliced(14_321, 1));
  assert.deepEqual([isEqual, totals], [false, { ...none, missing: 1 }]);
  assert.deepEqual(named, [
    { contractId: sampleContractId(14_321), parties: [partyOf(14_321)], kind: 'missing' },
  ]);
});

test('tamper: a contract that comes twice is found and named', async () => {
  const { isEqual, totals, named } = await found([...records, records[7_777]!]);
  assert.deepEqual([isEqual, totals], [false, { ...none, extra: 1 }]);
  assert.equal(named[0]?.contractId, sampleContractId(7_777));
});

test('tamper: one altered byte is found and named', async () => {
  const altered = Buffer.from(records[12_345]!);
  const at = altered.indexOf('amount 12345') + 'amount 1234'.length;
  altered[at] = (altered[at] ?? 0) ^ 1;
  assert.equal(frame(altered).length, frame(records[12_345]!).length);

  const { isEqual, totals, named } = await found(records.with(12_345, altered));
  assert.deepEqual([isEqual, totals], [false, { ...none, different: 1 }]);
  assert.equal(named[0]?.contractId, sampleContractId(12_345));
});

test('tamper: two contracts that exchanged their parties are found and named', async () => {
  const [one, other] = [10_000, 12_001];
  const swapped = records
    .with(one, record(one, { signatories: [partyOf(other)] }))
    .with(other, record(other, { signatories: [partyOf(one)] }));

  const { isEqual, totals, named } = await found(swapped);
  assert.deepEqual([isEqual, totals], [false, { ...none, different: 2 }]);
  assert.deepEqual(
    named.map(({ contractId }) => contractId).sort(),
    [sampleContractId(one), sampleContractId(other)].sort(),
  );
});

test('tamper: another order is no difference', async () => {
  const shuffled = [...records];
  const below = seeded(11);
  for (let at = COUNT - 1; at > 0; at--) {
    const other = below(at + 1);
    [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
  }
  assert.notDeepEqual(shuffled[0], records[0]);

  const { isEqual, totals, named } = await found(shuffled);
  assert.deepEqual([isEqual, totals, named], [true, none, []]);
});

// There are more contracts in differing buckets than are kept in memory at once.
test('tamper: differences all over a large target are counted completely', RARER, async () => {
  const extra = Array.from({ length: MANY }, (_, number) => record(COUNT + number));
  const { totals, named } = await found([...records.slice(1_000), ...extra]);
  assert.deepEqual(totals, { missing: 1_000, extra: MANY, different: 0 });
  assert.equal(named.length, 200);
});
