import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { nothingMade } from '../../../model/made.js';
import type { HashedPlan } from '../../../model/plan.js';
import { apply } from '../../../workflows/phases/transfer-active-contracts.js';
import { settle } from '../../support/ledger-traffic.js';
import { REQUEST } from '../../support/stack.js';
import { failing } from '../../support/failing.js';
import { partyOf, startSteps, unhurried, undoPhase, undoStep } from '../../support/route-steps.js';

const foundIn = ({ plan: { obstacles } }: HashedPlan) =>
  obstacles.filter(({ type }) => type === 'ContractsUsedOnTarget');

/** An earlier attempt imported everything, the target was connected and used what one party has to pay. */
async function afterUse(t: TestContext) {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { act, sandbox, participants } = migrating;
  const { source, target } = sandbox.participants;
  const payer = partyOf(migrating, 'Alice');
  const imported = new Set(target.contracts());

  await participants.get('target')!.synchronizers.reconnect('da');
  await settle(target, [payer]);
  const left = new Set(target.contracts());
  const used = [...imported].filter((id) => !left.has(id)).sort();
  assert.ok(used.length > 0 && used.length < imported.size, `${used.length} used`);
  await act.isolateTarget({ target: migrating.refs.target });
  // By hand, past what an abort refuses.
  await undoStep(migrating, 'isolate-target');
  const { synchronizers } = participants.get('source')!;
  await synchronizers.setManualConnect('acme', false);
  await synchronizers.reconnect('acme');
  assert.deepEqual(target.contracts(), []);
  assert.deepEqual(source.contracts().sort(), [...imported].sort());
  return { ...migrating, payer, used };
}

test('plan: contracts that the target used after an earlier import are found, with their parties and the way out', async (t) => {
  const { act, used, payer } = await afterUse(t);

  const [found, ...others] = foundIn(await act.readPlan(REQUEST));

  assert.deepEqual(others, []);
  assert.ok(
    found!.what.startsWith(`target had ${used.length} contracts before that are active on source`),
    found!.what,
  );
  assert.ok(used.some((id) => found!.what.includes(id)) && found!.what.includes(payer), found!.what);
  assert.match(found!.cure, /leave these parties out of the request, or use a target/);
});

test('plan: contracts that an abort purged on the target can be imported again, and are no finding', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { act, sandbox } = migrating;
  await undoPhase(migrating, 'transfer-active-contracts');

  const again = await act.readPlan(REQUEST);

  assert.deepEqual(foundIn(again), []);
  await apply(unhurried(again), act, { catchUps: [], made: nothingMade() });
  const { source, target } = sandbox.participants;
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
});

test('transfer-active-contracts: an import that the target refuses because it used a contract names its party', async (t) => {
  const { act, used, payer, sandbox } = await afterUse(t);
  const again = unhurried(await act.readPlan(REQUEST));

  await assert.rejects(apply(again, act, { catchUps: [], made: nothingMade() }), (error: Error) => {
    failing('ContractUsedOnTarget', 'refused', payer, 'active on source')(error);
    return used.some((id) => error.message.includes(id));
  });
  assert.deepEqual(sandbox.participants.target.contracts(), []);
});
