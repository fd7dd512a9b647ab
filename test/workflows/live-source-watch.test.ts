import assert from 'node:assert/strict';
import test from 'node:test';

import { RARER } from '../support/boundaries.js';
import { approveLive, assertServes, partiesOf, startLive } from '../support/live.js';

const OFTEN = { options: { quietSeconds: 1, watchSeconds: 5 } };

test(
  'live source watch: a source that hosts a party again raises an alarm, is taken off by park, and can be closed then',
  RARER,
  async (t) => {
    const live = await startLive(t, { request: OFTEN });
    const { stack, id, contracts } = live;
    const { client, sandbox, participants, until } = stack;
    const { source, target } = sandbox.participants;
    await approveLive(live);
    const parties = partiesOf(await client.result(id));
    await until(id, ({ watch }) => watch?.state === 'removed');
    // An operator takes the old node for one of the hosts still; its root key signs for the party and for itself.
    const [{ logicalId: synchronizerId = '' } = {}] =
      await participants.source.synchronizers.listRegistered();
    const [party = ''] = parties;
    const [mapping] = await participants.source.topology.listPartyMappings(
      { synchronizerId },
      { party },
    );
    const again = { participantUid: source.uid, permission: 'submission', isOnboarding: false } as const;
    await participants.source.topology.proposePartyMapping(
      { synchronizerId },
      { ...mapping!, hosts: [...mapping!.hosts, again], serial: mapping!.serial + 1 },
    );

    const alarmed = await until(id, ({ watch }) => watch?.state === 'alarm');
    assert.match(alarmed.summary, /ALARM/);
    assert.match(alarmed.watch!.reason!, /source hosts .* again/);
    assert.match(alarmed.next, /canton-migrate park/);
    await assert.rejects(client.closeMigration(id, { by: 'ada' }), { type: 'SourceNotParked' });
    await client.park(id, { by: 'ada' });
    const { watch } = await until(id, ({ watch: its }) => its?.state === 'removed');

    assert.equal(watch?.alarmCount, 1);
    assertServes(stack, target, { contracts, parties });
    assert.deepEqual(source.connected(), ['acme']);
    const report = await client.closeMigration(id, { by: 'ada' });
    assert.deepEqual([report.closedBy, report.watch?.state], ['ada', 'removed']);
    assert.equal((await stack.handle(id).describe()).status.name, 'COMPLETED');
  },
);

test(
  'live source watch: a target that is down is told and is no alarm, and the source that serves others is none',
  RARER,
  async (t) => {
    const live = await startLive(t, { request: OFTEN });
    const { stack, id } = live;
    const { target } = stack.sandbox.participants;
    await approveLive(live);
    await stack.client.result(id);
    await stack.until(id, ({ watch }) => watch?.state === 'removed');
    target.crash();

    const { watch } = await stack.until(id, (status) => status.watch?.state === 'unreadable');
    assert.equal(watch?.alarmCount, 0);
    await assert.rejects(stack.client.closeMigration(id, { by: 'ada' }), { type: 'SourceNotParked' });
    await target.restart();
    await stack.until(id, (status) => status.watch?.state === 'removed');
    await stack.client.closeMigration(id, { by: 'ada' });
  },
);
