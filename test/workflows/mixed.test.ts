import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import type { LineToSign } from '../../client/lines-to-sign.js';
import type { PartyMapping } from '../../model/participant.js';
import { namespaceOf } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { QUICK_TIMING, type ParticipantView, type ScenarioChange } from '../../sandbox/index.js';
import { openLists } from '../../storage/open.js';
import { defaultListFolder } from '../../storage/places.js';
import { runCli } from '../client/run-cli.js';
import { createIou, submitExternally } from '../sandbox/external-support.js';
import { RARER } from '../support/boundaries.js';
import { approveGates, atGate, COLD_GATES, LIVE_GATES, WARM_GATES } from '../support/driving.js';
import { LIVE_REQUEST, REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer, type MigrationStack } from '../support/temporal.js';
import { folderOf } from '../support/workers.js';

const FEW = {
  ...{ local: 2, multiHosted: 2, jointlyConfirmed: 1, decentralized: 2, foreign: 1 },
  ...{ external: 10, externalKeys: 4, externalWithDelegation: 2 },
  ...{ decentralizedShared: 1, inOthersNamespace: 1 },
};
const MANY = {
  ...{ local: 20, multiHosted: 7, jointlyConfirmed: 3, decentralized: 3, foreign: 1 },
  ...{ external: 280, externalKeys: 30, externalWithDelegation: 20 },
  ...{ decentralizedShared: 0, inOthersNamespace: 0 },
};
type Parties = typeof FEW;
const CLASSES = ['local', 'external', 'multi-hosted', 'decentralized', 'foreign-namespace'];

/** Each party has a contract. */
function scenarioOf(parties: Parties): ScenarioChange {
  const { local, external, externalWithDelegation, multiHosted, jointlyConfirmed, decentralized } =
    parties;
  return {
    timing: QUICK_TIMING,
    parties,
    contracts: {
      ...{ count: 2 * local, ofExternal: external + externalWithDelegation },
      ...{ ofMultiHosted: multiHosted, ofJointlyConfirmed: jointlyConfirmed },
      ofDecentralized: decentralized,
      ofDecentralizedShared: parties.decentralizedShared,
      ofInOthersNamespace: parties.inOthersNamespace,
    },
  };
}

/** A stack, and what its operator and the keeper of the keys outside of the nodes do. */
interface Mixed extends MigrationStack {
  /** One migration with all gates, and how many hashes were signed for it. */
  migrate: (request: MigrationRequest) => Promise<{ id: string; signed: number }>;
}

async function startMixed(t: TestContext, scenario: ScenarioChange): Promise<Mixed> {
  const state = folderOf(t);
  const lists = openLists(defaultListFolder({ XDG_STATE_HOME: state }), []);
  const stack = await startMigrationStack(t, { scenario, lists });
  const { client, sandbox } = stack;
  const { address } = await temporalServer();
  const file = join(state, 'signatures.jsonl');
  const signatures = async (verb: string, id: string, ...more: string[]) => {
    const queue = ['--task-queue', stack.taskQueue];
    const { code, out, err } = await runCli(
      ['signatures', verb, id, '--file', file, ...queue, ...more],
      {
        environment: {
          ...{ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' },
          XDG_STATE_HOME: state,
        },
      },
    );
    assert.equal(code, 0, out + err);
  };
  const signAll = async (id: string) => {
    await signatures('export', id, '--missing');
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
    const hostings = lines
      .map((line) => JSON.parse(line) as LineToSign)
      .filter(({ purpose }) => purpose === 'party-hosting');
    const signed = hostings.map(({ hash, toSign, signedBy }) => {
      const signature = Buffer.from(sandbox.sign(signedBy, Buffer.from(toSign, 'base64')));
      return { hash, signature: signature.toString('base64') };
    });
    writeFileSync(file, signed.map((its) => `${JSON.stringify(its)}\n`).join(''));
    await signatures('import', id, '--as', 'ada');
    return signed.length;
  };
  const migrate = async (request: MigrationRequest) => {
    const id = await client.start(request);
    const { hostings } = await atGate(client, id, 'root-key');
    const signed = hostings ? await signAll(id) : 0;
    const gates = request.options?.copy === 'changes' ? WARM_GATES : COLD_GATES;
    await approveGates(client, id, request.route === 'live' ? LIVE_GATES : gates);
    const { verification } = await client.result(id);
    assert.equal(verification.isEqual, true);
    await client.closeMigration(id, { by: 'test' });
    return { id, signed };
  };
  return { ...stack, migrate };
}

/** How every party but the admin parties is hosted on a synchronizer, as a connected node knows it. */
async function hostings({ participants }: Mixed, at: 'source' | 'target', synchronizerId: string) {
  const found = await participants[at].topology.listPartyMappings({ synchronizerId }, {});
  return contentOf(found);
}

function contentOf(mappings: PartyMapping[], rename = (uid: string) => uid) {
  return mappings
    .filter(({ party, hosts }) => hosts.every(({ participantUid }) => participantUid !== party))
    .map((mapping) => ({
      ...{ ...mapping, serial: 0 },
      hosts: mapping.hosts
        .map((host) => ({ ...host, participantUid: rename(host.participantUid) }))
        .sort((a, b) => (a.participantUid < b.participantUid ? -1 : 1)),
    }))
    .sort((a, b) => (a.party < b.party ? -1 : 1));
}

/** Has an external party make a contract, by its own key. */
async function actExternally({ sandbox }: Mixed, at: ParticipantView): Promise<void> {
  const alias = at.connected()[0]!;
  const party = at
    .parties(alias)
    .map((its) => its.party)
    .find((its) => its.startsWith('external-'))!;
  const before = at.contracts().length;
  await submitExternally(
    { party, keys: [namespaceOf(party)], sign: (key, bytes) => sandbox.sign(key, bytes) },
    createIou(party, party, '7'),
    { prepare: at.ledgerAddress, execute: at.ledgerAddress },
  );
  assert.equal(at.contracts().length, before + 1);
}

const sorted = (view: ParticipantView) => view.contracts().sort();

async function liveThereAndBack(t: TestContext, parties: Parties, back = true): Promise<void> {
  const mixed = await startMixed(t, {
    ...scenarioOf(parties),
    target: { synchronizers: ['source'] },
  });
  const { client, sandbox } = mixed;
  const { source, target } = sandbox.participants;
  const { logicalId } = sandbox.synchronizers.source.info;
  const before = await hostings(mixed, 'source', logicalId);
  const contracts = sorted(source);

  const { id, signed } = await mixed.migrate({ ...LIVE_REQUEST, parties: CLASSES });

  assert.ok(signed >= parties.externalKeys);
  assert.deepEqual(sorted(target), contracts);
  const swap = (uid: string) => (uid === source.uid ? target.uid : uid);
  const moved = contentOf(
    before.map((its) => ({ ...its, serial: 1 })),
    swap,
  );
  assert.deepEqual(await hostings(mixed, 'target', logicalId), moved);
  await actExternally(mixed, target);
  if (!back) return;

  const served = sorted(target);
  await mixed.migrate(await client.requestReverse(id));

  assert.deepEqual(sorted(source), served);
  assert.deepEqual(await hostings(mixed, 'source', logicalId), before);
  await actExternally(mixed, source);
}

async function newSynchronizerThereAndBack(
  t: TestContext,
  parties: Parties,
  comesBack = true,
): Promise<void> {
  const mixed = await startMixed(t, scenarioOf(parties));
  const { client, sandbox } = mixed;
  const { source, target } = sandbox.participants;
  const { logicalId } = sandbox.synchronizers.source.info;
  const before = await hostings(mixed, 'source', logicalId);
  const request = {
    ...REQUEST,
    parties: ['local', 'external', 'decentralized'],
    options: { quietSeconds: 1, sharedContracts: 'exclude' as const },
  };
  const { plan } = await client.plan(request);
  const left = plan.partyCounts.filter((its) => its.class === 'multi-hosted');
  assert.deepEqual(
    left.map(({ treatment, count }) => [treatment, count]),
    [['leave', parties.multiHosted + parties.jointlyConfirmed]],
  );

  const { id, signed } = await mixed.migrate(request);

  assert.ok(signed >= parties.externalKeys);
  const movedIds = new Set(target.parties('da').map(({ party }) => party));
  const swap = (uid: string) => (uid === source.uid ? target.uid : uid);
  const expected = contentOf(before, swap).filter(({ party }) => movedIds.has(party));
  const there = sandbox.synchronizers.target.info.logicalId;
  const onTarget = (await hostings(mixed, 'target', there)).filter(({ party }) => movedIds.has(party));
  assert.deepEqual(onTarget, expected);
  const { local, external, externalWithDelegation, decentralized } = parties;
  assert.equal(expected.length, local + external + externalWithDelegation + decentralized);
  await actExternally(mixed, target);
  if (!comesBack) return;

  const served = new Set(target.contracts());
  await mixed.migrate(await client.requestReverse(id));

  const returned = new Set(source.contracts());
  assert.ok([...served].every((contract) => returned.has(contract)));
  assert.deepEqual(await hostings(mixed, 'source', logicalId), before);
  await actExternally(mixed, source);
}

test('mixed: parties of every kind go over on the live route, signed by their own keys', RARER, (t) =>
  liveThereAndBack(t, FEW, false),
);

test(
  'mixed: all but the parties with several hosts go over another synchronizer, signed by their own keys',
  RARER,
  (t) => newSynchronizerThereAndBack(t, FEW, false),
);

test('mixed: parties of every kind go over and come back on the live route', RARER, (t) =>
  liveThereAndBack(t, FEW),
);

test(
  'mixed: several hundred parties of every kind go over and come back on the live route',
  RARER,
  (t) => liveThereAndBack(t, MANY),
);

test(
  'mixed: several hundred, all but the parties with several hosts go over another synchronizer and come back',
  RARER,
  (t) => newSynchronizerThereAndBack(t, MANY),
);
