import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  createActivities,
  type ActivityDependencies,
  type Activities,
} from '../../../activities/index.js';
import { importPrefix } from '../../../model/plan-parts.js';
import { migrationId } from '../../../model/plan.js';
import { PLANNED_MEMO, type PlannedMemo } from '../../../model/planned.js';
import {
  calling,
  callingAs,
  environmentOf,
  parking,
  type Calling,
  type Described,
} from '../../support/calling.js';
import { failing } from '../../support/failing.js';
import { SPOOL_KEY } from '../../support/spool-key.js';
import { REQUEST, SILENT, SMALL, startStack, temporalOf, type Stack } from '../../support/stack.js';

const FEW = { ...SMALL, parties: { local: 1 }, contracts: { count: 4 } };
const HASH = 'a'.repeat(64);

const plannedOf = ({ refs }: Stack, over: Partial<PlannedMemo> = {}): PlannedMemo => ({
  planHash: HASH,
  ...refs,
  issuers: [refs.source.uid],
  procedure: 'cold',
  startedAt: new Date().toISOString(),
  ...over,
});

/** Executes one activity for whom Temporal says, on a worker with these settings. */
async function execute<Name extends keyof Activities>(
  { nodes, spoolFolder }: Stack,
  name: Name,
  input: Parameters<Activities[Name]>[0],
  by: Calling,
  settings: Partial<ActivityDependencies> = {},
): Promise<unknown> {
  const spool = { folder: spoolFolder, key: SPOOL_KEY };
  const activities = createActivities({ participants: nodes, spool, ...settings });
  const environment = environmentOf(by, {}, { logger: SILENT, client: temporalOf() });
  const run = activities[name] as (input: unknown) => Promise<unknown>;
  return environment.run<[unknown], unknown, typeof run>(run, input);
}

/** The same caller, of whom Temporal says something else. */
function but({ info, described }: Calling, over: Described): Calling {
  return { info, described: (id) => ({ ...described(id), ...over }) };
}

/** The same activity, executed by itself. */
function standalone({ info, described }: Calling): Calling {
  const { activityType } = info;
  const none = { workflowExecution: undefined, workflowType: undefined, inWorkflow: false };
  return { info: { activityType, ...none } as unknown as Calling['info'], described };
}

test('caller: only a running migration of the node changes it, whatever is executed by others', async (t) => {
  const stack = await startStack(t, FEW);
  const { refs, sandbox } = stack;
  const right = calling('ensureParkedAgain', plannedOf(stack));
  const { info } = right;
  const elsewhere = { name: 'third', uid: 'third::1220' };
  const other = plannedOf(stack, { source: elsewhere });
  const input = { source: refs.source, expectedLedgerEnd: '0' };
  const serving = sandbox.participants.source.connected();
  const outsiders: [what: string, by: Calling, type?: string][] = [
    ['a standalone activity', standalone(right)],
    ['another workflow type', { ...right, info: { ...info, workflowType: 'forged' } }],
    ['a plan', { ...right, info: { ...info, workflowType: 'planMigration' } }],
    ['a workflow that parks', { ...right, info: { ...info, workflowType: 'parkParticipant' } }],
    ['one that Temporal does not know', { ...right, described: () => undefined }],
    ['one of another type to Temporal', but(right, { type: 'forged' })],
    ['one that has ended', but(right, { status: 'TERMINATED' })],
    ['one of another task queue', but(right, { taskQueue: 'theirs' })],
    ['one without a plan', but(right, { memo: {} })],
    ['one whose source is another', but(right, { memo: { [PLANNED_MEMO]: other } })],
    [
      'one of two names of a node',
      calling('ensureParkedAgain', plannedOf(stack, { target: refs.source })),
    ],
    ['the migration of other nodes', calling('ensureParkedAgain', other), 'NotPlanned'],
  ];

  for (const [what, by, type = 'CallerNotAllowed'] of outsiders) {
    const calls = sandbox.calls.last;
    await assert.rejects(execute(stack, 'ensureParkedAgain', input, by), failing(type, 'refused'), what);
    assert.deepEqual(sandbox.calls.list({ isMutating: true, after: calls }), [], what);
  }
  assert.deepEqual(sandbox.participants.source.connected(), serving);
  await execute(stack, 'ensureParkedAgain', input, right);
  assert.deepEqual(sandbox.participants.source.connected(), []);
});

// With the target in the place of the source every user of it looks as if the migration had made it.
test('caller: each node only in its own role, so that no user is withdrawn by comparing the target with itself', async (t) => {
  const stack = await startStack(t, { ...FEW, localState: { users: 2 } });
  const { refs, participants } = stack;
  const { users } = participants.get('target')!;
  const operator = { id: 'operator', primaryParty: '', isDeactivated: false, identityProvider: '' };
  await users.createUser({ ...operator, authenticatesPrimaryParty: false, annotations: {} });
  const input = {
    source: refs.target,
    target: refs.target,
    namespace: refs.source.uid.split('::')[1]!,
    parties: [],
    remove: [{ id: 'operator', identityProvider: '', digest: '' }],
    reduce: [],
    others: [],
  };
  const by = calling('withdrawUsers', plannedOf(stack));

  await assert.rejects(
    execute(stack, 'withdrawUsers', input, by),
    failing('NotPlanned', 'refused', 'source: found', refs.target.uid),
  );

  const ids = (await users.listUsers('')).map(({ id }) => id);
  assert.ok(ids.includes('operator'), ids.join());
});

test('caller: a delegation is issued by the participant that the plan names for it, whichever that is', async (t) => {
  const stack = await startStack(t, FEW);
  const third = { name: 'third', uid: 'third::1220' };
  const input = {
    source: third,
    target: stack.refs.target,
    namespace: stack.refs.source.uid.split('::')[1]!,
    targetKey: (await stack.plan()).plan.target.namespaceKey,
  };
  for (const name of ['ensureNamespaceDelegation', 'loadNamespaceDelegation'] as const) {
    const by = (issuers: string[]) => calling(name, plannedOf(stack, { issuers }));
    await assert.rejects(
      execute(stack, name, input, by([stack.refs.source.uid])),
      failing('NotPlanned', 'refused', third.uid),
    );
    // It may act then, and this worker does not know the node.
    await assert.rejects(
      execute(stack, name, input, by([third.uid])),
      failing('UnknownParticipant', 'refused', 'third'),
    );
  }
});

test('caller: contracts are purged by the prefix of its own plan alone', async (t) => {
  const stack = await startStack(t, FEW);
  const { refs, sandbox } = stack;
  await stack.act.isolateTarget({ target: refs.target });
  const input = { target: refs.target, alias: 'da', synchronizerId: 'da::1220', parties: [] };
  const by = calling('purgeImported', plannedOf(stack));
  const before = sandbox.calls.last;

  for (const prefix of ['mig-0000000000000000', 'mig', 'app', `${importPrefix(HASH)}-gx`]) {
    await assert.rejects(
      execute(stack, 'purgeImported', { ...input, workflowIdPrefix: prefix }, by),
      failing('NotPlanned', 'refused', prefix, importPrefix(HASH)),
    );
  }

  assert.deepEqual(sandbox.calls.list({ isMutating: true, after: before }), []);
});

test('caller: a spool is removed only by its migration, and never a folder beside it', async (t) => {
  const stack = await startStack(t, FEW);
  const beside = join(stack.spoolFolder, '..', `${HASH.slice(0, 13)}-0`);
  const by = calling('removeExport', plannedOf(stack));
  const removing = (planHash: string, offset = '0', its = by) =>
    execute(stack, 'removeExport', { planHash, offset }, its);
  const own = join(stack.spoolFolder, `${HASH.slice(0, 16)}-0`);
  for (const folder of [own, beside]) mkdirSync(folder, { recursive: true });

  await assert.rejects(removing(`../${HASH}`), failing('NotPlanned', 'refused', 'planHash'));
  await assert.rejects(removing(HASH, '/../../x'), failing('NotPlanned', 'refused', 'offset'));
  await assert.rejects(removing('b'.repeat(64)), failing('NotPlanned', 'refused', 'planHash'));
  await assert.rejects(removing(HASH, '0', standalone(by)), failing('CallerNotAllowed', 'refused'));
  assert.ok(existsSync(own) && existsSync(beside));

  await removing(HASH);
  assert.ok(!existsSync(own));
});

test('caller: a node is parked by the workflow that has claimed it, and by no migration', async (t) => {
  const nobody = { local: 0, multiHosted: 0, external: 0, decentralized: 0, foreign: 0 };
  const stack = await startStack(t, { ...SMALL, parties: nobody, contracts: { count: 0 } });
  const { source } = stack.sandbox.participants;
  const input = { participant: 'source', servedBy: 'target', by: 'test', force: true };
  const serving = source.connected();
  const claimed = parking();
  const id = migrationId(stack.refs.source.uid);
  const withClaim = (over: Described): Calling => ({
    ...claimed,
    described: (its) => (its === id ? { ...claimed.described(its), ...over } : claimed.described(its)),
  });
  const ended = { status: 'COMPLETED' };
  const parentExecution = { workflowId: 'migrate-participant/other', runId: 'other' };

  const holder = claimed.info.workflowExecution!.workflowId;
  for (const by of [
    withClaim(ended),
    withClaim({ type: 'migrateParticipant' }),
    withClaim({ parentExecution }),
    withClaim({ memo: { role: 'node that serves', holder } }),
    calling('ensureParked', plannedOf(stack)),
  ]) {
    const parked = execute(stack, 'ensureParked', input, by);
    await assert.rejects(parked, failing('CallerNotAllowed', 'refused'));
  }
  assert.deepEqual(source.connected(), serving);

  await execute(stack, 'ensureParked', input, claimed);
  assert.deepEqual(source.connected(), []);
});

test('caller: the pairs of the configuration are the only ones, in their direction', async (t) => {
  const stack = await startStack(t, FEW);
  const { refs, sandbox } = stack;
  const back = [{ source: 'target', target: 'source' }];
  const there = [...back, { source: 'source', target: 'target' }];
  const refusal = failing('MigrationNotAllowed', 'refused', 'from source to target', 'target to source');
  const isolate = (migrations: typeof back) =>
    execute(
      stack,
      'isolateTarget',
      { target: refs.target },
      calling('isolateTarget', plannedOf(stack)),
      {
        migrations,
      },
    );
  const asking = <Name extends 'readPlan' | 'readRequestedNodes'>(name: Name, migrations: typeof back) =>
    execute(stack, name, REQUEST, callingAs(name, REQUEST), { migrations });
  const parkingNode = { participant: 'source', servedBy: 'target', by: 'test' };
  const by = callingAs('readNodesToPark', parkingNode);

  await assert.rejects(isolate(back), refusal);
  await assert.rejects(asking('readPlan', back), refusal);
  await assert.rejects(asking('readRequestedNodes', back), refusal);
  await assert.rejects(
    execute(stack, 'readNodesToPark', parkingNode, by, { migrations: back }),
    refusal,
  );
  assert.deepEqual(sandbox.participants.target.connected(), ['da']);
  await asking('readRequestedNodes', there);
  await isolate(there);
  assert.deepEqual(sandbox.participants.target.connected(), []);
});

test('caller: a migration that is paused in Temporal is open: it changes its nodes later, and nobody else gets them', async (t) => {
  const stack = await startStack(t, FEW);
  const { uid } = stack.refs.source;
  const paused = but(calling('readHolder', plannedOf(stack)), { status: 'PAUSED' });

  const holder = await execute(stack, 'readHolder', { uid }, paused);

  assert.deepEqual(holder, {
    uid,
    role: 'source',
    holder: migrationId(uid),
    firstRunId: '00000000-0000-0000-0000-000000000000',
  });
});

test('caller: what Temporal says and nobody can read fails the step, which asks no more', async (t) => {
  const stack = await startStack(t, FEW);
  const { refs, sandbox } = stack;
  const unreadable = () => {
    throw new TypeError('unknown encoding: binary/encrypted');
  };
  const by = { ...calling('ensureParkedAgain', plannedOf(stack)), described: unreadable };
  const input = { source: refs.source, expectedLedgerEnd: '0' };
  const calls = sandbox.calls.last;

  await assert.rejects(execute(stack, 'ensureParkedAgain', input, by), /unknown encoding/);
  assert.deepEqual(sandbox.calls.list({ isMutating: true, after: calls }), []);
});
