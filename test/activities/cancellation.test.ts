import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { CancelledFailure } from '@temporalio/common';

import type { CopyInput } from '../../activities/contracts/copy.js';
import { QUICK_TIMING } from '../../sandbox/index.js';
import { importPrefix, nodesOf } from '../../model/plan-parts.js';
import type { ByReference } from '../../model/listed.js';
import { exportInput } from '../../workflows/phases/export-input.js';
import { attempt, type Attempt } from '../support/attempt.js';
import { reached } from '../support/reached.js';
import { REQUEST, SMALL, startStack } from '../support/stack.js';
import { type Migrating, startSteps } from '../support/route-steps.js';

/** Longer than any test waits: only a cancellation can end it in time. */
const FOREVER_MS = 30_000;
const PROMPT_MS = 2_000;

/** Cancels an attempt and checks that it ends soon, with Temporal's reason and nothing else. */
async function assertEndsPromptly({ result, cancel }: Attempt<unknown>): Promise<void> {
  const cancelledAt = performance.now();
  cancel();
  await assert.rejects(result, (error: unknown) => {
    assert.ok(error instanceof CancelledFailure, String(error));
    assert.equal(error.message, 'CANCELLED');
    return true;
  });
  const tookMs = performance.now() - cancelledAt;
  assert.ok(tookMs < PROMPT_MS, `took ${tookMs} ms`);
}

/** The transfer up to the frozen nodes, without a byte: what the copy is given then. */
async function copyInput(migrating: Migrating): Promise<ByReference<CopyInput>> {
  const { act, planned } = migrating;
  const { ledgerEnd: targetLedgerEnd } = await act.isolateTarget(nodesOf(planned.plan));
  const { ledgerEnd } = await act.quiesceSource(quiesceInput(migrating));
  const workflowIdPrefix = importPrefix(planned.hash);
  return { ...exportInput(planned, ledgerEnd), workflowIdPrefix, targetLedgerEnd };
}

function quiesceInput({ refs, planned: { plan } }: Migrating) {
  return {
    source: refs.source,
    alias: 'acme',
    synchronizerId: plan.source.synchronizer.logicalId,
    resourceLimits: plan.source.resourceLimits,
    quietSeconds: 1,
  };
}

test('cancellation: an export ends promptly and leaves nothing in the spool', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { sandbox, activities, spoolFolder } = migrating;
  const input = await copyInput(migrating);
  sandbox.faults.delay('ExportAcs', FOREVER_MS);

  const exporting = attempt(activities, 'copyActiveContracts', input);
  await reached(() => sandbox.calls.list({ method: 'ExportAcs' }).length === 1);

  await assertEndsPromptly(exporting);
  assert.deepEqual(readdirSync(spoolFolder), []);
});

test('cancellation: an import ends promptly, and the next attempt ends well', async (t) => {
  const timing = { ...QUICK_TIMING, importCallMs: 2000 };
  const migrating = await startSteps(t, {
    upTo: 'migrate-local-state',
    scenario: { ...SMALL, timing },
  });
  const { sandbox, activities } = migrating;
  const input = await copyInput(migrating);

  const importing = attempt(activities, 'copyActiveContracts', input);
  await reached(
    () => sandbox.calls.list({ method: 'ImportAcs' })[0]?.request.includes('bytes') === true,
  );
  await assertEndsPromptly(importing);

  // If the upload was complete, the target goes on with it; else it has none of it.
  const again = attempt(activities, 'copyActiveContracts', input, undefined, { attempt: 2 });
  const { checkpoint } = await again.result;
  assert.equal(checkpoint.contractCount, 60);
  assert.equal(sandbox.participants.target.contracts().length, 60);
});

test('cancellation: waiting for a delegation that does not come ends promptly', async (t) => {
  const { sandbox, activities, planned } = await startSteps(t);
  const waiting = attempt(activities, 'readNamespaceDelegation', {
    ...nodesOf(planned.plan),
    namespace: planned.plan.source.namespace,
    targetKey: planned.plan.target.namespaceKey,
  });
  await reached(() => sandbox.calls.list({ method: 'ListNamespaceDelegation' }).length > 2);

  await assertEndsPromptly(waiting);
});

test('cancellation: waiting for a source that does not become quiet ends promptly', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state' });
  const { sandbox, activities } = migrating;
  const { logicalId } = sandbox.synchronizers.source.info;
  sandbox.participants.source.ledger.setInFlight(logicalId, { submissions: 1, transactions: 0 });
  const waiting = attempt(activities, 'quiesceSource', quiesceInput(migrating));
  await reached(() => sandbox.calls.list({ method: 'CountInFlight' }).length > 1);

  await assertEndsPromptly(waiting);
});

test('cancellation: a plan that counts contracts ends promptly', async (t) => {
  const { sandbox, activities } = await startStack(t);
  sandbox.faults.delay('GetActiveContracts', FOREVER_MS);
  const planning = attempt(activities, 'readPlan', REQUEST);
  await reached(() => sandbox.calls.list({ method: 'GetActiveContracts' }).length === 1);

  await assertEndsPromptly(planning);
});

test('cancellation: a comparison ends promptly', async (t) => {
  const { sandbox, activities, planned, record } = await startSteps(t, {
    upTo: 'transfer-active-contracts',
  });
  sandbox.faults.delay('ExportAcs', FOREVER_MS, { participant: 'target' });
  const comparing = attempt(
    activities,
    'compareActiveContracts',
    exportInput(planned, record.pinnedOffset!),
  );
  await reached(() => sandbox.calls.list({ method: 'ExportAcs', participant: 'target' }).length === 1);

  await assertEndsPromptly(comparing);
});
