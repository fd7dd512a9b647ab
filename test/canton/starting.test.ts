import assert from 'node:assert/strict';
import { test } from 'node:test';

import { startOneSynchronizer, until } from '../support/one-synchronizer.js';

// A node opens its Admin API before its stores, also one that was found running before.
test('starting: no call fails for good because a node finds its synchronizer only some time after its start', async (t) => {
  const nodes = await startOneSynchronizer(t, { timing: { storesMs: 60_000 } });
  const { target, store, parties, sandbox } = nodes;
  const { uid: participantUid } = sandbox.participants.target;
  const [mapping] = await target.topology.listPartyMappings(store, { party: parties[0]! });
  await sandbox.participants.target.restart();
  await until(() => target.health.readStatus().catch(() => undefined));

  for (const read of [
    () => target.topology.listPartyMappings(store, {}),
    () => target.topology.listDelegations(store, ''),
    () => target.topology.findVettedPackages(store, participantUid),
    () => target.topology.listDecentralizedNamespaces(store),
    () => target.topology.findUpgrade(store),
    () => target.topology.listSignedPartyProposals(store, ''),
    () => target.topology.proposePartyMapping(store, mapping!),
    () => target.topology.addTransactions([], store),
    () => target.signing.generatePartyMappings(store, [mapping!]),
  ])
    await assert.rejects(read, { kind: 'transient', errorId: 'TOPOLOGY_STORE_NOT_FOUND' }, String(read));
});

test('starting: a node that has found its synchronizer answers, and a store that it does not know stays refused', async (t) => {
  const { target, store, alias, sandbox } = await startOneSynchronizer(t);
  await target.synchronizers.setManualConnect(alias, true);
  await sandbox.participants.target.restart();

  const found = await until(() => target.topology.listPartyMappings(store, {}).catch(() => undefined));

  await assert.rejects(target.topology.proposePartyMapping(store, found[0]!), {
    kind: 'refused',
    errorId: 'TOPOLOGY_STORE_NOT_FOUND',
  });
});
