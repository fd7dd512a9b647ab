import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frame } from '../../acs/framing.js';
import { packRecords } from '../../acs/record-snapshot.js';
import {
  SAMPLE_PACKAGE,
  SAMPLE_SYNCHRONIZER,
  sampleContractId,
  sampleParty,
  sampleRecord,
  type SampleContract,
} from '../../bench/sample-export.js';
import { unpack } from './exports.js';

const RULES = {
  targetSynchronizerId: SAMPLE_SYNCHRONIZER,
  packageIds: new Set([SAMPLE_PACKAGE]),
  packageVersions: new Map([['ab', '1.2.0']]),
};

test('acs: a few records become a snapshot, in their order', async () => {
  const records = [3, 1, 2].map((number) => sampleRecord({ number }));

  const snapshot = await packRecords(records.map(frame), RULES);

  assert.deepEqual(unpack(snapshot), records);
});

test('acs: records that would poison the import are refused before they are packed', async () => {
  const poison: [string, Partial<SampleContract>][] = [
    ['ContractReassigned', { reassignmentCounter: 1 }],
    ['ContractOnOtherSynchronizer', { synchronizerId: 'A::1220' }],
    ['ContractPackageMissing', { representativePackageId: 'ab', templatePackageId: 'ab' }],
    ['ContractDuplicated', { contractId: sampleContractId(1) }],
  ];
  for (const [type, changes] of poison) {
    const records = [sampleRecord({ number: 1 }), sampleRecord({ number: 2, ...changes })];

    await assert.rejects(packRecords(records.map(frame), RULES), { type, kind: 'refused' });
  }
});

test('acs: a missing package is named as operators know it, before its contracts', async () => {
  const missing = sampleRecord({ number: 2, representativePackageId: 'ab', templatePackageId: 'ab' });

  await assert.rejects(packRecords([missing].map(frame), RULES), {
    message: new RegExp(
      `a package the target does not have, \\S+ 1\\.2\\.0 \\(ab\\): ${sampleContractId(2)}$`,
    ),
  });
});

test('acs: a record with a stakeholder that does not move is refused where none may be shared', async () => {
  const [alice, stranger] = [sampleParty('alice'), sampleParty('stranger')];
  const records = [sampleRecord({ number: 1, signatories: [alice], observers: [stranger] })].map(frame);

  await assert.rejects(packRecords(records, { ...RULES, onlyParties: new Set([alice]) }), {
    type: 'ContractShared',
  });
  await packRecords(records, RULES);
});
