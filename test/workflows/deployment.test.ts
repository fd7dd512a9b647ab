import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';

import { createActivities } from '../../activities/index.js';
import { connectParticipant } from '../../canton/index.js';
import { FolderStore } from '../../storage/folder.js';
import { ListStore } from '../../storage/list-store.js';
import { deploymentOf } from '../../worker/deployment.js';
import { RARER } from '../support/boundaries.js';
import { workflowBundle } from '../support/bundle.js';
import { startCrashStack, type CrashStack } from '../support/crash-stack.js';
import {
  approveGates,
  assertMigrated,
  atGate,
  COLD_GATES,
  eventually,
  ledgersOf,
} from '../support/driving.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { SMALL } from '../support/stack.js';
import { temporalServer } from '../support/temporal.js';

const FIRST_GATE = COLD_GATES[0]!;

/** A worker of one build, as its configuration makes it, with workflow code of its own. */
async function startBuild(t: TestContext, stack: CrashStack, name: string, buildId: string) {
  const { address } = await temporalServer();
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-build-'));
  const { source, target } = stack.sandbox.addresses;
  const nodes = Object.entries({ source, target }).map(([node, { admin, ledger }]) =>
    connectParticipant(node, { admin: { address: admin }, ledger: { address: ledger } }),
  );
  const bundle = await workflowBundle();
  if (!('code' in bundle)) throw new Error('expected the code of the workflows');
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    taskQueue: stack.taskQueue,
    workflowBundle: { code: `${bundle.code}\n// build ${buildId}\n` },
    activities: createActivities({
      participants: new Map(nodes.map((node) => [node.name, node])),
      lists: new ListStore(new FolderStore(join(folder, 'lists'))),
      spool: { folder, key: SPOOL_KEY },
    }),
    maxHeartbeatThrottleInterval: '1s',
    shutdownForceTime: '5s',
    ...deploymentOf({ deployment: { name, buildId } }),
  });
  const running = worker.run();
  const stop = async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  };
  t.after(async () => {
    await stop();
    for (const node of nodes) node.close();
    await connection.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { stop };
}

/** As `temporal worker deployment set-current-version` does; a build is known once it has asked for work. */
async function makeCurrent(temporal: Client, deploymentName: string, buildId: string): Promise<void> {
  const { namespace } = temporal.options;
  await eventually(`build ${buildId} is current`, () =>
    temporal.workflowService
      .setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId })
      .then(
        () => true,
        () => undefined,
      ),
  );
}

/** Build ids by which the tasks of a workflow were done, each once where it follows another one. */
async function buildsOf(temporal: Client, id: string): Promise<string[]> {
  const { events = [] } = await temporal.workflow.getHandle(id).fetchHistory();
  const all = (events ?? []).flatMap((event) => {
    const its = event.workflowTaskCompletedEventAttributes;
    return its ? [its.deploymentVersion?.buildId ?? ''] : [];
  });
  return all.filter((build, at) => build !== all[at - 1]);
}

test(
  'deployment: a migration goes on with the build that became current while it waited at a gate, also after it continued as new, and the old build may go',
  RARER,
  async (t) => {
    await temporalServer({ longAfterEvents: 60 });
    const stack = await startCrashStack(t, { scenario: SMALL });
    const { client, temporal, taskQueue: name } = stack;
    const old = await startBuild(t, stack, name, 'one');
    await assert.rejects(client.plan(stack.request), {
      type: 'BuildNotCurrent',
      next: `temporal worker deployment set-current-version --deployment-name ${name} --build-id one`,
    });
    await makeCurrent(temporal, name, 'one');
    const id = await client.start(stack.request);
    await atGate(client, id, FIRST_GATE);
    const { runId } = await temporal.workflow.getHandle(id).describe();
    assert.deepEqual(await buildsOf(temporal, id), ['one']);

    await startBuild(t, stack, name, 'two');
    await makeCurrent(temporal, name, 'two');
    await approveGates(client, id, [FIRST_GATE]);
    await old.stop();
    await approveGates(client, id, COLD_GATES.slice(1));
    const report = await client.result(id);

    assertMigrated(report, ledgersOf(stack.sandbox), stack.contracts);
    const { runId: lastRun, raw } = await temporal.workflow.getHandle(id).describe();
    assert.notEqual(lastRun, runId, 'the migration continued as new');
    assert.deepEqual(await buildsOf(temporal, id), ['two']);
    // `VERSIONING_BEHAVIOR_AUTO_UPGRADE`: a run that inherited its build would stay on it for ever.
    assert.equal(Number(raw.workflowExecutionInfo?.versioningInfo?.behavior), 2);
  },
);
