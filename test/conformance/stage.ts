import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { QUICK_TIMING, startSandbox, type Sandbox, type ScenarioChange } from '../../sandbox/index.js';
import { normalize, recordedOutcome, type Outcome } from './outcome.js';
import { Player } from './player.js';
import { loadRecording, recordedIds, type RecordedCall } from './recording.js';
import { pairNamespaceKeys, until } from './states.js';

/** The windows a recording shows must stay open long enough for the calls that fall into them. */
export const TIMING = {
  ...QUICK_TIMING,
  outboxMs: 150,
  sequencingMs: 10,
  topologyChangeMs: 20,
  reconciliationMs: 60_000,
};

/** The state of the table for files that start fresh, with what differs. */
function recordedScenario(change: ScenarioChange = {}): ScenarioChange {
  const dar = (name: string) => ({ name, version: '1.0.0', isVetted: true });
  return {
    timing: TIMING,
    source: { name: 'pold', dars: [dar('lab-iou'), dar('lab-other')] },
    target: { name: 'pnew', isKmsBacked: false, dars: [dar('lab-iou')] },
    synchronizers: {
      source: { alias: 'A', name: 'syncA', url: 'http://127.0.0.1:5101', protocolVersion: 34 },
      target: { alias: 'B', name: 'syncB', url: 'http://127.0.0.1:5201', protocolVersion: 34 },
    },
    parties: { local: 3, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 },
    contracts: { count: 4 },
    localState: { users: 0, rightsPerUser: 0, identityProviders: 0, annotatedParties: 0 },
    ...change,
  };
}

/** A sandbox and what plays recorded calls to it. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly player: Player;
}

/** Starts a sandbox with the recorded names; a participant `fresh` of the scenario plays `other`. */
export async function stage(t: TestContext, file: string, change?: ScenarioChange): Promise<Stage> {
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

/** The ledger ends of the participants. */
export function ends({ sandbox }: Stage): { old: number; new: number } {
  const { source, target } = sandbox.participants;
  return { old: source.ledger.ledger.end, new: target.ledger.ledger.end };
}

/** Teaches offsets: what the recording names stands for these. */
export function offsets({ player }: Stage, pairs: Record<string, number>): void {
  for (const [recorded, own] of Object.entries(pairs)) player.pair(recorded, String(own));
}

/** How a recording is played. */
export interface Plan {
  readonly only?: (call: RecordedCall) => boolean;
  /** Runs before every call. */
  readonly prepare?: (call: RecordedCall) => void;
  /** Runs before the call of this order. */
  readonly before?: Readonly<Record<number, () => Promise<unknown>>>;
  /** The call of this order is repeated until it answers as many results as recorded. */
  readonly poll?: readonly number[];
  /** What is called otherwise in the sandbox: recorded text -> its own. */
  readonly names?: Readonly<Record<string, string>>;
  /** Of which only the status is compared: order -> why. */
  readonly statusOnly?: Readonly<Record<number, string>>;
  /** What differs on purpose: order -> why. */
  readonly differences?: Readonly<Record<number, string>>;
}

/** Plays a recording and compares every answer. */
export async function playAll(file: string, { player }: Stage, plan: Plan = {}): Promise<void> {
  const differing: string[] = [];
  for (const call of loadRecording(file)) {
    if (plan.only && !plan.only(call)) continue;
    await plan.before?.[call.order]?.();
    plan.prepare?.(call);
    const isPolled = plan.poll?.includes(call.order) === true;
    const outcome = isPolled
      ? await until(() => player.play(call), isAsLongAs(call))
      : await player.play(call);
    if (plan.differences?.[call.order] !== undefined) continue;
    if (plan.statusOnly?.[call.order] !== undefined) {
      assert.equal(outcome.status, call.status, `${file} ${call.order} ${call.label}`);
      continue;
    }
    const trace = call.metadata?.find(([key]) => key === 'traceparent')?.[1].split('-')[1];
    try {
      const recorded = renamed(normalize(recordedOutcome(call), trace), plan.names);
      assert.deepEqual(normalize(outcome, trace), recorded);
    } catch (error) {
      differing.push(`${file} ${call.order} ${call.label}: ${(error as Error).message}`);
    }
  }
  assert.deepEqual(differing.join('\n\n'), '');
}

function renamed(normalized: unknown, names: Plan['names'] = {}): unknown {
  const replace = (text: string, [recorded, own]: [string, string]) => text.replaceAll(recorded, own);
  const rename = (_key: string, value: unknown) =>
    typeof value === 'string' ? Object.entries(names).reduce(replace, value) : value;
  return JSON.parse(JSON.stringify(normalized), rename);
}

/** Whether as many results came as were recorded. */
function isAsLongAs(call: RecordedCall): (outcome: Outcome) => boolean {
  const count = ({ responses }: Outcome) =>
    ((responses[0]?.['results'] as unknown[] | undefined) ?? []).length;
  return (outcome) => count(outcome) >= count(recordedOutcome(call));
}

const POLL = /\(poll\)/;

/** The order of the last call of a recording that polled. */
export function lastPoll(file: string): number {
  return Math.max(
    ...loadRecording(file)
      .filter((call) => POLL.test(call.label))
      .map((call) => call.order),
  );
}

/** How often a poll came back empty is a matter of time. */
export function isEarlyPoll(call: RecordedCall): boolean {
  return POLL.test(call.label) && (call.response === '' || call.response === null);
}
