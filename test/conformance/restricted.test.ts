import assert from 'node:assert/strict';
import test from 'node:test';
import type { ScenarioChange } from '../../sandbox/index.js';
import { announceUpgrade, finishUpgrade } from '../support/upgrading.js';
import { loadRecording } from './recording.js';
import { playAll, stage, TIMING, type Stage } from './stage.js';
import { until } from './states.js';

const FILE = 'restricted-synchronizer';
const DARS = [{ name: 'lab-iou', version: '1.0.0', isVetted: true }];

/** The new node is a member of both synchronizers, the other one of A. */
const SCENARIO: ScenarioChange = {
  timing: { ...TIMING, lockedOutMs: 600_000 },
  synchronizers: {
    source: { alias: 'A', name: 'syncA', url: 'http://127.0.0.1:25101', protocolVersion: 34 },
    target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:25201', protocolVersion: 35 },
  },
  target: {
    name: 'pnew',
    isKmsBacked: false,
    dars: DARS,
    synchronizers: ['source', 'target'],
  },
  fresh: { name: 'pother', synchronizers: ['source'], dars: DARS },
};

/** As the recording has it, and a time ahead of the sandbox in its place. */
const LOGIN_AFTER = '1795893972140922';
const ahead = String((BigInt(Date.now()) + 600_000n) * 1000n);

test('restricted-synchronizer.jsonl: a restricted synchronizer answers as recorded', async (t) => {
  const at = await stage(t, FILE, SCENARIO);
  at.player.pair(LOGIN_AFTER, ahead);
  await upgrade(at.sandbox);
  await playAll(FILE, at, {
    before: {
      2: () => allocate(at, 'target', 'X498'),
      9: () => assertNoHosts(at),
      17: async () => {
        await vetOnB(at);
        await allocate(at, 'fresh', 'Q898');
      },
      47: () => restarted(at),
    },
    names: {
      seqB: 'sequencer-syncB',
      [LOGIN_AFTER]: ahead,
      '2026-11-28T19:26:12.140922Z': new Date(Number(BigInt(ahead) / 1000n))
        .toISOString()
        .replace('.000Z', 'Z'),
    },
    differences: {
      8: 'parties of earlier runs; what matters of them is asserted',
      14: 'the recorded node lagged, and a repeat of the call gave the permission',
    },
  });
});

function synchronizerB({ sandbox }: Stage) {
  return sandbox.synchronizers.target.info;
}

/** A was upgraded to version 35 before the recording begins, with both nodes connected. */
async function upgrade(sandbox: Stage['sandbox']): Promise<void> {
  await announceUpgrade(sandbox, 'source', ['source', 'target']);
  await finishUpgrade(sandbox, 'source');
}

async function allocate(at: Stage, role: 'target' | 'fresh', hint: string): Promise<void> {
  const { port } = at.sandbox.participants[role]!.participant.node;
  await port.allocateParty(hint, synchronizerB(at));
}

/** The recorded node had its packages vetted there when it came to be a member. */
async function vetOnB(at: Stage): Promise<void> {
  const { port } = at.sandbox.participants.fresh!.participant.node;
  const { A, B } = { A: at.sandbox.synchronizers.source.info, B: synchronizerB(at) };
  await port.vet(B.logicalId, [...port.vetted(A.logicalId)], { wait: true });
}

/** The process of the recorded node had ended, and was started again. */
async function restarted({ sandbox, player }: Stage): Promise<void> {
  await sandbox.participants.fresh!.restart();
  const connected = loadRecording(FILE).find(({ order }) => order === 51)!;
  await until(
    () => player.play(connected),
    ({ status }) => status === 'OK',
  );
}

async function assertNoHosts({ player }: Stage): Promise<void> {
  const call = loadRecording(FILE).find(({ order }) => order === 8)!;
  const outcome = await player.play(call);
  const results = outcome.responses[0]!['results'] as { party: string; participants: unknown[] }[];
  assert.deepEqual(
    results.map(({ party, participants }) => [party.split('::')[0], participants.length]),
    [
      ['pnew', 0],
      ['X498', 0],
    ],
  );
}
