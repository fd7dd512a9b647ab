import assert from 'node:assert/strict';
import test from 'node:test';

import { participantsOf } from '../../activities/nodes/participants.js';
import { explainedByUpgrade } from '../../activities/nodes/upgrades.js';
import { refused } from '../../model/failure.js';
import { DEFAULT_APPROVAL, type Finding } from '../../model/plan.js';
import type { NodeRef } from '../../model/participant.js';
import type { MigrationRequest } from '../../model/request.js';
import { failing } from '../support/failing.js';
import { onVersion } from '../support/protocol-version.js';
import { SMALL, startStack, type Stack } from '../support/stack.js';
import { announceUpgrade, finishUpgrade } from '../support/upgrading.js';

/** A third node, which stays connected to the synchronizer of the source. */
const WITNESSED = {
  ...SMALL,
  ...onVersion(34),
  fresh: { name: 'fresh', synchronizers: ['source' as const] },
};

/** Back to the node that is parked. */
const BACK: MigrationRequest = {
  source: 'target',
  target: 'source',
  sourceSynchronizer: 'da',
  targetSynchronizer: 'acme',
  options: { copy: 'changes' },
};

const ofUpgrades = (findings: Finding[]) => findings.filter(({ type }) => type.startsWith('Upgrade'));

const typesOf = (findings: Finding[]) => ofUpgrades(findings).map(({ type }) => type);

/** The source is parked, and its synchronizer goes on without it. */
async function startMissed(t: Parameters<typeof startStack>[0]): Promise<Stack & { time: string }> {
  const stack = await startStack(t, WITNESSED);
  await stack.act.isolateTarget({ target: stack.refs.source });
  const { upgrades } = stack.sandbox.synchronizers.source;
  upgrades.announce({ protocolVersion: 35, upgradeAfterMs: 3_600_000 });
  await finishUpgrade(stack.sandbox, 'source');
  const micros = upgrades.endOf(upgrades.first.psid)!.upgradeTime;
  const time = new Date(Number(micros / 1000n)).toISOString().replace('Z', '000Z');
  return { ...stack, time };
}

for (const role of ['source', 'target'] as const) {
  test(`upgrades: one that is announced is in the way of the ${role}, and once done never again`, async (t) => {
    const { sandbox, plan } = await startStack(t, { ...SMALL, ...onVersion(34) });
    await announceUpgrade(sandbox, role);

    const [announced, ...others] = ofUpgrades((await plan()).plan.obstacles);
    await finishUpgrade(sandbox, role);
    const after = (await plan()).plan;

    assert.deepEqual([announced?.type, others], ['UpgradeAnnounced', []]);
    assert.match(announced!.what, /from 34-0 to 35-1 at 20\d\d-.*T.*Z/);
    assert.deepEqual(ofUpgrades(after.obstacles), []);
    assert.match(after[role].synchronizer.physicalId, /::35-1$/);
  });
}

test('upgrades: a plan for a parked node that missed one names the late upgrade with the announced time', async (t) => {
  const { sandbox, plan, time } = await startMissed(t);
  const { upgrades } = sandbox.synchronizers.source;

  const reachable = (await plan(BACK)).plan;
  upgrades.retire();
  const lost = (await plan(BACK)).plan;

  assert.deepEqual(
    [typesOf(reachable.obstacles), typesOf(reachable.warnings)],
    [[], ['UpgradeNotMade']],
  );
  const [missed] = ofUpgrades(lost.obstacles);
  assert.equal(missed?.type, 'UpgradeMissed');
  assert.match(
    missed.what,
    /source is disconnected and has .*::34-0 in use, while fresh is on .*::35-1/,
  );
  assert.ok(missed.cure.includes(`exactly ${time}`), missed.cure);
});

test('upgrades: after the late upgrade the parked node is planned with, and connects', async (t) => {
  const { sandbox, plan, participants } = await startMissed(t);
  const { upgrades } = sandbox.synchronizers.source;
  upgrades.retire();
  const { connections } = sandbox.participants.source.participant.node;
  const other = sandbox.participants.fresh!.participant.node.connections.find('acme');
  const { upgradeTime } = upgrades.endOf(upgrades.first.psid)!;
  const successor = { psid: upgrades.active.psid, upgradeTime, config: other.config };

  connections.upgradeLate(upgrades.first.psid, successor);

  assert.deepEqual(typesOf((await plan(BACK)).plan.obstacles), []);
  assert.equal(await participants.get('source')!.synchronizers.reconnect('acme'), true);
});

test('upgrades: what nobody can tell of a parked node is said', async (t) => {
  const { act, refs, plan } = await startStack(t);
  await act.isolateTarget({ target: refs.source });

  assert.deepEqual(typesOf((await plan(BACK)).plan.warnings), ['UpgradeNotChecked']);
});

test('upgrades: nor of a source that is disconnected, by any route', async (t) => {
  const { act, refs, plan } = await startStack(t);
  await act.isolateTarget({ target: refs.source });

  const { warnings } = (await plan()).plan;

  const [notChecked] = warnings.filter(({ type }) => type === 'UpgradeNotChecked');
  assert.match(notChecked?.what ?? '', /^source is disconnected from acme/);
});

test('upgrades: the watch of a parked node says that it missed one', async (t) => {
  const { act, refs, time } = await startMissed(t);
  const { ledgerEnd } = await act.readLedgerEnd({ participant: refs.source });

  const look = await act.readParkedSource({ source: refs.source, expectedLedgerEnd: ledgerEnd });

  assert.equal(look.state, 'parked');
  assert.ok(look.missedUpgrade?.includes(`exactly ${time}`), look.missedUpgrade);
});

test('upgrades: a node that cannot connect because it missed one is told what it needs', async (t) => {
  const { nodes, refs, time, sandbox } = await startMissed(t);
  const inVain: (input: { target: NodeRef }) => Promise<void> = async () => {
    throw refused('NotConnected', 'source is not connected to acme');
  };
  const participants = participantsOf(nodes, { approval: DEFAULT_APPROVAL });
  const steps = explainedByUpgrade({ connectTarget: inVain }, participants);

  await assert.rejects(steps.connectTarget({ target: refs.source }), failing('NotConnected', 'refused'));
  sandbox.synchronizers.source.upgrades.retire();
  await assert.rejects(
    steps.connectTarget({ target: refs.source }),
    failing('NotUpgraded', 'refused', `exactly ${time}`),
  );
  await assert.rejects(steps.connectTarget({ target: refs.target }), failing('NotConnected', 'refused'));
});

test('upgrades: while the topology is frozen no step writes any, and afterwards each does', async (t) => {
  const stack = await startStack(t);
  const { sandbox, act, refs, participants } = stack;
  const { logicalId: synchronizerId } = sandbox.synchronizers.target.info;
  const namespace = refs.target.uid.split('::')[1]!;
  const parties = [{ party: `held::${namespace}`, permission: 'submission' as const }];
  const { logicalId: sourceSynchronizerId } = sandbox.synchronizers.source.info;
  const hosting = { ...refs, synchronizerId, sourceSynchronizerId, parties };
  const host = () => act.ensurePartiesHosted(hosting);
  await announceUpgrade(sandbox, 'target');
  const { last } = sandbox.calls;

  await assert.rejects(
    host(),
    failing('SynchronizerFrozen', 'refused', 'its topology is frozen until it is done'),
  );
  const written = sandbox.calls.list({ isMutating: true, after: last });
  const hostedHere = {
    participantUid: refs.target.uid,
    permission: 'submission',
    isOnboarding: false,
  } as const;
  const mapping = { party: parties[0]!.party, threshold: 1, serial: 0, hosts: [hostedHere] };
  const { topology } = participants.get('target')!;
  // The node itself refuses as well, which is the same to a step that was under way.
  await assert.rejects(topology.proposePartyMapping({ synchronizerId }, mapping), {
    type: 'SynchronizerFrozen',
    kind: 'refused',
  });
  await finishUpgrade(sandbox, 'target');

  assert.deepEqual(written, []);
  assert.deepEqual(await host(), { hosted: 1 });
});

test('upgrades: the wait ends with the upgrade, and with one that is called off', async (t) => {
  const { sandbox, act, refs } = await startStack(t);
  const nodes = [refs.source, refs.target];
  await announceUpgrade(sandbox, 'target');
  const synchronizerIds = Object.values(sandbox.synchronizers).map(({ info }) => info.logicalId);
  const waiting = act.awaitUpgrade({ nodes, synchronizerIds });
  await finishUpgrade(sandbox, 'target');
  await waiting;
  const hasSwitched = sandbox.participants.target.participant.node.connections
    .list()
    .every(({ active }) => active.psid.endsWith('35-1'));
  await announceUpgrade(sandbox, 'source');
  sandbox.synchronizers.source.upgrades.cancel();

  await act.awaitUpgrade({ nodes, synchronizerIds });

  assert.ok(hasSwitched);
});
