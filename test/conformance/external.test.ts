import assert from 'node:assert/strict';
import test from 'node:test';
import { fingerprint } from '../../sandbox/crypto.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { seededSigner } from '../../sandbox/signers.js';
import { decode, methodTypes } from '../../sandbox/wire.js';
import { createIou, submitExternally } from '../sandbox/external-support.js';
import { hostingEvents, recordedOutcome } from './outcome.js';
import { loadRecording } from './recording.js';
import { resign, type Keyholder } from './resigning.js';
import { ends, offsets, playAll, stage, TIMING, type Stage } from './stage.js';
import { until } from './states.js';

const FILE = 'external-live';
const NAMES = ['E1', 'E2', 'E3', 'E4', 'E5'];
const AT_ONE_TIME =
  'two flags are cleared at one time, in any order; the events are compared afterwards';
const DARS = [{ name: 'lab-iou', version: '1.0.0', isVetted: true }];

/** A after an upgrade to protocol version 35, with all three nodes on it. */
const SCENARIO: ScenarioChange = {
  timing: { ...TIMING, onboardingMs: 5_000 },
  synchronizers: {
    source: {
      alias: 'A',
      name: 'syncA',
      url: 'http://127.0.0.1:25301',
      protocolVersion: 35,
      serial: 1,
    },
    target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:25201', protocolVersion: 35 },
  },
  target: { name: 'pnew', isKmsBacked: true, dars: DARS, synchronizers: ['source'] },
  fresh: { name: 'pother', synchronizers: ['source'], dars: DARS },
  parties: { local: 0, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
  contracts: { count: 0 },
};

test('external-live.jsonl: external parties are made, submit and move as recorded', async (t) => {
  const at = await stage(t, FILE, SCENARIO);
  const holders = partyKeys();
  for (const { recorded, own } of holders) {
    at.player.pair(recorded, own.key.public_key);
    at.player.pairIds(`::${fingerprint(recorded)}`, `::${own.id}`);
  }
  const { port } = at.sandbox.participants.source.participant.node;
  await port.allocateParty('Loc332', at.sandbox.synchronizers.source.info);
  await playAll(FILE, at, {
    prepare: (call) => resign(at.player, call, holders),
    before: {
      23: () => createUnrecorded(at, holders[1]!),
      41: async () => {
        await until(
          async () => proposals(at),
          (count) => count === 1,
        );
        offsets(at, { 225: ends(at).old, 39: ends(at).new });
      },
      43: () =>
        until(
          async () => flagged(at, 'source'),
          (count) => count === 3,
        ),
      46: async () => offsets(at, { 232: ends(at).old, 233: ends(at).old }),
      57: async () => {
        await until(
          async () => flagged(at, 'target'),
          (count) => count === 0,
        );
        await ledgerHas(at, 57, () => offsets(at, { 70: ends(at).new }));
      },
      69: () => ledgerHas(at, 69, () => offsets(at, { 259: ends(at).old })),
    },
    statusOnly: { 57: AT_ONE_TIME, 69: AT_ONE_TIME },
  });
  for (const call of loadRecording(FILE).filter(({ order }) => order === 57 || order === 69))
    assert.deepEqual(
      hostingEvents(await at.player.play(call)),
      hostingEvents(recordedOutcome(call)),
      call.label,
    );
});

/** Waits until a ledger, which is behind topology, has as many events of hosting as a call was answered with. */
async function ledgerHas(at: Stage, order: number, note: () => void): Promise<void> {
  const call = loadRecording(FILE).find((its) => its.order === order)!;
  const { length } = hostingEvents(recordedOutcome(call));
  await until(
    async () => {
      note();
      return hostingEvents(await at.player.play(call)).length;
    },
    (count) => count >= length,
  );
}

/** The keys of the recorded parties, and those that stand for them. */
function partyKeys(): Keyholder[] {
  const requests = loadRecording(FILE)
    .filter(({ rpc }) => rpc.endsWith('/GenerateExternalPartyTopology'))
    .map(({ rpc, request }) => decode(methodTypes(rpc).request, Buffer.from(String(request), 'base64')));
  const keys = requests.map((one) => (one['public_key'] as { key_data: Buffer }).key_data);
  return keys.map((recorded) => ({
    recorded,
    own: seededSigner(`${FILE}/${fingerprint(recorded)}`, ['SIGNING_KEY_USAGE_NAMESPACE']),
  }));
}

/** The recorded nodes had contracts that none of the calls creates: of E2 with E1, and one of E3. */
async function createUnrecorded(at: Stage, { own }: Keyholder): Promise<void> {
  const { source } = at.sandbox.participants;
  const sign = (_id: string, bytes: Uint8Array) => own.sign(Buffer.from(bytes)).signature;
  const place = { prepare: source.ledgerAddress, execute: source.ledgerAddress };
  for (const name of ['E3332', 'E2332']) {
    const submitter = { party: party(at, name), keys: [own.id], sign };
    await submitExternally(submitter, createIou(party(at, name), party(at, 'E1332'), '4'), place);
  }
  const call = loadRecording(FILE).find(({ order }) => order === 74)!;
  const request = decode(methodTypes(call.rpc).request, Buffer.from(String(call.request), 'base64'));
  const [command] = request['commands'] as { exercise: { contract_id: string } }[];
  at.player.pair(command!.exercise.contract_id, source.ledger.activeContractIds().at(-1)!);
}

function party({ sandbox }: Stage, name: string): string {
  return sandbox.participants.source.parties('A').find((one) => one.party.startsWith(`${name}::`))!
    .party;
}

/** How many proposals for E1 the source knows. */
function proposals(at: Stage): number {
  const { logicalId } = at.sandbox.synchronizers.source.info;
  const { topology } = at.sandbox.participants.source.participant.node;
  const { store } = topology.find(logicalId)!.replica;
  return store.openProposals(`ptp/${party(at, 'E1332')}`).length;
}

/** How many of the moved parties have the onboarding flag, as a node sees it. */
function flagged({ sandbox }: Stage, role: 'source' | 'target'): number {
  const moved = sandbox.participants[role]
    .parties('A')
    .filter((one) => NAMES.some((name) => one.party.startsWith(name)));
  return moved.filter(({ participants }) => participants.some((host) => host.onboarding)).length;
}
