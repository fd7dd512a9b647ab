import assert from 'node:assert/strict';
import test from 'node:test';
import type { ParticipantView, ScenarioChange } from '../../sandbox/index.js';
import { startSandbox } from '../../sandbox/index.js';
import type { Message } from '../../sandbox/wire.js';
import { until } from '../conformance/states.js';
import { Live } from './live-support.js';
import { call, namespaceOf } from './wire-client.js';

const DARS = [{ name: 'lab-iou', version: '1.0.0', isVetted: true }];
const CONFIRMATION = 'PARTICIPANT_PERMISSION_CONFIRMATION';
const SUBMISSION = 'PARTICIPANT_PERMISSION_SUBMISSION';
const SCENARIO: ScenarioChange = {
  parties: {
    ...{ local: 2, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
    ...{ jointlyConfirmed: 1, decentralizedShared: 1, inOthersNamespace: 1 },
  },
  contracts: { count: 4, ofJointlyConfirmed: 1, ofDecentralizedShared: 2, ofInOthersNamespace: 3 },
};
const IS_OTHER = { name: 'third', synchronizers: ['source' as const], dars: DARS, isOther: true };

const named = (view: ParticipantView, name: string) =>
  view.parties('acme').find(({ party }) => party.startsWith(`${name}-0001::`))!;
const hostsOf = (view: ParticipantView, name: string) =>
  named(view, name).participants.map((host) => [host.participant_uid, host.permission]);

test('several hosts: a scenario has parties with a threshold, with several owners and in the namespace of another', async (t) => {
  const { source, sandbox } = await Live.start(t, SCENARIO);
  const [, [other = '']] = hostsOf(source, 'confirmed') as [string[], string[]];
  const both = [source.uid, other].map((uid) => [uid, CONFIRMATION]);

  assert.equal(sandbox.participants.fresh, undefined);
  assert.deepEqual(hostsOf(source, 'confirmed'), both);
  assert.equal(named(source, 'confirmed').threshold, 2);
  assert.deepEqual(hostsOf(source, 'council'), both);
  assert.equal(named(source, 'council').threshold, 1);
  assert.deepEqual(hostsOf(source, 'guest'), [
    [other, SUBMISSION],
    [source.uid, CONFIRMATION],
  ]);
  assert.equal(namespaceOf(named(source, 'guest').party), namespaceOf(other));
});

test('several hosts: a real node is the other one, it has its contracts and signs as an owner on its own', async (t) => {
  const live = await Live.start(t, { ...SCENARIO, fresh: IS_OTHER });
  const other = live.sandbox.participants.fresh!;
  const { party } = named(live.source, 'council');
  assert.deepEqual(
    hostsOf(live.source, 'council').map(([uid]) => uid),
    [live.source.uid, other.uid],
  );
  assert.equal(other.contracts().length, 6);

  const confirming = (view: ParticipantView) => ({
    participant_uid: view.uid,
    permission: CONFIRMATION,
  });
  const hosts = [
    ...[live.source, other].map(confirming),
    { ...confirming(live.target), onboarding: {} },
  ];
  const options = { must_fully_authorize: false };
  await live.authorize(live.source, live.mapping(party, hosts), options);
  await live.authorize(live.target, live.mapping(party, hosts), options);
  const proposed = await until(
    () => proposals(live, other, party),
    ([one]) => one?.length === 2,
  );
  assert.deepEqual(proposed, [[live.target, live.source].map(({ uid }) => namespaceOf(uid))]);
  assert.equal(hostsOf(live.source, 'council').length, 2, 'one of two owners is not enough');

  const body = { transaction_hash: await openHash(live, other, party), store: live.store };
  await call(other.adminAddress, 'write', 'Authorize', body);
  await until(
    async () => hostsOf(live.target, 'council').map(([uid]) => uid),
    (uids) => uids.join() === [live.source, other, live.target].map(({ uid }) => uid).join(),
  );
});

test('several hosts: a filter names the whole identifier of a party, or the whole id', async (t) => {
  const live = await Live.start(t, SCENARIO);
  const { party } = named(live.source, 'guest');
  const base_query = { store: live.store, head_state: {} };
  const found = async (filter_party: string) => {
    const request = { base_query, filter_party };
    const answer = await call(live.source.adminAddress, 'read', 'ListPartyToParticipant', request);
    return (answer['results'] as unknown[]).length;
  };

  const filters = ['gue', 'guest-0001', party, `gue::${namespaceOf(party)}`, `::${namespaceOf(party)}`];
  assert.deepEqual(await Promise.all(filters.map(found)), [0, 1, 1, 0, 0]);
});

test('several hosts: a node without an identity cannot be the other one', async () => {
  const fresh = { ...IS_OTHER, identity: 'manual' as const };
  await assert.rejects(
    startSandbox({ scenario: { ...SCENARIO, fresh } }),
    /fresh\.isOther needs an identity/,
  );
});

async function open(live: Live, view: ParticipantView, filter_party: string): Promise<Message[]> {
  const base_query = { store: live.store, head_state: {}, proposals: true };
  const answer = await call(view.adminAddress, 'read', 'ListPartyToParticipant', {
    base_query,
    filter_party,
  });
  return (answer['results'] as { context: Message }[]).map(({ context }) => context);
}

/** Who signed each open proposal of a party, as a node sees them. */
async function proposals(live: Live, view: ParticipantView, party: string): Promise<string[][]> {
  return (await open(live, view, party)).map((context) => context['signed_by_fingerprints'] as string[]);
}

async function openHash(live: Live, view: ParticipantView, party: string): Promise<string> {
  const [context] = await open(live, view, party);
  return (context?.['transaction_hash'] as Buffer).toString('hex');
}
