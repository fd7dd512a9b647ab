import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Client, Connection } from '@temporalio/client';

import { MigrationClient, type MigrationList } from '../../client/index.js';
import { startStack, StackParts, type DemoStack } from '../../demo/stack.js';
import type { Gate } from '../../model/phase.js';
import { migrationId, type HashedPlan } from '../../model/plan.js';
import type { MigrationReport, WithdrawalReport } from '../../model/report.js';
import type { MigrationRequest } from '../../model/request.js';
import { eventually } from '../support/driving.js';
import { runCli } from './run-cli.js';

const SCENARIO = { contracts: { count: 200 } };
const OTHER_HASH = '0'.repeat(64);

interface Failure {
  error: { kind: string; type: string; message: string; next: string };
}

let parts: StackParts;
let stack: DemoStack;
let temporal: Client;
let client: MigrationClient;
let plan: HashedPlan;

// A real Temporal server, a worker and simulated participants, each a process of its own. The tests go in order.
before(async () => {
  parts = new StackParts();
  stack = await startStack(parts, { scenario: SCENARIO }, () => undefined);
  const connection = await Connection.connect({ address: stack.temporal.address });
  temporal = new Client({ connection });
  client = MigrationClient.over(temporal);
});

after(async () => {
  await client.close();
  await parts.stop();
});

/** Runs a verb with --json and returns its exit code and the last object it printed. */
async function cli<T>(
  args: string[],
  request?: MigrationRequest,
): Promise<{ code: number | null; value: T }> {
  const input = request === undefined ? '' : JSON.stringify(request);
  const given = request === undefined ? [] : ['--request', '-'];
  const { code, out, err } = await runCli([...args, ...given, '--json'], {
    environment: stack.environment,
    input,
  });
  assert.equal(err, '');
  return { code, value: JSON.parse(out.trim().split('\n').at(-1) ?? '') as T };
}

async function untilGate(gate: Gate): Promise<void> {
  for await (const { status } of client.watch(migrationId(plan.plan.source.uid))) {
    if (status?.gate?.name === gate) return;
    assert.notEqual(status?.state, 'stopped', JSON.stringify(status?.lastFailure));
  }
  assert.fail(`the migration ended before ${gate}`);
}

test('cli: plan prints what would be done and ends with code 0', async () => {
  const { code, value } = await cli<HashedPlan>(['plan'], stack.sandbox.request);
  plan = value;

  assert.equal(code, 0);
  assert.equal(plan.plan.contracts.total, 200);
  assert.match(plan.hash, /^[0-9a-f]{64}$/);
});

test('cli: an obstructed plan ends with code 3, names the cures, and its start is refused', async () => {
  const request = { ...stack.sandbox.request, parties: [`nobody::1220${'ab'.repeat(32)}`] };
  const planned = await cli<HashedPlan>(['plan'], request);
  const started = await cli<Failure>(['start', '--yes'], request);

  assert.equal(planned.code, 3);
  assert.ok(planned.value.plan.obstacles.every(({ cure }) => cure !== ''));
  assert.equal(started.code, 3);
  assert.equal(started.value.error.type, 'PlanObstructed');
});

test('cli: a participant that the worker does not know is refused by name', async () => {
  const { code, value } = await cli<Failure>(['plan'], { ...stack.sandbox.request, source: 'nobody' });

  assert.equal(code, 3);
  assert.equal(value.error.type, 'UnknownParticipant');
  assert.match(value.error.message, /nobody/);
});

test('cli: start needs --yes where nobody can be asked, and the plan it was approved for', async () => {
  const unanswered = await cli<Failure>(['start'], stack.sandbox.request);
  const changed = await cli<Failure>(
    ['start', '--yes', '--plan-hash', OTHER_HASH],
    stack.sandbox.request,
  );

  assert.deepEqual([unanswered.code, unanswered.value.error.type], [2, 'AnswerMissing']);
  assert.deepEqual([changed.code, changed.value.error.type], [3, 'PlanChanged']);
});

test('cli: start returns the id, and a second start is refused with it', async () => {
  const first = await cli<{ id: string; planHash: string }>(
    ['start', '--yes', '--plan-hash', plan.hash],
    stack.sandbox.request,
  );
  const second = await cli<Failure>(['start', '--yes'], stack.sandbox.request);

  assert.deepEqual(first, {
    code: 0,
    value: { id: migrationId(plan.plan.source.uid), planHash: plan.hash },
  });
  assert.deepEqual([second.code, second.value.error.type], [3, 'MigrationOpen']);
  assert.match(second.value.error.message, new RegExp(first.value.id));
});

test('cli: an approval of another plan or another gate is refused with code 3', async () => {
  await untilGate('root-key');

  const noHash = await cli<Failure>(['approve', 'root-key', '--plan-hash', 'nope']);
  const wrongPlan = await cli<Failure>(['approve', 'root-key', '--plan-hash', OTHER_HASH]);
  const wrongGate = await cli<Failure>(['approve', 'cut-over', '--plan-hash', plan.hash, '--wait']);

  assert.deepEqual([noHash.code, noHash.value.error.type], [3, 'PlanHashMismatch']);
  assert.match(
    noHash.value.error.message,
    new RegExp(`planHash: found nope, which is no hash of a plan, expected ${plan.hash}`),
  );
  assert.deepEqual([wrongPlan.code, wrongPlan.value.error.type], [3, 'PlanHashMismatch']);
  assert.deepEqual([wrongGate.code, wrongGate.value.error.type], [3, 'GateNotOpen']);
});

test('cli: a paused migration says so and can be resumed', async () => {
  assert.equal((await cli(['pause', '--as', 'ada'])).code, 0);
  const again = await cli<Failure>(['pause', '--as', 'ada']);
  assert.equal((await cli(['resume', '--as', 'ada'])).code, 0);

  assert.deepEqual([again.code, again.value.error.type], [3, 'AlreadyPaused']);
});

test('cli: retune says what holds now, also of what was left as it is; out of range it is refused', async () => {
  const slow = await cli(['retune', '--contracts-per-second', '5000', '--as', 'ada']);
  const long = await cli(['retune', '--target-seconds', '2', '--as', 'ada']);
  const free = await cli(['retune', '--contracts-per-second', 'none', '--as', 'ada']);
  const tooLong = await cli<Failure>(['retune', '--target-seconds', '61']);

  const id = migrationId(plan.plan.source.uid);
  const by = 'ada';
  assert.deepEqual(slow, { code: 0, value: { id, by, targetSeconds: 12, contractsPerSecond: 5_000 } });
  assert.deepEqual(long, { code: 0, value: { id, by, targetSeconds: 2, contractsPerSecond: 5_000 } });
  assert.deepEqual(free, { code: 0, value: { id, by, targetSeconds: 2 } });
  assert.deepEqual([tooLong.code, tooLong.value.error.type], [3, 'InputInvalid']);
  assert.match(tooLong.value.error.message, /targetSeconds: found 61, expected a number from 1 to 60/);
});

test('cli: the plan of a running migration, its list and its status have both names, and who started it', async () => {
  const { environment } = stack;
  const running = await cli<HashedPlan>(['plan', 'source']);
  const { value } = await cli<MigrationList>(['list', '--waiting', '--gate', 'root-key']);
  const [its] = value.migrations;
  const { out } = await runCli(['status', 'target'], { environment });
  const none = await runCli(['list', '--closed'], { environment });

  assert.deepEqual([running.code, running.value.hash], [0, plan.hash]);
  assert.deepEqual([its?.source.name, its?.target.name, its?.needsPerson], ['source', 'target', true]);
  assert.match(
    out,
    /^source to target\nmigrate-participant\/.*\nwaiting for approval, started \S+ by \S+/,
  );
  assert.match(out, /^Gate root-key waits since \S+Z for an approval$/m);
  assert.match(none.out, /^no migration of this kind/);
});

test('cli: a name that only stands for one is refused by the migration too', async () => {
  const by = { by: '<your name>' };
  const handle = temporal.workflow.getHandle(migrationId(plan.plan.source.uid));

  await assert.rejects(client.pause(handle.workflowId, by), { type: 'InputInvalid' });
  const sent = handle.executeUpdate('pause', { args: [by] });
  await assert.rejects(sent, (error: Error) => /a placeholder/.test(String(error.cause)));
});

test('cli: a repair without a comparison is refused with code 3', async () => {
  const { code, value } = await cli<Failure>(['repair', '--as', 'ada']);

  assert.deepEqual([code, value.error.type], [3, 'NothingToRepair']);
});

test('cli: an approved gate opens in the name of the approver, and repeating it changes nothing', async () => {
  for (const attempt of [1, 2]) {
    const wait = attempt === 1 ? ['--wait'] : [];
    const { code } = await cli([
      'approve',
      'root-key',
      '--plan-hash',
      plan.hash,
      '--as',
      'ada',
      ...wait,
    ]);
    assert.equal(code, 0, `attempt ${attempt}`);
  }
  await untilGate('interrupt-service');

  const { status } = await client.status(migrationId(plan.plan.source.uid));
  assert.deepEqual(
    status?.approvals.map(({ gate, approver }) => ({ gate, approver })),
    [{ gate: 'root-key', approver: 'ada' }],
  );
});

test('cli: abort ends with code 0 and reports what it withdrew and what stays, as it was told before', async () => {
  const preview = await client.abortPreview(migrationId(plan.plan.source.uid));
  const { code, value } = await cli<{ withdrawal: WithdrawalReport }>(['abort', '--yes', '--as', 'ada']);

  assert.equal(code, 0);
  assert.ok(value.withdrawal.withdrawn.length > 0);
  assert.ok(value.withdrawal.stays.some(({ what }) => /delegat/.test(what)));
  assert.deepEqual(preview?.stays, value.withdrawal.stays);
  assert.deepEqual(
    preview?.takenBack.map(({ phase }) => phase),
    ['recreate-parties', 'migrate-dars', 'migrate-local-state', 'transfer-active-contracts'],
  );
  assert.match(preview?.takenBack[0]?.changed.join() ?? '', /\d+ parties hosted by target/);
});

test('cli: whatever is asked of an aborted migration, the answer says who aborted it, when, and what comes next', async () => {
  const aborted = /T[\d:.]+Z.*: aborted by ada, what was done has been undone$/;
  const id = migrationId(plan.plan.source.uid);
  const by = { by: 'ada' };
  for (const verb of ['pause', 'resume', 'abort', 'park', 'closeMigration', 'repair'] as const)
    await assert.rejects(client[verb](id, by), {
      type: 'Ended',
      message: aborted,
      next: 'nothing; to migrate later, plan again: canton-migrate plan',
    });
  const approved = await cli<Failure>(['approve', 'root-key', 'source', '--plan-hash', plan.hash]);
  const unnamed = await cli<Failure>(['abort', '--yes']);
  const seen = await runCli(['approve', 'interrupt-service', 'target', '--yes'], {
    environment: stack.environment,
  });

  assert.match(approved.value.error.message, aborted);
  assert.deepEqual([unnamed.code, unnamed.value.error.type], [2, 'NoneOpen']);
  assert.match(unnamed.value.error.message, aborted);
  assert.match(
    unnamed.value.error.message,
    /the last one, migrate-participant\/\S+ \(source to target\)/,
  );
  assert.match(
    unnamed.value.error.next,
    /plan again: canton-migrate plan; or see it: canton-migrate status /,
  );
  // Nothing of a gate is shown that nobody can open any more.
  assert.match(seen.err, /^Ended: .*aborted by ada/);
  assert.equal(seen.out, '');
});

test('cli: a run that has ended offers no updates, and still answers every question', async () => {
  const { updates, queries } = await offersOf(migrationId(plan.plan.source.uid));

  assert.deepEqual(updates, []);
  assert.ok(['status', 'plan', 'report'].every((name) => queries.includes(name)));
});

test('cli: after an abort a migration can start again, and ends with a report', async () => {
  const { environment } = stack;
  const input = JSON.stringify(stack.sandbox.request);
  const again = await runCli(['plan', '--request', '-'], { environment, input });
  const form = /^Or in Temporal's UI, with the input below:\n {2}(\S+)\n {2}(.+)\nnext: .* (\w+)$/m.exec(
    again.out,
  )!;
  assert.match(form[1]!, /^http:\S+\/start-workflow\?workflowId=migrate-participant%2Fsource/);
  assert.deepEqual(JSON.parse(form[2]!), plan.plan.request);
  plan = { ...plan, hash: form[3]! };
  const started = cli<{ report: MigrationReport }>(['start', '--yes', '--watch'], stack.sandbox.request);
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const) {
    await openedGate(gate);
    await client.approve(migrationId(plan.plan.source.uid), {
      gate,
      planHash: plan.hash,
      approver: 'ada',
    });
  }
  const { code, value } = await started;

  assert.equal(code, 0);
  assert.equal(value.report.outcome, 'migrated');
  assert.equal(value.report.verification.isEqual, true);
  assert.equal(value.report.verification.contractCount, 200);
  assert.equal(value.report.closedBy, undefined);
});

test('cli: while the source is monitored, status says so, and a second start is refused with how to close it', async () => {
  const { code, out } = await runCli(['status', plan.plan.source.uid], {
    environment: stack.environment,
  });
  const again = await cli<Failure>(['start', '--yes'], stack.sandbox.request);

  assert.equal(code, 0);
  assert.match(out, /^watching, started /m);
  assert.match(out, /^source watch: the source is parked/m);
  assert.match(
    out,
    /\nnext: deal with \d+ part(?:y that stays|ies that stay) on .*, then stop the process of .* for good, then canton-migrate close source::1220\w+\n$/,
  );
  assert.deepEqual([again.code, again.value.error.type], [3, 'MigrationOpen']);
  assert.match(again.value.error.next, /canton-migrate close /);
});

test('cli: a migration whose source is monitored can be parked again, is never aborted, and a watch of it returns', async () => {
  const parked = await cli(['park', '--as', 'ada']);
  const aborted = await cli<Failure>(['abort', '--yes']);
  const watched = await cli<{ report: MigrationReport }>(['status', '--watch']);

  assert.equal(parked.code, 0);
  assert.deepEqual([aborted.code, aborted.value.error.type], [3, 'PointOfNoReturnPassed']);
  assert.deepEqual([watched.code, watched.value.report.closedBy], [0, undefined]);
});

test('cli: close ends with code 0 and reports who closed it and what is left to do by hand', async () => {
  const { code, value } = await cli<{ report: MigrationReport }>(['close', '--as', 'ada']);
  const { out } = await runCli(['status', plan.plan.source.uid], { environment: stack.environment });

  assert.equal(code, 0);
  assert.equal(value.report.closedBy, 'ada');
  assert.ok(value.report.leftToDo.some(({ what }) => what.includes('SetNoWaitCommitmentsFrom')));
  assert.match(out, /^migrated, started /m);
});

/** What Temporal's UI puts into its menus of a run. */
async function offersOf(id: string) {
  const { definition } = await temporal.workflow
    .getHandle(id)
    .query<{ definition: Record<'updateDefinitions' | 'queryDefinitions', { name: string }[]> }>(
      '__temporal_workflow_metadata',
    );
  const named = (its: { name: string }[]) => its.map(({ name }) => name);
  return { updates: named(definition.updateDefinitions), queries: named(definition.queryDefinitions) };
}

test('cli: a closed migration cannot be steered, and the plan refuses to migrate its source again', async () => {
  const closed = await cli<Failure>(['close', plan.plan.source.uid]);
  const aborted = await cli<Failure>(['abort', plan.plan.source.uid, '--yes']);
  const again = await cli<Failure>(['start', '--yes'], stack.sandbox.request);

  assert.deepEqual([closed.code, closed.value.error.type], [3, 'Ended']);
  assert.deepEqual([aborted.code, aborted.value.error.type], [3, 'Ended']);
  assert.match(aborted.value.error.message, /migrated and verified: the target serves; closed by ada$/);
  assert.deepEqual([again.code, again.value.error.type], [3, 'PlanObstructed']);
});

test('cli: after the close a node is parked by name, and its aliases are told', async () => {
  const parked = ['park', '--participant', 'source', '--served-by', 'target', '--force'];
  const { code, out } = await runCli(parked, { environment: stack.environment });

  assert.equal(code, 0);
  assert.match(
    out,
    /^source is parked; target serves \d+ of the \d+ parties that it hosts:\n {2}acme: disconnected, manual connect$/m,
  );
});

/** As untilGate, for a migration that another process starts just now. */
async function openedGate(gate: Gate): Promise<void> {
  const id = migrationId(plan.plan.source.uid);
  await eventually(`gate ${gate}`, async () => {
    const open = await client.openGate(id).catch(() => undefined);
    return open?.gate === gate ? open : undefined;
  });
}
