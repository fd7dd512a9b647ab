import assert from 'node:assert/strict';
import test from 'node:test';

import { typeOf } from '../../model/failure.js';
import { live } from '../../workflows/routes/live.js';
import { reached } from '../support/reached.js';
import { applyStep, liveRunOf, PROMPT_LIVE, startLiveSteps } from '../support/route-steps.js';

/** Longer than anybody waits: the call does not end by itself while the test looks. */
const ENDLESS_MS = 30_000;

// Networks J, item 9: the node allows it, and after a disconnect nothing shows it.
test('isolation: a target that somebody connects while an import runs is noticed before the import ends', async (t) => {
  const scenario = { ...PROMPT_LIVE, timing: { ...PROMPT_LIVE.timing, importCallMs: ENDLESS_MS } };
  const migrating = await startLiveSteps(t, { before: 'copy-contracts', scenario });
  const { sandbox } = migrating;
  const { target } = sandbox.participants;
  const imports = () => sandbox.calls.list({ participant: 'target', method: 'ImportAcs' });

  const failed = assert.rejects(applyStep(migrating, 'copy-contracts'), (error: Error) => {
    assert.equal(typeOf(error.cause), 'TargetExposed');
    assert.match(error.message, /^target is connected to acme while it was a host/);
    return true;
  });
  await reached(() => imports().length > 0);
  // Past the queue of the simulated node, which refuses what a real one allows.
  const { replica } = target.participant.node.connections.find('acme').membership!;
  replica.connect();
  await failed;
  replica.disconnect();

  assert.equal(imports().length, 1);
  // What was copied until then counts no more.
  assert.equal(migrating.migration.live!.copied, undefined);
});

test('isolation: a target that somebody connects while its database is backed up is told at the gate', async (t) => {
  const migrating = await startLiveSteps(t, { before: 'activate-target' });
  const { target } = migrating.sandbox.participants;
  await target.participant.node.connections.connect('acme');

  const step = live.steps.find(({ gate }) => gate === 'target-backup')!;
  await assert.rejects(step.watch!(liveRunOf(migrating)), (error: Error) => {
    assert.match(error.message, /target: expected disconnected, found acme \(connected\)/);
    return true;
  });
});
