import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { MigrationRequest } from '../../model/request.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { copyContract, createContractOn } from '../support/ledger-changes.js';
import { applyPhase, compared, startSteps, undoPhase, type Migrating } from '../support/route-steps.js';
import { REQUEST, SMALL, startStack } from '../support/stack.js';
import { partiesIn } from '../support/plan-parties.js';

const ON_BOTH: ScenarioChange = { ...SMALL, target: { synchronizers: ['target', 'source'] } };

const acmeOf = ({ sandbox }: Pick<Migrating, 'sandbox'>) => sandbox.synchronizers.source.info.logicalId;

/** The first contracts of the source lie on the target too, on the synchronizer of the source. */
function leaveCopies({ sandbox }: Pick<Migrating, 'sandbox'>, count: number): string[] {
  const { source, target } = sandbox.participants;
  const left = source.contracts().slice(0, count);
  for (const id of left) copyContract(source, id, { view: target, synchronizerId: acmeOf({ sandbox }) });
  return left;
}

const transferred = (t: TestContext) =>
  startSteps(t, { upTo: 'transfer-active-contracts', scenario: ON_BOTH });

test('plan: contracts that the target has on another synchronizer are named with how to purge them', async (t) => {
  const stack = await startStack(t, ON_BOTH);
  const left = leaveCopies(stack, 7);
  const { plan: before } = await stack.plan();
  const party = partiesIn(before).find(({ treatment }) => treatment === 'move')!.party;
  const synchronizerId = acmeOf(stack);
  createContractOn(stack.sandbox.participants.target, { parties: [party], synchronizerId });

  const { warnings, obstacles } = (await stack.plan()).plan;

  assert.deepEqual(obstacles, []);
  const found = warnings.find(({ type }) => type === 'StaleContractsElsewhere');
  assert.ok(
    found?.what.startsWith(
      `target has 8 contracts of the parties on acme (${synchronizerId}), where it is not to serve them, 7 of which move and would be listed twice: ${left[0]}`,
    ),
    found?.what,
  );
  assert.match(found?.cure ?? '', /repair\.purge/);
});

test('plan: a target that has nothing on its other synchronizer is told nothing', async (t) => {
  const { plan } = await startStack(t, ON_BOTH);

  const { warnings } = (await plan()).plan;

  assert.ok(warnings.every(({ type }) => type !== 'StaleContractsElsewhere'));
});

// The parties moved from acme to da; now they go, on da, to the node they came from: it still has them on acme.
test('plan: live, a node that the parties were moved away from has stale contracts on its former synchronizer', async (t) => {
  const migrating = await startSteps(t, { upTo: 'verify' });
  const back: MigrationRequest = {
    source: 'target',
    target: 'source',
    sourceSynchronizer: 'da',
    targetSynchronizer: 'da',
    route: 'live',
  };

  const { plan } = await migrating.act.readPlan(back);

  const found = plan.warnings.find(({ type }) => type === 'StaleContractsElsewhere');
  assert.match(
    found?.what ?? '',
    /^source has 60 contracts of the parties on acme .*, 60 of which move and would be listed twice: 00/,
  );
});

test('plan: contracts that the source has elsewhere are told from stale ones, and shared ones are never to be purged', async (t) => {
  const stack = await startStack(t, { ...ON_BOTH, source: { synchronizers: ['source', 'target'] } });
  const { source, target } = stack.sandbox.participants;
  const da = stack.sandbox.synchronizers.target.info.logicalId;
  const left = source.contracts().slice(0, 4);
  for (const id of left) copyContract(source, id, { view: source, synchronizerId: da });
  const { plan: first } = await stack.plan();
  const party = partiesIn(first).find(({ treatment }) => treatment === 'move')!.party;
  createContractOn(source, { parties: [party], synchronizerId: da });
  const live = { ...REQUEST, targetSynchronizer: 'acme' };
  for (const id of left) copyContract(source, id, { view: target, synchronizerId: da });

  const { warnings } = (await stack.plan(live)).plan;

  const elsewhere = warnings.find(({ type }) => type === 'ContractsElsewhere');
  assert.ok(elsewhere?.what.includes(`5 on ${da}; 4 contracts that move are there as well, stale`));
  // What both nodes have there nobody left behind.
  assert.ok(warnings.every(({ type }) => type !== 'StaleContractsElsewhere'));
});

test('verify: a contract on another synchronizer of the target proves nothing, and is told', async (t) => {
  const migrating = await transferred(t);
  const left = leaveCopies(migrating, 3);

  const equal = await compared(migrating);

  assert.deepEqual([equal.isEqual, equal.contractCount], [true, 60]);
  assert.deepEqual(equal.elsewhere, [
    { synchronizerId: acmeOf(migrating), contractCount: 3, contractIds: left },
  ]);

  await migrating.participants.get('target')!.repair.purgeContracts('da', left.slice(0, 1));
  const missing = await compared(migrating);

  assert.deepEqual(
    missing.differences.map(({ contractId, kind }) => [contractId, kind]),
    [[left[0], 'missing']],
  );
  assert.equal(missing.elsewhere?.[0]?.contractCount, 3);
});

test('verify: what is purged on another synchronizer is purged there only', async (t) => {
  const migrating = await transferred(t);
  const left = leaveCopies(migrating, 2);
  const { repair } = migrating.participants.get('target')!;

  await repair.purgeContracts('acme', left);

  const { isEqual, contractCount, elsewhere } = await compared(migrating);
  assert.deepEqual([isEqual, contractCount, elsewhere], [true, 60, undefined]);
});

test('transfer-active-contracts: contracts come although the target has them on another synchronizer, and an abort leaves those', async (t) => {
  const migrating = await startSteps(t, { upTo: 'migrate-local-state', scenario: ON_BOTH });
  const { target } = migrating.sandbox.participants;
  const left = leaveCopies(migrating, 5);

  await applyPhase(migrating, 'transfer-active-contracts');

  const verification = await compared(migrating);
  assert.deepEqual([verification.isEqual, verification.contractCount], [true, 60]);
  assert.equal(target.contracts().length, 65);

  await undoPhase(migrating, 'transfer-active-contracts');

  assert.deepEqual(target.contracts().sort(), left.sort());
});
