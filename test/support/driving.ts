import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { Client, Connection } from '@temporalio/client';

import type { MigrationClient } from '../../client/index.js';
import type { Gate } from '../../model/phase.js';
import type { MigrationReport } from '../../model/report.js';
import type { MigrationStatus } from '../../model/steering.js';
import type { CallRecord, Sandbox } from '../../sandbox/index.js';
import { temporalServer } from './temporal.js';

/** Above a worker's death (noticed after 10 s) at each of several steps, on a busy machine. */
const CONDITION_LIMIT_MS = 240_000;
const POLL_MS = 400;

/** The gates of a migration with a warm copy. */
export const WARM_GATES: Gate[] = ['root-key', 'warm-copy', 'interrupt-service', 'cut-over'];
/** The gates of a migration without one. */
export const COLD_GATES = WARM_GATES.filter((gate) => gate !== 'warm-copy');
/** The gates of the live route. */
export const LIVE_GATES: Gate[] = ['root-key', 'target-backup', 'switch'];

/** What an approval needs beside the gate: the backup of the target is waived. */
export function approvalOf(gate: Gate, planHash: string) {
  const waiver = gate === 'target-backup' ? { waiver: 'a test' } : {};
  return { gate, planHash, approver: 'test', ...waiver };
}

/** A client of the Temporal server of this test process. */
export async function connectTemporal(t: TestContext): Promise<Client> {
  const { address } = await temporalServer();
  const connection = await Connection.connect({ address });
  t.after(() => connection.close());
  return new Client({ connection });
}

/** The worker process that has the activity of the migration. */
export async function busyOne<T extends { pid: number }>(
  temporal: Client,
  id: string,
  workers: readonly T[],
): Promise<T> {
  return eventually('a worker at work', async () => {
    const { raw } = await temporal.workflow.getHandle(id).describe();
    const identities = (raw.pendingActivities ?? []).map((its) => its.lastWorkerIdentity ?? '');
    return workers.find(({ pid }) => identities.some((identity) => identity.startsWith(`${pid}@`)));
  });
}

/** Waits until `check` returns something. */
export async function eventually<T>(what: string, check: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + CONDITION_LIMIT_MS; ; await delay(POLL_MS)) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not reached in time: ${what}`);
  }
}

/** Waits for the gate, whoever dies meanwhile, and returns what the migration says of itself there. */
export async function atGate(client: MigrationClient, id: string, gate: Gate): Promise<MigrationStatus> {
  return eventually(`gate ${gate}`, async () => {
    const { status, execution } = await client.status(id);
    if (execution !== 'running') throw new Error(`${id} is ${execution}, expected gate ${gate}`);
    if (status?.state === 'stopped') throw new Error(JSON.stringify(status.lastFailure));
    return status?.gate?.name === gate ? status : undefined;
  });
}

/** Opens the gates given, or all of them, each as soon as the migration waits there. */
export async function approveGates(
  client: MigrationClient,
  id: string,
  gates: readonly Gate[] = COLD_GATES,
): Promise<void> {
  for (const gate of gates) {
    const { planHash } = await atGate(client, id, gate);
    await persistently(() => client.approve(id, approvalOf(gate, planHash!)));
  }
}

/** Repeats an update that no worker answered: the same update is applied once. */
export async function persistently(update: () => Promise<unknown>): Promise<void> {
  await eventually('an answer to the update', async () => {
    try {
      await update();
      return true;
    } catch (error) {
      if (isUnanswered(error)) return undefined;
      throw error;
    }
  });
}

function isUnanswered(error: unknown): boolean {
  const { type } = error as { type?: string };
  return type === 'NoWorker' || type === 'TemporalUnavailable' || type === 'UpdateNotTaken';
}

/** What a sandbox holds, as the tests of crashes look at it; the same of one in this process or in another. */
export interface Ledgers {
  contracts: { source: string[]; target: string[] };
  connected: { source: string[]; target: string[] };
}

export function ledgersOf({ participants: { source, target } }: Sandbox): Ledgers {
  return {
    contracts: { source: source.contracts().sort(), target: target.contracts().sort() },
    connected: { source: source.connected(), target: target.connected() },
  };
}

/** The migration ended well: digests equal, the target has every contract and serves, the source is parked. */
export function assertMigrated(
  report: MigrationReport,
  now: Ledgers,
  contracts: readonly string[],
): void {
  assert.equal(report.outcome, 'migrated');
  const { isEqual, unequalPartyCount, contractCount } = report.verification;
  assert.equal(isEqual, true);
  assert.equal(unequalPartyCount, 0);
  assert.equal(contractCount, contracts.length);
  const expected = [...contracts].sort();
  assert.deepEqual(now.contracts, { source: expected, target: expected });
  assert.deepEqual(now.connected, { source: [], target: ['da'] });
}

/** The source stays disconnected whatever happens to it. */
export function assertParked({ participants: { source } }: Sandbox): void {
  const registered = source.participant.node.connections.list();
  assert.deepEqual(
    registered.map(({ config, membership }) => [
      config['manual_connect'],
      membership?.replica.isConnected === true,
    ]),
    registered.map(() => [true, false]),
  );
}

/**
 * How often each shard was sent to the target, in order of where they begin. An upload that broke before its first message
 * arrived counts for the shard after it: shards are sent one by one.
 */
export function sentShards(calls: readonly CallRecord[]): number[] {
  const times = new Map<string, number>();
  let unnamed = 0;
  for (const { method, participant, request } of calls) {
    if (method !== 'ImportAcs' || participant !== 'target') continue;
    const [, shard] = /"mig-[0-9a-f]{16}-(\d+)"/.exec(request) ?? [];
    if (request === '') unnamed += 1;
    if (shard === undefined) continue;
    times.set(shard, (times.get(shard) ?? 0) + 1 + unnamed);
    unnamed = 0;
  }
  return [...times.values()];
}

/** Every shard arrived, and not more than `again` of them were sent a second time. */
export function assertSent(calls: readonly CallRecord[], shards: number, again = 1): void {
  const sent = sentShards(calls);
  assert.equal(sent.length, shards, `shards sent: ${sent.join(', ')}`);
  const repeated = sent.filter((times) => times > 1);
  assert.ok(repeated.length <= again, `shards sent this often: ${sent.join(', ')}`);
}
