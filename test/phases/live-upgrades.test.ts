import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { typeOf } from '../../model/failure.js';
import { CantonRefusal } from '../../sandbox/errors.js';
import { onboardingOf } from '../../workflows/phases/live/live-input.js';
import { live } from '../../workflows/routes/live.js';
import { onVersion } from '../support/protocol-version.js';
import { reached } from '../support/reached.js';
import {
  applyStep,
  checkUndone,
  liveOf,
  liveRunOf,
  PROMPT_LIVE,
  startLiveSteps,
  undoAll,
  type Migrating,
} from '../support/route-steps.js';
import { announceUpgrade, finishUpgrade } from '../support/upgrading.js';

/** Not upgraded yet. */
const BEFORE = { ...PROMPT_LIVE, ...onVersion(34) };

/** A migration whose target misses an upgrade: it is disconnected for the transfer. */
async function startMissed(t: TestContext, before: string, { isRetired }: { isRetired: boolean }) {
  const scenario = BEFORE;
  const migrating = await startLiveSteps(t, { before, scenario });
  const { sandbox } = migrating;
  const contracts = sandbox.participants.source.contracts().sort();
  await announceUpgrade(sandbox, 'source');
  await finishUpgrade(sandbox, 'source');
  if (isRetired) sandbox.synchronizers.source.upgrades.retire();
  // The node would go on trying for longer than a test waits.
  const { connections } = sandbox.participants.target.participant.node;
  t.mock.method(connections, 'retryInBackground', () => {
    throw new CantonRefusal({ id: 'SYNCHRONIZER_IS_NOT_AVAILABLE', category: 1, cause: 'not there' });
  });
  return { migrating, contracts, sandbox };
}

const FROM_COPY = ['copy-contracts', 'compare-nodes', 'connect-target', 'clear-onboarding-flags'];

const failingWith = (type: string, message: RegExp) => (error: Error) => {
  assert.equal(typeOf(error), type);
  assert.match(error.message, message);
  return true;
};

const watchAtBackup = (migrating: Migrating) =>
  live.steps.find(({ gate }) => gate === 'target-backup')!.watch!(liveRunOf(migrating));

function hostedByTarget({ sandbox: { participants } }: Pick<Migrating, 'sandbox'>): string[] {
  const { source, target } = participants;
  const namespace = source.uid.split('::')[1]!;
  return source
    .parties('acme')
    .filter(({ party }) => party.endsWith(namespace))
    .filter((its) => its.participants.some((host) => host.participant_uid === target.uid))
    .map(({ party }) => party);
}

function upgradeLate({ sandbox }: Pick<Migrating, 'sandbox'>): void {
  const { upgrades } = sandbox.synchronizers.source;
  const { source, target } = sandbox.participants;
  const { config: its } = source.participant.node.connections.find('acme');
  const { upgradeTime } = upgrades.endOf(upgrades.first.psid)!;
  const successor = {
    psid: upgrades.active.psid,
    upgradeTime,
    config: { ...its, manual_connect: true },
  };
  target.participant.node.connections.upgradeLate(upgrades.first.psid, successor);
}

test('live upgrades: a target that could not be connected afterwards is not activated, and goes on after a late upgrade', async (t) => {
  const { migrating, contracts, sandbox } = await startMissed(t, 'activate-target', {
    isRetired: true,
  });
  const stranded = failingWith(
    'NotUpgraded',
    /::34-0 in use, .* call PerformLateLsu on it .* exactly 20/,
  );

  await assert.rejects(watchAtBackup(migrating), stranded);
  await assert.rejects(applyStep(migrating, 'activate-target'), stranded);
  assert.equal(liveOf(migrating.migration).isActivationBegun, false);
  assert.deepEqual(hostedByTarget(migrating), []);
  upgradeLate(migrating);
  await watchAtBackup(migrating);
  for (const name of ['activate-target', 'copy-contracts', 'compare-nodes', 'connect-target'])
    await applyStep(migrating, name);

  assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
  assert.deepEqual(sandbox.participants.target.connected(), ['acme']);
});

test('live upgrades: an abort before the activation ends, and says how the target is brought over', async (t) => {
  const { migrating, contracts, sandbox } = await startMissed(t, 'activate-target', {
    isRetired: true,
  });

  await undoAll(migrating);
  await checkUndone(migrating);

  const stays = live.steps.flatMap((step) => step.stays?.(liveRunOf(migrating)) ?? []);
  const [left] = stays.filter(({ what }) => what.startsWith('target, disconnected'));
  assert.match(left?.why ?? '', /call PerformLateLsu on it .* It is no host of the parties/);
  assert.deepEqual(sandbox.participants.source.contracts().sort(), contracts);
  upgradeLate(migrating);
  await sandbox.participants.target.participant.node.connections.connect('acme');
  assert.deepEqual(sandbox.participants.target.damage(), []);
});

test('live upgrades: while one is announced the target is not activated', async (t) => {
  const scenario = BEFORE;
  const migrating = await startLiveSteps(t, { before: 'activate-target', scenario });
  await announceUpgrade(migrating.sandbox, 'source');

  await assert.rejects(
    migrating.act.readTargetUpgraded({ ...onboardingOf(liveRunOf(migrating).plan), isBeginning: true }),
    failingWith('SynchronizerFrozen', /its topology is frozen/),
  );
  await watchAtBackup(migrating);
  await assert.rejects(applyStep(migrating, 'activate-target'), { message: /frozen/ });

  assert.equal(liveOf(migrating.migration).isActivationBegun, false);
});

for (const before of ['copy-contracts', 'connect-target'])
  test(`live upgrades: one that is missed before ${before} is made at the connect, as long as the former sequencers are up`, async (t) => {
    const { migrating, contracts, sandbox } = await startMissed(t, before, { isRetired: false });

    const { target } = sandbox.participants;
    const inUse = () => target.participant.node.connections.find('acme').active.psid;
    for (const name of FROM_COPY.slice(FROM_COPY.indexOf(before))) {
      await applyStep(migrating, name);
      // The workflow waits for it where a step finds the topology frozen yet.
      if (name === 'connect-target') await reached(() => inUse().endsWith('::35-1'));
    }

    assert.deepEqual(target.contracts().sort(), contracts);
    assert.deepEqual(target.damage(), []);
  });

test('live upgrades: an abort in the onboarding window takes the target back, as long as the former sequencers are up', async (t) => {
  const { migrating, sandbox } = await startMissed(t, 'copy-contracts', { isRetired: false });

  await undoAll(migrating);
  await checkUndone(migrating);

  assert.equal(liveOf(migrating.migration).leftIsolated, undefined);
  assert.deepEqual(sandbox.participants.target.contracts(), []);
  assert.deepEqual(sandbox.participants.target.connected(), ['acme']);
});

for (const before of ['copy-contracts', 'connect-target'])
  test(`live upgrades: with the former sequencers off before ${before} the target is not connected, and an abort ends`, async (t) => {
    const { migrating, contracts, sandbox } = await startMissed(t, before, { isRetired: true });
    if (before === 'copy-contracts') {
      await applyStep(migrating, 'copy-contracts');
      await applyStep(migrating, 'compare-nodes');
    }

    await assert.rejects(
      applyStep(migrating, 'connect-target'),
      failingWith('NotUpgraded', /so PerformLateLsu does not help/),
    );
    await undoAll(migrating);
    await checkUndone(migrating);

    const { leftIsolated } = liveOf(migrating.migration);
    assert.match(leftIsolated ?? '', /^it cannot be connected any more: target is disconnected and has/);
    assert.deepEqual(hostedByTarget(migrating), []);
    assert.deepEqual(sandbox.participants.source.contracts().sort(), contracts);
    assert.deepEqual(sandbox.participants.target.connected(), []);
  });
