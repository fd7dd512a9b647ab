import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { RARER } from '../support/boundaries.js';
import { startCrashStack, type CrashStack } from '../support/crash-stack.js';
import type { CrashPoint } from '../support/crash-worker.js';
import { approveGates, assertParked, eventually, persistently } from '../support/driving.js';
import { SMALL } from '../support/stack.js';
import { startMortalWorkers, type MortalWorkers } from '../support/workers.js';

test(
  'source watch: a worker that dies before and after it parks the source again, looks the last time, and parks it after the close leaves it parked',
  RARER,
  async (t) => {
    const { stack, workers, id } = await watching(t, [
      'ensureParkedAgain',
      'readParkedSource',
      'ensureParked',
    ]);
    const { source } = stack.sandbox.participants;
    const within = <T>(work: Promise<T>) => Promise.race([workers.broken, work]);

    await source.participant.node.connections.connect('acme');
    await within(foundIn(stack, id, 'alarm'));
    await within(persistently(() => stack.client.park(id, { by: 'test' })));
    await within(foundIn(stack, id, 'parked'));
    assert.equal(workers.deaths(), 2);
    assertParked(stack.sandbox);

    await within(persistently(() => close(stack, id)));
    const report = await within(
      eventually('the close', async () => {
        const found = await stack.client.result(id);
        return found.closedBy === undefined ? undefined : found;
      }),
    );
    assert.equal(workers.deaths(), 4);
    assert.equal(report.watch?.state, 'parked');
    assertParked(stack.sandbox);

    await source.participant.node.connections.connect('acme');
    const pair = { participant: 'source', servedBy: 'target', force: true, by: 'test' };
    await within(persistently(() => stack.client.parkParticipant(pair)));
    assert.equal(workers.deaths(), 6);
    assertParked(stack.sandbox);
  },
);

/** What was sent is decided while nobody waits for the answer. */
async function close({ client }: CrashStack, id: string): Promise<void> {
  await client.closeMigration(id, { by: 'test' }).catch((error: unknown) => {
    const { type } = error as { type?: string };
    if (type !== 'AlreadyClosing' && type !== 'Ended') throw error;
  });
}

async function watching(
  t: TestContext,
  activities: CrashPoint['activity'][],
): Promise<{ stack: CrashStack; workers: MortalWorkers; id: string }> {
  const stack = await startCrashStack(t, { scenario: SMALL });
  const crashes = activities.flatMap((activity): CrashPoint[] => [
    { when: 'before', activity },
    { when: 'after', activity },
  ]);
  const { taskQueue, sandbox, client, request } = stack;
  const workers = await startMortalWorkers(t, { taskQueue, addresses: sandbox.addresses, crashes });
  const options = { ...request.options, watchSeconds: 5 };
  const id = await client.start({ ...request, options });
  await approveGates(client, id);
  await foundIn(stack, id, 'parked');
  return { stack, workers, id };
}

async function foundIn({ client }: CrashStack, id: string, state: string): Promise<void> {
  await eventually(`a source watch in state ${state}`, async () => {
    const { status } = await client.status(id);
    return status?.watch?.state === state ? true : undefined;
  });
}
