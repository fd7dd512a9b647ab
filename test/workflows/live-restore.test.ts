import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';

import type { Activities } from '../../activities/index.js';
import { RARER } from '../support/boundaries.js';
import { runTraffic } from '../support/ledger-traffic.js';
import { approveLive, assertServes, partiesOf, sortedContracts, startLive } from '../support/live.js';

/** A migration that an operator stopped in the window by connecting the target, whose backup of the gate is there. */
async function exposed(t: TestContext, broken: 'copyActiveContracts' | 'compareActiveContracts') {
  let isBroken = true;
  const change = (activities: Activities): Partial<Activities> => ({
    [broken]: async (input: never) => {
      if (isBroken) throw ApplicationFailure.nonRetryable('broken on demand', 'Broken');
      return activities[broken](input);
    },
  });
  const live = await startLive(t, { change });
  const { stack, id } = live;
  const { source, target } = stack.sandbox.participants;
  await approveLive(live, ['root-key']);
  await stack.until(id, ({ gate }) => gate?.name === 'target-backup');
  const backup = target.backup();
  await stack.client.approve(id, {
    gate: 'target-backup',
    planHash: (await stack.until(id, () => true)).planHash!,
    approver: 'test',
    evidence: backup,
  });
  await stack.until(id, ({ lastFailure }) => lastFailure?.type === 'Broken');
  await stack.participants.target.synchronizers.reconnect('acme');
  const parties = source.parties('acme').map(({ party }) => party);
  const moved = parties.filter((party) => source.hosts(party, 'acme').length === 2);
  await runTraffic(source, moved, 12);
  isBroken = false;
  await stack.client.resume(id, { by: 'test' });
  // The watch of a stopped migration tells of it before the resume does.
  const { next } = await stack.until(
    id,
    ({ state, lastFailure }) => state === 'stopped' && lastFailure?.type === 'TargetExposed',
  );
  assert.match(next, /restore the database of the target from the backup of gate target-backup/);
  return { ...live, backup };
}

test(
  'live restore: a target that was connected in the window is restored from its backup, and everything is imported again',
  RARER,
  async (t) => {
    const live = await exposed(t, 'copyActiveContracts');
    const { stack, id, backup } = live;
    const { source, target } = stack.sandbox.participants;
    assert.ok(target.isDamaged());

    await target.restore(backup);
    assert.deepEqual(target.connected(), []);
    await stack.client.resume(id, { by: 'test' });
    await approveLive(live, ['switch']);
    const report = await stack.client.result(id);

    const evidence = report.approvals.find(({ gate }) => gate === 'target-backup')?.evidence;
    assert.equal(evidence, backup);
    const contracts = sortedContracts(source);
    assertServes(stack, target, { contracts, parties: partiesOf(report) });
    await runTraffic(target, partiesOf(report), 6);
  },
);

// The import was complete already; the restored target has none of it.
test(
  'live restore: restored after the import, a target gets everything again by resume alone',
  RARER,
  async (t) => {
    const live = await exposed(t, 'compareActiveContracts');
    const { stack, id, backup } = live;
    const { source, target } = stack.sandbox.participants;

    await target.restore(backup);
    await stack.client.resume(id, { by: 'test' });
    await approveLive(live, ['switch']);
    const report = await stack.client.result(id);

    assertServes(stack, target, { contracts: sortedContracts(source), parties: partiesOf(report) });
  },
);
