import assert from 'node:assert/strict';
import test from 'node:test';
import { digestExport } from '../../acs/digest-stream.js';
import type { AcsDigest } from '../../model/acs.js';
import { sampleParty, sampleRecord, type SampleContract } from '../../bench/sample-export.js';
import { golden, pack, seeded, stream, unpack } from './exports.js';

const alice = sampleParty('alice');
const bob = sampleParty('bob');
const carol = sampleParty('carol');

function digest(records: readonly Uint8Array[], parties = [alice, bob, carol]): Promise<AcsDigest> {
  return digestExport(stream(pack(records)), { parties });
}

const contract = (number: number, changes: Partial<SampleContract> = {}): Buffer =>
  sampleRecord({ number, signatories: [alice], observers: number % 2 ? [bob] : [], ...changes });

const contracts = Array.from({ length: 50 }, (_, number) => contract(number));

test('acs: shuffled contracts have an equal digest', async () => {
  const expected = await digest(contracts);
  for (let seed = 1; seed <= 10; seed++) {
    const random = seeded(seed);
    const shuffled = [...contracts].map((record) => ({ record, at: random(2 ** 31) }));
    shuffled.sort((one, other) => one.at - other.at);
    assert.deepEqual(await digest(shuffled.map(({ record }) => record)), expected);
  }
});

test('acs: a party counts the contracts of which it is signatory or observer, each once', async () => {
  const both = contract(100, { signatories: [alice, carol], observers: [alice] });
  const { total, parties } = await digest([...contracts, both]);
  const counts = parties.map(({ party, contractCount }) => [party, contractCount]);
  assert.equal(total.contractCount, 51);
  assert.deepEqual(counts, [
    [alice, 51],
    [bob, 25],
    [carol, 1],
  ]);
});

test('acs: a dropped contract changes the digests of its parties only', async () => {
  const [before, after] = await Promise.all([
    digest(contracts),
    digest(contracts.filter((_, at) => at !== 4)),
  ]);
  assert.notEqual(before.total.digest, after.total.digest);
  assert.notDeepEqual(before.parties[0], after.parties[0]);
  assert.deepEqual(before.parties[1], after.parties[1]);
});

// XOR would cancel both out.
test('acs: a contract that comes twice or three times changes the digest', async () => {
  const one = contract(1);
  const digests = await Promise.all([1, 2, 3].map((times) => digest(Array<Buffer>(times).fill(one))));
  assert.equal(new Set(digests.map(({ total }) => total.digest)).size, 3);
});

test('acs: any altered byte outside the node-local fields changes the digest or is refused', async () => {
  const [record = Buffer.alloc(0)] = unpack(await golden('carol'));
  const expected = (await digest([record])).total.digest;
  const same: number[] = [];
  for (let at = 0; at < record.length; at++) {
    const altered = Buffer.from(record);
    altered[at] = (altered[at] ?? 0) ^ 1;
    const found = await digest([altered]).catch(() => undefined);
    if (found?.total.digest === expected) same.push(at);
  }
  // Offset value (one byte) and the one witness party; node id 0 is not written.
  const offsetAt = record.indexOf(Buffer.from([0x1a, 0x8a])) - 1;
  const witness = witnessNames(record);
  assert.deepEqual(same, [offsetAt, ...witness]);
});

/** Positions of the witness parties' names in a recorded contract: fields 9, before the signatories. */
function witnessNames(record: Buffer): number[] {
  const positions: number[] = [];
  for (let at = record.indexOf(Buffer.from([0x4a, 0x4b])); record[at] === 0x4a;) {
    const length = record[at + 1] ?? 0;
    for (let name = at + 2; name < at + 2 + length; name++) positions.push(name);
    at += 2 + length;
  }
  return positions;
}

test('acs: offset, node id, witness parties and the order of stakeholders do not count', async () => {
  const one = contract(1, { signatories: [alice, bob], observers: [carol, bob], offset: 9, nodeId: 1 });
  const changes = { offset: 70_000, nodeId: 0, witnessParties: [carol, alice] };
  const same = sampleRecord({
    number: 1,
    signatories: [alice, bob],
    observers: [carol, bob],
    ...changes,
  });
  assert.deepEqual(await digest([same]), await digest([one]));
});

test('acs: the order of signatories and observers does not count, their roles do', async () => {
  // The fixture repeats the stakeholders in the blob, which has to stay the same here.
  const record = contract(1, { signatories: [alice], observers: [carol], hasBlob: false });
  const roles = contract(1, { signatories: [carol], observers: [alice], hasBlob: false });
  const two = contract(1, { signatories: [alice, carol], observers: [], hasBlob: false });
  const swapped = contract(1, { signatories: [carol, alice], observers: [], hasBlob: false });
  const digests = await Promise.all([record, roles, two, swapped].map((one) => digest([one])));
  const [first, second, third, fourth] = digests.map(({ total }) => total.digest);
  assert.notEqual(first, second);
  assert.notEqual(first, third);
  assert.equal(third, fourth);
});

test('acs: two contracts that swap their parties change the digest', async () => {
  const before = [
    contract(1, { signatories: [alice] }),
    contract(2, { signatories: [bob], observers: [] }),
  ];
  const after = [
    contract(1, { signatories: [bob] }),
    contract(2, { signatories: [alice], observers: [] }),
  ];
  assert.notEqual((await digest(before)).total.digest, (await digest(after)).total.digest);
});

test('acs: the digest of a recorded export is the sum of those of its parts', async () => {
  const records = unpack(await golden('happy'));
  const parts = [records, records.slice(0, 3), records.slice(3)];
  const [all = '', first = '', second = ''] = await Promise.all(
    parts.map(async (part) => (await digest(part)).total.digest),
  );
  assert.equal(all, sum(first, second));
});

function sum(one: string, other: string): string {
  const lanes = Array.from({ length: 8 }, (_, lane) => {
    const [left, right] = [one, other].map((hex) =>
      Number.parseInt(hex.slice(lane * 8, lane * 8 + 8), 16),
    );
    return (((left ?? 0) + (right ?? 0)) >>> 0).toString(16).padStart(8, '0');
  });
  return lanes.join('');
}

test('acs: a record without contract, or on another synchronizer, is refused when digested', async () => {
  const poison = sampleRecord({ number: 1, hasEvent: false });
  await assert.rejects(digest([contract(0), poison]), {
    type: 'ContractWithoutEvent',
    message: /record 2/,
  });
  const source = stream(pack([contract(0)]));
  const wrong = digestExport(source, { parties: [], targetSynchronizerId: 'B::1220' });
  await assert.rejects(wrong, { type: 'ContractOnOtherSynchronizer', message: /not B::1220/ });
});
