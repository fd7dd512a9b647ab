import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { HandedIn } from '../../model/ceremony.js';
import type { MigrationStatus } from '../../model/steering.js';
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
import { handInAll, requiredLines, signedLine } from '../support/offline-key.js';

/** A live migration at its first gate, with the root key off the source. */
async function atRootKey(t: TestContext): Promise<Live & { pem: string; status: MigrationStatus }> {
  let pem = '';
  const live = await startLive(t, {
    before: ({ sandbox }) => (pem = sandbox.participants.source.takeRootKey()),
  });
  const status = await live.stack.until(live.id, ({ gate }) => gate?.name === 'root-key');
  return { ...live, pem, status };
}

test(
  'live ceremony: an offline root key signs the delegation and the hosting of all parties at one gate, and the migration ends well',
  RARER,
  async (t) => {
    const { stack, id, pem, status, contracts } = await atRootKey(t);
    const { client, sandbox } = stack;
    const lines = await requiredLines(client, id);
    const [delegation, hosting] = lines.map((line) => signedLine(line, pem));
    const approval = { gate: 'root-key', planHash: status.planHash!, approver: 'test' } as const;
    const handIn = (...signatures: HandedIn[]) =>
      client.provideSignatures(id, { signatures, by: 'keeper' });

    assert.deepEqual(
      lines.map(({ purpose, transactions }) => [purpose, transactions?.length]),
      [
        ['namespace-delegation', 1],
        ['party-hosting', 3],
      ],
    );
    const wrong = await handIn({ ...hosting!, signature: delegation!.signature });
    assert.deepEqual([wrong.accepted, wrong.refused[0]?.type], [0, 'SignatureWrong']);
    await handIn(delegation!);
    await assert.rejects(client.approve(id, approval), { type: 'SignatureMissing' });
    const { accepted, alreadyGiven } = await handIn(delegation!, hosting!);
    assert.deepEqual([accepted, alreadyGiven], [1, 1]);
    assert.deepEqual(sandbox.calls.list({ isMutating: true, participant: 'source' }), []);

    await approveLive({ stack, id });
    const report = await client.result(id);

    assertServes(stack, sandbox.participants.target, { contracts, parties: partiesOf(report) });
    assert.deepEqual(
      report.signatures?.map(({ purpose, by }) => [purpose, by]),
      [['namespace-delegation', 'keeper']],
    );
    assert.deepEqual([report.hostings?.counts.given, report.hostings?.counts.parties], [1, 3]);
  },
);

// Without the root key the source cannot take the hosting back: the target does it, once it may be connected.
test(
  'live ceremony: an abort in the window completes the copy, and the target takes itself off as host',
  RARER,
  async (t) => {
    const live = await atRootKey(t);
    const { stack, id, contracts } = live;
    const { source, target } = stack.sandbox.participants;
    stack.sandbox.faults.delay('ImportAcs', 1_500, { participant: 'target', times: 1 });
    await handInAll(stack.client, id, live.pem);
    await approveLive(live, ['root-key', 'target-backup']);
    const { verification } = await stack.until(id, (its) => its.live?.activation !== undefined);
    assert.equal(verification, undefined);

    const { withdrawn } = await abortLive(live);

    assert.match(withdrawn.join('\n'), /target is no host of 3 parties any more/);
    assert.match(withdrawn.join('\n'), /12 contracts purged from target/);
    const parties = source
      .parties('acme')
      .map(({ party }) => party)
      .filter((party) => party.endsWith(source.uid.split('::')[1]!));
    assert.equal(parties.length, 3);
    assertServes(stack, source, { contracts, parties });
    assert.deepEqual(target.contracts(), []);
    assert.deepEqual(target.connected(), ['acme']);
  },
);

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
    await handInAll(stack.client, id, live.pem);
    await approveLive(live, ['root-key', 'target-backup']);
    await stack.until(id, ({ state }) => state === 'stopped');
    await stack.participants.target.synchronizers.reconnect('acme');

    const { stays } = await abortLive(live);

    assert.deepEqual(target.connected(), []);
    assert.deepEqual(source.connected(), ['acme']);
    assert.deepEqual(sortedContracts(source), contracts);
    const [hosting] = stays.filter(({ what }) => /target as a host of 3 parties in topology/.test(what));
    assert.match(hosting?.why ?? '', /their own keys, or those of their namespaces/);
  },
);
