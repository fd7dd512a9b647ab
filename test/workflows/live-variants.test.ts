import assert from 'node:assert/strict';
import test from 'node:test';

import { countOf } from '../../model/listed.js';
import { registerWith } from '../../sandbox/participant.js';
import { RARER } from '../support/boundaries.js';
import { eventually, LIVE_GATES } from '../support/driving.js';
import { creation, runTraffic, submit } from '../support/ledger-traffic.js';
import { stakeholdersOf } from '../support/ledger-changes.js';
import {
  abortLive,
  approveLive,
  assertServes,
  partiesOf,
  sortedContracts,
  startLive,
} from '../support/live.js';
import { LIVE_REQUEST, TINY_LIVE } from '../support/stack.js';
import { partiesIn } from '../support/plan-parties.js';

const NOWHERE = { target: { synchronizers: [] } };

test(
  'live variants: without a delegation the source removes itself, by force, and the target ends as the only host',
  RARER,
  async (t) => {
    const live = await startLive(t, { request: { options: { quietSeconds: 1, delegation: 'none' } } });
    const { stack, id, contracts } = live;
    const { source, target } = stack.sandbox.participants;

    await approveLive(live);
    const report = await stack.client.result(id);

    const [namespace, targetKey] = [source.uid, target.uid].map((uid) => uid.split('::')[1]);
    for (const node of [source, target]) {
      const delegated = node.delegations('acme').filter((its) => its.namespace === namespace);
      assert.ok(!delegated.some((its) => its.target === targetKey));
    }
    assertServes(stack, target, { contracts, parties: partiesOf(report) });
    await runTraffic(target, partiesOf(report), 6);
  },
);

test(
  'live variants: a target that is on no synchronizer joins the one of the source and stays on it',
  RARER,
  async (t) => {
    const live = await startLive(t, { scenario: NOWHERE });
    const { stack, id, contracts } = live;
    const { target } = stack.sandbox.participants;

    assert.deepEqual(target.connected(), []);
    await approveLive(live);
    const report = await stack.client.result(id);

    assertServes(stack, target, { contracts, parties: partiesOf(report) });
    assert.match(report.phases.flatMap(({ changed }) => changed).join('\n'), /target joined acme/);
    const registered = await stack.participants.target.synchronizers.listRegistered();
    assert.deepEqual(
      registered.map(({ alias, isConnected, isManualConnect }) => [alias, isConnected, isManualConnect]),
      [['acme', true, false]],
    );
  },
);

test('live variants: aborted right after it joined, a target is disconnected again, its registration is told, and what somebody else had it join stays connected', async (t) => {
  const live = await startLive(t, { scenario: NOWHERE });
  const { stack, id } = live;
  const { faults, participants } = stack.sandbox;
  faults.failBefore('Authorize', { code: 'PERMISSION_DENIED', participant: 'source', times: 1_000 });
  await stack.approve(id, 'root-key');
  const { stage } = await stack.until(id, ({ state }) => state === 'stopped');
  assert.equal(stage, 'delegate-namespace');
  assert.deepEqual(participants.target.connected(), ['acme']);
  const { node } = participants.target.participant;
  registerWith(node, stack.sandbox.synchronizers.target);
  await node.connections.connect('da');
  faults.clear();

  const { stays } = await abortLive(live);

  assert.match(JSON.stringify(stays), /the registration of target with acme, disconnected/);
  assert.deepEqual(participants.target.connected(), ['da']);
});

for (const gate of ['target-backup', 'switch'] as const) {
  test(
    `live variants: aborted at the gate ${gate}, a target that joined is disconnected again, and its registration is told; a second migration ends well`,
    RARER,
    async (t) => {
      const live = await startLive(t, { scenario: NOWHERE });
      const { stack, id, contracts } = live;
      const { source, target } = stack.sandbox.participants;
      await approveLive(live, LIVE_GATES.slice(0, LIVE_GATES.indexOf(gate)));
      await stack.until(id, (status) => status.gate?.name === gate);

      const { stays } = await abortLive(live);

      assert.match(JSON.stringify(stays), /the registration of target with acme, disconnected/);
      assert.deepEqual(target.connected(), []);
      assert.deepEqual(target.contracts(), []);
      assert.deepEqual(target.damage(), []);
      assert.deepEqual(sortedContracts(source), contracts);
      assert.deepEqual(source.connected(), ['acme']);
      const hosted = source.parties('acme').flatMap((its) => source.hosts(its.party, 'acme'));
      assert.ok(!hosted.includes(target.uid));

      // The plan does not connect what somebody may have disconnected for a reason.
      await assert.rejects(stack.client.start(LIVE_REQUEST), /target is not connected to acme/);
      await stack.participants.target.synchronizers.reconnect('acme');
      const again = await stack.client.start(LIVE_REQUEST);
      await approveLive({ stack, id: again });
      const report = await stack.client.result(again);
      assertServes(stack, target, { contracts, parties: partiesOf(report) });
    },
  );
}

// A hundred parties become active in one call; the others a moment later, and the ledger goes on in between.
test(
  'live variants: more than a hundred parties become active in two groups, and every contract is copied once',
  RARER,
  async (t) => {
    const parties = { ...TINY_LIVE.parties, local: 110 };
    const live = await startLive(t, { scenario: { parties, contracts: { count: 60 } } });
    const { stack, id } = live;
    const { source, target } = stack.sandbox.participants;
    stack.sandbox.faults.delay('AddTransactions', 2_000, { participant: 'source', skip: 1 });
    await approveLive(live, ['root-key', 'target-backup']);
    const { plan } = (await stack.client.planOf(id))!;
    const moved = partiesIn(plan)
      .filter((its) => its.treatment === 'move')
      .map(({ party }) => party);
    const [early = '', late = ''] = [moved[0], moved.at(-1)];
    await eventually('the first activation', async () =>
      source.hosts(early, 'acme').length === 2 ? true : undefined,
    );
    assert.equal(source.hosts(late, 'acme').length, 1);
    const seen = new Set(source.contracts());
    await submit(source, early, creation(early, late, 'between'));
    await submit(source, late, creation(late, early, 'between'));
    await runTraffic(source, [early, late], 6);
    const between = source.contracts().filter((contract) => !seen.has(contract));
    assert.ok(between.length >= 2);

    const atSwitch = await stack.until(id, ({ gate }) => gate?.name === 'switch');
    const { live: found, contracts: imported } = atSwitch;
    await approveLive(live, ['switch']);
    const report = await stack.client.result(id);

    const { first, last, ...counts } = found!.activation!;
    assert.deepEqual(counts, { groupCount: 2, partyCount: 110 });
    assert.notEqual(first.offset, last.offset);
    const { changed } = report.phases.find(({ phase }) => phase === 'transfer-active-contracts')!;
    assert.deepEqual(changed, [
      `110 parties became active on the target in 2 groups, the first at ${first.recordTime}, offset ${first.offset} of the source, the last at ${last.recordTime}, offset ${last.offset} of the source`,
      `${report.verification.contractCount} contracts imported, each as of the first activation of a stakeholder`,
    ]);
    const { contractCount } = report.verification;
    assert.deepEqual([imported!.done, imported!.total], [contractCount, contractCount]);
    const contracts = sortedContracts(source);
    assert.ok(between.some((contract) => stakeholdersOf(source, contract).length === 2));
    assert.equal(countOf(report.verification.parties), 110);
    assertServes(stack, target, { contracts, parties: moved });
  },
);
