import assert from 'node:assert/strict';
import test from 'node:test';

import type { ParticipantView } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { COLD_GATES, LIVE_GATES, WARM_GATES } from '../support/driving.js';
import { createContractOn } from '../support/ledger-changes.js';
import { submit } from '../support/ledger-traffic.js';
import { abortLive, approveLive, partiesOf, startLive } from '../support/live.js';
import { bringPackage, creationOf, settlementOf } from '../support/package-changes.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';
import { partiesIn } from '../support/plan-parties.js';

/** A DAR comes to a node, and with it a contract of a party; who has to pay can settle it later. */
async function late(view: ParticipantView, party: string, name = 'lab-late') {
  const brought = await bringPackage(view, name);
  const before = new Set(view.contracts());
  await submit(view, party, creationOf(brought, party, party));
  const [contractId = ''] = view.contracts().filter((id) => !before.has(id));
  const settle = async (on: ParticipantView) => {
    assert.ok(on.contracts().includes(contractId));
    await submit(on, party, settlementOf(brought, contractId));
    assert.ok(!on.contracts().includes(contractId));
  };
  return { brought, settle };
}

const moved = (view: ParticipantView, alias: string) =>
  view.parties(alias).find(({ party }) => party.startsWith('Alice::'))!.party;

test(
  'late packages: one that came at the gate interrupt-service can be used on the target, and on the reverse migration on the source',
  RARER,
  async (t) => {
    const stack = await startMigrationStack(t);
    const { source, target } = stack.sandbox.participants;
    const id = await stack.client.start(REQUEST);
    await stack.approve(id, 'root-key');
    await stack.until(id, ({ gate }) => gate?.name === 'interrupt-service');
    const party = moved(source, 'acme');
    const first = await late(source, party);
    for (const gate of COLD_GATES.slice(1)) await stack.approve(id, gate);

    const report = await stack.client.result(id);
    const changed = report.phases.flatMap((its) => its.changed).join('\n');
    assert.match(changed, /DAR lab-late 1\.0\.0 uploaded, which was added on source after the plan/);
    await first.settle(target);
    await stack.client.closeMigration(id, { by: 'test' });

    const back = await stack.client.start(await stack.client.requestReverse(id));
    await stack.approve(back, 'root-key');
    await stack.until(back, ({ gate }) => gate?.name === 'warm-copy');
    const second = await late(target, party, 'lab-later');
    for (const gate of WARM_GATES.slice(1)) await stack.approve(back, gate);
    await stack.client.result(back);

    await second.settle(source);
  },
);

// A contract of the target's own party: the abort used to unvet its package and to stop at its DAR for ever.
test(
  'late packages: an abort goes on past a DAR that contracts of others use, and says what stays and what helps',
  RARER,
  async (t) => {
    const stack = await startMigrationStack(t);
    const { target } = stack.sandbox.participants;
    const id = await stack.client.start(REQUEST);
    await stack.approve(id, 'root-key');
    await stack.until(id, ({ gate }) => gate?.name === 'interrupt-service');
    const other = target.ledger.packages.newest('lab-other')!.packageId;
    createContractOn(target, { parties: [target.uid], packageName: 'lab-other' });

    await stack.client.abort(id, { by: 'test' });
    await assert.rejects(stack.client.result(id), /aborted by test: the source serves as before/);

    const { withdrawal } = await stack.until(id, ({ state }) => state === 'aborted');
    assert.match(
      JSON.stringify(withdrawal!.stays),
      /package lab-other 1\.0\.0 .* vetted .*Archive them, or disconnect/,
    );
    assert.match(withdrawal!.withdrawn.join('\n'), /DAR lab-extra 1\.0\.0 removed/);
    assert.ok(target.vetted('da').includes(other));
    assert.ok(target.ledger.packages.dar(other));
  },
);

for (const gate of ['root-key', 'switch'] as const) {
  test(
    `late packages: on the live route one that came at the gate ${gate} is vetted on both nodes, and its contracts can be used`,
    RARER,
    async (t) => {
      const live = await startLive(t);
      const { stack, id } = live;
      const { source, target } = stack.sandbox.participants;
      const at = LIVE_GATES.indexOf(gate);
      await approveLive(live, LIVE_GATES.slice(0, at));
      await stack.until(id, (status) => status.gate?.name === gate);
      const { plan } = (await stack.client.planOf(id))!;
      const party = partiesIn(plan).find(({ treatment }) => treatment === 'move')!.party;
      const brought = await bringPackage(source, 'lab-late');
      const its = gate === 'root-key' ? await late(source, party) : undefined;

      await approveLive(live, LIVE_GATES.slice(at));
      const report = await stack.client.result(id);

      assert.ok(partiesOf(report).includes(party));
      for (const packageId of brought.packageIds) assert.ok(target.vetted('acme').includes(packageId));
      if (its) await its.settle(target);
      else await submit(target, party, creationOf(brought, party, party));
    },
  );
}

test(
  'late packages: on the live route one that came while the target waits for its backup stops before the activation; the abort leaves no trace of it',
  RARER,
  async (t) => {
    const live = await startLive(t);
    const { stack, id } = live;
    const { source, target } = stack.sandbox.participants;
    const vetted = target.vetted('acme').sort();
    const first = await bringPackage(source, 'lab-early');
    await approveLive(live, ['root-key']);
    await stack.until(id, (status) => status.gate?.name === 'target-backup');
    assert.ok(target.vetted('acme').includes(first.packageId));
    const { packageId } = await bringPackage(source, 'lab-late');
    await approveLive(live, ['target-backup']);

    const { lastFailure } = await stack.until(id, ({ state }) => state === 'stopped');
    assert.equal(lastFailure?.type, 'PackagesChanged');
    assert.match(lastFailure.message, new RegExp(`lab-late 1\\.0\\.0 \\(${packageId}\\)`));
    await abortLive(live);

    assert.deepEqual(target.vetted('acme').sort(), vetted);
    assert.equal(target.ledger.packages.dar(first.packageId), undefined);
  },
);
