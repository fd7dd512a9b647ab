import assert from 'node:assert/strict';
import test from 'node:test';

import { fromBinary } from '@bufbuild/protobuf';
import { ContractDigester } from '../../acs/contract-digest.js';
import { toHex } from '../../acs/party-digest.js';
import { ContractReader } from '../../acs/scan.js';
import { GetUpdatesResponseSchema } from '../../canton/gen/com/daml/ledger/api/v2/update_service_pb.js';
import { ActiveContractSchema } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { ActiveContractSchema as SnapshotRecordSchema } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/active_contract_pb.js';
import { UntypedVersionedMessageSchema } from '../../canton/gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';
import { changesOf } from '../../canton/ledger-messages.js';
import { frame } from '../../acs/framing.js';
import { golden, unpack } from '../acs/exports.js';
import { loadRecording } from '../conformance/recording.js';

function digestsOf(framed: readonly Uint8Array[]): Map<string, string> {
  const reader = new ContractReader();
  const digester = new ContractDigester();
  return new Map(
    framed.map((bytes) => {
      const record = reader.read(bytes);
      digester.digest(record);
      return [record.contractId, toHex(digester.lanes)];
    }),
  );
}

function blobIn(bytes: Uint8Array): Uint8Array {
  const { wrapper } = fromBinary(UntypedVersionedMessageSchema, bytes);
  assert.equal(wrapper.case, 'data');
  const { activeContract } = fromBinary(SnapshotRecordSchema, wrapper.value as Uint8Array);
  return fromBinary(ActiveContractSchema, activeContract).createdEvent!.createdEventBlob;
}

// golden/repair.jsonl, order 73: the update stream after an import of this export, asked for without blobs.
test('ledger: a real update stream shows imported contracts as the export has them', async () => {
  const exported = new Map(
    unpack(await golden('alice-bob')).map((bytes) => {
      const record = new ContractReader().read(frame(bytes));
      return [record.contractId, { bytes: frame(bytes), blob: blobIn(bytes) }];
    }),
  );
  const call = loadRecording('repair').find(({ order }) => order === 73)!;
  const records = [call.response].flat().flatMap((answer) => {
    const { update } = fromBinary(GetUpdatesResponseSchema, Buffer.from(answer!, 'base64'));
    if (update.case !== 'transaction') return [];
    const { events, synchronizerId } = update.value;
    for (const { event } of events)
      if (event.case === 'created')
        event.value.createdEventBlob = exported.get(event.value.contractId)!.blob;
    return changesOf(events, synchronizerId, new Set()).created.map(({ record }) => record);
  });

  const shown = digestsOf(records);
  assert.ok(shown.size > 0);
  const expected = digestsOf([...exported.values()].map(({ bytes }) => bytes));
  for (const [contractId, digest] of shown) assert.equal(digest, expected.get(contractId));
});
