import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { SignatureToProvide } from '../../model/ceremony.js';
import type { MigrationStatus } from '../../model/steering.js';
import { runCli } from '../client/run-cli.js';
import { RARER } from '../support/boundaries.js';
import {
  abortLive,
  approveLive,
  assertServes,
  partiesOf,
  sortedContracts,
  startLive,
  type Live,
} from '../support/live.js';
import { signatureOf } from '../support/offline-key.js';
import { temporalServer } from '../support/temporal.js';

/** A live migration at its first gate, with the root key off the source. */
async function atRootKey(t: TestContext): Promise<Live & { pem: string; status: MigrationStatus }> {
  let pem = '';
  const live = await startLive(t, {
    before: ({ sandbox }) => (pem = sandbox.participants.source.takeRootKey()),
  });
  const status = await live.stack.until(live.id, ({ gate }) => gate?.name === 'root-key');
  return { ...live, pem, status };
}

function wantedOf({ signatures = [] }: MigrationStatus): SignatureToProvide[] {
  return signatures.filter(({ isRequired }) => isRequired);
}

async function provideAll({ stack, id, pem, status }: Awaited<ReturnType<typeof atRootKey>>) {
  for (const wanted of wantedOf(status))
    await stack.client.provideSignature(id, signatureOf(wanted, pem));
}

/** As an operator hands it in who has signed elsewhere. */
async function provideByCli({ stack, id }: Live, { hash }: SignatureToProvide, signature: string) {
  const { address } = await temporalServer();
  const args = ['--for', hash.slice(0, 16), '--signature', signature, '--as', 'keeper'];
  return runCli(['provide-signature', id, ...args, '--task-queue', stack.taskQueue], {
    environment: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'default' },
  });
}

test('live ceremony: an offline root key signs the delegation and the hosting of every party at one gate, and the migration ends well', async (t) => {
  const live = await atRootKey(t);
  const { stack, id, pem, status, contracts } = live;
  const { client, sandbox } = stack;
  const wanted = wantedOf(status);
  const [delegation, first, second, third] = wanted;
  const approval = { gate: 'root-key', planHash: status.planHash!, approver: 'test' } as const;

  assert.deepEqual(
    wanted.map(({ purpose }) => purpose),
    ['namespace-delegation', 'party-hosting', 'party-hosting', 'party-hosting'],
  );
  assert.equal(new Set(wanted.map(({ party }) => party)).size, 4);
  const ofAnother = { ...signatureOf(first!, pem), signature: signatureOf(second!, pem).signature };
  await assert.rejects(client.provideSignature(id, ofAnother), { type: 'SignatureWrong' });
  const wrong = await provideByCli(live, third!, signatureOf(first!, pem).signature);
  assert.equal(wrong.code, 3);
  assert.match(wrong.err + wrong.out, /another key, or of another text/);
  await client.provideSignature(id, signatureOf(delegation!, pem));
  await client.provideSignature(id, signatureOf(first!, pem));
  await assert.rejects(client.approve(id, approval), { type: 'SignatureMissing' });
  await client.provideSignature(id, signatureOf(second!, pem));
  const provided = await provideByCli(live, third!, signatureOf(third!, pem).signature);
  assert.equal(provided.code, 0, provided.err);
  assert.match(provided.out, /party-hosting signed by \w+, submitted by keeper/);
  const again = await provideByCli(live, third!, signatureOf(third!, pem).signature);
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /was there already: party-hosting signed by \w+, submitted by keeper/);
  assert.deepEqual(sandbox.calls.list({ isMutating: true, participant: 'source' }), []);

  await approveLive(live);
  const report = await client.result(id);

  assertServes(stack, sandbox.participants.target, { contracts, parties: partiesOf(report) });
  assert.deepEqual(
    report.signatures?.map(({ purpose, by }) => [purpose, by]),
    wanted.map(({ purpose }) => [purpose, 'keeper']),
  );
});

// Without the root key the source cannot take the hosting back: the target does it, once it may be connected.
test('live ceremony: an abort in the window completes the copy, and the target takes itself off as host', async (t) => {
  const live = await atRootKey(t);
  const { stack, id, contracts } = live;
  const { source, target } = stack.sandbox.participants;
  stack.sandbox.faults.delay('ImportAcs', 1_500, { participant: 'target', times: 1 });
  await provideAll(live);
  await approveLive(live, ['root-key', 'target-backup']);
  const { verification } = await stack.until(id, (its) => its.live?.activation !== undefined);
  assert.equal(verification, undefined);

  const { withdrawn } = await abortLive(live);

  assert.match(withdrawn.join('\n'), /source alone hosts 3 parties again/);
  assert.match(withdrawn.join('\n'), /12 contracts purged from target/);
  const parties = source
    .parties('acme')
    .map(({ party }) => party)
    .filter((party) => party.endsWith(source.uid.split('::')[1]!));
  assert.equal(parties.length, 3);
  assertServes(stack, source, { contracts, parties });
  assert.deepEqual(target.contracts(), []);
  assert.deepEqual(target.connected(), ['acme']);
});

// Nobody is left who could sign the removal: the source has no key for it, and the target must not be connected.
test(
  'live ceremony: an abort with a target that was connected in the window says that it is still named as a host',
  RARER,
  async (t) => {
    const live = await atRootKey(t);
    const { stack, id, contracts } = live;
    const { source, target } = stack.sandbox.participants;
    stack.sandbox.faults.failBefore('ImportAcs', {
      participant: 'target',
      times: 1,
      code: 'INVALID_ARGUMENT',
    });
    await provideAll(live);
    await approveLive(live, ['root-key', 'target-backup']);
    await stack.until(id, ({ state }) => state === 'stopped');
    await stack.participants.target.synchronizers.reconnect('acme');

    const { stays } = await abortLive(live);

    assert.deepEqual(target.connected(), []);
    assert.deepEqual(source.connected(), ['acme']);
    assert.deepEqual(sortedContracts(source), contracts);
    const [hosting] = stays.filter(({ what }) =>
      /target as a host of the parties in topology/.test(what),
    );
    assert.match(hosting?.why ?? '', /root key/);
  },
);
