import assert from 'node:assert/strict';
import test from 'node:test';

import {
  activate,
  arrive,
  copy,
  onItsWay,
  ping,
  propose,
  startOneSynchronizer,
  until,
  type OneSynchronizer,
} from '../support/one-synchronizer.js';
import { runTraffic } from '../support/ledger-traffic.js';
import type { Participant } from '../../model/participant-access.js';
import type { Message } from '../../sandbox/wire.js';
import { recordedOutcome } from '../conformance/outcome.js';
import { loadRecording } from '../conformance/recording.js';
import { call, type CallFailed } from './wire-client.js';

async function received({ store }: OneSynchronizer, node: Participant, fromExclusive: string) {
  const toInclusive = new Date().toISOString();
  const listed = await node.commitments.listReceived({ ...store, fromExclusive, toInclusive });
  return listed.filter((one) => one.fromExclusive >= fromExclusive);
}

/** Waits for a period that began after now, and returns how it compares, with whom. It and the source see events. */
async function nextPeriod(nodes: OneSynchronizer, node: Participant): Promise<[string, string][]> {
  const from = new Date().toISOString();
  const periods = await until(async () => {
    for (const one of new Set([nodes.source, node])) await ping(nodes, one);
    const found = await received(nodes, node, from);
    return found.length > 0 && found;
  });
  return periods.map((one) => [one.counterParticipantUid, one.state]);
}

/** How many reconciliation periods are over since a time. */
function periodsSince({ sandbox }: OneSynchronizer, time: string): number {
  return (Date.now() - Date.parse(time)) / sandbox.scenario.timing.reconciliationMs;
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

/** What the source has sent for the period that is just over, once it has seen an event since. */
async function sentBySource(nodes: OneSynchronizer, extra: Message = {}): Promise<Message[]> {
  return until(async () => {
    await ping(nodes, nodes.source);
    const found = await sent(nodes, 'source', extra);
    return found.length > 0 && found;
  });
}

test('commitments: a participant that hosts alone shares with those that are there in topology', async (t) => {
  const nodes = await startOneSynchronizer(t, { contracts: { count: 5, sharedWithForeign: 2 } });

  const periods = await nextPeriod(nodes, nodes.source);
  assert.ok(periods.length > 0);
  assert.ok(periods.every(([uid, state]) => uid.startsWith('other') && state === 'match'));
  const from = new Date(Date.now() - 1_000).toISOString();
  assert.deepEqual(await received(nodes, nodes.target, from), []);
});

test('commitments: where nothing happens none is computed, and what one node sees makes both compute theirs', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, sandbox } = nodes;
  await arrive(nodes);
  const from = new Date().toISOString();
  await until(async () => periodsSince(nodes, from) > 3);
  for (const node of [source, target]) assert.deepEqual(await received(nodes, node, from), []);

  await ping(nodes, target);
  const toInclusive = new Date().toISOString();
  const range = { ...nodes.store, fromExclusive: from, toInclusive };
  const [onSource, ...more] = await source.commitments.listReceived(range);
  assert.deepEqual([onSource?.state, more], ['match', []]);
  assert.equal(onSource?.counterParticipantUid, sandbox.participants.target.uid);
  // One commitment stands for the quiet periods before it.
  const { fromExclusive, toInclusive: end } = onSource;
  assert.ok(fromExclusive < from);
  assert.ok(Date.parse(end) - Date.parse(fromExclusive) > sandbox.scenario.timing.reconciliationMs);
  const [onTarget] = await target.commitments.listReceived(range);
  assert.deepEqual([onTarget?.toInclusive, onTarget?.state], [end, 'match']);
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
  const open = await sentBySource(nodes);
  assert.deepEqual(
    open.map((one) => one['state']),
    ['SENT_COMMITMENT_STATE_NOT_COMPARED'],
  );

  await copy(nodes, parties, event!.offset);
  await target.synchronizers.reconnect(alias);
  assert.equal((await nextPeriod(nodes, source)).at(-1)?.[1], 'match');
  assert.equal((await received(nodes, source, from))[0]?.state, 'outstanding');
});

// golden35/commitments.jsonl 8 to 20.
test('commitments: a host that comes back commits to what it missed, without what it purged meanwhile', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, alias, sandbox } = nodes;
  await arrive(nodes);
  await nextPeriod(nodes, source);
  await target.synchronizers.disconnect(alias);
  const from = new Date().toISOString();
  await until(async () => {
    await ping(nodes, source);
    return (await received(nodes, source, from)).length > 2;
  });

  const [purged] = sandbox.participants.target.contracts();
  await target.repair.purgeContracts(alias, [purged!]);
  await target.synchronizers.reconnect(alias);
  const missed = await until(async () => {
    await ping(nodes, source);
    const found = await received(nodes, source, from);
    return found.every(({ state }) => state !== 'outstanding') && found;
  });
  assert.deepEqual([...new Set(missed.map(({ state }) => state))], ['mismatch']);
  assert.ok((await received(nodes, target, from)).every(({ state }) => state === 'mismatch'));
  const [lag] = await behind(nodes, {
    counter_participant_ids: [`PAR::${sandbox.participants.target.uid}`],
  });
  assert.ok(Number(lag?.['intervals_behind']) > 2);
});

test('commitments: whom pruning does not wait for is kept, and changes nothing else', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { sandbox, store } = nodes;
  const { admin } = sandbox.addresses.source;
  const { uid } = sandbox.participants.target;
  const wanted = {
    counter_participant_ids: [`PAR::${uid}`],
    synchronizer_ids: [store.synchronizerId],
  };
  const ignored = async (request: Message = {}) => {
    const answer = await call(admin, 'pruning', 'GetNoWaitCommitmentsFrom', request);
    return ((answer['ignored_participants'] ?? []) as Message[]).map((one) => [
      one['counter_participant_uid'],
      (one['synchronizers'] as Message)['synchronizer_ids'],
    ]);
  };

  await call(admin, 'pruning', 'SetNoWaitCommitmentsFrom', wanted);
  assert.deepEqual(await ignored(), [[`PAR::${uid}`, [store.synchronizerId]]]);
  await sandbox.participants.source.participant.restart();
  assert.equal((await ignored({ participant_uids: [`PAR::${uid}`] })).length, 1);
  await assert.rejects(ignored({ participant_uids: [uid] }), { id: 'PROTO_DESERIALIZATION_FAILURE' });
  await call(admin, 'pruning', 'ResetNoWaitCommitmentsFrom', wanted);
  assert.deepEqual(await ignored(), []);
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
  await until(async () => {
    for (const node of [source, target]) await ping(nodes, node);
    return periodsSince(nodes, from) > 2;
  });
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

  // It has nothing that it would share, so it tells nobody, and nobody sees an event.
  const from = new Date().toISOString();
  await until(async () => {
    await ping(nodes, target);
    return periodsSince(nodes, from) > 3;
  });
  assert.deepEqual(await received(nodes, target, from), []);
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

  const [plain] = await sentBySource(nodes);
  assert.equal(plain?.['dest_counter_participant_uid'], `PAR::${uid}`);
  assert.equal(plain?.['own_commitment'], undefined);
  const [full] = await sentBySource(nodes, { verbose: true });
  assert.deepEqual(full?.['own_commitment'], full?.['received_commitment']);
  const mismatches = { commitment_state: ['SENT_COMMITMENT_STATE_MISMATCH'] };
  assert.deepEqual(await sent(nodes, 'source', mismatches), []);
  assert.deepEqual(await sent(nodes, 'source', { counter_participant_ids: ['PAR::other::1220'] }), []);
});

/** What the source says of how far others are behind. */
async function behind({ sandbox, store }: OneSynchronizer, extra: Message = {}): Promise<Message[]> {
  const request = { synchronizer_ids: [store.synchronizerId], ...extra };
  const answer = await call(
    sandbox.addresses.source.admin,
    'inspection',
    'GetIntervalsBehindForCounterParticipants',
    request,
  );
  return (answer['intervals_behind'] ?? []) as Message[];
}

const NEVER = '9223372036854775807';

test('commitments: how far a host is behind is counted in periods and seconds, as recorded', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { source, target, sandbox, alias } = nodes;
  const { reconciliationMs } = sandbox.scenario.timing;
  const counter_participant_ids = [`PAR::${sandbox.participants.target.uid}`];
  await arrive(nodes);
  const healthy = await until(async () => {
    await ping(nodes, source);
    const [lag] = await behind(nodes, { counter_participant_ids });
    return lag?.['intervals_behind'] === undefined && lag;
  });
  assert.deepEqual(Object.keys(healthy).sort(), recordedKeys(5));
  assert.deepEqual(healthy['behind_since'], {});

  await target.synchronizers.disconnect(alias);
  const away = await until(async () => {
    await ping(nodes, source);
    const [lag] = await behind(nodes, { counter_participant_ids, threshold: '0' });
    return Number(lag?.['intervals_behind'] ?? 0) * reconciliationMs > 1_000 && lag;
  });
  assert.deepEqual(Object.keys(away).sort(), recordedKeys(10));
  const seconds = Math.floor((Number(away['intervals_behind']) * reconciliationMs) / 1_000);
  assert.deepEqual(away['behind_since'], { seconds: `${seconds}` });
});

test('commitments: one that never matched is behind for ever, and a threshold is for those that nobody named', async (t) => {
  const nodes = await startOneSynchronizer(t, {
    parties: { local: 3, multiHosted: 0, external: 0, decentralized: 0, foreign: 1 },
  });
  const { source, sandbox, alias } = nodes;
  const { uid } = sandbox.participants.target;
  await ping(nodes, source);
  assert.deepEqual(sandbox.participants.target.connected(), [alias]);

  const lag = (await behind(nodes)).find((its) => its['counter_participant_uid'] === `PAR::${uid}`);
  assert.deepEqual(Object.keys(lag!).sort(), recordedKeys(28));
  assert.deepEqual([lag!['intervals_behind'], lag!['behind_since']], [NEVER, { seconds: NEVER }]);
  assert.deepEqual(await behind(nodes, { threshold: NEVER }), []);
  const named = { counter_participant_ids: [`PAR::${uid}`], threshold: NEVER };
  assert.equal((await behind(nodes, named)).length, 1);
});

test('commitments: an id without its type of member is refused in the words of each call', async (t) => {
  const nodes = await startOneSynchronizer(t);
  const { uid } = nodes.sandbox.participants.target;
  const wanted = { counter_participant_ids: [uid] };
  const words = /Expected delimiter :: after three letter code of `target::1220/;

  await assert.rejects(sent(nodes, 'source', wanted), (error: CallFailed) => {
    assert.match(error.text, words);
    return error.code === 'INTERNAL';
  });
  await assert.rejects(behind(nodes, wanted), {
    code: 'INVALID_ARGUMENT',
    id: 'PROTO_DESERIALIZATION_FAILURE',
  });
});

/** The fields of the last answer of a recorded call, sorted. */
function recordedKeys(order: number): string[] {
  const recorded = loadRecording('commitments').find((its) => its.order === order)!;
  const [answer] = recordedOutcome(recorded).responses;
  return Object.keys((answer!['intervals_behind'] as Message[]).at(-1)!).sort();
}
