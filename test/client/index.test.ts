import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client, Connection } from '@temporalio/client';

import {
  MigrationClient,
  MigrationError,
  NoWorkerError,
  RequestInvalidError,
} from '../../client/index.js';
import { migrationId } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { STARTED_MEMO } from '../../model/started.js';
import { MIGRATE_WORKFLOW, TASK_QUEUE } from '../../model/steering.js';
import { startTemporalServer, type TemporalServer } from '../../tools/temporal-server.js';
import { runCli } from './run-cli.js';

const REQUEST: MigrationRequest = {
  source: 'old',
  target: 'new',
  sourceSynchronizer: 'main',
  targetSynchronizer: 'next',
};
const UID = `old::1220${'ab'.repeat(32)}`;

let server: TemporalServer;
let temporal: Client;
let client: MigrationClient;

// A Temporal server that no worker is connected to.
before(async () => {
  server = await startTemporalServer({ ui: 'none' });
  temporal = new Client({ connection: await Connection.connect({ address: server.address }) });
  client = MigrationClient.over(temporal);
});

after(async () => {
  await client.close();
  await server.stop();
});

const startOpen = (workflowId: string, taskQueue = TASK_QUEUE) =>
  temporal.workflow.start(MIGRATE_WORKFLOW, { args: [REQUEST], workflowId, taskQueue });

test('client: a request that is none is refused before anybody is asked', async () => {
  await assert.rejects(client.plan({ ...REQUEST, source: '' }), RequestInvalidError);
});

test('client: without a worker a plan fails at once, names the task queue and leaves nothing open', async () => {
  await assert.rejects(client.plan(REQUEST), (error) => {
    assert.ok(error instanceof NoWorkerError);
    assert.match(error.message, /task queue canton-migrate/);
    assert.match(error.next, /canton-migrate worker --config/);
    return true;
  });
  assert.equal((await temporal.workflow.count()).count, 0);
});

test('client: without a worker the status is what Temporal knows, and steering fails at once, with the task queue of the migration', async (t) => {
  const handle = await startOpen(migrationId(UID), 'nightly-queue');
  t.after(() => handle.terminate());

  const { execution, status, isWorkerPresent } = await client.status(handle.workflowId);

  assert.deepEqual(
    { execution, status, isWorkerPresent },
    {
      execution: 'running',
      status: undefined,
      isWorkerPresent: false,
    },
  );
  await assert.rejects(client.pause(handle.workflowId, { by: 'ada' }), {
    name: 'NoWorkerError',
    message: 'no worker answers on task queue nightly-queue',
  });
});

test('client: a worker that does not answer is told of, not a migration without a plan or one that migrated nothing', async (t) => {
  const taskQueue = 'unanswered';
  const id = migrationId(`u${UID}`);
  const handle = await startOpen(id, taskQueue);
  t.after(() => handle.terminate());
  const { namespace } = temporal.options;
  // Takes the task of the workflow, is listed as a worker since, and says nothing.
  const poll = { namespace, identity: 'silent', taskQueue: { name: taskQueue } };
  const byThen = Date.now() + 30_000;
  await temporal.withDeadline(byThen, () => temporal.workflowService.pollWorkflowTaskQueue(poll));
  const impatient = Object.create(temporal, {
    withDeadline: {
      value: (_: number, act: () => Promise<unknown>) => temporal.withDeadline(Date.now() + 500, act),
    },
  }) as Client;
  const asked = MigrationClient.over(impatient, { taskQueue });

  await assert.rejects(asked.planOf(id), NoWorkerError);
  await assert.rejects(asked.requestReverse(id), NoWorkerError);
  // Also where the worker is gone since it told the plan.
  t.mock.method(asked, 'planOf', () => Promise.resolve({}));
  await assert.rejects(asked.requestReverse(id), NoWorkerError);
});

test('client: names, uids, how these begin and workflow ids all name a migration', async (t) => {
  const id = migrationId(UID);
  const memo = { [STARTED_MEMO]: { source: 'old', target: 'new', by: 'ada' } };
  const handle = await temporal.workflow.start(MIGRATE_WORKFLOW, {
    ...{ args: [REQUEST], workflowId: id, taskQueue: TASK_QUEUE, memo },
  });
  t.after(() => handle.terminate());
  const other = await startOpen(migrationId(`other${UID}`));
  t.after(() => other.terminate());
  await until(async () => (await foundOrError()) instanceof MigrationError);

  const short = `${UID.slice(0, 16)}...${UID.slice(-4)}`;
  const names = [
    'old',
    'new',
    UID,
    UID.slice(0, 12),
    short,
    id,
    id.slice(0, -9),
    'migrate-participant/old',
  ];
  for (const name of names) assert.equal(await client.find(name), id, name);
});

test('client: what no migration is named says what there is, and is proposed to nobody', async (t) => {
  const handle = await startOpen(migrationId(UID));
  t.after(() => handle.terminate());
  const environment = { TEMPORAL_ADDRESS: server.address };

  const { code, err } = await runCli(['status', 'nightly'], { environment });

  assert.equal(code, 3);
  assert.match(err, /^NotFound: found no migration named nightly, expected the name or uid/);
  assert.ok(err.includes(` ${handle.workflowId}`), err);
  assert.match(err, /\nnext: name one of them: canton-migrate list --all\n$/);
});

test('client: a run that waits for its child means the child', async (t) => {
  await assert.rejects(client.find('nightly'), { kind: 'refused', type: 'NotFound' });
  const parent = await startOpen('nightly-2026');
  t.after(() => parent.terminate());

  // Nobody began a child of it yet.
  assert.equal(await client.find('nightly-2026'), 'nightly-2026');
});

test('client: one that does not exist is refused by name', async () => {
  await assert.rejects(client.status('nightly'), { kind: 'refused', type: 'NotFound' });
  await assert.rejects(client.result('nightly'), { kind: 'refused', type: 'NotFound' });
});

test('client: without a reference the only open one is meant, and several have to be named', async (t) => {
  await assert.rejects(client.find(), { kind: 'usage', type: 'NoneOpen' });

  const first = await startOpen(migrationId(`a${UID}`));
  t.after(() => first.terminate());
  await until(async () => (await foundOrError()) === first.workflowId);
  const second = await startOpen(migrationId(`b${UID}`));
  t.after(() => second.terminate());
  // Started under another id, it has the real one as its child and is not listed itself.
  const scheduled = await startOpen('nightly-2026');
  t.after(() => scheduled.terminate());

  await until(async () => (await foundOrError()) instanceof MigrationError);
  await assert.rejects(client.find(), {
    kind: 'usage',
    type: 'SeveralOpen',
    message: `several migrations are open:\n  ${first.workflowId}\n  ${second.workflowId}`,
  });
});

test('cli: a status without a worker says so and ends with code 0', async (t) => {
  const handle = await startOpen(migrationId(UID));
  t.after(() => handle.terminate());

  const { code, out } = await runCli(['status', UID], {
    environment: { TEMPORAL_ADDRESS: server.address },
  });

  assert.equal(code, 0);
  assert.match(out, /no worker answers: the migration waits for one/);
  assert.match(out, /next: start a worker: canton-migrate worker --config <file>\n$/);
});

test('client: watching ends with the migration', async () => {
  const handle = await startOpen(migrationId(`c${UID}`));
  const seen: string[] = [];

  for await (const { execution } of client.watch(handle.workflowId)) {
    seen.push(execution);
    if (execution === 'running') await handle.terminate();
  }

  assert.deepEqual(seen, ['running', 'terminated']);
  await assert.rejects(client.result(handle.workflowId), { kind: 'unexpected', type: 'Terminated' });
});

async function foundOrError(): Promise<unknown> {
  return client.find().catch((error: unknown) => error);
}

// The list of open workflows lags behind.
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await condition())) assert.ok(Date.now() < deadline, 'the condition did not come true');
}
