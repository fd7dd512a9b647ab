import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';

import { fromBinary } from '@bufbuild/protobuf';

import { ContractDigester } from '../../acs/contract-digest.js';
import { frame, FrameReader } from '../../acs/framing.js';
import { ContractRecord } from '../../acs/record.js';
import { ActiveContractSchema } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/active_contract_pb.js';
import { ExportAcsResponseSchema } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/participant_repair_service_pb.js';
import { SerializableContractSchema } from '../../canton/gen/com/digitalasset/canton/protocol/v2/common_pb.js';
import { UntypedVersionedMessageSchema } from '../../canton/gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';
import { messagesOf, recordings210 } from '../canton/recordings.js';
import { split } from './exports.js';

const EXPORTS = ['happy', 'order', 'repair-alice-bob', 'repair-carol', 'invisible-carol-pv5'];

function exported(name: string): Buffer[] {
  return split([readFileSync(new URL(`../golden210/exports/${name}.raw`, import.meta.url))]);
}

/** The records of a recorded export. */
function recorded(file: string, order: number): Buffer[] {
  const call = recordings210().find((its) => its.file === file && its.order === order);
  assert.ok(call);
  const chunks = messagesOf(call.response, call.response_json).map(
    ({ bytes }) => fromBinary(ExportAcsResponseSchema, bytes).chunk,
  );
  return split([gunzipSync(Buffer.concat(chunks))]);
}

function decode(record: Buffer): ContractRecord {
  const frames = new FrameReader();
  frames.feed(frame(record));
  frames.next();
  const decoded = new ContractRecord();
  decoded.decode(frames);
  return decoded;
}

function unwrapped(bytes: Uint8Array): Uint8Array {
  const { wrapper } = fromBinary(UntypedVersionedMessageSchema, bytes);
  assert.equal(wrapper.case, 'data');
  return wrapper.value;
}

/** By contract id. */
function digests(records: Buffer[]): Map<string, string> {
  const digester = new ContractDigester();
  return new Map(
    records.map((record) => {
      const found = decode(record);
      digester.digest(found);
      return [found.contractId, digester.lanes.join()];
    }),
  );
}

test('acs: every recorded contract of 2.10 reads as the generated messages read it', () => {
  for (const record of EXPORTS.flatMap(exported)) {
    const found = decode(record);
    const active = fromBinary(ActiveContractSchema, unwrapped(record));
    const contract = fromBinary(SerializableContractSchema, unwrapped(active.contract));
    const {
      nonMaintainerSignatories = [],
      maintainers = [],
      nonSignatoryStakeholders,
    } = contract.metadata!;

    assert.equal(found.synchronizerId, active.domainId);
    assert.equal(found.contractId, contract.contractId);
    assert.deepEqual(found.signatories, [...nonMaintainerSignatories, ...maintainers]);
    assert.deepEqual(found.observers, nonSignatoryStakeholders);
    assert.match(found.templatePackageId, /^[0-9a-f]{64}$/);
    assert.ok(Buffer.from(contract.rawContractInstance).includes(found.templatePackageId));
    assert.deepEqual([found.hasEvent, found.hasBlob, found.reassignmentCounter], [true, true, 0]);
  }
});

test('acs: who maintains the key of a contract is a signatory', () => {
  const keyed = recorded('keyed-no-onboarded', 19).map(decode);

  assert.equal(keyed.length, 3);
  for (const { signatories } of keyed) assert.match(signatories.join(), /^Keith::1220[0-9a-f]{64}$/);
});

test('acs: two nodes give a contract of 2.10 the same digest, and another synchronizer another one', () => {
  const [source, target] = [digests(recorded('reconnect', 29)), digests(recorded('reconnect', 30))];
  const elsewhere = digests(recorded('repair', 23));
  const common = [...source.keys()].filter((id) => target.has(id));

  assert.equal(common.length, 3);
  for (const id of common) {
    assert.equal(source.get(id), target.get(id));
    assert.notEqual(source.get(id), elsewhere.get(id));
  }
});

test('acs: a contract of 2.10 whose content was changed has another digest', () => {
  const [record] = exported('happy');
  const changed = Buffer.from(record!);
  const at = changed.indexOf('c7', changed.indexOf('LabOther'));
  changed.write('c8', at);

  const [before, after] = [digests([record!]), digests([changed])];
  assert.deepEqual([...before.keys()], [...after.keys()]);
  assert.notDeepEqual([...before.values()], [...after.values()]);
});
