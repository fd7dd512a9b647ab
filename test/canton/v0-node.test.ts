import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, fromBinary, toBinary, type JsonValue } from '@bufbuild/protobuf';

import { isOfOtherEdition } from '../../canton/refusals.js';
import {
  DomainConnectionConfigSchema,
  DomainConnectivityService,
} from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/domain_connectivity_pb.js';
import { PackageService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/package_service_pb.js';
import { ParticipantStatusService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/participant_status_service_pb.js';
import { PingService } from '../../canton/gen/com/digitalasset/canton/participant/admin/v0/ping_pong_service_pb.js';
import { TopologyManagerReadService } from '../../canton/gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { failure } from './replay.js';
import {
  A,
  answering,
  B,
  connect210,
  NEW,
  OLD,
  recorded,
  recording210,
  requestOf210,
} from './replay-210.js';

const domains = DomainConnectivityService.method;

test('v0 node: its status has its version, and what is queued of its topology', async (t) => {
  const { participant } = await connect210(t, []);
  const busy = await connect210(t, [
    answering(ParticipantStatusService.method.participantStatus, {
      kind: {
        case: 'status',
        value: {
          commonStatus: {
            uid: `pold::${OLD}`,
            topologyQueues: { manager: 1, dispatcher: 2, clients: 4 },
          },
        },
      },
    }),
  ]);

  assert.deepEqual(await participant.health.readStatus(), {
    uid: `pold::${OLD}`,
    version: '2.10.5-SNAPSHOT',
    isActive: true,
    supportedProtocolVersions: [5, 7],
    pendingTopologyTransactions: 0,
    undispatchedTopologyTransactions: 0,
  });
  assert.equal((await busy.participant.health.readStatus()).pendingTopologyTransactions, 7);
});

test('v0 node: its clock, its limits and what is in flight are read as recorded', async (t) => {
  const { participant, sent } = await connect210(t, [
    recorded('limits', 48),
    recorded('limits', 1),
    recorded('happy', 27),
  ]);
  const { health } = participant;

  assert.equal(await health.readTime(), '2026-11-28T19:25:19.519013Z');
  assert.deepEqual(await health.readResourceLimits(), {
    maxInflightValidationRequests: 100,
    maxSubmissionBurstFactor: 0.5,
  });
  assert.deepEqual(await health.countInFlight(A), { pendingSubmissions: 0, pendingTransactions: 0 });
  assert.deepEqual(sent.at(-1)?.request, requestOf210('happy', 27));
});

test('v0 node: an edition that does not prune has no schedule, and none to clear', async (t) => {
  const { participant } = await connect210(t, [recorded('limits', 53), recorded('limits', 2)]);

  assert.equal(await participant.health.findPruningSchedule(), undefined);
});

test('v0 node: what an edition does not have is told from what a release does not have', async (t) => {
  const { participant } = await connect210(t, [recorded('limits', 2)]);
  const other = await connect210(t, [recorded('packages', 5)]);

  // Refused inside, and so that nobody takes it for a node that starts.
  await participant.health.setResourceLimits({ maxSubmissionBurstFactor: 0.5 });
  const error = await failure(other.participant.packages.readDar('zz'));

  assert.equal(isOfOtherEdition(error), false);
});

test('v0 node: a ping says how long it took, and one without an answer that there was none', async (t) => {
  const { participant, sent } = await connect210(t, [
    recorded('happy', 58),
    answering(PingService.method.ping, { response: { case: 'failure', value: {} } }),
  ]);
  const ping = () =>
    participant.health.ping({ participantUid: `pnew::${NEW}`, synchronizerId: B, timeoutMs: 20_000 });

  assert.deepEqual(await ping(), { pingTimeMs: 11_850 });
  assert.ok('failure' in (await ping()));
  assert.deepEqual(sent[0]?.request, requestOf210('happy', 58));
});

test('v0 node: a domain is listed with its id and its protocol version', async (t) => {
  const { participant } = await connect210(t, [
    recorded('topology', 22),
    recorded('happy', 5),
    recorded('happy', 6),
  ]);

  assert.deepEqual(await participant.synchronizers.listRegistered(), [
    { alias: 'A', logicalId: A, physicalId: `${A}::7-0`, isConnected: true, isManualConnect: false },
  ]);
});

test('v0 node: a domain that is disconnected is found in the stores, without its sequencers', async (t) => {
  const { participant, asked } = await connect210(t, [
    recorded('topology', 22),
    recorded('happy', 5),
    answering(domains.listConnectedDomains),
    recorded('topology', 1),
  ]);

  const [found] = await participant.synchronizers.listRegistered();

  assert.equal(found?.logicalId, A);
  assert.ok(!asked.includes('DomainConnectivityService/GetDomainId'));
});

// An alias that was refused stays configured, and its sequencers tell the id of a domain that was never reached.
test('v0 node: an alias that never reached its domain has no id', async (t) => {
  const config = (domainAlias: string) => ({ config: { domainAlias }, connected: false });
  const { participant } = await connect210(t, [
    recorded('topology', 22),
    answering(domains.listConfiguredDomains, { results: [config('A'), config('B')] }),
    answering(domains.listConnectedDomains),
    answering(TopologyManagerReadService.method.listAvailableStores, { storeIds: [A, 'Authorized'] }),
    answering(domains.getDomainId, { domainId: A }),
    answering(domains.getDomainId, { domainId: B }),
  ]);

  const found = await participant.synchronizers.listRegistered();

  assert.deepEqual(
    found.map(({ logicalId, physicalId }) => [logicalId, physicalId]),
    [
      [A, `${A}::7-0`],
      ['', ''],
    ],
  );
});

test('v0 node: manual connect changes nothing else of a configuration, known to us or not', async (t) => {
  const { results } = recording210('happy', 5).response_json as { results: [{ config: JsonValue }] };
  const known = create(DomainConnectionConfigSchema, { domainAlias: 'A' });
  // Field 99, of a later release.
  const unknown = Buffer.concat([
    toBinary(DomainConnectionConfigSchema, known),
    Buffer.from([0x9a, 0x06, 0x01, 0x78]),
  ]);
  const config = fromBinary(DomainConnectionConfigSchema, unknown);
  const first = await connect210(t, [recorded('happy', 5), answering(domains.modifyDomain)]);
  const second = await connect210(t, [
    answering(domains.listConfiguredDomains, { results: [{ config, connected: false }] }),
  ]);

  await first.participant.synchronizers.setManualConnect('A', true);

  assert.deepEqual(first.sent.at(-1)?.request, {
    modify: { ...(results[0].config as object), manual_connect: true },
  });
  assert.ok(unknown.equals(await second.participant.synchronizers.readConfig('A')));
  await assert.rejects(second.participant.synchronizers.readConfig('nope'), {
    errorId: 'SYNC_SERVICE_UNKNOWN_DOMAIN',
  });
});

test('v0 node: a connect is asked for as recorded, and a domain that is registered already is connected', async (t) => {
  const { participant, sent } = await connect210(t, [
    recorded('happy', 51),
    recorded('alias-bound', 38),
    answering(domains.disconnectDomain),
  ]);
  const config = create(DomainConnectionConfigSchema, { domainAlias: 'B' });

  assert.equal(await participant.synchronizers.reconnect('B'), true);
  assert.equal(
    await participant.synchronizers.connectWith(toBinary(DomainConnectionConfigSchema, config)),
    true,
  );
  await participant.synchronizers.disconnect('B');

  const connect = { method: 'ConnectDomain', request: requestOf210('happy', 51) };
  assert.deepEqual(sent[0], connect);
  assert.deepEqual(sent[2], connect);
  assert.deepEqual(sent[3]?.request, { domain_alias: 'B' });
});

test('v0 node: a DAR is known by its hash, and keeps its name', async (t) => {
  const { participant, sent } = await connect210(t, [
    recorded('happy', 37),
    recorded('happy', 39),
    recorded('happy', 40),
    recorded('packages', 8),
    recorded('packages', 28),
    recorded('happy', 41),
  ]);
  const { packages } = participant;

  const dars = await packages.listDars();
  const other = dars.find(({ name }) => name === 'lab-other-1.0')!;
  await packages.uploadDar(other, await packages.readDar(other.mainPackageId));
  const contents = await packages.listContents(dars[1]!.mainPackageId);
  const stored = await packages.listPackages();

  const upload = sent.find(({ method }) => method === 'UploadDar')!.request as Record<string, JsonValue>;
  // The node takes the end off twice.
  assert.equal(upload['filename'], 'lab-other-1.0.dar.dar');
  assert.equal(upload['vet_all_packages'], undefined);
  assert.equal(contents.length, 2);
  assert.ok(contents.every(({ packageId }) => stored.some((its) => its.packageId === packageId)));
});

test('v0 node: a DAR that is not there, or became another one, is refused', async (t) => {
  const { participant } = await connect210(t, [recorded('packages', 4), recorded('happy', 40)]);
  const dar = { mainPackageId: `1220${'ab'.repeat(32)}`, name: 'x', version: '', description: '' };

  const absent = await failure(participant.packages.readDar(dar.mainPackageId));
  const changed = await failure(participant.packages.uploadDar(dar, Buffer.from('x')));

  assert.deepEqual([absent.kind, absent.errorId], ['refused', 'DAR_NOT_FOUND']);
  assert.equal(changed.kind, 'refused');
  assert.match(changed.message, /expected the DAR 1220abab/);
});

test('v0 node: packages of an unused DAR are removed by its hash', async (t) => {
  const { participant, sent } = await connect210(t, [recorded('packages', 28)]);
  const hash = (requestOf210('packages', 28) as { dar_hash: string }).dar_hash;

  await participant.packages.removeDar(hash);

  assert.deepEqual(sent, [
    { method: PackageService.method.removeDar.name, request: requestOf210('packages', 28) },
  ]);
});
