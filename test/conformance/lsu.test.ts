import test from 'node:test';
import type { ScenarioChange } from '../../sandbox/index.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { ends, offsets, playAll, stage, TIMING, type Stage } from './stage.js';
import { until } from './states.js';

const dar = (name: string) => ({ name, version: '1.0.0', isVetted: true });

/** When the recordings begin, the synchronizer A is on version 34 and B on 35. */
const SCENARIO: ScenarioChange = {
  timing: { ...TIMING, switchMs: 150, unreachableMs: 30 },
  source: { name: 'pold', dars: [dar('lab-iou'), dar('lab-other')] },
  target: {
    name: 'pnew',
    isKmsBacked: false,
    synchronizers: ['source', 'target'],
    dars: [dar('lab-iou')],
  },
  fresh: { name: 'pother', synchronizers: ['source'], dars: [dar('lab-iou')] },
  synchronizers: {
    source: { alias: 'A', name: 'syncA', url: 'http://127.0.0.1:5101', protocolVersion: 34 },
    target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:5201', protocolVersion: 35 },
  },
  parties: {
    ...{ local: 5, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
    names: ['Alice', 'Bob', 'Carol', 'L1682', 'L2682'],
  },
};

const FIRST = 'lsu-34-to-35';
const SECOND = 'lsu-missed-and-late';

async function prepared(t: Parameters<typeof stage>[0], file: string): Promise<Stage> {
  const at = await stage(t, file, SCENARIO);
  const { source, target, fresh } = at.sandbox.participants;
  const { info } = at.sandbox.synchronizers.source;
  await target.participant.node.port.allocateParty('N1682', info);
  await fresh!.participant.node.port.allocateParty('O1682', info);
  target.participant.node.connections.disconnect('B');
  // The parties of both others are known to the one that is asked.
  await until(
    () => Promise.resolve(source.parties('A').length),
    (count) => count >= 7,
  );
  return at;
}

const upgrades = ({ sandbox }: Stage) => sandbox.synchronizers.source.upgrades;

/** What happens on the synchronizer before the call of an order. */
function events(at: Stage): Record<number, () => Promise<unknown>> {
  const { source, fresh } = at.sandbox.participants;
  const know = () =>
    [source, fresh!].every((node) =>
      node.participant.node.connections.list().some((one) => one.psids.length > 1),
    );
  const settled = () => new Promise((resolve) => setTimeout(resolve, 3 * TIMING.topologyChangeMs));
  return {
    25: async () => {
      upgrades(at).announce({ protocolVersion: 35, upgradeAfterMs: 600_000 });
      await settled();
    },
    58: async () => {
      await upgrades(at).announceSuccessors();
      await until(() => Promise.resolve(know()), Boolean);
    },
    74: async () => upgrades(at).upgrade(),
  };
}

test(`${FIRST}.jsonl: announced, frozen, switched, after`, async (t) => {
  const at = await prepared(t, FIRST);
  const teach = (recorded: string) => async () => offsets(at, { [recorded]: ends(at).old });
  const before = { ...events(at), 1: teach('125'), 121: teach('156') };
  // What the freeze held in the Authorized store is sent after the upgrade, some time later.
  await playAll(FIRST, at, { before, poll: [92] });
});

test(`${SECOND}.jsonl: nodes that missed it, with the predecessor and without`, async (t) => {
  const at = await prepared(t, FIRST);
  const before = events(at);
  for (const call of loadRecording(FIRST)) {
    await before[call.order]?.();
    await at.player.play(call);
  }
  // 17: with an alias that the node does not know the call never answers.
  const isPlayed = ({ order }: RecordedCall) => order !== 17;
  await playAll(SECOND, at, {
    only: isPlayed,
    before: {
      6: () =>
        until(
          () => Promise.resolve(at.sandbox.participants.fresh!.participant.node.port.connected()[0]),
          (info) => info?.physicalId.endsWith('35-1') === true,
        ),
      9: async () => upgrades(at).retire(),
      14: async () => offsets(at, { 79: ends(at).new, 166: ends(at).old }),
      29: async () => offsets(at, { 81: ends(at).new }),
    },
    differences: {
      23: 'the text names the time of an event of the recorded ledger',
    },
  });
});
