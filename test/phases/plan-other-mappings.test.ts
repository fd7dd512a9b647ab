import assert from 'node:assert/strict';
import test from 'node:test';

import { QUICK_TIMING } from '../../sandbox/index.js';
import { planWith } from '../support/pretending.js';
import { itemsOf } from '../support/plan-parties.js';
import { startStack } from '../support/stack.js';

test('plan: a party that has other signing keys on the target synchronizer is an obstacle', async (t) => {
  const stack = await startStack(t, {
    timing: QUICK_TIMING,
    contracts: { count: 0 },
    parties: { local: 1, multiHosted: 0, foreign: 0, decentralized: 0, external: 3 },
  });
  const { topology, synchronizers } = stack.participants.get('source')!;
  const [acme] = await synchronizers.listRegistered();
  const [one, two, three] = (
    await topology.listPartyMappings({ synchronizerId: acme!.logicalId }, {})
  ).filter(({ signingKeys }) => signingKeys);
  const hosts = [
    {
      participantUid: stack.refs.target.uid,
      ...({ permission: 'confirmation', isOnboarding: false } as const),
    },
  ];
  // The first as it stood before it replaced its key, the second as it stands.
  const there = [
    { ...one!, hosts, signingKeys: three!.signingKeys! },
    { ...two!, hosts },
  ];
  const listPartyMappings = async () => there;

  const { obstacles } = await planWith(stack, { target: { topology: { listPartyMappings } } });

  const differing = obstacles.find(({ type }) => type === 'SigningKeysDiffer')!;
  assert.match(differing.what, /^1 parties .* than on that of the source: external-0001::/);
});

test('plan: a party with a threshold that one host does not meet stays, and nobody else is said to host it', async (t) => {
  const stack = await startStack(t, { timing: QUICK_TIMING, contracts: { count: 0 } });
  const { topology } = stack.participants.get('source')!;
  const listPartyMappings: typeof topology.listPartyMappings = async (...asked) =>
    (await topology.listPartyMappings(...asked)).map((its) => ({ ...its, threshold: 2 }));

  const { parties } = await planWith(stack, { source: { topology: { listPartyMappings } } });

  const alice = itemsOf(parties).find(({ party }) => party.startsWith('Alice::'))!;
  assert.deepEqual(
    [alice.treatment, alice.reason.split(',')[0]],
    ['leave', 'its threshold is above one'],
  );
});
