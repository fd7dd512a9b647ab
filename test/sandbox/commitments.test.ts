import assert from 'node:assert/strict';
import test from 'node:test';

import {
  activate,
  arrive,
  copy,
  onItsWay,
  propose,
  startOneSynchronizer,
  until,
  type OneSynchronizer,
} from '../support/one-synchronizer.js';
import { runTraffic } from '../support/ledger-traffic.js';
import type { Participant } from '../../activities/participant.js';
import type { Message } from '../../sandbox/wire.js';
import { call } from './wire-client.js';

async function received({ store }: OneSynchronizer, node: Participant, fromExclusive: string) {
  const toInclusive = new Date().toISOString();
  const listed = await node.commitments.listReceived({ ...store, fromExclusive, toInclusive });
  return listed.filter((one) => one.fromExclusive >= fromExclusive);
}

/** Waits for a period that began after now, and returns how it compares, with whom. */
async function nextPeriod(nodes: OneSynchronizer, node: Participant): Promise<[string, string][]> {
  const from = new Date().toISOString();
  const periods = await until(async () => {
    const found = await received(nodes, node, from);
    return found.length > 0 && found;
  });
  return periods.map((one) => [one.counterParticipantUid, one.state]);
}

async function sent(
  { sandbox, store }: OneSynchronizer,
  role: 'source' | 'target',
  extra: Message = {},
) {
  const request = { time_ranges: [{ synchronizer_id: store.synchronizerId }], ...extra };
  const { admin } = sandbox.addresses[role];
  const answer = await call(admin, 'inspection', 'LookupSentAcsCommitments', request);
  const [found] = (answer['sent'] ?? []) as { sent: Message[] }[];
  return found?.sent ?? [];
}

test('commitments: a participant that hosts alone shares with those that are there in topology', async (t) => {
  const nodes = await startOneSynchronizer(t, { contracts: { count: 5, sharedWithForeign: 2 } });

  const periods = await nextPeriod(nodes, nodes.source);
  assert.ok(periods.length > 0);
  assert.ok(periods.every(([uid, state]) => uid.startsWith('other') && state === 'match'));
  const from = new Date(Date.now() - 1_000).toISOString();
  assert.deepEqual(await received(nodes, nodes.target, from), []);
});

test('commitments: a host that is away owes its commitment for good', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, sandbox, alias, parties } = nodes;
  await propose(nodes);
  const [event] = await activate(nodes);
  const from = new Date().toISOString();

  const waiting = await nextPeriod(nodes, source);
  assert.deepEqual(
    [...new Set(waiting.map((one) => one.join()))],
    [`${sandbox.participants.target.uid},outstanding`],
  );
  assert.deepEqual(await received(nodes, target, from), []);
  const open = await sent(nodes, 'source');
  assert.deepEqual(
    open.map((one) => one['state']),
    ['SENT_COMMITMENT_STATE_NOT_COMPARED'],
  );

  await copy(nodes, parties, event!.offset);
  await target.synchronizers.reconnect(alias);
  assert.equal((await nextPeriod(nodes, source)).at(-1)?.[1], 'match');
  assert.equal((await received(nodes, source, from))[0]?.state, 'outstanding');
});

test('commitments: both hosts agree under load, and share nothing after the removal of one', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, sandbox, store, parties } = nodes;
  const { n0 } = await arrive(nodes);
  await runTraffic(sandbox.participants.source, parties, 30);
  assert.deepEqual(
    new Set((await nextPeriod(nodes, target)).map(([, state]) => state)),
    new Set(['match']),
  );
  for (const party of parties) {
    const request = { party, ...store, beginExclusive: n0, timeoutMs: 1_000 };
    await until(async () => (await target.onboarding.clearFlag(request).catch(onItsWay)).isOnboarded);
    const [mapping] = await target.topology.listPartyMappings(store, { party });
    const hosts = mapping!.hosts.filter(
      (host) => host.participantUid !== sandbox.participants.source.uid,
    );
    await source.topology.proposePartyMapping(
      store,
      { ...mapping!, hosts, serial: mapping!.serial + 1 },
      { isForced: true },
    );
  }
  await until(async () =>
    parties.every((party) => sandbox.participants.target.hosts(party).length === 1),
  );

  const from = new Date().toISOString();
  await until(async () => Date.now() > Date.parse(from) + 2 * sandbox.scenario.timing.reconciliationMs);
  assert.deepEqual(await received(nodes, target, from), []);
  assert.deepEqual(await received(nodes, source, from), []);
});

// Live route 7, run 7: one mismatch, for the period in which the target came back, then silence.
test('commitments: a target that lacks contracts mismatches, and once it met one of them sends nothing more', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, sandbox, alias, parties } = nodes;
  await propose(nodes);
  await activate(nodes);
  await target.synchronizers.reconnect(alias);

  assert.equal((await nextPeriod(nodes, target)).at(-1)?.[1], 'mismatch');
  await runTraffic(sandbox.participants.source, parties, 30);
  assert.ok(sandbox.participants.target.isDamaged());
  await nextPeriod(nodes, source);
  assert.deepEqual(await nextPeriod(nodes, source), [[sandbox.participants.target.uid, 'outstanding']]);
  assert.deepEqual(await sent(nodes, 'target'), []);
});

test('commitments: they are filtered by state and participant, and shown only where that is asked for', async (t) => {
  const nodes = await startOneSynchronizer(t);
  await arrive(nodes);
  await nextPeriod(nodes, nodes.source);
  const { uid } = nodes.sandbox.participants.target;

  const [plain] = await sent(nodes, 'source');
  assert.equal(plain?.['dest_counter_participant_uid'], `PAR::${uid}`);
  assert.equal(plain?.['own_commitment'], undefined);
  const [full] = await sent(nodes, 'source', { verbose: true });
  assert.deepEqual(full?.['own_commitment'], full?.['received_commitment']);
  const mismatches = { commitment_state: ['SENT_COMMITMENT_STATE_MISMATCH'] };
  assert.deepEqual(await sent(nodes, 'source', mismatches), []);
  assert.deepEqual(await sent(nodes, 'source', { counter_participant_ids: ['PAR::other::1220'] }), []);
});
