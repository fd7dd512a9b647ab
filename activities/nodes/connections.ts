import { sleep } from '@temporalio/activity';

import { mismatch, refused } from '../../model/failure.js';
import type { PlannedNode } from '../../model/plan.js';
import type { Participant, ParticipantReads } from '../../model/participant-access.js';
import { until } from '../attempt/waiting.js';

/** An interrupted import holds the participant in repair mode for up to 9 s. Source: admin-api 2.3. */
const REPAIR_END_LIMIT_MS = 10 * 60_000;
const CONNECT_LIMIT_MS = 120_000;

/** The gzip of nothing: importing it changes no contract. Source: admin-api 2.1. */
export const EMPTY_SNAPSHOT = Buffer.from('1f8b08000000000000ff03000000000000000000', 'hex');

/**
 * Ensures that a participant is connected to no synchronizer and stays so after a restart, and reads it back. Returns how
 * it stood to each of them right before.
 *
 * Manual connect first: a participant that restarts in between must not come back by itself. Alias by alias,
 * because only that also cancels a reconnect that is pending in the background. Source: admin-api 1.13.
 */
export async function ensureIsolated(participant: Participant): Promise<PlannedNode['connections']> {
  const { synchronizers } = participant;
  const found = await readConnections(participant);
  for (const { alias, isManualConnect } of found) {
    if (!isManualConnect) await synchronizers.setManualConnect(alias, true);
    await synchronizers.disconnect(alias);
  }
  await readIsolated(participant);
  return found;
}

/** How a participant stands to every synchronizer that it is registered with. Ordered by alias. */
export async function readConnections({
  synchronizers,
}: ParticipantReads): Promise<PlannedNode['connections']> {
  return (await synchronizers.listRegistered()).map(({ alias, isConnected, isManualConnect }) => ({
    alias,
    isConnected,
    isManualConnect,
  }));
}

/** Fails with `StillConnected` unless the participant is connected to no synchronizer and stays so. */
export async function readIsolated({ name, synchronizers }: ParticipantReads): Promise<void> {
  const open = (await synchronizers.listRegistered()).filter(
    ({ isConnected, isManualConnect }) => isConnected || !isManualConnect,
  );
  if (open.length > 0) {
    const states = open.map(
      ({ alias, isConnected }) => `${alias} (${isConnected ? 'connected' : 'connects by itself'})`,
    );
    throw mismatch('StillConnected', `${name}: expected disconnected, found ${states.join(', ')}`);
  }
}

/**
 * Ensures that a participant is connected, and connects by itself, exactly where it did before the migration.
 *
 * No import may run inside the participant: see {@link awaitEndOfRepair}. `lookBefore` comes right before each connect, and
 * fails where it must not be made.
 */
export async function ensureConnections(
  { synchronizers, name }: Participant,
  connections: PlannedNode['connections'],
  lookBefore: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const { alias, isConnected, isManualConnect } of connections) {
    const now = (await synchronizers.listRegistered()).find((its) => its.alias === alias);
    if (!now) throw refused('SynchronizerGone', `${name} is not registered with ${alias} any more`);
    if (isConnected === now.isConnected && isManualConnect === now.isManualConnect) continue;
    if (now.isManualConnect !== isManualConnect)
      await synchronizers.setManualConnect(alias, isManualConnect);
    if (!isConnected || now.isConnected) continue;
    await lookBefore();
    await synchronizers.reconnect(alias);
  }
  const wanted = connections.filter(({ isConnected }) => isConnected).map(({ alias }) => alias);
  await until(
    async () => {
      const now = (await synchronizers.listRegistered()).filter(({ isConnected }) => isConnected);
      return wanted.every((alias) => now.some((its) => its.alias === alias)) ? true : undefined;
    },
    {
      what: `${name} to be connected to ${wanted.join(', ')}`,
      limitMs: CONNECT_LIMIT_MS,
      type: 'NotConnected',
      stillMissing: () => `${name} is not connected to all of ${wanted.join(', ')}`,
    },
  );
}

/**
 * Returns once no import runs inside the participant: a connect or a purge during an import would end its
 * process. Source: admin-api 2.3.
 *
 * There is no call that tells; an import of nothing is refused for as long as another one runs. A connected
 * participant runs none: an import does not begin while it is connected.
 */
export async function awaitEndOfRepair(participant: Participant, synchronizerId: string): Promise<void> {
  const deadline = Date.now() + REPAIR_END_LIMIT_MS;
  for (;;) {
    const registered = await participant.synchronizers.listRegistered();
    if (registered.some(({ isConnected }) => isConnected)) return;
    // Nothing can be imported for one that it never reached.
    if (!registered.some(({ logicalId }) => logicalId === synchronizerId)) return;
    try {
      return await participant.repair.importAcs({
        chunks: once(EMPTY_SNAPSHOT),
        synchronizerId,
        workflowIdPrefix: 'mig-probe',
        mode: 'validation',
        onboardedParties: [],
      });
    } catch (error) {
      const isRunning = error instanceof Error && error.message.includes('Repair in progress');
      if (!isRunning || Date.now() >= deadline) throw error;
      await sleep(500);
    }
  }
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
