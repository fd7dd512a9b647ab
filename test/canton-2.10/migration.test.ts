import assert from 'node:assert/strict';
import test from 'node:test';

import type { MigrationStatus } from '../../model/steering.js';
import { RARER } from '../support/boundaries.js';
import { signatureOf } from '../support/offline-key.js';
import { REQUEST } from '../support/stack.js';
import { idsOf, startStack210 } from './stack.js';

const isAtCutOver = ({ gate }: MigrationStatus) => gate?.name === 'cut-over';

test('2.10: every gate approved, the target has the contracts and the source is parked', async (t) => {
  const its = await startStack210(t, { contracts: { count: 20, keyed: 3 } });
  const { client, approve, until } = its;
  const { source, target, domains, parties } = its.sandbox;
  const contracts = idsOf(source.active());

  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  const atCutOver = await until(id, isAtCutOver);
  assert.equal(atCutOver.verification?.isEqual, true);
  // Nobody learns of the target as host before it has the contracts, and its ledger has none of them.
  assert.deepEqual([...domains.target.hosts(parties[0]!).keys()], []);
  assert.equal(target.participant.ledgerEnd, 0);
  await approve(id, 'cut-over');
  const report = await client.result(id);

  assert.equal(report.outcome, 'migrated');
  assert.equal(report.verification.contractCount, contracts.length);
  assert.deepEqual(idsOf(target.active()), contracts);
  assert.deepEqual([source.connected(), target.connected()], [[], ['da']]);
  for (const party of parties)
    assert.deepEqual([...domains.target.hosts(party)], [[target.uid, 'Submission']]);
  // Each can be used, with its key too: without the parties of the import the first use would end the process.
  for (const contract of contracts) target.archive(contract);
  await source.restart();
  assert.deepEqual(source.connected(), []);
});

test('2.10: the calls that change a node are those of the manual, in its order', async (t) => {
  const { client, approve, sandbox } = await startStack210(t);

  const id = await client.start(REQUEST);
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const) await approve(id, gate);
  await client.result(id);

  const calls = sandbox.calls.list({ isMutating: true });
  const changes = calls
    .filter(({ method }) => !['UpdateResourceLimits', 'ClearSchedule', 'ping'].includes(method))
    .map(({ participant, method }) => `${participant} ${method}`);
  const inOrder = changes.filter((change, at) => change !== changes[at - 1]);
  assert.deepEqual(inOrder, [
    'source ImportPublicKey',
    'source AuthorizeNamespaceDelegation',
    'target AddSignedTopologyTransaction',
    'target UploadDar',
    'target AuthorizeVettedPackages',
    'target ModifyDomain',
    'target DisconnectDomain',
    'target AuthorizePartyToParticipant',
    'target DisconnectDomain',
    'source ModifyDomain',
    'source DisconnectDomain',
    'target ImportAcs',
    'source DisconnectDomain',
    'target ImportAcs',
    'target ConnectDomain',
    'target ModifyDomain',
  ]);
  const all = sandbox.calls.list({ participant: 'target' });
  const hosting = all.findIndex(({ method }) => method === 'AuthorizePartyToParticipant');
  const before = all.slice(hosting - 12, hosting).map(({ method }) => method);
  for (const read of ['ListConfiguredDomains', 'ListPartyToParticipant'])
    assert.ok(before.includes(read));
  const imports = calls.filter(({ method }) => method === 'ImportAcs');
  assert.match(imports[0]?.request ?? '', /onboardedParties|onboarded_parties/);
});

test('2.10: a root key that is offline signs the delegation, and nothing else', async (t) => {
  const { client, approve, until, sandbox } = await startStack210(t);
  const pem = sandbox.source.takeRootKey();

  const id = await client.start(REQUEST);
  const { signatures = [] } = await until(id, ({ gate }) => gate?.name === 'root-key');
  const wanted = signatures.find(({ purpose }) => purpose === 'namespace-delegation');
  assert.ok(wanted);
  assert.match(wanted.hash, /^1220[0-9a-f]{64}$/);
  await client.provideSignature(id, signatureOf(wanted, pem));
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const) await approve(id, gate);
  const report = await client.result(id);

  assert.equal(report.outcome, 'migrated');
  assert.deepEqual(idsOf(sandbox.target.active()), idsOf(sandbox.source.active()));
});

test('2.10: from a domain of protocol version 5 to one of 7', RARER, async (t) => {
  const protocolVersions = { source: 5, target: 7 } as const;
  const { client, approve, sandbox } = await startStack210(t, { protocolVersions });

  const id = await client.start(REQUEST);
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const) await approve(id, gate);
  const report = await client.result(id);

  assert.equal(report.outcome, 'migrated');
  const { source, target } = sandbox;
  assert.deepEqual(idsOf(target.active()), idsOf(source.active()));
  assert.equal(target.participant.stuckFor(sandbox.domains.target).length, 0);
});

test('2.10: an abort before the import leaves both nodes as they were', async (t) => {
  const { client, approve, until, sandbox } = await startStack210(t);
  const { source, target } = sandbox;

  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await until(id, ({ gate }) => gate?.name === 'interrupt-service');
  const hosted = sandbox.calls.list({ method: 'AuthorizePartyToParticipant' });
  assert.deepEqual(hosted, []);
  await client.abort(id, { by: 'test' });
  await assert.rejects(client.result(id), /aborted by test/);

  assert.deepEqual([source.connected(), target.connected()], [['acme'], ['da']]);
  assert.deepEqual(idsOf(target.active()), []);
  const dars = [...target.participant.dars.values()].map(({ name }) => name);
  assert.deepEqual(dars, ['AdminWorkflowsWithVacuuming']);
});

test('2.10: after an import an abort leaves the target to a fresh database, and the next plan says so', async (t) => {
  const { client, approve, until, sandbox } = await startStack210(t);
  const { source, target, domains, parties } = sandbox;
  const contracts = idsOf(source.active());

  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  await until(id, isAtCutOver);
  await client.abort(id, { by: 'test' });
  await assert.rejects(client.result(id), /aborted by test/);
  const { status } = await client.status(id);

  assert.deepEqual([source.connected(), target.connected()], [['acme'], []]);
  assert.deepEqual(idsOf(target.active()), contracts);
  assert.deepEqual([...domains.target.hosts(parties[0]!).keys()], []);
  assert.match(JSON.stringify(status?.withdrawal), /fresh database/);
  await target.restart();
  assert.deepEqual(target.connected(), []);
  const { plan } = await client.plan(REQUEST);
  const found = plan.obstacles.find(({ type }) => type === 'TargetNotFresh');
  assert.match(found?.cure ?? '', /fresh database/);
});

test(
  '2.10: 10,000 contracts, with the answers of an import and of the connect lost',
  RARER,
  async (t) => {
    const { client, approve, sandbox } = await startStack210(t, { contracts: { count: 10_000 } });
    const contracts = idsOf(sandbox.source.active());
    sandbox.faults.dropReply('ImportAcs', { participant: 'target', skip: 1 });
    sandbox.faults.dropReply('ConnectDomain', { participant: 'target' });
    sandbox.faults.dropReply('AuthorizePartyToParticipant', { participant: 'target' });
    sandbox.faults.breakStream('ExportAcs', { participant: 'source', afterBytes: 10_000 });

    const id = await client.start(REQUEST);
    for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const) await approve(id, gate);
    const report = await client.result(id);

    assert.equal(report.verification.contractCount, 10_000);
    assert.deepEqual(idsOf(sandbox.target.active()), contracts);
  },
);
