import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { RARER } from '../support/boundaries.js';
import { approveGates, WARM_GATES } from '../support/driving.js';
import { REQUEST } from '../support/stack.js';
import { startMigrationStack } from '../support/temporal.js';

const OLD = { participant: 'source', servedBy: 'target', by: 'ada' };
const NEW = { participant: 'target', servedBy: 'source', by: 'ada' };

// The console's reconnect_all connects registrations with manual connect too.
test(
  'parking: an old node that was connected after the close is parked, as the plan of the reverse migration says',
  RARER,
  async (t) => {
    const { client, close, id, participants, sandbox } = await migrated(t);
    const { source } = sandbox.participants;
    await close();
    const back = await client.requestReverse(id);
    await participants.source.synchronizers.setManualConnect('acme', false);
    await participants.source.synchronizers.reconnect('acme');

    const [found] = (await client.plan(back)).plan.obstacles;
    await assert.rejects(client.park(id, { by: 'ada' }), {
      type: 'Ended',
      next: 'name the nodes: canton-migrate park --participant source --served-by target',
    });
    await assert.rejects(client.parkParticipant(OLD), {
      type: 'PartiesNotServed',
      message: /^target does not serve 1 of the \d+ parties that source hosts: /,
      next: /left these parties on it .* repeat with --force$/,
    });
    const parked = await client.parkParticipant({ ...OLD, force: true });
    const again = await client.parkParticipant({ ...OLD, force: true });

    assert.equal(found?.type, 'TargetNotParked');
    assert.match(found.cure, /canton-migrate park --participant source --served-by target;/);
    assert.deepEqual(parked.aliases, [{ alias: 'acme', isConnected: false, isManualConnect: true }]);
    assert.equal(parked.hosted - parked.served, 1);
    assert.deepEqual(again, parked);
    assert.deepEqual(source.connected(), []);
    assert.deepEqual((await client.plan(back)).plan.obstacles, []);
  },
);

test(
  'parking: a node that serves, or that a migration is about, is refused and stays as it is',
  RARER,
  async (t) => {
    const { client, close, id, participants, sandbox } = await migrated(t);
    const { source, target } = sandbox.participants;

    await assert.rejects(client.parkParticipant(OLD), {
      type: 'MigrationOpen',
      message: new RegExp(id),
    });
    await close();
    await assert.rejects(client.parkParticipant(NEW), { type: 'ServesAgain', message: new RegExp(id) });
    await participants.source.synchronizers.reconnect('acme');
    await participants.target.synchronizers.disconnect('da');
    const unserved = client.parkParticipant({ ...OLD, force: true });
    await assert.rejects(unserved, {
      type: 'PartiesNotServed',
      message: /not serve (\d+) of the \1 parties/,
    });
    await participants.target.synchronizers.reconnect('da');
    const twins = client.parkParticipant({ ...OLD, servedBy: 'source' });
    await assert.rejects(twins, { type: 'SameParticipant' });
    const unknown = client.parkParticipant({ ...OLD, servedBy: 'nobody' });
    await assert.rejects(unknown, { type: 'UnknownParticipant' });
    assert.deepEqual([source.connected(), target.connected()], [['acme'], ['da']]);
  },
);

test(
  'parking: the node that a reverse migration went to is not parked, though the other one is connected',
  RARER,
  async (t) => {
    const { client, close, id, participants, sandbox } = await migrated(t);
    const { source, target } = sandbox.participants;
    await close();
    const back = await client.start(await client.requestReverse(id));
    await approveGates(client, back, WARM_GATES);
    await client.result(back);
    await client.closeMigration(back, { by: 'ada' });
    await participants.target.synchronizers.reconnect('da');

    await assert.rejects(client.parkParticipant(OLD), {
      type: 'ServesAgain',
      message: new RegExp(back),
    });
    assert.deepEqual([source.connected(), target.connected()], [['acme'], ['da']]);
    await client.parkParticipant({ ...NEW, force: true });
    assert.deepEqual([source.connected(), target.connected()], [['acme'], []]);
  },
);

/** A migration whose source watch runs. */
async function migrated(t: TestContext) {
  const stack = await startMigrationStack(t);
  const { client } = stack;
  const id = await client.start(REQUEST);
  await approveGates(client, id);
  await client.result(id);
  const close = () => client.closeMigration(id, { by: 'ada' });
  return { ...stack, id, close };
}
