import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Client, credentials, status, type ServiceError } from '@grpc/grpc-js';
import type { CantonError } from '../../canton/errors.js';
import { connectParticipant } from '../../canton/index.js';
import { encode, methodTypes } from '../../sandbox/wire.js';
import { until } from '../conformance/states.js';
import { AUTHORIZED, call, delegationProposal, quickSandbox } from './wire-client.js';

const ALIAS = { synchronizer_alias: 'da' };

test('faults: a dropped reply leaves the change in place', async (t) => {
  const sandbox = await quickSandbox(t);
  const { source } = sandbox.participants;
  sandbox.faults.dropReply('Authorize', { participant: 'source' });
  const body = { proposal: delegationProposal(sandbox), must_fully_authorize: true, store: AUTHORIZED };
  await assert.rejects(call(source.adminAddress, 'write', 'Authorize', body), { code: 'UNAVAILABLE' });
  assert.equal(source.delegations().length, 2);
  await assert.rejects(call(source.adminAddress, 'write', 'Authorize', body), {
    code: 'ALREADY_EXISTS',
  });
});

test('faults: a call refused on demand does nothing, as often as asked', async (t) => {
  const sandbox = await quickSandbox(t);
  const { target } = sandbox.participants;
  sandbox.faults.failBefore('DisconnectSynchronizer', { times: 2, code: 'INTERNAL' });
  for (const code of ['INTERNAL', 'INTERNAL']) {
    await assert.rejects(call(target.adminAddress, 'synchronizers', 'DisconnectSynchronizer', ALIAS), {
      code,
    });
  }
  assert.deepEqual(target.connected(), ['da']);
  await call(target.adminAddress, 'synchronizers', 'DisconnectSynchronizer', ALIAS);
  assert.deepEqual(target.connected(), []);
});

test('faults: a crash after a call loses the answer, keeps the change and comes back on the same ports', async (t) => {
  const sandbox = await quickSandbox(t);
  const { source } = sandbox.participants;
  const before = { uid: source.uid, address: source.adminAddress };
  sandbox.faults.crash('source', { at: 'after', method: 'Authorize', restartAfterMs: 20 });
  const body = { proposal: delegationProposal(sandbox), must_fully_authorize: true, store: AUTHORIZED };
  await assert.rejects(call(source.adminAddress, 'write', 'Authorize', body), { code: 'UNAVAILABLE' });
  await until(
    async () => source.isUp,
    (isUp) => isUp,
  );
  const answer = await until(
    () => call(before.address, 'identity', 'GetId').catch(() => undefined),
    (found) => found !== undefined,
  );
  assert.equal(answer?.['unique_identifier'], before.uid);
  assert.equal(source.delegations().length, 2);
  assert.deepEqual(source.connected(), ['acme']);
  assert.equal(source.contracts().length, 10);
});

test('faults: a node told to connect by hand stays disconnected after a restart', async (t) => {
  const sandbox = await quickSandbox(t);
  const { target } = sandbox.participants;
  const listed = await call(target.adminAddress, 'synchronizers', 'ListRegisteredSynchronizers');
  const [first] = listed['results'] as { config: Record<string, unknown> }[];
  const new_config = { ...first?.config, manual_connect: true };
  await call(target.adminAddress, 'synchronizers', 'ModifySynchronizer', { new_config });
  await target.restart();
  assert.deepEqual(target.connected(), []);
  await call(target.adminAddress, 'synchronizers', 'ReconnectSynchronizer', ALIAS);
  assert.deepEqual(target.connected(), ['da']);
});

test('faults: the call log tells reads from changes', async (t) => {
  const sandbox = await quickSandbox(t);
  const { target } = sandbox.participants;
  await call(target.adminAddress, 'identity', 'GetId');
  await call(target.adminAddress, 'synchronizers', 'DisconnectSynchronizer', ALIAS);
  const mutating = sandbox.calls
    .list({ isMutating: true })
    .map(({ method, outcome }) => `${method} ${outcome}`);
  assert.deepEqual(mutating, ['DisconnectSynchronizer OK']);
  assert.equal(sandbox.calls.list().length, 2);
});

test('faults: late services answer UNIMPLEMENTED first', async (t) => {
  const { QUICK_TIMING } = await import('../../sandbox/index.js');
  const sandbox = await quickSandbox(t, { timing: { ...QUICK_TIMING, lateServicesMs: 150 } });
  const { target } = sandbox.participants;
  await assert.rejects(call(target.adminAddress, 'packages', 'ListDars'), { code: 'UNIMPLEMENTED' });
  await until(
    () => call(target.adminAddress, 'packages', 'ListDars').catch(() => undefined),
    (found) => found !== undefined,
  );
});

test('faults: a KMS that lost its keys makes signing fail without a reason', async (t) => {
  const sandbox = await quickSandbox(t);
  sandbox.kms.loseKeys();
  const { target } = sandbox.participants;
  const own = delegationProposal(sandbox);
  const mapping = own['mapping'] as { namespace_delegation: Record<string, unknown> };
  const namespace = target.uid.split('::')[1];
  const target_key = sandbox.participants.source.participant.node.vault.namespaceKey().signing;
  const namespace_delegation = { ...mapping.namespace_delegation, namespace, target_key };
  const proposal = { ...own, mapping: { namespace_delegation } };
  const body = { proposal, must_fully_authorize: true, store: AUTHORIZED };
  const failure = { code: 'INTERNAL', id: undefined };
  await assert.rejects(call(target.adminAddress, 'write', 'Authorize', body), failure);
});

const REPAIR = '/com.digitalasset.canton.admin.participant.v30.ParticipantRepairService';
const asIs = (bytes: Buffer) => bytes;

test('faults: an export breaks after the bytes asked for', async (t) => {
  const sandbox = await quickSandbox(t);
  const { source } = sandbox.participants;
  sandbox.faults.breakStream('ExportAcs', { afterBytes: 1 });
  const [first] = source.parties('acme');
  const type = methodTypes(`${REPAIR.slice(1)}/ExportAcs`).request;
  const request = { party_ids: [first?.party], ledger_offset: String(source.ledger.ledger.end) };
  const client = new Client(source.adminAddress, credentials.createInsecure());
  t.after(() => client.close());
  const code = await new Promise((resolve) => {
    const stream = client.makeServerStreamRequest(
      `${REPAIR}/ExportAcs`,
      asIs,
      asIs,
      encode(type, request),
    );
    stream.on('data', () => undefined);
    stream.on('error', (error: ServiceError) => resolve(error.code));
    stream.on('end', () => resolve(status.OK));
  });
  assert.equal(code, status.UNAVAILABLE);
});

/** The clients of a worker, for one node of a sandbox. */
function clientsOf(
  t: TestContext,
  { adminAddress, ledgerAddress }: Record<'adminAddress' | 'ledgerAddress', string>,
) {
  const apis = { admin: { address: adminAddress }, ledger: { address: ledgerAddress } };
  const participant = connectParticipant('source', apis);
  t.after(() => participant.close());
  return participant.reading();
}

test('faults: trailers that nobody can read fail one call of a worker, and the next goes well', async (t) => {
  const sandbox = await quickSandbox(t);
  const { source } = sandbox.participants;
  const { health, repair } = clientsOf(t, source);
  sandbox.faults.garble('ParticipantStatus');
  sandbox.faults.garble('ExportAcs');

  const isCut = ({ kind, message }: CantonError) =>
    kind === 'transient' && message.length < 3_000 && !message.includes('\u001b');
  await assert.rejects(health.readStatus(), isCut);
  const [{ party } = { party: '' }] = source.parties('acme');
  const request = { parties: [party], synchronizerId: 'da::1220', offset: '1' };
  await assert.rejects(repair.exportAcs(request)[Symbol.asyncIterator]().next(), isCut);
  assert.equal((await health.readStatus()).uid, source.uid);
});

test('faults: a call that stalls is taken, and ends when the client gives up', async (t) => {
  const sandbox = await quickSandbox(t);
  const { source } = sandbox.participants;
  sandbox.faults.stall('ExportAcs');
  const { repair, health } = clientsOf(t, source);
  await health.readStatus();
  const abort = new AbortController();
  const [{ party } = { party: '' }] = source.parties('acme');
  const request = { parties: [party], synchronizerId: 'da::1220', offset: '1', signal: abort.signal };
  const next = repair.exportAcs(request)[Symbol.asyncIterator]().next();
  next.catch(() => undefined);
  const outcome = () => sandbox.calls.list({ method: 'ExportAcs', after: 0 }).at(-1)?.outcome;
  await until(
    async () => sandbox.faults.pending().length,
    (armed) => armed === 0,
  );

  assert.equal(outcome(), undefined);
  abort.abort(new Error('enough'));
  await assert.rejects(next, /enough/);
  await until(
    async () => outcome(),
    (found) => found === 'CANCELLED',
  );
});

test('faults: a node that dies during an import comes back without it', async (t) => {
  const sandbox = await quickSandbox(t);
  const { target } = sandbox.participants;
  await call(target.adminAddress, 'synchronizers', 'DisconnectSynchronizer', ALIAS);
  sandbox.faults.crash('target', {
    at: 'during',
    method: 'ImportAcs',
    afterBytes: 10,
    restartAfterMs: 20,
  });
  const client = new Client(target.adminAddress, credentials.createInsecure());
  t.after(() => client.close());
  const type = methodTypes(`${REPAIR.slice(1)}/ImportAcs`).request;
  const code = await new Promise((resolve) => {
    const done = (error: ServiceError | null) => resolve(error?.code ?? status.OK);
    const stream = client.makeClientStreamRequest(`${REPAIR}/ImportAcs`, asIs, asIs, done);
    stream.write(encode(type, { acs_snapshot: Buffer.alloc(100), workflow_id_prefix: 'x' }));
  });
  assert.equal(code, status.UNAVAILABLE);
  await until(
    async () => target.isUp && target.connected().length === 1,
    (isBack) => isBack,
  );
  assert.deepEqual(target.contracts(), []);
});
