import assert from 'node:assert/strict';
import test from 'node:test';

import { digestExport } from '../../acs/digest-stream.js';
import { frame } from '../../acs/framing.js';
import { Selection, type SelectionRules } from '../../acs/selection.js';
import {
  sampleContractId,
  sampleParty,
  sampleRecord,
  type SampleContract,
} from '../../bench/sample-export.js';
import { pack, stream } from './exports.js';

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map(sampleParty) as [string, string, string];
const contract = (number: number, signatories: string[], changes: Partial<SampleContract> = {}) =>
  sampleRecord({ number, signatories, observers: [], ...changes });

function rules(changes: Partial<SelectionRules> = {}): SelectionRules {
  const activationOf = new Map([
    [alice, 0],
    [bob, 1],
  ]);
  return { activationOf, excluded: new Set(), ...changes };
}

async function countOf(records: Buffer[], changes: Partial<SelectionRules> = {}): Promise<number> {
  const call = { chunks: stream(pack(records)), selection: new Selection(rules(changes)) };
  return (await digestExport([call], { parties: [alice, bob] })).total.contractCount;
}

test('acs: a contract counts if a stakeholder is exported and none is excluded', async () => {
  const records = [contract(1, [alice]), contract(2, [carol]), contract(3, [carol, bob])];

  assert.equal(await countOf(records), 2);
  assert.equal(await countOf(records, { excluded: new Set([carol]) }), 1);
});

test('acs: a contract that was gone at the first activation of its stakeholders does not count', async () => {
  const records = [contract(1, [alice]), contract(2, [bob]), contract(3, [bob, alice])];
  const goneAt = new Map([1, 2, 3].map((number) => [sampleContractId(number), 1]));

  assert.equal(await countOf(records, { goneAt }), 2);
});

test('acs: what a selection keeps, and the records behind it, make one export', async () => {
  const selection = new Selection(rules());
  const [first, second, third] = [contract(1, [alice]), contract(2, [carol]), contract(3, [bob])];
  const unpacked = Buffer.concat([second, third].map((record) => frame(record)));
  const calls = [
    { chunks: stream(pack([first, second])), selection },
    { chunks: stream(unpacked), isUnpacked: true, selection },
  ];

  const found = await digestExport(calls, { parties: [alice, bob] });

  assert.deepEqual(found, await digestExport(stream(pack([first, third])), { parties: [alice, bob] }));
});

test('acs: a record without a contract is not selected away, but refused', async () => {
  const nothing = sampleRecord({ number: 1, hasEvent: false });

  await assert.rejects(countOf([nothing]), { type: 'ContractWithoutEvent' });
});

test('acs: only what is selected counts for the limit of an export', async () => {
  const others = Array.from({ length: 20 }, (_, number) => contract(number, [carol]));
  const call = { chunks: stream(pack([contract(99, [alice]), ...others])) };
  const options = { parties: [alice], maxContracts: 5 };

  await assert.rejects(digestExport([call], options), { type: 'ExportTooLarge' });
  const chunks = stream(pack([contract(99, [alice]), ...others]));
  const { total } = await digestExport([{ chunks, selection: new Selection(rules()) }], options);
  assert.equal(total.contractCount, 1);
});
