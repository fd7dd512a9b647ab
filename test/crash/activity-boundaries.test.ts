import assert from 'node:assert/strict';
import test, { suite, type TestContext } from 'node:test';

import type { Activities } from '../../activities/index.js';
import { createActivities } from '../../activities/index.js';
import { startCrashStack } from '../support/crash-stack.js';
import type { CrashPoint } from '../support/crash-worker.js';
import {
  approveGates,
  assertMigrated,
  assertParked,
  assertSent,
  ledgersOf,
} from '../support/driving.js';
import { startMortalWorkers } from '../support/workers.js';

/** Every activity of a migration that ends well, in its order. */
const FORWARD = [
  'readPlan',
  'ensureNamespaceDelegation',
  'loadNamespaceDelegation',
  'readNamespaceDelegation',
  'ensurePartiesHosted',
  'ensureDar',
  'ensureVetting',
  'isolateTarget',
  'quiesceSource',
  'readUnchangedParties',
  'exportActiveContracts',
  'importShard',
  'compareActiveContracts',
  'ensureSourceParked',
  'readFrozenTarget',
  'connectTarget',
  'pingSelf',
  'readServingState',
  'removeExport',
] as const satisfies (keyof Activities)[];

/** Only an abort runs these: `undo.test.ts`. */
const UNDO_ONLY = ['returnSource', 'purgeImported', 'withdrawVetting', 'removeDar', 'withdrawParties'];

test('activity boundaries: every activity is among those that a worker dies at', () => {
  const all = Object.keys(createActivities({ participants: new Map(), spoolFolder: '' }));
  assert.deepEqual([...FORWARD, ...UNDO_ONLY].sort(), all.sort());
});

// A worker is noticed as dead after 10 s without a heartbeat: migrations that wait for that share the time.
suite('activity boundaries', { concurrency: 6 }, () => {
  for (const activity of FORWARD) {
    test(`activity boundaries: a migration whose worker dies right before ${activity}, and the next one right after it, ends equal`, async (t) => {
      await migrateDyingAt(t, activity);
    });
  }
});

async function migrateDyingAt(t: TestContext, activity: (typeof FORWARD)[number]): Promise<void> {
  const stack = await startCrashStack(t);
  // Of several shards the second: one is behind it and one ahead.
  const skip = activity === 'importShard' ? 1 : 0;
  const crashes: CrashPoint[] = [
    { when: 'before', activity, skip },
    { when: 'after', activity },
  ];
  const { taskQueue, sandbox, client } = stack;
  const workers = await startMortalWorkers(t, { taskQueue, addresses: sandbox.addresses, crashes });

  const report = await Promise.race([workers.broken, migrate()]);

  assert.deepEqual(workers.remaining(), []);
  assert.equal(workers.deaths(), 2);
  assertMigrated(report, ledgersOf(sandbox), stack.contracts);
  assertParked(sandbox);
  // At a boundary a shard was sent whole or not at all.
  assertSent(sandbox.calls.list(), 3, 0);

  async function migrate() {
    const id = await client.start(stack.request);
    await approveGates(client, id);
    return client.result(id);
  }
}
