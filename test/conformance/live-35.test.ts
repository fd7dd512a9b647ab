import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ParticipantView } from '../../sandbox/index.js';
import { decode, methodTypes } from '../../sandbox/wire.js';
import { Live, settle, submit } from '../sandbox/live-support.js';
import { call } from '../sandbox/wire-client.js';
import { hostingEvents, recordedOutcome } from './outcome.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { ends, offsets, playAll, stage, TIMING, type Stage } from './stage.js';
import { until } from './states.js';

const ABSOLUTE =
  'what others did between the offsets is not recorded; the hosting events are compared below';
const CLIENT_LIBRARY = 'the text is that of the client; that the node is gone is checked below';
const COMPONENTS = 'components and ports are those of a real process';
const DARS = ['lab-iou', 'lab-other'].map((name) => ({ name, version: '1.0.0', isVetted: true }));

/** Protocol version 35, both nodes on A, the target's keys in a KMS and registered on B; the delegation is loaded. */
async function liveStage(t: TestContext): Promise<Stage> {
  const at = await stage(t, 'pv35-live-group', {
    timing: { ...TIMING, onboardingMs: 300 },
    synchronizers: {
      source: { alias: 'A', name: 'syncA', url: 'http://127.0.0.1:25101', protocolVersion: 35 },
      target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:25201', protocolVersion: 35 },
    },
    target: { name: 'pnew', isKmsBacked: true, dars: DARS, synchronizers: ['source', 'target'] },
    parties: { local: 0, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
    contracts: { count: 0 },
  });
  const { target } = at.sandbox.participants;
  await call(target.adminAddress, 'synchronizers', 'DisconnectSynchronizer', {
    synchronizer_alias: 'B',
  });
  await Live.on(at.sandbox).delegate('A');
  return at;
}

/** Allocates parties on the source and has each create contracts that the next one observes. */
async function populate(source: ParticipantView, names: string[], count: number): Promise<string[]> {
  const parties: string[] = [];
  for (const party_id_hint of names) {
    const answer = await call(source.ledgerAddress, 'ledgerParties', 'AllocateParty', { party_id_hint });
    parties.push((answer['party_details'] as { party: string }).party);
  }
  const contracts: string[] = [];
  for (let n = 0; n < count; n++) {
    const [payer = '', owner = ''] = [n, n + 1].map((at) => parties[at % parties.length]);
    const values = [{ party: payer }, { party: owner }, { int64: String(n) }, { text: 'n' }];
    const create_arguments = { fields: values.map((value) => ({ value })) };
    const template_id = { package_id: '#lab-iou', module_name: 'LabIou', entity_name: 'Iou' };
    const created = await submit(source, payer, { create: { template_id, create_arguments } });
    const [event] = created['events'] as { created: { contract_id: string } }[];
    contracts.push(event!.created.contract_id);
  }
  return contracts;
}

/** Waits until the target is a host of a party on the node that is asked first. */
const hosted = ({ sandbox }: Stage, name: string) =>
  until(
    async () =>
      sandbox.participants.source.parties('A').find(({ party }) => party.startsWith(`${name}::`)),
    (found) => found?.participants.length === 2,
  );

/** Waits until the target knows what is proposed for a party. */
const proposed = ({ sandbox }: Stage, name: string) => {
  const { source, target } = sandbox.participants;
  const { party } = source.parties('A').find((one) => one.party.startsWith(`${name}::`))!;
  const { logicalId } = sandbox.synchronizers.source.info;
  const { store } = target.participant.node.topology.find(logicalId)!.replica;
  return until(
    async () => store.openProposals(`ptp/${party}`).length,
    (count) => count === 1,
  );
};

const unflagged = ({ sandbox }: Stage) =>
  until(
    async () => sandbox.participants.target.parties('A'),
    (all) => all.every(({ participants }) => participants.every((host) => !host.onboarding)),
  );

async function assertSameEvents(file: string, { player }: Stage, orders: readonly number[]) {
  for (const one of loadRecording(file).filter(({ order }) => orders.includes(order)))
    assert.deepEqual(
      hostingEvents(await player.play(one)),
      hostingEvents(recordedOutcome(one)),
      `${file} ${one.order} ${one.label}`,
    );
}

async function playGroup(at: Stage): Promise<void> {
  const file = 'pv35-live-group';
  const { source } = at.sandbox.participants;
  const contracts = await populate(source, ['P988', 'Q988', 'R988'], 9);
  const begin = ends(at);
  offsets(at, { 71: begin.new, 89: begin.old });
  const payer = (n: number) =>
    source.parties('A').find(({ party }) => party.startsWith('PQR'[n]!))!.party;
  const last = () => offsets(at, { 98: ends(at).new, 106: ends(at).new, 118: ends(at).new });
  await playAll(file, at, {
    poll: [5],
    before: {
      9: () => hosted(at, 'R988'),
      12: async () => offsets(at, { 93: begin.old, 96: ends(at).old }),
      16: async () => offsets(at, { 95: ends(at).old }),
      // Clients of the source go on while the target is away.
      18: async () => {
        for (const n of [0, 1]) await submit(source, payer(n), settle(contracts[n]!));
      },
      21: async () => last(),
      26: () => unflagged(at),
      29: async () => offsets(at, { 120: ends(at).old }),
      30: async () => last(),
      36: async () => offsets(at, { 132: ends(at).old }),
      37: async () => last(),
    },
    differences: { 21: ABSOLUTE, 29: ABSOLUTE, 30: ABSOLUTE, 36: ABSOLUTE, 37: ABSOLUTE },
  });
  await assertSameEvents(file, at, [36, 37]);
}

async function playImportParty(at: Stage): Promise<void> {
  const file = 'pv35-live-importparty';
  await populate(at.sandbox.participants.source, ['P988b', 'Q988b'], 4);
  const begin = ends(at);
  offsets(at, { 131: begin.new, 150: begin.old, 154: begin.old });
  await playAll(file, at, {
    before: {
      5: () => proposed(at, 'Q988b'),
      12: async () => offsets(at, { 166: ends(at).old }),
      // Nobody asks for the flags to be cleared.
      17: () => unflagged(at),
      19: async () => offsets(at, { 176: ends(at).old }),
      20: async () => offsets(at, { 164: ends(at).new }),
    },
  });
}

test('live-35', { timeout: 120_000 }, async (t) => {
  const at = await liveStage(t);
  await t.test('pv35-live-group.jsonl: three parties at once with ImportAcs', () => playGroup(at));
  await t.test('pv35-live-importparty.jsonl: one party after the other, flags clear by themselves', () =>
    playImportParty(at),
  );
  await t.test('pv35-live-undo-and-deadly.jsonl: an undo, and the order that ends the process', () =>
    playDeadly(at),
  );
});

async function playDeadly(at: Stage): Promise<void> {
  const file = 'pv35-live-undo-and-deadly';
  const { source, target } = at.sandbox.participants;
  await populate(source, ['W174'], 2);
  const contracts = await populate(source, ['U174', 'V174'], 9);
  const payer = source.parties('A').find(({ party }) => party.startsWith('U174'))!.party;
  const begin = ends(at);
  offsets(at, { 181: begin.new, 226: begin.old });
  await playAll(file, at, {
    poll: [2, 17],
    before: {
      6: () => hosted(at, 'W174'),
      21: () => hosted(at, 'V174'),
      7: async () => offsets(at, { 229: ends(at).old }),
      12: async () => offsets(at, { 232: ends(at).old }),
      13: async () => offsets(at, { 190: ends(at).new }),
      23: async () => offsets(at, { 236: begin.old, 239: ends(at).old }),
      24: async () => offsets(at, { 238: ends(at).old }),
      25: async () => at.player.pair(...oneThird(at)),
      27: () => submit(source, payer, settle(contracts[8]!)),
    },
    differences: { 28: COMPONENTS, 34: CLIENT_LIBRARY, 35: CLIENT_LIBRARY },
  });
  assert.match(target.participant.lastDeath ?? '', /connect-and-repair queue/);
}

/** The recorded snapshot of three contracts of nine, and three of those that the sandbox exported. */
function oneThird({ player }: Stage): [Buffer, Buffer] {
  const calls = loadRecording('pv35-live-undo-and-deadly');
  const snapshotOf = ({ rpc, request }: RecordedCall) => {
    const [first = ''] = request as readonly string[];
    return decode(methodTypes(rpc).request, Buffer.from(first, 'base64'))['acs_snapshot'] as Buffer;
  };
  const third = snapshotOf(calls.find(({ order }) => order === 25)!);
  const whole = snapshotOf(calls.find(({ order }) => order === 30)!);
  const raw = gunzipSync(player.known(whole));
  let end = 0;
  for (let n = 0; n < 3; n++) end += recordLength(raw, end);
  return [third, gzipSync(raw.subarray(0, end))];
}

/** The length of the record at a place, its prefix included. */
function recordLength(raw: Buffer, at: number): number {
  let [length, prefix, byte] = [0, 0, 128];
  for (; byte >= 128; prefix++) {
    byte = raw[at + prefix]!;
    length += (byte & 127) * 128 ** prefix;
  }
  return length + prefix;
}
