import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { asActivities } from '../../../activities/attempt/failures.js';
import { hostingActivities, type HostInput } from '../../../activities/hosting/hosting.js';
import type { CantonError } from '../../../canton/errors.js';
import type { ScenarioChange } from '../../../sandbox/index.js';
import {
  arrive,
  startOneSynchronizer,
  until,
  type OneSynchronizer,
} from '../../support/one-synchronizer.js';
import { attempt } from '../../support/attempt.js';

type Onboarding = Awaited<ReturnType<typeof onboarding>>;

const FULL = 'TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS';

/** Both nodes host the parties, the target with the flag, and is connected. */
async function onboarding(t: TestContext, change: ScenarioChange = {}) {
  const nodes = await startOneSynchronizer(t, change);
  const { source, target, alias, store, parties, sandbox } = nodes;
  const { n0 } = await arrive(nodes);
  const { participants } = sandbox;
  const input: HostInput & { beginExclusive: string } = {
    source: { name: 'source', uid: participants.source.uid },
    target: { name: 'target', uid: participants.target.uid },
    alias,
    ...store,
    parties,
    beginExclusive: n0,
    proof: { beginExclusive: n0, ledgerEnd: n0 },
  };
  const activities = asActivities(
    hostingActivities({
      read: ({ name }) => (name === 'source' ? source : target),
      change: () => target,
      named: () => target,
      proving: () => target.signing,
      assertMigration: async () => undefined,
      assertAllowed: () => undefined,
      everyone: () => [],
    }),
  );
  return { ...nodes, clear: () => attempt(activities, 'clearOnboardingFlags', input).result, input };
}

const few = (local: number) => ({ local, multiHosted: 0, external: 0, decentralized: 0, foreign: 1 });

/** How the target answered what it was asked to clear. */
function answers({ sandbox }: OneSynchronizer): string[] {
  return sandbox.calls
    .list({ participant: sandbox.scenario.target.name, method: 'ClearPartyOnboardingFlag' })
    .map(({ outcome }) => String(outcome));
}

/** How often the list of all mappings of the target was read from it. */
function wholeReads({ sandbox }: OneSynchronizer): number {
  return sandbox.calls
    .list({ participant: sandbox.scenario.target.name, method: 'ListPartyToParticipant' })
    .filter(({ request }) => !/"filter_?[pP]arty":"[^"]/.test(request)).length;
}

function flagged({ sandbox, alias }: OneSynchronizer): string[] {
  return sandbox.participants.source
    .parties(alias)
    .filter(({ participants }) => participants.some((host) => host.onboarding))
    .map(({ party }) => party);
}

/** Fills the queue of the target with clearances of its first party, which the sequencer does not take. */
async function fillQueue({ target, sandbox, input, parties }: Onboarding): Promise<void> {
  const request = { ...input, party: parties[0]!, timeoutMs: 1_000 };
  sandbox.synchronizers.source.setUp(false);
  await until(async () => {
    const answer = target.onboarding.clearFlag(request);
    return (
      (await answer.then(
        () => undefined,
        (error: CantonError) => error.errorId,
      )) === FULL
    );
  });
}

// Each request is a topology transaction: whoever polls with them fills the queue of the node.
test('cut-over: the flags of 150 parties clear with one request each, on a node that takes its time', async (t) => {
  const nodes = await onboarding(t, {
    parties: few(150),
    timing: { sequencingMs: 300, topologyChangeMs: 300, onboardingMs: 1_000 },
  });

  const before = wholeReads(nodes);

  const { cleared } = await nodes.clear();

  assert.equal(cleared, 150);
  assert.equal(
    wholeReads(nodes) - before,
    2,
    'all mappings are read before the first and after the last',
  );
  assert.deepEqual(flagged(nodes), []);
  assert.deepEqual(answers(nodes), Array<string>(150).fill('OK'));
});

test('cut-over: a flag whose clearance is on its way already is waited for', async (t) => {
  const nodes = await onboarding(t, {
    parties: few(1),
    timing: { topologyChangeMs: 2_000, onboardingMs: 50 },
  });
  const { target, input, parties } = nodes;
  const ask = () => target.onboarding.clearFlag({ ...input, party: parties[0]!, timeoutMs: 1_000 });
  // Ordered, and not yet in effect: from here on the node knows what it proposed itself.
  await until(
    async () =>
      (await ask().then(
        () => undefined,
        () => true,
      )) === true,
  );

  await nodes.clear();

  assert.deepEqual(flagged(nodes), []);
  assert.equal(answers(nodes).at(-1), 'FAILED_PRECONDITION');
});

test('cut-over: a node with a full queue is asked again once there is room', async (t) => {
  const nodes = await onboarding(t, { parties: few(3), maxUnsent: 5, timing: { onboardingMs: 50 } });
  await fillQueue(nodes);
  const before = answers(nodes).length;

  const clearing = nodes.clear();
  await until(async () => answers(nodes).length > before);
  nodes.sandbox.synchronizers.source.setUp(true);
  await clearing;

  assert.deepEqual(flagged(nodes), []);
});

// What it was asked is gone with the connection: nothing would happen until it is asked again after minutes.
test('cut-over: a target that was disconnected meanwhile is asked again at once', async (t) => {
  const nodes = await onboarding(t, { parties: few(1), timing: { onboardingMs: 700 } });
  const clearing = nodes.clear();
  await until(async () => answers(nodes).length === 1);

  await nodes.target.synchronizers.disconnect(nodes.alias);
  await clearing;

  assert.deepEqual(flagged(nodes), []);
  assert.deepEqual(answers(nodes), ['OK', 'OK']);
});
