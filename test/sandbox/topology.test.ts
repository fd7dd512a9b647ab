import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from '../conformance/states.js';
import {
  AUTHORIZED,
  call,
  delegate,
  delegationProposal,
  hostingProposal,
  namespaceOf,
  quickSandbox,
  rootOf,
  targetStore,
} from './wire-client.js';

test('topology: the delegated key alone authorises the hosting of a party', async (t) => {
  const sandbox = await quickSandbox(t);
  await delegate(sandbox);
  const { target, source } = sandbox.participants;
  const party = `Alice::${namespaceOf(source.uid)}`;
  const body = {
    proposal: hostingProposal(sandbox, party),
    must_fully_authorize: true,
    store: targetStore(sandbox),
    wait_to_become_effective: { seconds: '5' },
  };
  await call(target.adminAddress, 'write', 'Authorize', body);
  assert.deepEqual(target.hosts(party, 'da'), [target.uid]);
  await assert.rejects(call(target.adminAddress, 'write', 'Authorize', body), {
    code: 'ALREADY_EXISTS',
    id: 'TOPOLOGY_MAPPING_ALREADY_EXISTS',
  });
});

test('topology: a hosting before the delegation is refused, or stays a proposal for good', async (t) => {
  const sandbox = await quickSandbox(t);
  const { target, source } = sandbox.participants;
  const store = targetStore(sandbox);
  const wait_to_become_effective = { seconds: '5' };
  const party = `Alice::${namespaceOf(source.uid)}`;
  const proposal = hostingProposal(sandbox, party);
  const refused = { code: 'INVALID_ARGUMENT', id: undefined };
  await assert.rejects(
    call(target.adminAddress, 'write', 'Authorize', { proposal, must_fully_authorize: true, store }),
    refused,
  );
  await call(target.adminAddress, 'write', 'Authorize', { proposal, store, wait_to_become_effective });
  await delegate(sandbox);
  assert.deepEqual(target.hosts(party, 'da'), []);
  const query = { base_query: { store, proposals: true, head_state: {} } };
  const { results } = await call(target.adminAddress, 'read', 'ListPartyToParticipant', query);
  assert.equal((results as unknown[]).length, 1);
});

test('topology: AddTransactions keeps what precedes the refused transaction', async (t) => {
  const sandbox = await quickSandbox(t);
  const { source, target } = sandbox.participants;
  const body = { proposal: delegationProposal(sandbox), must_fully_authorize: true, store: AUTHORIZED };
  const { transaction } = await call(source.adminAddress, 'write', 'Authorize', body);
  const signed = transaction as { signatures: { signature: Buffer }[] };
  const signature = Buffer.from(signed.signatures[0]?.signature ?? []);
  signature[0] = (signature[0] ?? 0) ^ 1;
  const broken = { ...signed, signatures: [{ ...signed.signatures[0], signature }] };
  const transactions = [rootOf(sandbox), broken];
  await assert.rejects(
    call(target.adminAddress, 'write', 'AddTransactions', { transactions, store: AUTHORIZED }),
    { code: 'INVALID_ARGUMENT' },
  );
  const namespaces = target.delegations().map((one) => one.namespace);
  assert.ok(namespaces.includes(namespaceOf(source.uid)));
});

test('topology: parties of every class are there, and none of them on the other synchronizer', async (t) => {
  const sandbox = await quickSandbox(t);
  const { source, target } = sandbox.participants;
  assert.equal(source.parties('acme').length, 10);
  assert.equal(target.parties('da').length, 0);
  const answer = await call(source.adminAddress, 'parties', 'ListParties', { limit: 100 });
  assert.equal((answer['results'] as unknown[]).length, 12);
  const keys = await call(target.adminAddress, 'vault', 'ListMyKeys', { filters: {} });
  const ids = (keys['private_keys_metadata'] as { kms_key_id?: string }[]).map((key) => key.kms_key_id);
  assert.ok(ids.every((id) => id !== undefined));
});

test('topology: a thousand parties are hosted within the limit of unsent transactions', async (t) => {
  const sandbox = await quickSandbox(t, { parties: { local: 1000 }, maxUnsent: 100 });
  await delegate(sandbox);
  const { source, target } = sandbox.participants;
  const store = targetStore(sandbox);
  const own = namespaceOf(source.uid);
  const parties = source
    .parties('acme')
    .filter((one) => one.party.endsWith(own) && one.participants.length === 1)
    .map((one) => one.party);
  assert.equal(parties.length, 1000);
  let refusals = 0;
  const host = async (party: string): Promise<void> => {
    const body = { proposal: hostingProposal(sandbox, party), must_fully_authorize: true, store };
    try {
      await call(target.adminAddress, 'write', 'Authorize', body);
    } catch (error) {
      const { id, retryable } = error as { id?: string; retryable: boolean };
      assert.equal(id, 'TOPOLOGY_TOO_MANY_PENDING_TOPOLOGY_TRANSACTIONS');
      assert.equal(retryable, true);
      refusals += 1;
      await until(
        async () =>
          sandbox.participants.target.participant.node.topology.find(logicalIdOf(sandbox))?.sink
            .pendingCount ?? 0,
        (count) => count < 100,
      );
      await host(party);
    }
  };
  for (let n = 0; n < parties.length; n += 110) await Promise.all(parties.slice(n, n + 110).map(host));
  await until(
    async () => target.parties('da').length,
    (count) => count === 1000,
  );
  assert.ok(refusals > 0);
});

function logicalIdOf({ synchronizers }: Awaited<ReturnType<typeof quickSandbox>>): string {
  return synchronizers.target.info.logicalId;
}
