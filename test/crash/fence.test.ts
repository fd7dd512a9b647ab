import assert from 'node:assert/strict';
import test, { suite, type TestContext } from 'node:test';

import { startCrashStack, type CrashStack } from '../support/crash-stack.js';
import type { CrashPoint } from '../support/crash-worker.js';
import { approveGates, assertParked, eventually, persistently } from '../support/driving.js';
import { SMALL } from '../support/stack.js';
import { startMortalWorkers, type MortalWorkers } from '../support/workers.js';

suite('fence', { concurrency: 2 }, () => {
  test('fence: a worker that dies before and after it parks the source again leaves it parked', async (t) => {
    const { stack, workers, id } = await fenced(t, 'ensureFenced');
    const { source } = stack.sandbox.participants;
    await source.participant.node.connections.connect('acme');
    await foundIn(stack, id, 'alarm');

    await persistently(() => stack.client.park(id, { by: 'test' }));
    await Promise.race([workers.broken, foundIn(stack, id, 'parked')]);

    assert.equal(workers.deaths(), 2);
    assertParked(stack.sandbox);
  });

  test('fence: a worker that dies before and after it parks a node of a closed migration leaves it parked', async (t) => {
    const { stack, workers, id } = await fenced(t, 'ensureParked');
    await stack.client.closeMigration(id, { by: 'test' });
    await stack.sandbox.participants.source.participant.node.connections.connect('acme');

    const pair = { participant: 'source', servedBy: 'target', force: true, by: 'test' };
    await Promise.race([workers.broken, persistently(() => stack.client.parkParticipant(pair))]);

    assert.equal(workers.deaths(), 2);
    assertParked(stack.sandbox);
  });

  test('fence: a worker that dies before and after the last look closes the migration all the same', async (t) => {
    const { stack, workers, id } = await fenced(t, 'readFence');

    await persistently(async () => {
      await stack.client.closeMigration(id, { by: 'test' }).catch((error: unknown) => {
        const { type } = error as { type?: string };
        // What was sent is decided while nobody waits for the answer.
        if (type !== 'AlreadyClosing' && type !== 'Ended') throw error;
      });
    });
    const report = await Promise.race([
      workers.broken,
      eventually('the close', async () => {
        const found = await stack.client.result(id);
        return found.closedBy === undefined ? undefined : found;
      }),
    ]);

    assert.equal(workers.deaths(), 2);
    assert.equal(report.fence?.state, 'parked');
    assertParked(stack.sandbox);
  });
});

async function fenced(
  t: TestContext,
  activity: CrashPoint['activity'],
): Promise<{ stack: CrashStack; workers: MortalWorkers; id: string }> {
  const stack = await startCrashStack(t, { scenario: SMALL });
  const crashes: CrashPoint[] = [
    { when: 'before', activity },
    { when: 'after', activity },
  ];
  const { taskQueue, sandbox, client, request } = stack;
  const workers = await startMortalWorkers(t, { taskQueue, addresses: sandbox.addresses, crashes });
  const options = { ...request.options, fenceSeconds: 5 };
  const id = await client.start({ ...request, options });
  await approveGates(client, id);
  await foundIn(stack, id, 'parked');
  return { stack, workers, id };
}

async function foundIn({ client }: CrashStack, id: string, state: string): Promise<void> {
  await eventually(`a fence in state ${state}`, async () => {
    const { status } = await client.status(id);
    return status?.fence?.state === state ? true : undefined;
  });
}
