import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { suite } from 'node:test';

import { MigrationClient } from '../../client/index.js';
import { RARER } from '../support/boundaries.js';
import { atLeast, FIVE_SHARDS, onlyImports, slowly, startTransfer } from '../support/crash-stack.js';
import {
  approveGates,
  assertMigrated,
  assertParked,
  assertSent,
  connectTemporal,
  eventually,
  ledgersOf,
} from '../support/driving.js';
import { startSandboxProcess } from '../support/sandbox-process.js';
import { REQUEST } from '../support/stack.js';
import { startWorker } from '../support/workers.js';

suite('participants', { concurrency: 2 }, () => {
  test(
    'participants: a source that dies during the export, a target that dies during an import, and one that dies when it has committed one and nobody was told: every contract arrives once',
    RARER,
    async (t) => {
      const { stack, result } = await startTransfer(t, {
        workers: 1,
        prepare: ({ faults }) => {
          faults.crash('source', { at: 'during', method: 'ExportAcs', restartAfterMs: 500 });
          faults.crash('target', { at: 'during', method: 'ImportAcs', skip: 1, restartAfterMs: 500 });
          faults.crash('target', { at: 'after', method: 'ImportAcs', skip: 2, restartAfterMs: 500 });
        },
      });

      const report = await result;

      assert.deepEqual(stack.sandbox.faults.pending(), []);
      assertMigrated(report, ledgersOf(stack.sandbox), stack.contracts);
      assertParked(stack.sandbox);
      assertSent(stack.sandbox.calls.list(), 5);
    },
  );

  // Both nodes at once, by SIGKILL: what counts is what they had written.
  test(
    'participants: participants killed during an import and started from disk end equal',
    RARER,
    async (t) => {
      const taskQueue = `crash-${randomUUID()}`;
      const sandbox = await startSandboxProcess(t, FIVE_SHARDS);
      const { contracts } = await sandbox.ledgers();
      await startWorker(t, { taskQueue, addresses: sandbox.addresses });
      const temporal = await connectTemporal(t);
      const client = MigrationClient.over(temporal, { taskQueue });
      const id = await client.start(REQUEST);
      await slowly(temporal, id);
      const result = approveGates(client, id).then(() => client.result(id));
      result.catch(() => undefined);
      await eventually('the third import', async () => atLeast(onlyImports(await sandbox.calls()), 3));

      const before = await sandbox.kill();
      await sandbox.restart();
      const report = await result;

      assertMigrated(report, await sandbox.ledgers(), contracts.source);
      assertSent([...before, ...(await sandbox.calls())], 5);
    },
  );
});
