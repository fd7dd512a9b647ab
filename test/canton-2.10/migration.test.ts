import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { type TestContext } from 'node:test';

import { startSandbox210, type Scenario210 } from '../../sandbox/v0/index.js';
import { REQUEST } from '../support/stack.js';
import { startStackOver } from '../support/temporal.js';

async function start(t: TestContext, scenario: Scenario210 = {}) {
  const sandbox = await startSandbox210({ seed: randomUUID(), ...scenario });
  return { sandbox, ...(await startStackOver(t, sandbox)) };
}

function ids(contracts: readonly { id: string }[]): string[] {
  return contracts.map(({ id }) => id).sort();
}

test('2.10: every gate approved, the target has the contracts and the source is parked', async (t) => {
  const { sandbox, client, approve, until } = await start(t, { contracts: { count: 20, keyed: 3 } });
  const { source, target } = sandbox;
  const contracts = ids(source.active());

  const id = await client.start(REQUEST);
  await approve(id, 'root-key');
  await approve(id, 'interrupt-service');
  const atCutOver = await until(id, (status) => status.gate?.name === 'cut-over');
  assert.equal(atCutOver.verification?.isEqual, true);
  await approve(id, 'cut-over');
  const report = await client.result(id);

  assert.equal(report.outcome, 'migrated');
  assert.equal(report.verification.contractCount, contracts.length);
  assert.deepEqual(ids(target.active()), contracts);
});
