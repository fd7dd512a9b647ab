import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { decentralizedNamespace } from '../../sandbox/crypto.js';
import type { ParticipantView } from '../../sandbox/index.js';
import type { Message } from '../../sandbox/wire.js';
import { call, namespaceOf } from '../sandbox/wire-client.js';
import { recordedIds } from './recording.js';
import { offsets, playAll, stage, TIMING, type Stage } from './stage.js';
import { until } from './states.js';

const FILE = 'multi-hosted-and-decentralised';
/** The decentralised namespace of the recording. */
const JOINT = '12204516684883c6770da73d2072f4b2751603a1245e6aec52742e04b9720b013412';
const DARS = ['lab-iou', 'lab-other'].map((name) => ({ name, version: '1.0.0', isVetted: true }));
const SUBMISSION = 'PARTICIPANT_PERMISSION_SUBMISSION';
const CONFIRMATION = 'PARTICIPANT_PERMISSION_CONFIRMATION';

const hostedBy = (party: string, threshold: number, hosts: readonly [ParticipantView, string][]) => ({
  party_to_participant: {
    party,
    threshold,
    participants: hosts.map(([{ uid }, permission]) => ({ participant_uid: uid, permission })),
  },
});

/** The third participant is a real one; two parties have two hosts, and two nodes own a namespace together. */
async function several(t: TestContext): Promise<Stage> {
  const at = await stage(t, FILE, {
    timing: { ...TIMING, onboardingMs: 1_000 },
    synchronizers: {
      source: { alias: 'A', name: 'syncA', protocolVersion: 35, serial: 1 },
      target: { alias: 'B', name: 'syncB', protocolVersion: 35 },
    },
    target: { name: 'pnew', isKmsBacked: true, dars: DARS, synchronizers: ['source'] },
    fresh: { name: 'pother', dars: DARS },
    parties: {
      ...{ local: 1, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
      names: ['Lc737'],
    },
  });
  const namespaces = owners(at);
  const [own = ''] = namespaces;
  const joint = decentralizedNamespace(namespaces);
  at.player.pairIds(`::${JOINT}`, `::${joint}`);
  await propose(at, hostedBy(`M1737::${own}`, 1, both(at, SUBMISSION)));
  await propose(at, hostedBy(`M2737::${own}`, 2, both(at, CONFIRMATION)));
  const definition = { decentralized_namespace: joint, threshold: 2, owners: namespaces };
  await propose(at, { decentralized_namespace_definition: definition });
  const { store } = at.sandbox.synchronizers.source;
  await until(
    async () => store.latest(`dnd/${joint}`),
    (found) => found !== undefined,
  );
  await hosts(at, 'M1737', 2);
  await hosts(at, 'M2737', 2);
  return at;
}

/** The namespaces of both owners. */
function owners({ sandbox }: Stage): string[] {
  const { source, fresh } = sandbox.participants;
  return [source, fresh!].map(({ uid }) => namespaceOf(uid));
}

function both({ sandbox }: Stage, permission: string): [ParticipantView, string][] {
  const { source, fresh } = sandbox.participants;
  return [
    [source, permission],
    [fresh!, CONFIRMATION],
  ];
}

/** Has the source propose a mapping, and the third participant too. */
async function propose({ sandbox }: Stage, mapping: Message): Promise<void> {
  const store = { synchronizer: { id: sandbox.synchronizers.source.info.logicalId } };
  const proposal = { change: 'TOPOLOGY_CHANGE_OP_ADD_REPLACE', mapping };
  for (const { adminAddress } of [sandbox.participants.source, sandbox.participants.fresh!])
    await call(adminAddress, 'write', 'Authorize', { proposal, store });
}

/** Waits until so many hosts of a party are in effect for every node, and none with the flag if it is to be cleared. */
function hosts({ sandbox }: Stage, name: string, count: number, isCleared = false) {
  const { source, target, fresh } = sandbox.participants;
  const { logicalId } = sandbox.synchronizers.source.info;
  const inEffect = (node: ParticipantView) =>
    node.participant.node.topology.find(logicalId)!.replica.pendingCount === 0
      ? node.parties('A').find(({ party }) => party.startsWith(`${name}::`))
      : undefined;
  return until(
    async () => [source, fresh!, ...(isCleared ? [target] : [])].map(inEffect),
    (all) =>
      all.every(
        (one) =>
          one?.participants.length === count &&
          !(isCleared && one.participants.some((host) => host.onboarding)),
      ),
  );
}

/** Waits until the source knows what it has proposed for a party. */
function proposed({ sandbox }: Stage, party: string) {
  const { logicalId } = sandbox.synchronizers.source.info;
  const { replica } = sandbox.participants.source.participant.node.topology.find(logicalId)!;
  return until(
    async () => replica.store.openProposals(`ptp/${party}`),
    (found) => found.length === 1,
  );
}

/** The ledger end of a node. */
function now({ sandbox }: Stage, role: 'source' | 'target' | 'fresh'): number {
  return sandbox.participants[role]!.ledger.ledger.end;
}

test(`${FILE}.jsonl: several hosts, a threshold, and owners that sign on nodes of their own`, async (t) => {
  const { old, other } = recordedIds(FILE);
  assert.equal(decentralizedNamespace([other!, old].map(namespaceOf)), JOINT);
  const at = await several(t);
  await playAll(FILE, at, {
    before: {
      9: async () => offsets(at, { 395: now(at, 'source'), 249: now(at, 'fresh') }),
      11: async () => offsets(at, { 231: now(at, 'target') }),
      14: async () => {
        await hosts(at, 'M1737', 3);
        offsets(at, { 399: now(at, 'source'), 400: now(at, 'source'), 255: now(at, 'fresh') });
      },
      24: async () => {
        await hosts(at, 'M1737', 3, true);
        await hosts(at, 'M2737', 3, true);
      },
      38: () => proposed(at, `D1737::${decentralizedNamespace(owners(at))}`),
      40: () => hosts(at, 'D1737', 2),
      43: async () => offsets(at, { 429: now(at, 'source'), 271: now(at, 'target') }),
      49: async () => offsets(at, { 435: now(at, 'source'), 436: now(at, 'source') }),
      54: () => hosts(at, 'D1737', 3, true),
      56: async () => offsets(at, { 447: now(at, 'source') }),
    },
    differences: {
      3: 'the hosts of a party are listed in no order',
      42: 'the recorded old had parties of earlier recordings',
    },
  });
});
