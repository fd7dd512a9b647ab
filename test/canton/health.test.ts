import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';

import { StateService } from '../../canton/gen/com/daml/ledger/api/v2/state_service_pb.js';
import { ParticipantInspectionService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_inspection_service_pb.js';
import {
  ParticipantStatusResponseSchema,
  ParticipantStatusService,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { PingService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/ping_service_pb.js';
import { PruningService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/pruning_service_pb.js';
import { ResourceManagementService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/resource_management_service_pb.js';
import { IdentityInitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { recordings } from './recordings.js';
import { happy, connect, EMPTY, answerOf, requestOf, failure } from './replay.js';

test('health: status and uid are read as recorded', async (t) => {
  const { participant } = await connect(t, [
    [ParticipantStatusService.method.participantStatus, answerOf('happy', 1)],
    [IdentityInitializationService.method.getId, answerOf('happy', 2)],
  ]);

  assert.deepEqual(await participant.health.readStatus(), {
    uid: happy.old,
    version: '3.5.10-SNAPSHOT',
    isActive: true,
    supportedProtocolVersions: [34, 35],
    pendingTopologyTransactions: 0,
    undispatchedTopologyTransactions: 0,
  });
  assert.equal(await participant.health.readUid(), happy.old);
});

test('health: a node without an identity is refused, and the message says what it waits for', async (t) => {
  const waiting = create(ParticipantStatusResponseSchema, {
    kind: { case: 'notInitialized', value: { waitingForExternalInput: 1 } },
  });
  const { participant } = await connect(t, [
    [
      ParticipantStatusService.method.participantStatus,
      toBinary(ParticipantStatusResponseSchema, waiting),
    ],
    [IdentityInitializationService.method.getId, EMPTY],
  ]);

  const error = await failure(participant.health.readStatus());

  assert.equal(error.kind, 'refused');
  assert.equal(error.errorId, 'NOT_INITIALIZED');
  assert.match(error.message, /waits for ID$/);
  assert.equal((await failure(participant.health.readUid())).errorId, 'NOT_INITIALIZED');
});

test('health: a ping asks the admin party, and a failed one is an answer', async (t) => {
  const calls = recordings().filter(({ rpc, response }) => rpc.endsWith('PingService/Ping') && response);
  const failed = calls.find(({ response_json: json }) => 'failure' in (json as object));

  assert.ok(failed);
  const { participant, sent } = await connect(t, [[PingService.method.ping, answerOf('happy', 49)]]);
  const unlucky = await connect(t, [[PingService.method.ping, answerOf(failed.file, failed.order)]]);
  const ping = { participantUid: happy.new, synchronizerId: happy.B, timeoutMs: 3e4 };
  assert.deepEqual(await participant.health.ping(ping), { pingTimeMs: 3284 });
  // Recorded where there was one synchronizer only; a node that is connected to more takes any.
  assert.deepEqual(sent, [{ ...(requestOf('happy', 49) as object), synchronizer_id: happy.B }]);
  const answer = await unlucky.participant.health.ping(ping);
  assert.ok('failure' in answer && answer.failure.length > 0);
});

test('health: what is absent from an answer is zero, or not set', async (t) => {
  const { participant } = await connect(t, [
    [ParticipantInspectionService.method.countInFlight, EMPTY],
    [PruningService.method.getSchedule, EMPTY],
    [StateService.method.getLatestPrunedOffsets, EMPTY],
  ]);

  assert.deepEqual(await participant.health.countInFlight(happy.A), {
    pendingSubmissions: 0,
    pendingTransactions: 0,
  });
  assert.equal(await participant.health.findPruningSchedule(), void 0);
  assert.equal(await participant.ledger.readPrunedOffset(), '0');
});

test('health: limits are read and written with zero and absent told apart', async (t) => {
  const { getResourceLimits, setResourceLimits } = ResourceManagementService.method;
  const { participant, sent } = await connect(t, [
    [getResourceLimits, answerOf('repair', 17)],
    [setResourceLimits, EMPTY],
  ]);

  const limits = await participant.health.readResourceLimits();
  await participant.health.setResourceLimits(limits);

  assert.deepEqual(limits, { maxInflightValidationRequests: 0, maxSubmissionBurstFactor: 0.5 });
  assert.deepEqual(sent[1], requestOf('repair', 16));
});
