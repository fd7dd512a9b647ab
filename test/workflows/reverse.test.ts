import assert from 'node:assert/strict';
import test from 'node:test';

import type { MigrationClient } from '../../client/index.js';
import type { MigrationReport } from '../../model/report.js';
import type { MigrationRequest } from '../../model/request.js';
import { isReverse } from '../../model/plan.js';
import { QUICK_TIMING, type ParticipantView } from '../../sandbox/index.js';
import { call } from '../sandbox/wire-client.js';
import { RARER } from '../support/boundaries.js';
import { stakeholdersOf } from '../support/ledger-changes.js';
import { creation, runTraffic, submit } from '../support/ledger-traffic.js';
import { approveGates, COLD_GATES, eventually, WARM_GATES } from '../support/driving.js';
import { partiesOf } from '../support/live.js';
import { signatureOf } from '../support/offline-key.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';

/** Of a node whose parties have contracts. */
const DARS = [{ name: 'lab-iou', version: '1.0.0', isVetted: true as const }];

const sorted = (view: ParticipantView) => view.contracts().sort();

async function migrate(client: MigrationClient, request: MigrationRequest): Promise<MigrationReport> {
  const id = await client.start(request);
  const isCold = (request.options?.copy ?? 'cold') === 'cold';
  await approveGates(client, id, isCold ? COLD_GATES : WARM_GATES);
  const report = await client.result(id);
  await client.closeMigration(id, { by: 'test' });
  return report;
}

test(
  'reverse migration: to the old node only what changed travels, and forward again',
  RARER,
  async (t) => {
    const { client, sandbox } = await startMigrationStack(t);
    const { source, target } = sandbox.participants;
    const before = sorted(source);

    const forward = await migrate(client, REQUEST);
    const parties = partiesOf(forward);
    const ended = await runTraffic(target, parties, 200);
    const served = sorted(target);
    const back = await client.requestReverse(`migrate-participant/${source.uid}`);
    const { plan } = await client.plan(back);

    assert.deepEqual(plan.obstacles, []);
    assert.equal(plan.direction, 'from-kms');
    assert.deepEqual(plan.signatures, []);
    const created = served.filter((id) => !before.includes(id));
    assert.ok(isReverse(plan));
    assert.deepEqual(
      [plan.changes.common, plan.changes.missing, plan.changes.extra],
      [before.length - gone(before, served).length, created.length, gone(before, served).length],
    );
    const returned = await migrate(client, back);
    assert.equal(returned.verification.isEqual, true);
    assert.deepEqual(sorted(source), served);
    assert.deepEqual([source.connected(), target.connected()], [['acme'], []]);
    for (const id of ended) assert.ok(!source.contracts().includes(id));
    const imported = sandbox.calls.list({ participant: 'source', method: 'ImportAcs' });
    assert.ok(imported.length <= 3, `${imported.length} imports`);
    // The old node serves: contracts that it had, and contracts that came back, can be used.
    await runTraffic(source, parties, 30);
    const now = sorted(source);
    const again = await client.requestReverse(`migrate-participant/${target.uid}`);
    assert.deepEqual([again.source, again.target], ['source', 'target']);

    const forwardAgain = await migrate(client, again);
    assert.equal(forwardAgain.verification.isEqual, true);
    assert.deepEqual(sorted(target), now);
    assert.deepEqual([source.connected(), target.connected()], [[], ['da']]);
    await runTraffic(target, parties, 10);
  },
);

test(
  'reverse migration: to a fresh node the holder of the root key signs, and the parked node is replaced as host',
  RARER,
  async (t) => {
    const scenario = { ...SMALL, fresh: { name: 'fresh' } };
    const { client, sandbox } = await startMigrationStack(t, { scenario });
    const { source, target, fresh } = sandbox.participants;
    const forward = await migrate(client, REQUEST);
    const parties = partiesOf(forward);
    await runTraffic(target, parties, 30);
    const served = sorted(target);
    const id = `migrate-participant/${source.uid}`;
    const back = await client.requestReverse(id, { target: 'fresh', targetSynchronizer: 'acme' });

    const { plan } = await client.plan(back);
    assert.deepEqual(plan.obstacles, []);
    assert.equal(plan.replaces?.uid, source.uid);
    assert.deepEqual(
      plan.signatures?.map(({ holder }) => holder),
      ['source', 'fresh'],
    );
    const returned = await migrate(client, back);

    assert.equal(returned.verification.isEqual, true);
    assert.deepEqual(sorted(fresh!), served);
    assert.deepEqual([fresh!.connected(), target.connected(), source.connected()], [['acme'], [], []]);
    for (const party of parties) assert.deepEqual(fresh!.hosts(party, 'acme'), [fresh!.uid]);
    await runTraffic(fresh!, parties, 30);
  },
);

test(
  'reverse migration: an offline root key signs for a fresh node too, and an abort gives the parties back to their host',
  RARER,
  async (t) => {
    const scenario = { ...SMALL, fresh: { name: 'fresh' } };
    const { client, sandbox, until, approve } = await startMigrationStack(t, { scenario });
    const { source, fresh } = sandbox.participants;
    const forward = await migrate(client, REQUEST);
    const [party = ''] = partiesOf(forward);
    const pem = source.takeRootKey();
    const way = { target: 'fresh', targetSynchronizer: 'acme' };
    const back = await client.requestReverse(`migrate-participant/${source.uid}`, way);
    const id = await client.start(back);
    const { signatures = [] } = await until(id, ({ gate }) => gate?.name === 'root-key');
    const wanted = signatures.find(({ purpose }) => purpose === 'namespace-delegation');

    assert.equal(wanted?.signedBy, source.uid.split('::')[1]);
    await client.provideSignature(id, signatureOf(wanted!, pem));
    await approve(id, 'root-key');
    await until(id, ({ gate }) => gate?.name === 'interrupt-service');
    assert.deepEqual(fresh!.hosts(party, 'acme'), [fresh!.uid]);
    await client.abort(id, { by: 'test' });
    await assert.rejects(client.result(id), { type: 'Aborted' });
    assert.deepEqual(fresh!.hosts(party, 'acme'), [source.uid]);
  },
);

test('reverse migration: what makes it unsafe is found before anything changes', RARER, async (t) => {
  const scenario = { ...SMALL, fresh: { name: 'fresh' } };
  const { client, sandbox, participants } = await startMigrationStack(t, { scenario });
  const { source } = sandbox.participants;
  const obstacles = async (request: MigrationRequest) =>
    (await client.plan(request)).plan.obstacles.map(({ type }) => type).sort();
  const early = await obstacles({ ...REQUEST, options: { copy: 'changes' } });
  assert.deepEqual(early, ['TargetNotParked']);

  const forward = await migrate(client, REQUEST);
  const parties = partiesOf(forward);
  const id = `migrate-participant/${source.uid}`;
  const back = await client.requestReverse(id);
  const { rootKeyHolder, ...unnamed } = await client.requestReverse(id, {
    target: 'fresh',
    targetSynchronizer: 'acme',
  });
  assert.equal(rootKeyHolder, 'source');
  assert.deepEqual(await obstacles({ ...back, options: {} }), [
    'TargetHasContracts',
    'TargetNotConnected',
  ]);
  assert.ok((await obstacles(unnamed)).includes('PartiesHostedElsewhere'));

  // Somebody connects the old node again and uses a contract there.
  await participants.source.synchronizers.reconnect('acme');
  await runTraffic(source, parties, 2);
  assert.deepEqual(await obstacles(back), ['ContractsGoneFromTarget', 'TargetNotParked']);

  await participants.target.synchronizers.disconnect('da');
  assert.ok((await obstacles(back)).includes('SourceNotServing'));
});

test(
  'reverse migration: an abort leaves the KMS node serving and the old node parked',
  RARER,
  async (t) => {
    const { client, sandbox, until, approve } = await startMigrationStack(t);
    const { source, target } = sandbox.participants;
    const forward = await migrate(client, REQUEST);
    const parties = partiesOf(forward);
    await runTraffic(target, parties, 20);
    const served = sorted(target);
    const id = await client.start(await client.requestReverse(`migrate-participant/${source.uid}`));
    await approve(id, 'root-key');
    await approve(id, 'warm-copy');
    await approve(id, 'interrupt-service');
    await until(id, ({ gate }) => gate?.name === 'cut-over');
    // Until that one has ended the node is in use, and no migration of its own.
    const again = client.requestReverse(`migrate-participant/${source.uid}`);
    await assert.rejects(again, { type: 'MigrationOpen' });
    await client.abort(id, { by: 'test' });

    await assert.rejects(client.result(id), { type: 'Aborted' });
    const { status } = await client.status(id);
    assert.match(status!.withdrawal!.stays.map(({ what }) => what).join(), /contracts on source/);
    assert.deepEqual([source.connected(), target.connected()], [[], ['da']]);
    assert.deepEqual(sorted(target), served);
    await runTraffic(target, parties, 10);
    const returned = await migrate(
      client,
      await client.requestReverse(`migrate-participant/${source.uid}`),
    );
    assert.deepEqual(sorted(source), sorted(target));
    assert.equal(returned.verification.isEqual, true);
  },
);

// Ids and contents are the same on both, and neither refuses what the other made. Source: networks A, item A3.
test(
  'reverse migration: to a lower protocol version with a warning; parties and users of since go along, and what was removed is named',
  RARER,
  async (t) => {
    const scenario = { ...SMALL, synchronizers: { source: { protocolVersion: 34 as const } } };
    const { client, sandbox, participants } = await startMigrationStack(t, { scenario });
    const { source, target } = sandbox.participants;
    const forward = await migrate(client, REQUEST);
    const parties = partiesOf(forward);
    await runTraffic(target, parties, 30);
    const newcomer = await allocate(target, 'da', 'Newcomer');
    await submit(target, newcomer, creation(newcomer, parties[0]!));
    const { users } = participants.target;
    const [, first, second] = await users.listUsers('');
    await users.createUser({ ...first!, id: 'new-since' });
    await users.removeUser(second!);
    await users.grantRights({ id: 'new-since', identityProvider: '' }, await users.listRights(first!));
    const back = await client.requestReverse(`migrate-participant/${source.uid}`);

    const { plan } = await client.plan(back);
    const returned = await migrate(client, back);

    assert.deepEqual(plan.obstacles, []);
    const [warning] = plan.warnings.filter(({ type }) => type === 'ProtocolVersionLower');
    assert.match(warning!.what, /from da::\w+::35-0 to acme::\w+::34-0, which has a lower/);
    assert.deepEqual(
      plan.signatures?.map(({ holder }) => holder),
      ['target', 'source'],
      'the party of the KMS node comes along by a delegation of its own',
    );
    assert.deepEqual(plan.localState?.surplus.named, [`user ${second!.id}`]);
    assert.equal(returned.verification.isEqual, true);
    assert.deepEqual(sorted(source), sorted(target));
    await runTraffic(source, parties, 30);
    assert.deepEqual(source.hosts(newcomer, 'acme'), [source.uid]);
    await submit(source, newcomer, creation(newcomer, parties[0]!));
    const there = new Map(source.localState().users.map((user) => [user.id, user]));
    for (const user of target.localState().users) assert.ok(there.has(user.id), user.id);
    assert.deepEqual(
      there.get('new-since'),
      target.localState().users.find(({ id }) => id === 'new-since'),
    );
  },
);

/** Allocates a party as an application of the node would. */
async function allocate(node: ParticipantView, alias: string, hint: string): Promise<string> {
  const { party_details: details } = (await call(node.ledgerAddress, 'ledgerParties', 'AllocateParty', {
    party_id_hint: hint,
  })) as { party_details: { party: string } };
  const { party } = details;
  await eventually('the party', async () => (node.hosts(party, alias).length > 0 ? true : undefined));
  return party;
}

test(
  'reverse migration: two nodes that were brought together on one are taken apart again',
  RARER,
  async (t) => {
    const scenario = { ...SMALL, fresh: { name: 'fresh', dars: DARS } };
    const { client, sandbox, participants } = await startMigrationStack(t, { scenario });
    const { source, target, fresh: second } = sandbox.participants;
    const bob = await allocate(second!, 'acme', 'Bob');
    for (let n = 0; n < 5; n++) await submit(second!, bob, creation(bob, bob));
    const first = await migrate(client, REQUEST);
    const parties = partiesOf(first);
    const togetherRequest = { ...REQUEST, source: 'fresh' };
    const { warnings } = (await client.plan(togetherRequest)).plan;
    await migrate(client, togetherRequest);
    await runTraffic(target, parties, 20);
    await submit(target, bob, creation(bob, bob));
    const ofBob = contractsOf(target, bob);

    // Who names nobody is told, instead of moving Bob to a node that he never was on.
    const back = await client.requestReverse(`migrate-participant/${source.uid}`);
    const { parties: named, ...unnamed } = back;
    const refused = (await client.plan(unnamed)).plan.obstacles;
    const { plan } = await client.plan(back);
    const returned = await migrate(client, back);

    const away = warnings.find(({ type }) => type === 'TargetOutOfService');
    assert.match(away!.what, new RegExp(`target hosts ${parties.length} parties already`));
    assert.deepEqual(named, [...parties].sort());
    const notNamed = refused.find(({ type }) => type === 'PartiesNotNamed');
    assert.ok(notNamed!.what.includes(bob));
    assert.deepEqual(plan.obstacles, []);
    const staying = plan.warnings.find(({ type }) => type === 'PartiesLeft');
    assert.ok(staying!.what.includes(bob));
    assert.equal(returned.verification.isEqual, true);
    assert.deepEqual(contractsOf(source, bob), []);
    await runTraffic(source, parties, 10);

    // The other one: an operator connects the node again, which serves Bob.
    await participants.target.synchronizers.setManualConnect('da', false);
    await participants.target.synchronizers.reconnect('da');
    const other = await client.requestReverse(`migrate-participant/${second!.uid}`);
    assert.deepEqual(other.parties, [bob]);
    await migrate(client, other);
    assert.deepEqual(contractsOf(second!, bob), ofBob);
    await submit(second!, bob, creation(bob, bob));
  },
);

function contractsOf(view: ParticipantView, party: string): string[] {
  return sorted(view).filter((id) => stakeholdersOf(view, id).includes(party));
}

test(
  'reverse migration: contracts that stayed on the old node for others are left alone',
  RARER,
  async (t) => {
    const scenario = { timing: QUICK_TIMING, contracts: { count: 30, sharedWithForeign: 4 } };
    const { client, sandbox } = await startMigrationStack(t, { scenario });
    const { source, target } = sandbox.participants;
    const options = { quietSeconds: 1, sharedContracts: 'exclude' as const };
    const before = sorted(source);
    const forward = await migrate(client, { ...REQUEST, options });
    const kept = gone(before, sorted(target));
    const parties = partiesOf(forward);
    await runTraffic(target, parties, 20);
    const back = await client.requestReverse(`migrate-participant/${source.uid}`);

    const { plan } = await client.plan(back);
    await migrate(client, back);

    assert.ok(isReverse(plan));
    assert.deepEqual([kept.length, plan.changes.kept], [4, 4]);
    assert.deepEqual(sorted(source), [...sorted(target), ...kept].sort());
  },
);

/** Ids that are in the first list only. */
function gone(before: readonly string[], now: readonly string[]): string[] {
  return before.filter((id) => !now.includes(id));
}

// Everybody is told not to: somebody connects the parked node while the gates are open, and it is used.
test(
  'reverse migration: what the parked node created after the plan is not purged',
  RARER,
  async (t) => {
    const { client, sandbox, until, approve, participants } = await startMigrationStack(t);
    const { source, target } = sandbox.participants;
    const forward = await migrate(client, REQUEST);
    const parties = partiesOf(forward);
    await runTraffic(target, parties, 20);
    const id = await client.start(await client.requestReverse(`migrate-participant/${source.uid}`));
    await approve(id, 'root-key');
    await until(id, ({ gate }) => gate?.name === 'warm-copy');
    const before = source.contracts();
    const { synchronizers } = participants.source;
    await synchronizers.reconnect('acme');
    await submit(source, parties[0]!, creation(parties[0]!, parties[0]!));
    await synchronizers.disconnect('acme');
    const created = source.contracts().filter((contractId) => !before.includes(contractId));
    await approve(id, 'warm-copy');

    const { lastFailure } = await until(id, ({ state }) => state === 'stopped');

    assert.equal(created.length, 1);
    assert.equal(lastFailure?.type, 'ContractsCreatedOnTarget');
    assert.ok(lastFailure.message.includes(created[0]!));
    await client.abort(id, { by: 'test' });
    await assert.rejects(client.result(id), { type: 'Aborted' });
    assert.ok(source.contracts().includes(created[0]!));
  },
);
