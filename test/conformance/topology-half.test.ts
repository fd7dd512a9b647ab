import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { QUICK_TIMING, startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { normalize, recordedOutcome, type Outcome } from './outcome.js';
import { Player } from './player.js';
import { loadRecording, recordedIds, type RecordedCall } from './recording.js';
import { pairNamespaceKeys, until } from './states.js';

/** What differs on purpose: file and order -> why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'topology/105': 'the request names an absolute offset of the recorded ledger',
};

/** The windows a recording shows must stay open long enough for the calls that fall into them. */
const TIMING = {
  ...QUICK_TIMING,
  outboxMs: 150,
  sequencingMs: 10,
  topologyChangeMs: 20,
  reconciliationMs: 60_000,
};

function recordedScenario(change: ScenarioChange = {}): ScenarioChange {
  const dar = (name: string) => ({ name, version: '1.0.0', isVetted: true });
  return {
    timing: TIMING,
    source: { name: 'pold', dars: [dar('lab-iou'), dar('lab-other')] },
    target: { name: 'pnew', isKmsBacked: false, dars: [dar('lab-iou')] },
    synchronizers: {
      source: { alias: 'A', name: 'syncA', url: 'http://127.0.0.1:5101' },
      target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:5201' },
    },
    parties: { local: 3, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
    contracts: { count: 4 },
    localState: { users: 0, rightsPerUser: 0, identityProviders: 0, annotatedParties: 0 },
    ...change,
  };
}

interface Stage {
  readonly sandbox: Sandbox;
  readonly player: Player;
}

async function stage(t: TestContext, file: string, change?: ScenarioChange): Promise<Stage> {
  const sandbox = await startSandbox({ scenario: recordedScenario(change) });
  const player = new Player(sandbox, recordedIds(file));
  for (const name of ['happy', 'happy-kms', 'topology', file]) {
    pairNamespaceKeys(player, sandbox, loadRecording(name), recordedIds(file));
  }
  t.after(async () => {
    player.close();
    await sandbox.close();
  });
  return { sandbox, player };
}

interface Plan {
  readonly only?: (call: RecordedCall) => boolean;
  /** Runs before the call of this order. */
  readonly before?: Readonly<Record<number, () => Promise<unknown>>>;
  /** The call of this order is repeated until it answers as many results as recorded. */
  readonly poll?: readonly number[];
}

/** Plays a recording and compares every answer. */
async function playAll(file: string, { player }: Stage, plan: Plan = {}): Promise<void> {
  const differing: string[] = [];
  for (const call of loadRecording(file)) {
    if (plan.only && !plan.only(call)) continue;
    await plan.before?.[call.order]?.();
    const isPolled = plan.poll?.includes(call.order) === true;
    const outcome = isPolled
      ? await until(() => player.play(call), isAsLongAs(call))
      : await player.play(call);
    if (DIFFERENCES[`${file}/${call.order}`] !== undefined) continue;
    const trace = call.metadata?.find(([key]) => key === 'traceparent')?.[1].split('-')[1];
    try {
      assert.deepEqual(normalize(outcome, trace), normalize(recordedOutcome(call), trace));
    } catch (error) {
      differing.push(`${file} ${call.order} ${call.label}: ${(error as Error).message}`);
    }
  }
  assert.deepEqual(differing.join('\n\n'), '');
}

/** Whether as many results came as were recorded. */
function isAsLongAs(call: RecordedCall): (outcome: Outcome) => boolean {
  const count = ({ responses }: Outcome) =>
    ((responses[0]?.['results'] as unknown[] | undefined) ?? []).length;
  return (outcome) => count(outcome) >= count(recordedOutcome(call));
}

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
  await playAll('topology', at, { before: { 82: delegated(at), 101: erin } });
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

const POLL = /\(poll\)/;

function lastPoll(file: string): number {
  return Math.max(
    ...loadRecording(file)
      .filter((call) => POLL.test(call.label))
      .map((call) => call.order),
  );
}

/** How often a poll came back empty is a matter of time. */
function isEarlyPoll(call: RecordedCall): boolean {
  return POLL.test(call.label) && (call.response === '' || call.response === null);
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
