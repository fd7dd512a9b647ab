import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { asActivities } from '../../../activities/attempt/failures.js';
import { activationActivities } from '../../../activities/hosting/activation.js';
import { onboardingActivities } from '../../../activities/hosting/onboarding.js';
import { awaitTopologyIdle } from '../../../activities/hosting/topology-idle.js';
import type { Participants } from '../../../activities/nodes/participants.js';
import { ListStore } from '../../../storage/list-store.js';
import { attempt } from '../../support/attempt.js';
import { startOneSynchronizer } from '../../support/one-synchronizer.js';

const PARTIES = 150;
const DIED_AT = 60;

async function arriving(t: TestContext) {
  const nodes = await startOneSynchronizer(t, {
    parties: { local: PARTIES, multiHosted: 0, external: 0, decentralized: 0, foreign: 1 },
  });
  const { source, target, alias, store, parties, sandbox } = nodes;
  await target.synchronizers.setManualConnect(alias, true);
  const ofName = ({ name }: { name: string }) => (name === 'source' ? source : target);
  const participants = {
    ...{ read: ofName, change: ofName, named: (name: string) => ofName({ name }) },
    everyone: () => [],
  } as unknown as Participants;
  const lists = new ListStore({ put: async () => undefined, get: async () => undefined });
  const activities = asActivities({
    ...onboardingActivities(participants),
    ...activationActivities(participants, lists),
  });
  const input = {
    source: { name: 'source', uid: sandbox.participants.source.uid },
    target: { name: 'target', uid: sandbox.participants.target.uid },
    ...store,
    parties: parties.map((party) => ({ party, permission: 'submission' as const })),
  };
  return { ...nodes, activities, input };
}

// What an attempt that died has made is found by reading it, whatever number of parties there are.
test('resumed: parties that were proposed or activated before an attempt died are not proposed or signed again', async (t) => {
  const { sandbox, source, target, alias, store, activities, input } = await arriving(t);
  const calls = (method: string) => sandbox.calls.list({ method });
  const goneWell = (method: string) => calls(method).filter(({ outcome }) => outcome === 'OK').length;

  sandbox.faults.failBefore('Authorize', { skip: DIED_AT });
  await assert.rejects(attempt(activities, 'ensureOnboardingProposed', input).result);
  await awaitIdle(source, store.synchronizerId);
  assert.ok(goneWell('Authorize') >= DIED_AT && goneWell('Authorize') < PARTIES);
  await attempt(activities, 'ensureOnboardingProposed', input).result;
  assert.equal(goneWell('Authorize'), PARTIES);

  await target.synchronizers.disconnect(alias);
  const activating = { ...input, beginExclusive: await target.ledger.readLedgerEnd() };
  sandbox.faults.dropReply('AddTransactions');
  await assert.rejects(attempt(activities, 'activateParties', activating).result);
  const signedBefore = calls('SignTransactions').length;
  const { activated } = await attempt(activities, 'activateParties', activating).result;
  assert.equal(activated, 0);
  assert.equal(calls('AddTransactions').length, 1);
  assert.equal(calls('SignTransactions').length, signedBefore);
});

async function awaitIdle(...[node, synchronizerId]: Parameters<typeof awaitTopologyIdle>) {
  const idle = { idle: () => awaitTopologyIdle(node, synchronizerId) };
  await attempt(idle, 'idle', undefined).result;
}
