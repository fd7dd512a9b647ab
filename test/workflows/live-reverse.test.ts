import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { isLive } from '../../model/plan.js';
import { runCli } from '../client/run-cli.js';
import { RARER } from '../support/boundaries.js';
import { runTraffic, settle } from '../support/ledger-traffic.js';
import {
  abortLive,
  approveLive,
  assertServes,
  partiesOf,
  sortedContracts,
  startLive,
} from '../support/live.js';
import { onVersion, PROTOCOL_VERSIONS } from '../support/protocol-version.js';
import { temporalServer } from '../support/temporal.js';

// At its removal the old node kept the contracts it had: since then they are a picture of the past.
for (const version of PROTOCOL_VERSIONS)
  test(
    `live reverse migration: on version ${version} the old node becomes the only host again, with what changed since, and goes forward once more`,
    RARER,
    (t) => thereAndBack(t, version),
  );

async function thereAndBack(t: TestContext, version: (typeof PROTOCOL_VERSIONS)[number]) {
  const live = await startLive(t, { scenario: onVersion(version) });
  const { stack, id } = live;
  const { source, target } = stack.sandbox.participants;
  await approveLive(live);
  const forward = await stack.client.result(id);
  await stack.client.closeMigration(id, { by: 'test' });
  const parties = partiesOf(forward);
  await runTraffic(target, parties, 20);
  const served = sortedContracts(target);
  assert.notDeepEqual(sortedContracts(source), served);

  const back = await stack.client.requestReverse(`migrate-participant/${source.uid}`);
  const { plan } = await stack.client.plan(back);
  assert.deepEqual(plan.obstacles, []);
  assert.ok(isLive(plan));
  assert.equal(plan.live.staleOnTarget, live.contracts.length);
  const { address } = await temporalServer();
  const shown = await runCli(['plan', '--reverse', source.uid, '--task-queue', stack.taskQueue], {
    environment: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' },
  });
  assert.equal(shown.code, 0, shown.err);
  assert.match(shown.out, /"route": "live"/);
  assert.match(shown.out, /target proposes the parties, which makes source a host at once/);
  assert.doesNotMatch(shown.out, /acceptance/);

  // Who signs for the parties signs for the old node too: proposed while it is connected, they would be active at once.
  const backId = await stack.client.start(back);
  await approveLive({ stack, id: backId }, ['root-key']);
  await stack.until(backId, ({ gate }) => gate?.name === 'target-backup');
  assert.deepEqual(source.connected(), []);
  for (const party of parties) assert.deepEqual(target.hosts(party, 'acme'), [target.uid]);
  await approveLive({ stack, id: backId }, ['target-backup', 'switch']);
  const returned = await stack.client.result(backId);
  await stack.client.closeMigration(backId, { by: 'test' });

  assert.equal(returned.verification.isEqual, true);
  assertServes(stack, source, { contracts: served, parties });
  await runTraffic(source, parties, 20);
  await settle(source, parties.slice(0, 1));
  const now = sortedContracts(source);

  const again = await stack.client.requestReverse(`migrate-participant/${target.uid}`);
  assert.deepEqual([again.source, again.target, again.route], ['source', 'target', 'live']);
  const againId = await stack.client.start(again);
  await approveLive({ stack, id: againId });
  await stack.client.result(againId);

  assertServes(stack, target, { contracts: now, parties });
  await runTraffic(target, parties, 6);
}

test(
  'live reverse migration: aborted at the switch, the node that served serves alone again, and a second reverse migration ends well',
  RARER,
  async (t) => {
    const live = await startLive(t);
    const { stack, id } = live;
    const { source, target } = stack.sandbox.participants;
    await approveLive(live);
    const parties = partiesOf(await stack.client.result(id));
    await stack.client.closeMigration(id, { by: 'test' });
    await runTraffic(target, parties, 12);
    const back = await stack.client.requestReverse(id);
    const first = { ...live, id: await stack.client.start(back) };
    await approveLive(first, ['root-key', 'target-backup']);
    await stack.until(first.id, ({ gate }) => gate?.name === 'switch');
    await runTraffic(target, parties, 6);

    await abortLive(first);

    assertServes(stack, target, { contracts: sortedContracts(target), parties });
    assert.deepEqual(source.connected(), ['acme']);
    assert.deepEqual(source.contracts(), []);
    await runTraffic(target, parties, 6);
    const served = sortedContracts(target);
    const second = { ...live, id: await stack.client.start(back) };
    await approveLive(second);
    await stack.client.result(second.id);
    assertServes(stack, source, { contracts: served, parties });
  },
);
