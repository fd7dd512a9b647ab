import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connectParticipant } from '../../canton/index.js';
import { PartyManagementService as Parties2 } from '../../canton/gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { ApiInfoService } from '../../canton/gen/com/digitalasset/canton/connection/v30/api_info_service_pb.js';
import { DomainConnectivityService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/domain_connectivity_pb.js';
import { ParticipantStatusService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { PackageService } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/package_service_pb.js';
import { InitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/initialization_service_pb.js';
import { IdentityInitializationService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v30/initialization_service_pb.js';
import { failure } from './replay.js';
import { answering, connect210, identityOf, missing, NEW, OLD, recorded } from './replay-210.js';
import { startServer } from './server.js';

const V30 = 'IdentityInitializationService/GetId';
const STATUS = 'ParticipantStatusService/ParticipantStatus';

test('generation: a participant of Canton 2.10 is told by what only it answers, once for a connection', async (t) => {
  const { participant, asked, traces } = await connect210(t, [recorded('happy', 37)]);

  assert.deepEqual(await participant.health.readAbilities(), {
    generation: '2.10',
    joinsHosts: false,
    tellsChanges: false,
    hostsDisconnected: true,
    purgeUndoesImport: false,
    importMovesLedgerEnd: false,
  });
  assert.equal((await participant.packages.listDars()).length, 3);
  await participant.packages.listDars();

  const listDars = 'PackageService/ListDars';
  const who = [V30, STATUS, 'InitializationService/GetId', 'PartyManagementService/GetParticipantId'];
  assert.deepEqual(asked, [...who, listDars, listDars]);
  for (const trace of traces) assert.match(trace, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
});

test('generation: of Canton 3 nothing more is asked than who it is', async (t) => {
  const { participant, asked } = await connect210(
    t,
    [answering(PackageService.method.listDars)],
    [
      answering(IdentityInitializationService.method.getId, {
        initialized: true,
        uniqueIdentifier: `pnew::${NEW}`,
      }),
      answering(Parties2.method.getParticipantId, { participantId: `pnew::${NEW}` }),
    ],
  );

  assert.equal((await participant.health.readAbilities()).generation, '3');
  await participant.packages.listDars();

  assert.deepEqual(asked, [V30, 'PartyManagementService/GetParticipantId', 'PackageService/ListDars']);
});

// A domain answers who it is by the calls of 2.10 too, and calls itself admin-api.
test('generation: a domain is no participant, and nothing is sent to it', async (t) => {
  const { getId } = InitializationService.method;
  const { participant, asked } = await connect210(
    t,
    [recorded('happy', 37)],
    [
      missing(IdentityInitializationService.method.getId),
      missing(ParticipantStatusService.method.participantStatus),
      answering(getId, { initialized: true, uniqueIdentifier: `domB::${NEW}` }),
      answering(ApiInfoService.method.getApiInfo, { name: 'admin-api' }),
    ],
  );

  const error = await failure(participant.packages.listDars());

  assert.deepEqual([error.code, error.method], ['UNIMPLEMENTED', V30]);
  assert.deepEqual(asked, [V30, STATUS]);
});

test('generation: a status that says nothing is none', async (t) => {
  const { participant } = await connect210(
    t,
    [],
    [
      missing(IdentityInitializationService.method.getId),
      answering(ParticipantStatusService.method.participantStatus),
    ],
  );

  const error = await failure(participant.packages.listDars());

  assert.deepEqual([error.code, error.method], ['UNIMPLEMENTED', V30]);
});

test('generation: two APIs of two participants of 2.10 are refused', async (t) => {
  const other = answering(PartyManagementService.method.getParticipantId, {
    participantId: `pnew::${NEW}`,
  });
  const { participant, sent } = await connect210(t, [other, recorded('happy', 37)]);

  const error = await failure(participant.packages.listDars());

  assert.equal(error.type, 'ApisOfTwoParticipants');
  assert.deepEqual(sent, []);
});

test('generation: the fence and the planned uid hold for calls of 2.10', async (t) => {
  const changes: string[] = [];
  const disconnect = DomainConnectivityService.method.disconnectDomain;
  const routes = [...identityOf('old'), answering(disconnect)].map(([method, answer]) => ({
    method,
    handle: (_: unknown, reply: (error: Error | null, answer?: Buffer) => void) => {
      if (method === disconnect) changes.push('disconnect');
      if ('failure' in answer) reply(answer.failure);
      else reply(null, Buffer.from(answer.messages[0] ?? new Uint8Array()));
    },
  }));
  const { address } = await startServer(t, routes);
  const access = connectParticipant('source', { admin: { address }, ledger: { address } });
  t.after(() => access.close());
  const uid = `pold::${OLD}`;
  const fence = async () => void changes.push('fence');

  const reading = access.reading(uid);
  await assert.rejects(reading.synchronizers.disconnect('A'), /read only/);
  const superseded = access.changing(uid, () => Promise.reject(new Error('another attempt')));
  await assert.rejects(superseded.synchronizers.disconnect('A'), /another attempt/);
  const other = access.changing(`pnew::${NEW}`, fence);
  await assert.rejects(other.synchronizers.disconnect('A'), { type: 'OtherParticipant' });
  assert.deepEqual(changes, []);

  await access.changing(uid, fence).synchronizers.disconnect('A');
  assert.deepEqual(changes, ['fence', 'disconnect']);
});
