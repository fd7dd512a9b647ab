import assert from 'node:assert/strict';
import test from 'node:test';

import type { Sandbox } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import { approveGates } from '../support/driving.js';
import { onVersion } from '../support/protocol-version.js';
import { LIVE_REQUEST, REQUEST, SMALL, TINY_LIVE } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';
import { announceUpgrade, finishUpgrade } from '../support/upgrading.js';

/** Not upgraded yet. */
const BEFORE = { ...SMALL, ...onVersion(34) };
const LIVE_BEFORE = { ...TINY_LIVE, ...onVersion(34) };

const used = ({ participants }: Sandbox, role: 'source' | 'target', alias: string) =>
  participants[role].participant.node.connections.find(alias).active.psid.split('::')[2];

test('upgrades: a migration is held while a synchronizer is frozen, says until when, and goes on by itself', async (t) => {
  const { sandbox, client, until } = await startMigrationStack(t, { scenario: BEFORE });
  const id = await client.start(REQUEST);
  await until(id, (status) => status.gate?.name === 'root-key');
  await announceUpgrade(sandbox, 'target');
  await approveGates(client, id, ['root-key']);

  const held = await until(id, ({ summary }) => summary.includes('is held'));
  await finishUpgrade(sandbox, 'target');
  const reached = await until(id, (status) => status.gate?.name === 'interrupt-service');

  assert.equal(held.state, 'running');
  assert.match(held.summary, /^delegate-namespace is held: an upgrade of da from 34-0 to 35-1 at 20/);
  assert.match(held.next, /^nothing: it goes on by itself after the upgrade of the synchronizer/);
  assert.equal(reached.lastFailure, undefined);
  await approveGates(client, id, ['interrupt-service', 'cut-over']);
  const { verification } = await client.result(id);
  assert.equal(verification.isEqual, true);
  assert.deepEqual(sandbox.participants.target.connected(), ['da']);
});

test(
  'upgrades: a held migration can be aborted, and what it changed is taken back after the upgrade',
  RARER,
  async (t) => {
    const { sandbox, client, until, handle } = await startMigrationStack(t, { scenario: BEFORE });
    const id = await client.start(REQUEST);
    await approveGates(client, id, ['root-key']);
    await until(id, (status) => status.gate?.name === 'interrupt-service');
    await announceUpgrade(sandbox, 'target');
    await client.abort(id, { by: 'test' });

    const held = await until(id, ({ summary }) => summary.includes('is held'));
    await finishUpgrade(sandbox, 'target');
    await assert.rejects(handle(id).result());

    assert.equal(held.state, 'aborting');
    const { uid } = sandbox.participants.target;
    const namespace = sandbox.participants.source.uid.split('::')[1]!;
    const left = sandbox.participants.target
      .parties('da')
      .filter(
        ({ party, participants }) =>
          party.endsWith(namespace) && participants.some((host) => host.participant_uid === uid),
      );
    assert.deepEqual(left, []);
    assert.deepEqual(sandbox.participants.source.connected(), ['acme']);
  },
);

test(
  'upgrades: one that is done while a gate is open changes nothing for the route new-synchronizer',
  RARER,
  async (t) => {
    const { sandbox, client, until } = await startMigrationStack(t, { scenario: BEFORE });
    const contracts = sandbox.participants.source.contracts().sort();
    const id = await client.start(REQUEST);
    await approveGates(client, id, ['root-key']);
    await until(id, (status) => status.gate?.name === 'interrupt-service');
    for (const role of ['source', 'target'] as const) {
      await announceUpgrade(sandbox, role);
      await finishUpgrade(sandbox, role);
    }

    await approveGates(client, id, ['interrupt-service', 'cut-over']);
    await client.result(id);

    assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
    assert.equal(used(sandbox, 'target', 'da'), '35-1');
    assert.deepEqual(sandbox.participants.source.connected(), []);
  },
);

test(
  'upgrades: one that is done while a gate of the route live is open changes nothing',
  RARER,
  async (t) => {
    const { sandbox, client, until } = await startMigrationStack(t, { scenario: LIVE_BEFORE });
    const contracts = sandbox.participants.source.contracts().sort();
    const id = await client.start(LIVE_REQUEST);
    await until(id, (status) => status.gate?.name === 'root-key');
    await announceUpgrade(sandbox, 'source', ['source', 'target']);
    await finishUpgrade(sandbox, 'source');
    await approveGates(client, id, ['root-key', 'target-backup']);
    await until(id, (status) => status.gate?.name === 'switch');
    await announceUpgrade(sandbox, 'source', ['source', 'target']);
    await finishUpgrade(sandbox, 'source');

    await approveGates(client, id, ['switch']);
    await client.result(id);

    assert.deepEqual(sandbox.participants.target.contracts().sort(), contracts);
    assert.deepEqual(
      [used(sandbox, 'source', 'acme'), used(sandbox, 'target', 'acme')],
      ['35-2', '35-2'],
    );
  },
);

test('upgrades: an abort of the route live after one takes the hosting back', RARER, async (t) => {
  const { sandbox, client, until, handle } = await startMigrationStack(t, { scenario: LIVE_BEFORE });
  const id = await client.start(LIVE_REQUEST);
  await approveGates(client, id, ['root-key', 'target-backup']);
  await until(id, (status) => status.gate?.name === 'switch');
  await announceUpgrade(sandbox, 'source', ['source', 'target']);
  await finishUpgrade(sandbox, 'source');

  await client.abort(id, { by: 'test' });
  await assert.rejects(handle(id).result());

  const { source, target } = sandbox.participants;
  const namespace = source.uid.split('::')[1]!;
  const hosted = source
    .parties('acme')
    .filter(({ party }) => party.endsWith(namespace))
    .filter(({ participants }) => participants.some((host) => host.participant_uid === target.uid));
  assert.deepEqual(hosted, []);
  assert.deepEqual(source.connected(), ['acme']);
});
