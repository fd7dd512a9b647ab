import assert from 'node:assert/strict';
import test, { suite, type TestContext } from 'node:test';

import type { Activities } from '../../activities/index.js';
import { createActivities } from '../../activities/index.js';
import { slowly, startCrashStack } from '../support/crash-stack.js';
import type { CrashPoint } from '../support/crash-worker.js';
import { SPOOL_KEY } from '../support/stack.js';
import type { MigrationOptions } from '../../model/request.js';
import {
  COLD_GATES,
  WARM_GATES,
  approveGates,
  assertMigrated,
  assertParked,
  assertSent,
  eventually,
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
  'copyActiveContracts',
  'compareActiveContracts',
  'ensureSourceParked',
  'readFrozenTarget',
  'connectTarget',
  'pingSelf',
  'readServingState',
  'removeExport',
  'watchFence',
] as const satisfies (keyof Activities)[];

/** Only an abort runs these: `undo.test.ts`. */
const UNDO_ONLY = [
  'returnSource',
  'purgeImported',
  'withdrawVetting',
  'removeDar',
  'withdrawParties',
  'readReturnedSource',
  'readClearedTarget',
];

/** Of a warm copy. */
const WARM_ONLY = ['readLedgerEnd', 'catchUp'] as const satisfies (keyof Activities)[];

/** Only when an operator asks the fence: `fence.test.ts`. */
const ASKED_ONLY = ['ensureFenced', 'readFence'];

/** Only after a comparison that was not equal, and only in a migration that a former version began. */
const ELSEWHERE = ['repairDifferences', 'exportActiveContracts', 'importShard'];

test('activity boundaries: every activity is among those that a worker dies at', () => {
  const all = Object.keys(
    createActivities({ participants: new Map(), spool: { folder: '', key: SPOOL_KEY } }),
  );
  assert.deepEqual(
    [...FORWARD, ...UNDO_ONLY, ...WARM_ONLY, ...ASKED_ONLY, ...ELSEWHERE].sort(),
    all.sort(),
  );
});

// A worker is noticed as dead after 10 s without a heartbeat: migrations that wait for that share the time.
suite('activity boundaries', { concurrency: 6 }, () => {
  for (const activity of FORWARD) {
    test(`activity boundaries: a migration whose worker dies right before ${activity}, and the next one right after it, ends equal`, async (t) => {
      await migrateDyingAt(t, activity);
    });
  }
  for (const activity of WARM_ONLY) {
    test(`activity boundaries: a warm migration whose worker dies right before ${activity}, and the next one right after it, ends equal`, async (t) => {
      await migrateDyingAt(t, activity, { copy: 'warm' });
    });
  }
});

async function migrateDyingAt(
  t: TestContext,
  activity: (typeof FORWARD | typeof WARM_ONLY)[number],
  options: MigrationOptions = {},
): Promise<void> {
  const stack = await startCrashStack(t);
  const crashes: CrashPoint[] = [
    { when: 'before', activity },
    { when: 'after', activity },
  ];
  const { taskQueue, sandbox, client } = stack;
  const workers = await startMortalWorkers(t, { taskQueue, addresses: sandbox.addresses, crashes });

  const report = await Promise.race([workers.broken, migrate()]);

  await eventually('both deaths', async () => (workers.deaths() === 2 ? true : undefined));
  assert.deepEqual(workers.remaining(), []);
  assertMigrated(report, ledgersOf(sandbox), stack.contracts);
  assertParked(sandbox);
  // At a boundary a shard was sent whole or not at all.
  assertSent(sandbox.calls.list(), 3, 0);

  async function migrate() {
    const request = { ...stack.request, options: { ...stack.request.options, ...options } };
    const id = await client.start(request);
    await slowly(stack.temporal, id);
    await approveGates(client, id, options.copy === 'warm' ? WARM_GATES : COLD_GATES);
    return client.result(id);
  }
}
