import assert from 'node:assert/strict';
import test from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import { frame, FrameReader } from '../../acs/framing.js';
import { ContractRecord } from '../../acs/record.js';
import { ActiveContractSchema } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { sampleParty, sampleRecord } from '../../bench/sample-export.js';
import { golden, GOLDEN, split } from './exports.js';

function decode(record: Buffer): ContractRecord {
  const frames = new FrameReader();
  frames.feed(frame(record));
  frames.next();
  const decoded = new ContractRecord();
  decoded.decode(frames);
  return decoded;
}

/** The Ledger API message inside a record, found by searching the envelopes' fixed layout. */
function innerMessage(record: Buffer): Buffer {
  const [data] = split([record.subarray(1)].map((rest) => rest.subarray(0, rest.length - 2)));
  const [active] = split([(data ?? Buffer.alloc(0)).subarray(1)]);
  return active ?? Buffer.alloc(0);
}

// The generated messages are the independent reading of the same bytes.
test('acs: every recorded contract reads as the generated messages read it', async () => {
  for (const name of GOLDEN) {
    for (const record of split([await golden(name, 'raw')])) {
      const found = decode(record);
      const expected = fromBinary(ActiveContractSchema, innerMessage(record));
      const event = expected.createdEvent;
      assert.equal(found.contractId, event?.contractId);
      const { packageId, moduleName, entityName } = event?.templateId ?? {};
      assert.equal(found.templateId, `${packageId}:${moduleName}:${entityName}`);
      assert.equal(found.packageNameText, event?.packageName);
      assert.equal(found.representativePackageId, event?.representativePackageId);
      assert.deepEqual(found.signatories, event?.signatories);
      assert.deepEqual(found.observers, event?.observers);
      assert.equal(found.synchronizerId, expected.synchronizerId);
      assert.equal(found.reassignmentCounter, Number(expected.reassignmentCounter));
      assert.equal(found.hasEvent && found.hasBlob, true);
    }
  }
});

test('acs: a record without event reads as one, and nothing of the record before remains', () => {
  const record = new ContractRecord();
  const frames = new FrameReader();
  frames.feed(
    Buffer.concat(
      [sampleRecord({ number: 1 }), sampleRecord({ number: 2, hasEvent: false })].map(frame),
    ),
  );
  frames.next();
  record.decode(frames);
  frames.next();
  record.decode(frames);
  assert.deepEqual([record.hasEvent, record.hasBlob, record.contractId], [false, false, '']);
  assert.deepEqual([record.signatories, record.observers, record.templatePackageId], [[], [], '']);
});

test('acs: reassignment counter and absent blob are read', () => {
  const record = decode(sampleRecord({ number: 1, reassignmentCounter: 300, hasBlob: false }));
  assert.equal(record.reassignmentCounter, 300);
  assert.equal(record.hasBlob, false);
  assert.deepEqual(record.signatories, [sampleParty('issuer-1')]);
});

test('acs: bytes that are no message are refused, naming the record', () => {
  const malformed = { type: 'RecordMalformed', kind: 'refused', message: /record 1/ };
  assert.throws(() => decode(Buffer.from('0a7f00', 'hex')), malformed);
  assert.throws(() => decode(Buffer.from('ffff', 'hex')), malformed);
  assert.throws(() => decode(Buffer.from('0b00', 'hex')), malformed);
  assert.throws(() => decode(Buffer.from('0801', 'hex')), malformed);
});

test('acs: a record of another version is refused', () => {
  const record = sampleRecord({ number: 1 });
  record[record.length - 1] = 31;
  assert.throws(() => decode(record), {
    type: 'RecordVersionUnsupported',
    message: /version 31, expected 30 of Canton 3/,
  });
});
