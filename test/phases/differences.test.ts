import assert from 'node:assert/strict';
import test, { suite } from 'node:test';

import { MockActivityEnvironment } from '@temporalio/testing';

import type { DifferencesInput } from '../../activities/contracts/differences.js';
import type { DifferenceName, DifferencesReading, FoundDifference } from '../../model/differences.js';
import { namespaceOf } from '../../model/plan.js';
import { NotPossible } from '../drift/change.js';
import { CHANGES, changeOf } from '../drift/changes.js';
import { changeHosts } from '../drift/topology-changes.js';
import { startWorld, type World } from '../drift/world.js';
import { eventually } from '../support/driving.js';
import { unvet } from '../support/package-changes.js';
import { SILENT, temporalOf } from '../support/stack.js';

/** What the gates say of everything that the drift law does to the nodes; nothing of what is not here. */
const OF_COLD: Record<string, DifferenceName[]> = {
  'contract unassigned': ['contract-reassigned'],
  'contract reassigned to another synchronizer': ['synchronizer-joined', 'contract-reassigned'],
  'party allocated on the source': ['party-added'],
  'host added on the source synchronizer': ['hosting-changed'],
  'host added on the source synchronizer, which must confirm too': ['hosting-changed'],
  'permission of the source lowered': ['hosting-changed'],
  'user created on the source': ['local-state-added'],
  'user removed on the source': ['local-state-changed'],
  'right revoked on the source': ['local-state-changed'],
  'DAR uploaded and vetted on the source': ['dar-added', 'package-vetted'],
  'source joins the other synchronizer': ['synchronizer-joined'],
  'target joins the other synchronizer': ['synchronizer-joined'],
  'source disconnected by hand': ['connection-changed'],
  'manual connect of the source turned round': ['connection-changed'],
  'limits of the source changed': ['limits-changed'],
  'pruning schedule of the source changed': ['pruning-changed'],
};

/** Where the other route tells it otherwise. */
const OF_LIVE: typeof OF_COLD = {
  'party allocated on the source': ['party-added-live'],
  'proposal of another permission for the target': ['hosting-proposed'],
  'proposal that lowers the source': ['hosting-proposed'],
};

const NOTHING_DONE = { isDelegated: false, isLocalStateCopied: false, isFrozen: false };

/** The node takes its time to say so, or to come back. */
const LATE = /proposal|restarted/;

suite('differences', { concurrency: 3 }, () => {
  for (const [route, expected] of [
    ['cold', OF_COLD],
    ['live', OF_LIVE],
  ] as const) {
    for (const change of CHANGES) {
      const { name, routes } = change;
      const shown = expected[name] ?? [];
      if (route === 'live' ? expected[name] === undefined : routes) continue;
      test(`differences: ${route}, ${name}: the gates show ${shown.join(' and ') || 'nothing'}`, async (t) => {
        const world = await startWorld(t, route);
        assert.deepEqual(await read(world), []);
        if (!(await isPossible(() => change.act(world)))) return assert.deepEqual(shown, []);

        const found = LATE.test(name) ? await readLate(world, shown) : await read(world);

        assert.deepEqual(
          found.map((its) => its.name),
          shown,
        );
      });
    }
  }
});

test('differences: a package that only the source had and has unvetted is shown', async (t) => {
  const world = await startWorld(t, 'cold');
  const [added] = world.procedure.plan.vetting.add;
  await unvet(world.source, [added!.packageId]);

  const [found] = await read(world);

  assert.equal(found?.name, 'package-unvetted');
  assert.match(found.named.join(), new RegExp(`^lab-\\S+ .* \\(${added!.packageId}\\)$`));
});

test('differences: a party of which the source is no host any more is shown', async (t) => {
  const world = await startWorld(t, 'live');
  await changeHosts(world, (hosts) =>
    hosts.map((host) => ({ ...host, participant_uid: world.target.uid })),
  );

  const [found] = await read(world);

  assert.deepEqual(found, { name: 'party-gone', named: [world.places.parties[0]], count: 1 });
});

test('differences: a synchronizer that a node does not know any more is shown', async (t) => {
  const world = await startWorld(t, 'cold');
  const gone = { alias: 'gone', isConnected: true, isManualConnect: false };
  world.procedure.plan.source.connections.push(gone);

  assert.deepEqual(await read(world), [
    { name: 'synchronizer-gone', named: ['gone on source'], count: 1 },
  ]);
});

test('differences: a delegation that the migration made and somebody revoked is shown', async (t) => {
  const world = await startWorld(t, 'cold');

  const [found] = await read(world, { isDelegated: true });

  assert.deepEqual(found, {
    name: 'delegation-gone',
    named: [namespaceOf(world.places.parties[0]!)],
    count: 1,
  });
});

test('differences: a user that changed after it was copied is told from one that will be', async (t) => {
  const world = await startWorld(t, 'cold');
  await changeOf('user removed on the source').act(world);

  const [found] = await read(world, { isLocalStateCopied: true });

  assert.equal(found?.name, 'local-state-changed-since');
});

test('differences: what the migration itself does by then is none', async (t) => {
  const world = await startWorld(t, 'warm');
  const { steps } = world.procedure;
  for (const step of steps.slice(0, steps.indexOf('park-source'))) await world.procedure.apply(step);

  const done = { isDelegated: true, isLocalStateCopied: true, isFrozen: true };

  assert.deepEqual(await read(world, done), []);
});

/** What cannot be done before anything else is, shows nothing. */
async function isPossible(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof NotPossible) return false;
    throw error;
  }
}

async function readLate(world: World, shown: DifferenceName[]): Promise<FoundDifference[]> {
  return eventually(shown.join(), async () => {
    const found = await read(world).catch(() => undefined);
    return found?.length === shown.length ? found : undefined;
  });
}

async function read(
  { activities, procedure }: World,
  done: Partial<DifferencesInput> = {},
): Promise<FoundDifference[]> {
  const client = temporalOf(undefined, [], procedure.planned);
  const environment = new MockActivityEnvironment({}, { logger: SILENT, client });
  const { source, target } = procedure.plan;
  const input: DifferencesInput = {
    source: { name: source.name, uid: source.uid },
    target: { name: target.name, uid: target.uid },
    ...NOTHING_DONE,
    ...done,
  };
  const run = () => activities.readDifferences(input);
  return (await environment.run<[], DifferencesReading, typeof run>(run)).found;
}
