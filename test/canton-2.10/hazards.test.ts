import assert from 'node:assert/strict';
import test from 'node:test';

import type { MigrationStatus } from '../../model/steering.js';
import { RARER } from '../support/boundaries.js';
import { REQUEST } from '../support/stack.js';
import { idsOf, startStack210 } from './stack.js';

const GATES = ['root-key', 'interrupt-service', 'cut-over'] as const;
const isStopped = ({ state }: MigrationStatus) => state === 'stopped';

test('2.10: a node that one exception has jammed is restarted, and the migration goes on', async (t) => {
  const { client, approve, until, sandbox } = await startStack210(t);
  const { source, target } = sandbox;
  const contracts = idsOf(source.active());
  target.participant.jammed = 'Daml-LF ledger string expected';

  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  const { lastFailure } = await until(id, isStopped);
  assert.equal(lastFailure?.type, 'NodeJammed');
  assert.match(lastFailure?.cure ?? '', /restart this participant/);
  await target.restart();
  await client.resume(id, { by: 'test' });
  await approve(id, 'cut-over');
  await client.result(id);

  assert.deepEqual(idsOf(target.active()), contracts);
});

test('2.10: a contract that was purged on the target before is missed on its Ledger API', async (t) => {
  const { client, approve, until, sandbox } = await startStack210(t);
  const { source, target, domains } = sandbox;
  const [contract] = source.active();
  target.participant.contracts.set(contract!.id, {
    ...contract!,
    domain: domains.target.id,
    state: 'purged',
  });

  const id = await client.start(REQUEST);
  for (const gate of GATES) await approve(id, gate);
  const { lastFailure } = await until(id, isStopped);

  assert.equal(lastFailure?.type, 'ContractsNotPublished');
  assert.match(
    lastFailure?.message ?? '',
    new RegExp(`1 contracts .* active on target .*${contract!.id}`),
  );
});

test('2.10: contracts that somebody imports into the target after the comparison are noticed before it connects', async (t) => {
  const { client, approve, until, sandbox } = await startStack210(t);
  const { source, target, domains } = sandbox;
  const contracts = idsOf(source.active());

  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  await until(id, ({ gate }) => gate?.name === 'cut-over');
  const [first] = target.active();
  const stranger = { ...first!, id: `00${'ab'.repeat(65)}`, domain: domains.target.id };
  target.participant.contracts.set(stranger.id, stranger);
  const before = sandbox.calls.last;
  await approve(id, 'cut-over');
  const { lastFailure } = await until(id, isStopped);

  assert.equal(lastFailure?.type, 'NotVerified');
  assert.deepEqual(sandbox.calls.list({ method: 'ConnectDomain', after: before }), []);
  target.participant.contracts.delete(stranger.id);
  await client.resume(id, { by: 'test' });
  await client.result(id);
  assert.deepEqual(idsOf(target.active()), contracts);
});

test('2.10: either node may die at any of its changes', RARER, async (t) => {
  const { client, approve, sandbox } = await startStack210(t, { contracts: { count: 40, keyed: 4 } });
  const { source, target, faults } = sandbox;
  const contracts = idsOf(source.active());
  for (const method of [
    'AddSignedTopologyTransaction',
    'UploadDar',
    'AuthorizeVettedPackages',
    'ModifyDomain',
    'AuthorizePartyToParticipant',
    'ImportAcs',
    'ConnectDomain',
  ]) {
    faults.crash('target', { method, at: 'after', restartAfterMs: 300 });
  }
  for (const method of ['ImportPublicKey', 'AuthorizeNamespaceDelegation', 'ExportAcs'])
    faults.crash('source', { method, at: 'after', restartAfterMs: 300 });

  const id = await client.start(REQUEST);
  for (const gate of GATES) await approve(id, gate);
  await client.result(id);

  assert.deepEqual(idsOf(target.active()), contracts);
  for (const contract of contracts) target.archive(contract);
});
