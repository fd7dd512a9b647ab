/**
 * Records one history per outcome of the live route into `histories/`:
 * `node --import tsx --test test/replay/record-live.ts`. As with `record.ts`, only for a new version of the workflow.
 */
import test, { type TestContext } from 'node:test';

import { LIVE_GATES } from '../support/driving.js';
import { LIVE, LIVE_REQUEST } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';
import { writeHistory } from './recording.js';

const VERSION = 'live';

async function record(name: string, { handle }: MigrationStack, id: string) {
  await writeHistory(`${VERSION}-${name}`, handle(id));
}

async function started(t: TestContext) {
  const stack = await startMigrationStack(t, { scenario: LIVE });
  return { stack, id: await stack.client.start(LIVE_REQUEST) };
}

async function aborted({ client }: MigrationStack, id: string) {
  await client.abort(id, { by: 'recorder' });
  await client.result(id).catch(() => undefined);
}

test('record: done', async (t) => {
  const { stack, id } = await started(t);
  for (const gate of LIVE_GATES) await stack.approve(id, gate);
  await stack.until(id, ({ watch }) => watch?.state === 'removed');
  await stack.client.closeMigration(id, { by: 'recorder' });
  await record('done', stack, id);
});

test('record: aborted in the import', async (t) => {
  const { stack, id } = await started(t);
  stack.sandbox.faults.delay('ImportAcs', 1_500, { participant: 'target', times: 1 });
  await stack.approve(id, 'root-key');
  await stack.approve(id, 'target-backup');
  await stack.until(id, ({ live }) => live?.activation !== undefined);
  await aborted(stack, id);
  await record('aborted-in-import', stack, id);
});

test('record: aborted at the switch', async (t) => {
  const { stack, id } = await started(t);
  await stack.approve(id, 'root-key');
  await stack.approve(id, 'target-backup');
  await stack.until(id, (status) => status.gate?.name === 'switch');
  await aborted(stack, id);
  await record('aborted-at-switch', stack, id);
});

test('record: exposed by somebody, and aborted', async (t) => {
  const { stack, id } = await started(t);
  const refusal = { participant: 'target', times: 1, code: 'INVALID_ARGUMENT' } as const;
  stack.sandbox.faults.failBefore('ImportAcs', refusal);
  await stack.approve(id, 'root-key');
  await stack.approve(id, 'target-backup');
  await stack.until(id, ({ state }) => state === 'stopped');
  await stack.participants.target.synchronizers.reconnect('acme');
  await stack.client.resume(id, { by: 'recorder' });
  await stack.until(id, ({ lastFailure }) => lastFailure?.type === 'TargetExposed');
  await aborted(stack, id);
  await record('exposed', stack, id);
});
