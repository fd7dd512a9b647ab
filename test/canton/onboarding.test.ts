import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { status, type sendUnaryData, type UntypedHandleCall } from '@grpc/grpc-js';

import {
  GetHighestOffsetByTimestampRequestSchema,
  GetHighestOffsetByTimestampResponseSchema,
  PartyManagementService,
} from '../../canton/gen/com/digitalasset/canton/admin/participant/v30/party_management_service_pb.js';
import { connectOperator } from '../support/operator.js';
import { arrive, onItsWay, propose, startOneSynchronizer, until } from '../support/one-synchronizer.js';
import { submit, creation } from '../support/ledger-traffic.js';
import { connect } from './replay.js';
import { startServer } from './server.js';

const method = PartyManagementService.method;

function found(ledgerOffset: bigint): Uint8Array {
  const answer = create(GetHighestOffsetByTimestampResponseSchema, { ledgerOffset });
  return toBinary(GetHighestOffsetByTimestampResponseSchema, answer);
}

test('onboarding: a flag is cleared no sooner than the waiting time after the activation', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { target, store, parties, sandbox } = nodes;
  const { n0, activatedAt } = await arrive(nodes);
  const request = { ...store, beginExclusive: n0, timeoutMs: 1_000 };

  const [first] = await Promise.all(
    parties.map((party) => target.onboarding.clearFlag({ ...request, party })),
  );

  const safeAt = Date.parse(activatedAt) + sandbox.scenario.timing.onboardingMs;
  assert.equal(first?.isOnboarded, false);
  assert.equal(Date.parse(first?.earliestRetry ?? ''), safeAt);
  assert.match(first?.earliestRetry ?? '', /\.\d{6}Z$/);
  for (const party of parties)
    await until(
      async () => (await target.onboarding.clearFlag({ ...request, party }).catch(onItsWay)).isOnboarded,
    );
  assert.ok(Date.now() >= safeAt);
  const mappings = await target.topology.listPartyMappings(store, {});
  for (const { party, hosts } of mappings.filter((one) => parties.includes(one.party))) {
    assert.equal(hosts.length, 2, party);
    assert.ok(hosts.every(({ isOnboarding }) => !isOnboarding));
  }
});

test('onboarding: a flag is not cleared while disconnected, and not where none was set', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, store, parties, alias } = nodes;
  const n0 = await propose(nodes);
  const request = { party: parties[0]!, ...store, beginExclusive: n0, timeoutMs: 1 };

  await assert.rejects(target.onboarding.clearFlag(request), {
    kind: 'refused',
    errorId: 'INVALID_STATE_PARTY_MANAGEMENT_ERROR',
  });
  await target.synchronizers.reconnect(alias);
  await assert.rejects(target.onboarding.clearFlag(request), {
    kind: 'transient',
    errorId: 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND',
  });
  await assert.rejects(source.onboarding.clearFlag({ ...request, beginExclusive: '1' }), {
    kind: 'refused',
    errorId: 'PARTY_ONBOARDING_CLEARANCE_MISSING_MAPPING',
  });
});

test('onboarding: one record time gives the offset of the same event on either node', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, store, parties, sandbox } = nodes;
  await arrive(nodes);
  const begin = await source.ledger.readLedgerEnd();
  await submit(sandbox.participants.source, parties[0]!, creation(parties[0]!, parties[1]!));
  const end = await source.ledger.readLedgerEnd();
  const range = { parties, beginExclusive: begin, endInclusive: end };

  const recordTime = (await source.ledger.findLastRecordTime(range))!;
  const [here, there] = await Promise.all(
    [source, target].map((node) =>
      until(() => node.onboarding.findOffsetAt({ ...store, recordTime }).catch(() => undefined)),
    ),
  );

  assert.equal(here, end);
  assert.equal(there, await target.ledger.readLedgerEnd());
});

test('onboarding: between two events the offset is that of the earlier one', async (t) => {
  const { source, store } = await startOneSynchronizer(t);
  const recordTime = new Date(Date.now() - 1).toISOString();

  assert.equal(
    await source.onboarding.findOffsetAt({ ...store, recordTime }),
    await source.ledger.readLedgerEnd(),
  );
});

test('onboarding: a participant that has not processed that far gives no offset', async (t) => {
  const nodes = await startOneSynchronizer(t);
  await propose(nodes);
  const recordTime = new Date(Date.now() + 60_000).toISOString();

  for (const node of [nodes.source, nodes.target])
    await assert.rejects(node.onboarding.findOffsetAt({ ...nodes.store, recordTime }), {
      kind: 'transient',
      errorId: 'INVALID_TIMESTAMP_PARTY_MANAGEMENT_ERROR',
    });
});

test('onboarding: microseconds are asked for, and nothing by force', async (t) => {
  const { participant, sent } = await connect(t, [[method.getHighestOffsetByTimestamp, found(973n)]]);

  const offset = await participant.onboarding.findOffsetAt({
    synchronizerId: 'a::1220',
    recordTime: '2026-01-02T03:04:05.678901Z',
  });

  assert.equal(offset, '973');
  assert.deepEqual(sent, [{ synchronizer_id: 'a::1220', timestamp: '2026-01-02T03:04:05.678901Z' }]);
});

// Release lines differ in it; only after this answer may `force` be set, never after one that says "not yet".
test('onboarding: a release that wants the exact time of an event is asked once more, by force', async (t) => {
  const asked: boolean[] = [];
  const handle = (call: { request: Buffer }, reply: sendUnaryData<Buffer>) => {
    const { force } = fromBinary(GetHighestOffsetByTimestampRequestSchema, call.request);
    asked.push(force);
    const details = 'EXACT_RECORD_TIME_MATCH_NOT_FOUND(11,0): No exact match for requested timestamp';
    if (force) reply(null, Buffer.from(found(7n)));
    else reply({ code: status.NOT_FOUND, details });
  };
  const route = { method: method.getHighestOffsetByTimestamp, handle: handle as UntypedHandleCall };
  const { address } = await startServer(t, [route]);
  const participant = connectOperator('target', { admin: { address }, ledger: { address } });
  t.after(() => participant.close());

  const at = { synchronizerId: 'a::1220', recordTime: '2026-01-02T03:04:05Z' };
  assert.equal(await participant.onboarding.findOffsetAt(at), '7');
  assert.deepEqual(asked, [false, true]);
});
