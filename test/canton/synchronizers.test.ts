import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, toBinary, type JsonValue } from '@bufbuild/protobuf';

import {
  ListRegisteredSynchronizersResponse_Status as Status,
  ListRegisteredSynchronizersResponseSchema,
  SynchronizerConnectivityService,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import { startOneSynchronizer } from '../support/one-synchronizer.js';
import { recording } from './recordings.js';
import { happy, connect, EMPTY, answerOf, requestOf, failure } from './replay.js';

test('synchronizers: a registered one has its ids and how it connects', async (t) => {
  const { listRegisteredSynchronizers } = SynchronizerConnectivityService.method;
  const { participant, sent } = await connect(t, [[listRegisteredSynchronizers, answerOf('happy', 3)]]);

  assert.deepEqual(await participant.synchronizers.listRegistered(), [
    {
      alias: 'A',
      logicalId: happy.A,
      physicalId: `${happy.A}::34-0`,
      isConnected: true,
      isManualConnect: false,
    },
  ]);
  assert.deepEqual(sent, [{ all_statuses: true }]);
});

test('synchronizers: manual connect changes nothing else in the stored configuration', async (t) => {
  const { listRegisteredSynchronizers, modifySynchronizer } = SynchronizerConnectivityService.method;
  const { participant, sent } = await connect(t, [
    [listRegisteredSynchronizers, answerOf('happy', 3)],
    [modifySynchronizer, EMPTY],
  ]);

  const { results } = recording('happy', 3).response_json as {
    results: [{ config: Record<string, JsonValue> }];
  };
  await participant.synchronizers.setManualConnect('A', true);

  assert.deepEqual(sent[1], {
    new_config: { ...results[0].config, manual_connect: true },
    sequencer_connection_validation: 'SEQUENCER_CONNECTION_VALIDATION_DISABLED',
  });
  const error = await failure(participant.synchronizers.setManualConnect('nope', true));
  assert.equal(error.errorId, 'SYNC_SERVICE_UNKNOWN_SYNCHRONIZER');
});

test('synchronizers: a reconnect says whether it is done or goes on in the background', async (t) => {
  const { reconnectSynchronizer, disconnectSynchronizer } = SynchronizerConnectivityService.method;
  const { participant, sent } = await connect(t, [
    [reconnectSynchronizer, answerOf('happy', 46)],
    [disconnectSynchronizer, EMPTY],
  ]);
  const pending = await connect(t, [[reconnectSynchronizer, EMPTY]]);

  assert.equal(await participant.synchronizers.reconnect('B'), true);
  assert.equal(await pending.participant.synchronizers.reconnect('B'), false);
  await participant.synchronizers.disconnect('B');
  assert.deepEqual(sent, [requestOf('happy', 46), { synchronizer_alias: 'B' }]);
});

// An upgrade leaves one entry per physical synchronizer behind an alias, and what was superseded by another alias.
test('synchronizers: an alias is listed once, by the connection that counts, and in order', async (t) => {
  const { listRegisteredSynchronizers } = SynchronizerConnectivityService.method;
  const entry = (synchronizerAlias: string, serial: number, status: Status) => ({
    config: { synchronizerAlias },
    physicalSynchronizerId: `${synchronizerAlias}::1220aa::34-${serial}`,
    status,
  });
  const results = [
    entry('B', 0, Status.LSU_SOURCE),
    entry('B', 1, Status.ACTIVE),
    entry('gone', 0, Status.INACTIVE),
    { config: { synchronizerAlias: 'A' }, status: Status.ACTIVE },
  ];
  const answer = create(ListRegisteredSynchronizersResponseSchema, { results });
  const { participant } = await connect(t, [
    [listRegisteredSynchronizers, toBinary(ListRegisteredSynchronizersResponseSchema, answer)],
  ]);

  const registered = await participant.synchronizers.listRegistered();

  assert.deepEqual(
    registered.map(({ alias, logicalId, physicalId }) => [alias, logicalId, physicalId]),
    [
      ['A', '', ''],
      ['B', 'B::1220aa', 'B::1220aa::34-1'],
    ],
  );
});

test('synchronizers: the configuration of another participant is registered and connected as it is', async (t) => {
  const { listRegisteredSynchronizers, connectSynchronizer } = SynchronizerConnectivityService.method;
  const { participant, sent } = await connect(t, [
    [listRegisteredSynchronizers, answerOf('happy', 3)],
    [connectSynchronizer, EMPTY],
  ]);
  const { results } = recording('happy', 3).response_json as { results: [{ config: JsonValue }] };

  const isConnected = await participant.synchronizers.connectWith(
    await participant.synchronizers.readConfig('A'),
  );

  assert.equal(isConnected, false);
  assert.deepEqual(sent[1], {
    config: results[0].config,
    sequencer_connection_validation: 'SEQUENCER_CONNECTION_VALIDATION_THRESHOLD_ACTIVE',
  });
  await assert.rejects(participant.synchronizers.readConfig('nope'), {
    errorId: 'SYNC_SERVICE_UNKNOWN_SYNCHRONIZER',
  });
});

test('synchronizers: a participant on none joins the synchronizer of another one, and again', async (t) => {
  const { source, target, alias } = await startOneSynchronizer(t, { target: { synchronizers: [] } });
  const config = await source.synchronizers.readConfig(alias);
  assert.deepEqual(await target.synchronizers.listRegistered(), []);

  assert.equal(await target.synchronizers.connectWith(config), true);
  assert.equal(await target.synchronizers.connectWith(config), true);

  const [joined] = await target.synchronizers.listRegistered();
  assert.deepEqual([joined?.alias, joined?.isConnected], [alias, true]);
});
