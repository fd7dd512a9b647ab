import assert from 'node:assert/strict';
import test, { suite } from 'node:test';

import { QUICK_TIMING } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { atLeast, FIVE_SHARDS, onlyImports, startTransfer } from '../support/crash-stack.js';
import {
  assertMigrated,
  assertParked,
  assertSent,
  busyOne,
  eventually,
  ledgersOf,
  sentShards,
} from '../support/driving.js';
import { kill } from '../support/workers.js';

suite('transfer', { concurrency: 3 }, () => {
  test(
    'transfer: killed in the middle of the export, and again in the middle of the import, workers are replaced by the standby, which exports again and goes on with the import where it was',
    RARER,
    async (t) => {
      const timing = { ...FIVE_SHARDS.timing, exportMicrosPerContract: 900 };
      const { stack, workers, id, result } = await startTransfer(t, {
        workers: 3,
        scenario: { ...FIVE_SHARDS, timing },
      });
      await eventually('the export', async () =>
        atLeast(stack.sandbox.calls.list({ method: 'ExportAcs' }), 1),
      );
      await kill(await busyOne(stack.temporal, id, workers));
      await eventually('the third import', async () =>
        atLeast(onlyImports(stack.sandbox.calls.list()), 3),
      );

      await kill(await busyOne(stack.temporal, id, workers));
      const report = await result;

      assertMigrated(report, ledgersOf(stack.sandbox), stack.contracts);
      assertParked(stack.sandbox);
      assertSent(stack.sandbox.calls.list(), 5);
    },
  );

  test(
    'transfer: killed in the middle of an upload, a worker is replaced by the standby, which sends that shard again',
    RARER,
    async (t) => {
      const scenario = { timing: QUICK_TIMING, contracts: { count: 1_250, paddingBytes: 3_000 } };
      const { stack, workers, id, result } = await startTransfer(t, {
        workers: 2,
        scenario,
        // Nothing takes the upload off the wire, and it is larger than what fits into the connection.
        prepare: ({ faults }) =>
          faults.delay('ImportAcs', 6_000, { participant: 'target', skip: 1, times: 1 }),
      });
      await eventually('the second import', async () =>
        atLeast(onlyImports(stack.sandbox.calls.list()), 2),
      );

      await kill(await busyOne(stack.temporal, id, workers));
      const report = await result;

      assertMigrated(report, ledgersOf(stack.sandbox), stack.contracts);
      assertParked(stack.sandbox);
      assert.deepEqual(sentShards(stack.sandbox.calls.list()), [1, 2, 1]);
    },
  );
});
