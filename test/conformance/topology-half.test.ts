import assert from 'node:assert/strict';
import test from 'node:test';
import type { ScenarioChange } from '../../sandbox/index.js';
import { loadRecording, type RecordedCall } from './recording.js';
import { isEarlyPoll, lastPoll, playAll, stage, type Stage } from './stage.js';
import { until } from './states.js';

const upTo = (last: number) => (call: RecordedCall) => call.order <= last;
const between = (first: number, last: number) => (call: RecordedCall) =>
  call.order >= first && call.order <= last;
const TOPOLOGY_PARTIES = {
  local: 7,
  multiHosted: 0,
  external: 0,
  decentralized: 0,
  foreign: 0,
  names: ['Alice', 'Bob', 'Carol', 'Dora', 'P1k', 'P10k', 'P100k'],
};

/** After the load: both delegations are on the target's synchronizer. */
function delegated({ sandbox }: Stage): () => Promise<unknown> {
  return () =>
    until(
      async () => sandbox.participants.target.delegations('B'),
      (found) => found.some((one) => one.restriction === 'all-but-nsd'),
    );
}

test('topology.jsonl: pre-flight reads, keys, delegation, load and hosting answer as recorded', async (t) => {
  const at = await stage(t, 'topology', { parties: TOPOLOGY_PARTIES });
  const erin = () =>
    until(
      async () => at.sandbox.participants.target.parties('B'),
      (found) => found.some((one) => one.party.startsWith('Erin')),
    );
  await playAll('topology', at, {
    before: { 82: delegated(at), 101: erin },
    differences: { 105: 'the request names an absolute offset of the recorded ledger' },
  });
});

test('load.jsonl: a delegation without its root is refused, both are taken', async (t) => {
  const at = await stage(t, 'load');
  for (const call of loadRecording('happy'))
    if (call.order === 15 || call.order === 18) await at.player.play(call);
  await playAll('load', at);
});

test('admin-party.jsonl: an admin party taken elsewhere locks its participant out', async (t) => {
  const at = await stage(t, 'admin-party');
  await loadDelegation(at, 'topology');
  await at.player.play(callOf('happy', 37));
  await playAll('admin-party', at, { before: { 1: delegated(at) } });
});

test('trace.jsonl: the Admin API knows only the trace id of the client', async (t) => {
  const at = await stage(t, 'trace');
  await loadDelegation(at, 'topology');
  await playAll('trace', at, { before: { 2: delegated(at) } });
});

test('kms-lost-keys.jsonl: the node lists its keys and cannot sign any more', async (t) => {
  const at = await stage(t, 'kms-lost-keys', {
    target: { name: 'pnew', isKmsBacked: true, dars: [] },
  });
  at.sandbox.kms.loseKeys();
  await playAll('kms-lost-keys', at);
});

for (const file of ['happy', 'happy-kms'] as const) {
  test(`${file}.jsonl: the migration answers as recorded up to the disconnect of both`, async (t) => {
    const at = await stage(t, file, kmsChange(file));
    await playAll(file, at, {
      only: (call) => upTo(37)(call) && !isEarlyPoll(call),
      poll: [lastPoll(file)],
    });
  });
}

test('packages-revocation.jsonl: a removed delegation is final on the synchronizer only', async (t) => {
  const at = await stage(t, 'packages-revocation', kmsChange('happy-kms'));
  for (const call of loadRecording('happy-kms')) {
    if (!upTo(36)(call) || isEarlyPoll(call)) continue;
    if (call.order === lastPoll('happy-kms')) await delegated(at)();
    if (call.label !== 'new DisconnectSynchronizer') await at.player.play(call);
  }
  const removed = () =>
    until(
      async () => at.sandbox.participants.target.delegations('B'),
      (found) => found.every((one) => one.restriction === 'all'),
    );
  await playAll('packages-revocation', at, { only: between(17, 26), before: { 22: removed } });
});

function kmsChange(file: string): ScenarioChange {
  if (file !== 'happy-kms') return {};
  const dars = [{ name: 'lab-iou', version: '1.0.0', isVetted: true }];
  return { target: { name: 'pnew', isKmsBacked: true, dars }, targetMembers: ['pnew'] };
}

function callOf(file: string, order: number): RecordedCall {
  const found = loadRecording(file).find((call) => call.order === order);
  assert.ok(found, `${file} has no call ${order}`);
  return found;
}

async function loadDelegation({ player }: Stage, file: string): Promise<void> {
  for (const call of loadRecording(file)) {
    if (call.order === 49 || call.order === 69 || call.order === 74) await player.play(call);
  }
}
