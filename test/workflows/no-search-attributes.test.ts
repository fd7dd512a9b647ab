import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { NativeConnection } from '@temporalio/worker';

import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { ensureSearchAttributes } from '../../worker/search-attributes.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack, temporalServer } from '../support/temporal.js';

/** SQL visibility has room for ten. */
const TAKEN = Array.from({ length: 9 }, (_, index) => `Taken${index}`);

async function connectTo(t: TestContext): Promise<NativeConnection> {
  const { address } = await temporalServer({ searchAttributes: TAKEN });
  const connection = await NativeConnection.connect({ address });
  t.after(() => connection.close());
  return connection;
}

test('search attributes: where there is no room for all, the first are registered, and migrations run without the rest', async (t) => {
  const connection = await connectTo(t);
  // An attribute with this name and of another type would be ignored without a word.
  await connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { [SEARCH_ATTRIBUTES.gate]: 3 },
  });

  const { known, warnings } = await ensureSearchAttributes(connection, 'default');

  assert.deepEqual(known, [SEARCH_ATTRIBUTES.state]);
  assert.match(
    warnings.join('\n'),
    /^search attribute MigrationGate of namespace default: found another type, expected Keyword/,
  );
  assert.match(
    warnings.join('\n'),
    /^search attribute MigrationPhase cannot be registered in namespace default \(.*\); migrations run without MigrationPhase, MigrationSource,/m,
  );
  assert.match(
    warnings.join('\n'),
    /temporal operator search-attribute create --namespace default --name MigrationPhase --type Keyword/,
  );

  const stack = await startMigrationStack(t, { searchAttributes: known });
  const planned = await stack.client.plan(REQUEST);
  const id = await stack.client.start(REQUEST, { planned });
  await stack.until(id, ({ gate }) => gate?.name === 'root-key');
  const { searchAttributes } = await stack.handle(id).describe();
  assert.deepEqual(searchAttributes[SEARCH_ATTRIBUTES.state], ['waiting-for-approval']);
  assert.equal(searchAttributes[SEARCH_ATTRIBUTES.phase], undefined);
  // By a plan from before: a new one is refused already. Without the phase the run itself says that it is not watched.
  await assert.rejects(stack.client.start(REQUEST, { planned }), { type: 'AlreadyRunning' });
  await stack.client.abort(id, { by: 'Ada' });
  await assert.rejects(stack.client.result(id), { type: 'Aborted' });
  const ended = await stack.handle(id).describe();
  assert.deepEqual(ended.searchAttributes[SEARCH_ATTRIBUTES.state], ['aborted']);
});
