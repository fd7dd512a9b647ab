import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { DescMethod } from '@bufbuild/protobuf';
import {
  Metadata,
  status,
  type ServerUnaryCall,
  type ServerWritableStream,
  type UntypedHandleCall,
} from '@grpc/grpc-js';

import { ApiCheck } from '../../canton/api-check.js';
import { connectParticipant } from '../../canton/index.js';
import { ParticipantStatusService as Status3 } from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/participant_status_service_pb.js';
import { PackageService as PackageService0 } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/package_service_pb.js';
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
import { SERVICES_210 } from './services-210.js';

const V30 = 'IdentityInitializationService/GetId';
const STATUS = 'ParticipantStatusService/ParticipantStatus';

test('generation: a participant of Canton 2.10 is told by what only it answers, once for a connection', async (t) => {
  const { participant, asked, traces } = await connect210(t, [recorded('happy', 37)]);

  assert.deepEqual(await participant.health.readAbilities(), {
    generation: '2.10',
    joinsHosts: false,
    tellsChanges: false,
    exportLeavesOut: false,
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
  const routes = identityOf('old').map(routeOf);
  const handle: UntypedHandleCall = (_: ServerUnaryCall<Buffer, Buffer>, reply: Reply) => {
    changes.push('disconnect');
    reply(null, Buffer.alloc(0));
  };
  routes.push({ method: disconnect, handle });
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

test('generation: the status of a node that proves nothing yet is asked for alone, and as its generation has it', async (t) => {
  const of210 = await connect210(t, []);
  const status3 = Status3.method.participantStatus;
  const domain = await connect210(
    t,
    [],
    [
      missing(status3),
      missing(IdentityInitializationService.method.getId),
      missing(ParticipantStatusService.method.participantStatus),
    ],
  );
  const of3 = await connect210(
    t,
    [],
    [answering(status3, { kind: { case: 'status', value: { commonStatus: { uid: `p::${NEW}` } } } })],
  );

  assert.equal((await of3.participant.health.readStatus()).uid, `p::${NEW}`);
  assert.deepEqual(of3.asked, [STATUS]);
  assert.equal((await of210.participant.health.readStatus()).version, '2.10.5-SNAPSHOT');
  assert.equal(await of210.participant.health.readUid(), `pold::${OLD}`);
  const error = await failure(domain.participant.health.readStatus());
  assert.deepEqual([error.code, error.method], ['UNIMPLEMENTED', STATUS]);
});

test('generation: the doctor tries the reads of 2.10 on a node of 2.10, and says what is denied', async (t) => {
  const { listDars } = PackageService0.method;
  const denied = { code: status.PERMISSION_DENIED, details: 'denied', metadata: new Metadata() };
  const routes = SERVICES_210.flatMap(({ methods }) => methods).filter(
    (method) => !identityOf('old').some(([its]) => its === method),
  );
  const answers = new Map([...routes.map((method) => answering(method)), ...identityOf('old')]);
  answers.set(listDars, { failure: Object.assign(new Error('denied'), denied) });
  const { address } = await startServer(t, [...answers].map(routeOf));

  for (const [api, uid, refused] of [
    ['admin', `pold::${OLD}`, ['PackageService/ListDars']],
    ['ledger', `pold::${OLD}`, []],
  ] as const) {
    const check = new ApiCheck('source', api, { address }, 5_000);
    t.after(() => check.close());

    await check.reach();
    assert.equal(await check.readUid(), uid);
    const tried = await check.tryReads();

    assert.ok(tried.length >= 8, `${api} ${tried.length}`);
    assert.deepEqual(
      tried.filter(({ outcome }) => outcome !== 'allowed').map(({ method }) => method),
      refused,
    );
    assert.ok(tried.some(({ method }) => /ListConfiguredDomains|GetTransactions/.test(method)));
  }
});

type Reply = (error: Error | null, answer?: Buffer) => void;

function routeOf([method, answer]: ReturnType<typeof answering>): {
  method: DescMethod;
  handle: UntypedHandleCall;
} {
  if (method.methodKind === 'server_streaming')
    return { method, handle: (call: ServerWritableStream<Buffer, Buffer>) => void call.end() };
  const handle: UntypedHandleCall = (_: ServerUnaryCall<Buffer, Buffer>, reply: Reply) => {
    if ('failure' in answer) reply(answer.failure);
    else reply(null, Buffer.from(answer.messages[0] ?? []));
  };
  return { method, handle };
}
