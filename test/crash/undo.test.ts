import assert from 'node:assert/strict';
import test, { suite, type TestContext } from 'node:test';

import { AbortedError } from '../../client/errors.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { isDeathPoint, isEveryBoundary, RARER } from '../support/boundaries.js';
import { slowly, startCrashStack, type CrashStack } from '../support/crash-stack.js';
import type { CrashPoint } from '../support/crash-worker.js';
import { approveGates, atGate, eventually, ledgersOf, persistently } from '../support/driving.js';
import { startMortalWorkers, type MortalWorkers } from '../support/workers.js';

/** Every activity of an abort at the last gate, in its order. */
const UNDO = [
  'returnSource',
  'purgeImported',
  'connectTarget',
  'removeExport',
  'withdrawPartyAnnotations',
  'withdrawUsers',
  'withdrawIdentityProviders',
  'readPackagesInUse',
  'withdrawVetting',
  'removeDar',
  'withdrawParties',
  'readReturnedSource',
  'pingSelf',
  'readClearedTarget',
] as const;

/** Each dies at some of the activities: a worker takes longer to start than most of them to run. */
const ABORTS = isEveryBoundary ? 3 : 1;

suite('undo', { concurrency: 6, ...RARER }, () => {
  for (let first = 0; first < ABORTS; first++) {
    const activities = UNDO.filter(isDeathPoint)
      .filter((_, at) => isEveryBoundary || at % 8 === 0)
      .filter((_, at) => at % ABORTS === first);
    test(`undo: an abort whose workers die right after ${activities.join(', ')} is completed`, async (t) => {
      const crashes = activities.map((activity): CrashPoint => ({ when: 'after', activity }));
      const { stack, workers, id } = await started(t, crashes);
      await Promise.race([
        workers.broken,
        (async () => {
          await approveGates(stack.client, id, ['root-key', 'interrupt-service']);
          await atGate(stack.client, id, 'cut-over');
          await persistently(() => stack.client.abort(id, { by: 'test' }));
          await assertAborted(stack, id);
        })(),
      ]);

      assert.deepEqual(workers.remaining(), []);
      assert.equal(workers.deaths(), crashes.length);
      assertTakenBack(stack);
    });
  }

  // The import that is under way learns of the abort only by a heartbeat of its next attempt.
  test(
    'undo: an abort during the import, followed by the death of the worker, takes everything back',
    RARER,
    async (t) => {
      const { stack, workers, id } = await started(t, [], 1_000);
      await Promise.race([
        workers.broken,
        (async () => {
          await approveGates(stack.client, id, ['root-key', 'interrupt-service']);
          await eventually('the second import', async () => (imports(stack) > 1 ? true : undefined));
          await stack.client.abort(id, { by: 'test' });
          await workers.killNow();
          await assertAborted(stack, id);
        })(),
      ]);

      assertTakenBack(stack);
    },
  );
});

async function started(
  t: TestContext,
  crashes: CrashPoint[],
  importCallMs = 0,
): Promise<{ stack: CrashStack; workers: MortalWorkers; id: string }> {
  const scenario = { timing: { ...QUICK_TIMING, importCallMs }, contracts: { count: 1_250 } };
  const stack = await startCrashStack(t, { scenario });
  const { taskQueue, sandbox, client, request } = stack;
  const workers = await startMortalWorkers(t, { taskQueue, addresses: sandbox.addresses, crashes });
  const id = await client.start(request);
  await slowly(stack.temporal, id);
  return { stack, workers, id };
}

async function assertAborted({ client }: CrashStack, id: string): Promise<void> {
  await assert.rejects(client.result(id), (error) => {
    assert.ok(error instanceof AbortedError, String(error));
    assert.match(error.withdrawal!.stays[0]!.what, /the delegation of/);
    assert.equal(error.withdrawal!.checked.length, 4);
    return true;
  });
}

/** The source serves and hosts as before; the target has none of its contracts, parties and packages. */
function assertTakenBack({ sandbox, contracts }: CrashStack): void {
  const { source, target } = sandbox.participants;
  assert.deepEqual(ledgersOf(sandbox), {
    contracts: { source: [...contracts].sort(), target: [] },
    connected: { source: ['acme'], target: ['da'] },
  });
  const namespace = source.uid.split('::')[1]!;
  assert.deepEqual(
    target.parties('da').filter(({ party }) => party.endsWith(namespace)),
    [],
  );
  const dars = target.ledger.packages.dars().filter(({ name }) => name.startsWith('lab-'));
  assert.deepEqual(
    dars.map(({ name }) => name),
    ['lab-iou'],
  );
}

function imports({ sandbox }: CrashStack): number {
  return sandbox.calls.list({ method: 'ImportAcs', participant: 'target' }).length;
}
