import assert from 'node:assert/strict';
import test from 'node:test';

import { check } from '../../workflows/phases/withdrawal.js';
import { createContractOn } from '../support/ledger-changes.js';
import { callsOf } from '../support/stack.js';
import { nodesOf } from '../../model/plan-parts.js';
import { failing } from '../support/failing.js';
import { type Migrating, partyOf, startSteps, undoPhase } from '../support/route-steps.js';
import { partiesIn } from '../support/plan-parties.js';

const BEGUN = ['transfer-active-contracts', 'migrate-dars', 'recreate-parties'] as const;

async function takeBack(migrating: Migrating): Promise<void> {
  for (const phase of BEGUN) await undoPhase(migrating, phase);
}

test('withdrawal: after everything was taken back, both nodes are read as before, and nothing is changed', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  await takeBack(migrating);

  let checked: string[] = [];
  const calls = await callsOf(migrating, async () => {
    checked = await check(migrating.planned, migrating.act, migrating.migration.transfer);
  });

  assert.deepEqual(
    calls.filter(({ isMutating, method }) => isMutating && method !== 'Ping'),
    [],
  );
  assert.match(checked[0]!, /^source connected to acme, pings itself in \d+ ms$/);
  assert.match(
    checked[1]!,
    /^source serves its ledger, up to offset \d+, and hosts \d+ parties of the plan$/,
  );
  assert.equal(checked[2], 'target connected as before, without contracts of the import');
  assert.equal(checked[3], 'target hosts none of the parties that it did not host before');
});

test('withdrawal: a source that is not connected is named', async (t) => {
  const { planned, act, record, participants } = await startSteps(t, { upTo: 'migrate-dars' });
  await participants.get('source')!.synchronizers.setManualConnect('acme', true);
  await participants.get('source')!.synchronizers.disconnect('acme');

  await assert.rejects(
    check(planned, act, record),
    failing('SourceNotServing', 'mismatch', 'the connection to acme', 'connects by itself'),
  );
});

test('withdrawal: a target that still has what was begun is named, thing by thing', async (t) => {
  const migrating = await startSteps(t, { upTo: 'transfer-active-contracts' });
  const { source, resourceLimits } = {
    source: migrating.refs.source,
    resourceLimits: migrating.planned.plan.source.resourceLimits,
  };
  await migrating.act.returnSource({
    ...nodesOf(migrating.planned.plan),
    parties: [],
    source,
    resourceLimits,
    connections: migrating.planned.plan.source.connections,
  });

  await assert.rejects(
    check(migrating.planned, migrating.act, migrating.migration.transfer),
    failing('TargetNotCleared', 'mismatch', 'the connection to da', 'hosts '),
  );
});

test('withdrawal: a source that cannot run a transaction is named', async (t) => {
  const { planned, act, record, sandbox } = await startSteps(t);
  sandbox.synchronizers.source.setUp(false);

  await assert.rejects(check(planned, act, record), failing('PingFailed', 'mismatch', 'source'));
});

// A party that the source got meanwhile is nobody's failure.
test('withdrawal: contracts that others created on the target meanwhile are told, and no failure', async (t) => {
  const migrating = await startSteps(t, { upTo: 'recreate-parties' });
  createContractOn(migrating.sandbox.participants.target, { parties: [partyOf(migrating, 'Alice')] });
  const { plan, hash } = migrating.planned;
  const moved = partiesIn(plan).filter(({ treatment }) => treatment === 'move');

  const { createdByOthers } = await migrating.act.readClearedTarget({
    target: migrating.refs.target,
    synchronizerId: plan.target.synchronizer.logicalId,
    connections: plan.target.connections,
    // As if the target had hosted them before.
    parties: await Promise.all(
      moved.map(async ({ party }) => {
        const store = { synchronizerId: plan.target.synchronizer.logicalId };
        const { topology } = migrating.participants.get('target')!;
        const [formerMapping] = await topology.listPartyMappings(store, { party });
        return { party, formerMapping: formerMapping! };
      }),
    ),
    keptParties: [],
    workflowIdPrefix: `mig-${hash.slice(0, 16)}`,
  });

  assert.equal(createdByOthers, 1);
});
