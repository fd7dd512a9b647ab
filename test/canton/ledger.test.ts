import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FrameReader } from '../../acs/framing.js';
import { ContractRecord } from '../../acs/record.js';
import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { StateService } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { UpdateService } from '../../canton/gen/com/daml/ledger/api/v2/update_service_pb.js';
import { files, happy, alice, connect, answerOf, answersOf, collect } from './replay.js';

test('ledger: the contracts of parties at an offset come as recorded, without their payload', async (t) => {
  const { participant, sent } = await connect(t, [
    [StateService.method.getActiveContracts, answersOf('happy', 40)],
  ]);

  const found = await collect(
    participant.ledger.scanActiveContracts({ parties: [alice], offset: '44' }),
  );
  const created = answersOf('happy', 40);

  assert.equal(found.length, created.length);
  for (const entry of found) {
    assert.ok('contractId' in entry);
    assert.equal(entry.synchronizerId, happy.A);
    assert.equal(entry.reassignmentCounter, '0');
    assert.ok(entry.stakeholders.length > 0);
    assert.equal(new Set(entry.stakeholders).size, entry.stakeholders.length);
  }
  assert.deepEqual(sent, [
    {
      active_at_offset: '44',
      event_format: { filters_by_party: { [alice]: { cumulative: [{ wildcard_filter: {} }] } } },
    },
  ]);
});

test('ledger: an imported contract carries the workflow id of its import', async (t) => {
  const { participant } = await connect(t, [
    [StateService.method.getActiveContracts, answersOf('happy', 45)],
    [UpdateService.method.getUpdates, answersOf('repair', 73)],
  ]);

  const found = await collect(
    participant.ledger.scanActiveContracts({ parties: [alice], offset: '60' }),
  );

  assert.ok(found.every((entry) => 'workflowId' in entry && entry.workflowId.length > 0));
  const range = { beginExclusive: '29', endInclusive: '38' };
  const workflowIds = await collect(participant.ledger.scanWorkflowIds(range));
  assert.ok(workflowIds.some((id) => id.startsWith('mig-lab-p0002')));
  assert.ok(workflowIds.every((id) => !id.startsWith('mig-lab-p9')));
});

test('ledger: what changed comes with the records an export would have', async (t) => {
  const { participant, sent } = await connect(t, [
    [UpdateService.method.getUpdates, answersOf('repair', 73)],
  ]);

  const request = {
    parties: [alice],
    synchronizerId: files.topology.B,
    renameTo: happy.A,
    excludedStakeholders: [],
    beginExclusive: '29',
    endInclusive: '38',
  };
  const changes = await collect(participant.ledger.scanChanges(request));

  const created = changes.flatMap((change) => change.created);
  assert.ok(created.length > 0);
  const frames = new FrameReader();
  const record = new ContractRecord();
  for (const its of created) {
    frames.feed(its.record);
    assert.ok(frames.next());
    record.decode(frames);
    assert.deepEqual(
      [record.contractId, record.synchronizerId, record.reassignmentCounter],
      [its.contractId, happy.A, 0],
    );
  }
  assert.equal(JSON.stringify(sent).includes('"include_created_event_blob":true'), true);
});

test('ledger: local parties are those a mapping activated here', async (t) => {
  const { participant } = await connect(t, [
    [PartyManagementService.method.listKnownParties, answerOf('happy', 48)],
    [StateService.method.getLedgerEnd, answerOf('happy', 39)],
  ]);

  const parties = await participant.ledger.listLocalParties();

  assert.ok(parties.includes(alice));
  assert.ok(!parties.includes(happy.old));
  assert.equal(await participant.ledger.readLedgerEnd(), '44');
});
