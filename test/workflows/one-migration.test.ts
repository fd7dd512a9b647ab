import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { migrationId } from '../../model/plan.js';
import { MIGRATE_WORKFLOW } from '../../model/steering.js';
import { RARER } from '../support/boundaries.js';
import { approveGates } from '../support/driving.js';
import { REQUEST, SMALL } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

const ELSEWHERE = { ...REQUEST, sourceSynchronizer: 'acme', targetSynchronizer: 'acme' };

test('one migration: a node of an open one is neither source nor target of another, under any id', async (t) => {
  const stack = await startOpen(t);
  const { id, taskQueue, sandbox } = stack;
  const { fresh } = sandbox.participants;
  const before = sandbox.calls.list().length;

  const sameTarget = await refusal(stack, migrationId(fresh!.uid), 'fresh', 'target');
  const sourceAsTarget = await refusal(stack, `nightly-1-${taskQueue}`, 'fresh', 'source');
  const targetAsSource = await refusal(stack, `nightly-2-${taskQueue}`, 'target', 'fresh');

  assert.match(sameTarget, new RegExp(`^MigrationOpen: target \\(.*\\) is the target of ${id}`));
  assert.match(sourceAsTarget, new RegExp(`^MigrationOpen: source \\(.*\\) is the source of ${id}`));
  assert.match(targetAsSource, new RegExp(`^AlreadyRunning: target is the target of ${id}`));
  for (const refused of [sameTarget, sourceAsTarget, targetAsSource])
    assert.match(refused, new RegExp(`\\(waiting at gate root-key\\).*canton-migrate status ${id}$`));
  const asked = new Set(
    sandbox.calls
      .list()
      .slice(before)
      .map(({ method }) => method),
  );
  assert.deepEqual([...asked].sort(), LOOKS_UP_NAMES);
});

test('one migration: a client is told which migration has the node, and so is who asks by its id', async (t) => {
  const { client, id, sandbox } = await startOpen(t);
  const { target } = sandbox.participants;
  const claim = migrationId(target.uid);
  const named = { type: 'MigrationOpen', message: new RegExp(id) };

  const { status } = await client.status(claim);

  assert.equal(status?.summary, `this node is the target of ${id}, which is open`);
  assert.equal(status.next, `canton-migrate status ${id}`);
  await assert.rejects(client.abort(claim, { by: 'ada' }), named);
  const said = {
    type: 'MigrationOpen',
    message: new RegExp(
      `^source is the source of ${id}.*gate root-key.*; target is the target of ${id}`,
    ),
    next: `canton-migrate status ${id}`,
  };
  // Also where the migration was made otherwise: what it did to the nodes is no finding of a plan.
  for (const request of [REQUEST, { ...REQUEST, options: { sharedContracts: 'exclude' } as const }])
    await assert.rejects(client.plan(request), said);
  await assert.rejects(client.plan({ ...ELSEWHERE, source: 'fresh' }), named);
  await assert.rejects(client.start({ ...ELSEWHERE, source: 'fresh' }), named);
  await assert.rejects(
    client.start({ ...ELSEWHERE, source: 'target', target: 'fresh', sourceSynchronizer: 'da' }),
    named,
  );
  const parking = { participant: 'target', servedBy: 'fresh', by: 'ada' };
  await assert.rejects(client.parkParticipant(parking), named);
});

test(
  'one migration: the reverse migration waits until the first one is closed, and then has both nodes',
  RARER,
  async (t) => {
    const { client, id, sandbox } = await startOpen(t);
    await approveGates(client, id);
    await client.result(id);
    const request = await client.requestReverse(id);

    await assert.rejects(client.start(request), {
      type: 'MigrationOpen',
      message: new RegExp(`^target is the target of ${id}, which is open \\(watching\\)`),
      next: new RegExp(`canton-migrate close ${id}`),
    });
    await client.closeMigration(id, { by: 'ada' });
    const back = await client.start(request);

    assert.equal(back, migrationId(sandbox.participants.target.uid));
    await client.abort(back, { by: 'ada' });
    await assert.rejects(client.result(back), { type: 'Aborted' });
  },
);

for (const how of ['terminated', 'aborted', 'cancelled'] as const) {
  test(
    `one migration: the nodes of one that was ${how} are free`,
    how === 'terminated' ? {} : RARER,
    async (t) => {
      const stack = await startOpen(t);
      const { client, handle, id, sandbox } = stack;
      if (how === 'terminated') await handle(id).terminate();
      if (how === 'aborted') await client.abort(id, { by: 'ada' });
      if (how === 'cancelled') await handle(id).cancel();
      await handle(id)
        .result()
        .catch(() => undefined);

      const next = await begin(stack, migrationId(sandbox.participants.fresh!.uid), 'fresh', 'target');
      // It has the target, and says what stands in the way of a plan.
      await stack.until(next.workflowId, ({ state }) => state !== 'running');
      await next.terminate();
    },
  );
}

/** What a second migration asks the nodes before it is refused. */
const LOOKS_UP_NAMES = ['GetId'];

async function startOpen(t: TestContext) {
  const stack = await startMigrationStack(t, {
    scenario: { ...SMALL, fresh: { name: 'fresh', dars: [] } },
  });
  const id = await stack.client.start(REQUEST);
  // What the gate shows was read by then.
  await stack.until(id, ({ differences }) => differences !== undefined);
  return { ...stack, id };
}

function begin({ temporal, taskQueue }: MigrationStack, id: string, source: string, target: string) {
  const args = [{ ...ELSEWHERE, source, target }];
  return temporal.workflow.start(MIGRATE_WORKFLOW, { workflowId: id, taskQueue, args });
}

async function refusal(stack: MigrationStack, id: string, source: string, target: string) {
  const { result } = await begin(stack, id, source, target).then((run) => ({ result: run.result() }));
  const error = await result.then(
    () => assert.fail('it was not refused'),
    ({ cause }: { cause: Error & { type?: string; cause?: Error & { type?: string } } }) =>
      cause.type === undefined ? cause.cause! : cause,
  );
  return `${error.type}: ${error.message}`;
}
