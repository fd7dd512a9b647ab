import assert from 'node:assert/strict';
import test from 'node:test';

import type { MigrationClient } from '../../client/index.js';
import { protocolVersionOf } from '../../model/physical-id.js';
import { isReverse } from '../../model/plan.js';
import type { MigrationReport } from '../../model/report.js';
import type { MigrationRequest } from '../../model/request.js';
import { QUICK_TIMING, type ParticipantView } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { approveGates, COLD_GATES, WARM_GATES } from '../support/driving.js';
import { partiesOf } from '../support/live.js';
import { runTraffic } from '../support/ledger-traffic.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';

/**
 * Protocol versions of the source's synchronizer and the target's. From 34 to 35 and back CI goes in
 * `reverse.test.ts`.
 */
const ROUTES = [
  { from: 34, to: 35 },
  { from: 35, to: 35 },
  { from: 34, to: 34 },
  { from: 35, to: 34 },
] as const;

const sorted = (view: ParticipantView) => view.contracts().sort();

async function migrate(client: MigrationClient, request: MigrationRequest): Promise<MigrationReport> {
  const id = await client.start(request);
  const isCold = (request.options?.copy ?? 'cold') === 'cold';
  await approveGates(client, id, isCold ? COLD_GATES : WARM_GATES);
  const report = await client.result(id);
  await client.closeMigration(id, { by: 'test' });
  return report;
}

for (const { from, to } of ROUTES) {
  // Source: networks A, items A1 and A3.
  test(
    `new-synchronizer: from protocol version ${from} to ${to} and back, without what was archived meanwhile`,
    RARER,
    async (t) => {
      const scenario = {
        timing: QUICK_TIMING,
        contracts: { count: 30 },
        synchronizers: { source: { protocolVersion: from }, target: { protocolVersion: to } },
      };
      const { client, sandbox } = await startMigrationStack(t, { scenario });
      const { source, target } = sandbox.participants;
      const before = sorted(source);

      const { plan: planned } = await client.plan(REQUEST);
      const forward = await migrate(client, REQUEST);

      assert.deepEqual(planned.obstacles, []);
      const versions = [planned.source, planned.target].map((node) =>
        protocolVersionOf(node.synchronizer),
      );
      assert.deepEqual(versions, [from, to]);
      assert.equal(forward.verification.isEqual, true);
      assert.deepEqual(sorted(target), before);

      const parties = partiesOf(forward);
      const archived = await runTraffic(target, parties, 30);
      const served = sorted(target);
      const back = await client.requestReverse(`migrate-participant/${source.uid}`);
      const { plan } = await client.plan(back);
      const returned = await migrate(client, back);

      assert.deepEqual(plan.obstacles, []);
      assert.ok(isReverse(plan) && plan.changes.extra > 0);
      const isLower = plan.warnings.some(({ type }) => type === 'ProtocolVersionLower');
      assert.equal(isLower, from < to);
      assert.equal(returned.verification.isEqual, true);
      assert.deepEqual(sorted(source), served);
      for (const id of archived) assert.ok(!source.contracts().includes(id), id);
      // What was created on either version can be used on the other.
      await runTraffic(source, parties, 15);
    },
  );
}
