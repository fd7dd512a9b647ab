import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { asActivities } from '../../../activities/attempt/failures.js';
import { progress } from '../../../activities/attempt/progress.js';
import { forEachOf, until } from '../../../activities/attempt/waiting.js';
import { nodesOf } from '../../../model/plan-parts.js';
import { attempt } from '../../support/attempt.js';
import { failing } from '../../support/failing.js';
import { partyOf, startSteps } from '../../support/route-steps.js';

/** Lets half a minute pass with every heartbeat, so that limits are reached without waiting. */
function hurry(t: TestContext): () => void {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  return () => t.mock.timers.tick(30_000);
}

test('waiting: what is there is returned at once', async () => {
  const { find } = asActivities({
    find: (limitMs: number) =>
      until(() => Promise.resolve('there'), {
        what: 'a thing',
        limitMs,
        type: 'NotVetted',
        stillMissing: () => 'it is missing',
      }),
  });

  const { result, heartbeats } = attempt({ find }, 'find', 1000);

  assert.equal(await result, 'there');
  assert.deepEqual(heartbeats, [{ waitingFor: 'a thing' }]);
});

test('waiting: what does not come is refused by its name, with what is missing and how long it took', async (t) => {
  const tick = hurry(t);
  const { find } = asActivities({
    find: (limitMs: number) =>
      until<string>(() => Promise.resolve(undefined), {
        what: 'a thing',
        everyMs: 1,
        limitMs,
        type: 'NotVetted',
        stillMissing: () => 'it is missing',
      }),
  });

  const { result } = attempt({ find }, 'find', 60_000, tick);

  await assert.rejects(result, failing('NotVetted', 'refused', 'it is missing after 60 s'));
});

test('waiting: a delegation that does not reach the synchronizer is named', async (t) => {
  const { activities, planned } = await startSteps(t);
  const { namespace } = planned.plan.source;
  const targetKey = planned.plan.target.namespaceKey;

  const { result } = attempt(
    activities,
    'readNamespaceDelegation',
    { ...nodesOf(planned.plan), namespace, targetKey },
    hurry(t),
  );

  await assert.rejects(result, failing('DelegationNotVisible', 'refused', targetKey, 'after 60 s'));
});

test('waiting: parties whose hosting does not become effective are named', async (t) => {
  const migrating = await startSteps(t, { upTo: 'delegate-namespace' });
  const { sandbox, activities, planned } = migrating;
  const alice = partyOf(migrating, 'Alice');
  // Ordered, and never in effect.
  t.mock.method(sandbox.synchronizers.target, 'submit', () => undefined);

  const { result } = attempt(
    activities,
    'ensurePartiesHosted',
    {
      ...nodesOf(planned.plan),
      sourceSynchronizerId: planned.plan.source.synchronizer.logicalId,
      parties: [{ party: alice, permission: 'submission' as const }],
    },
    hurry(t),
  );

  await assert.rejects(result, failing('PartiesNotEffective', 'refused', alice, 'after 120 s'));
});

test('waiting: packages whose vetting does not become effective are refused', async (t) => {
  const { sandbox, activities, planned, act } = await startSteps(t, { upTo: 'recreate-parties' });
  for (const dar of planned.plan.dars.filter(({ action }) => action === 'upload'))
    await act.ensureDar({ ...nodesOf(planned.plan), dar });
  t.mock.method(sandbox.synchronizers.target, 'submit', () => undefined);

  const { result } = attempt(
    activities,
    'ensureVetting',
    { ...nodesOf(planned.plan), add: planned.plan.vetting.add, own: [] },
    hurry(t),
  );

  await assert.rejects(result, failing('NotVetted', 'refused', 'target', 'after 60 s'));
});

test('waiting: a source that does not become quiet is refused', async (t) => {
  const { sandbox, activities, planned, refs } = await startSteps(t);
  const { logicalId } = sandbox.synchronizers.source.info;
  sandbox.participants.source.ledger.setInFlight(logicalId, { submissions: 1, transactions: 0 });
  const tick = hurry(t);

  const { result } = attempt(
    activities,
    'quiesceSource',
    {
      source: refs.source,
      alias: 'acme',
      synchronizerId: logicalId,
      resourceLimits: planned.plan.source.resourceLimits,
      quietSeconds: 1,
    },
    () => Array.from({ length: 31 }, tick),
  );

  await assert.rejects(result, failing('SourceNotQuiet', 'refused', 'source', 'within 30 min'));
});

test('waiting: a synchronizer that does not come back is named', async (t) => {
  const { sandbox, activities, planned, act, refs } = await startSteps(t);
  await act.isolateTarget({ target: refs.target });
  const { connections } = sandbox.participants.target.participant.node;
  t.mock.method(connections, 'connect', () => Promise.resolve());

  const { result } = attempt(
    activities,
    'connectTarget',
    {
      target: refs.target,
      synchronizerId: planned.plan.target.synchronizer.logicalId,
      connections: planned.plan.target.connections,
    },
    hurry(t),
  );

  await assert.rejects(result, failing('NotConnected', 'refused', 'target', 'da', 'after 120 s'));
});

test('waiting: at most so many run at once, and all end before the first failure is thrown', async () => {
  let running = 0;
  let most = 0;
  let ended = 0;
  const work = async (item: number) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    ended += 1;
    if (item === 2) throw new Error('the second one');
  };

  await assert.rejects(forEachOf([1, 2, 3, 4, 5, 6], 3, work), /the second one/);

  assert.deepEqual([running, most], [0, 3]);
  assert.ok(ended < 6, 'nothing new is begun after a failure');
});

test('waiting: what a next attempt has to know is in each heartbeat of it', async () => {
  let looks = 0;
  const { find } = asActivities({
    find: async (limitMs: number) => {
      progress({ isRemoving: true });
      return until(() => Promise.resolve(++looks % 3 === 0 ? true : undefined), {
        what: 'a thing',
        everyMs: 1,
        limitMs,
        type: 'NotVetted',
        stillMissing: () => 'it is missing',
      });
    },
  });

  const { result, heartbeats } = attempt({ find }, 'find', 60_000);
  await result;
  const heartbeatDetails = { isConnecting: true, waitingFor: 'another thing' };
  const next = attempt({ find }, 'find', 60_000, undefined, { attempt: 2, heartbeatDetails });
  await next.result;

  const each = { waitingFor: 'a thing', isRemoving: true };
  assert.deepEqual(heartbeats.slice(1), [each, each, each]);
  const after = { ...each, isConnecting: true };
  assert.deepEqual(next.heartbeats.slice(1), [after, after, after]);
});
