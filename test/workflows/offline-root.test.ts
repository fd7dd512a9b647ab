import assert from 'node:assert/strict';
import test from 'node:test';

import { RARER } from '../support/boundaries.js';
import { signatureOf } from '../support/offline-key.js';
import { approveLive, assertServes, partiesOf, sortedContracts, startLive } from '../support/live.js';
import { EVERYTHING, REQUEST, TINY_LIVE } from '../support/stack.js';
import { startMigrationStack, type MigrationStack } from '../support/temporal.js';

// Canton's recommended set-up on both nodes: an intermediate key signs, the root key of the namespace is offline.
// Source: networks I.
const identity = 'offline-root' as const;

/** Signs the delegation of the source's namespace at the gate; returns what was asked of its root key. */
async function sign({ client, sandbox, until }: MigrationStack, id: string) {
  const { signatures = [] } = await until(id, ({ gate }) => gate?.name === 'root-key');
  const wanted = signatures.filter(({ isRequired }) => isRequired);
  const pem = sandbox.participants.source.takeRootKey();
  for (const its of wanted) await client.provideSignature(id, signatureOf(its, pem));
  return wanted.map(({ purpose, signedBy }) => ({ purpose, signedBy }));
}

function delegationBy({ sandbox }: MigrationStack) {
  const { source } = sandbox.participants;
  return [{ purpose: 'namespace-delegation', signedBy: source.uid.split('::')[1] }];
}

test('offline roots: the root key of the source signs the delegation alone, and the migration ends equal', async (t) => {
  const scenario = {
    ...EVERYTHING,
    source: { ...EVERYTHING.source, identity },
    target: { ...EVERYTHING.target, identity },
  };
  const stack = await startMigrationStack(t, { scenario });
  const { source, target } = stack.sandbox.participants;
  const intermediate = source.participant.node.vault.namespaceKey().fingerprint;

  const id = await stack.client.start(REQUEST);
  assert.deepEqual(await sign(stack, id), delegationBy(stack));
  for (const gate of ['root-key', 'interrupt-service', 'cut-over'] as const)
    await stack.approve(id, gate);
  const report = await stack.client.result(id);

  assert.equal(report.verification.isEqual, true);
  assert.deepEqual(target.connected(), ['da']);
  assert.ok(report.leftToDo.some(({ what }) => what.startsWith(`delete the keys ${intermediate}`)));
});

test(
  'offline roots: on the route live the source proposes with its intermediate key, and the target serves',
  RARER,
  async (t) => {
    const { stack, id, contracts } = await startLive(t, {
      scenario: {
        source: { ...TINY_LIVE.source, identity },
        target: { ...TINY_LIVE.target, identity },
      },
    });
    const { target } = stack.sandbox.participants;

    assert.deepEqual(await sign(stack, id), delegationBy(stack));
    await approveLive({ stack, id });
    const report = await stack.client.result(id);

    assertServes(stack, target, { contracts, parties: partiesOf(report) });
    assert.deepEqual(sortedContracts(target), contracts);
  },
);
