import assert from 'node:assert/strict';
import test from 'node:test';

import type { MigrationRequest } from '../../model/request.js';
import { readDar } from '../../sandbox/dar.js';
import { darBytes } from '../../sandbox/seeding.js';
import { apply, uploadLate } from '../../workflows/phases/migrate-dars.js';
import { createContractOn } from '../support/ledger-changes.js';
import { unvet } from '../support/package-changes.js';
import { applyUpTo, PROMPT_LIVE, startLiveMigrating, startSteps } from '../support/route-steps.js';
import { onVersion } from '../support/protocol-version.js';
import { LIVE, LIVE_REQUEST, REQUEST, SMALL, startStack } from '../support/stack.js';
import { failing } from '../support/failing.js';
import { partiesIn } from '../support/plan-parties.js';

const SAMPLES = [
  { name: 'lab-iou', version: '1.0.0', isVetted: true },
  { name: 'lab-other', version: '1.0.0', isVetted: true },
] as const;

/** A version of a package whose template is in this module: with another module it is no upgrade of another version. */
function appOf(version: string, moduleName: string) {
  const dar = { name: 'lab-app', version, moduleName, isVetted: true } as const;
  return { dar, id: readDar(darBytes(dar)).main.packageId };
}

const OLD = appOf('1.0.0', 'App');
const NEW = appOf('2.0.0', 'Other');

const leaving = (...ids: string[]): MigrationRequest => ({
  ...REQUEST,
  options: { ...REQUEST.options, leaveBehind: ids.map((id) => `packages/${id}`) },
});

/** The source has both, as a node that vetted them before anything was checked. */
const BOTH = { ...SMALL, source: { dars: [...SAMPLES, OLD.dar, NEW.dar] } };

test('plan: a package that is no valid upgrade of what the target has vetted is an obstacle, and nothing is vetted', async (t) => {
  const { plan, sandbox } = await startStack(t, {
    ...SMALL,
    source: { dars: [...SAMPLES, NEW.dar] },
    target: { dars: [SAMPLES[0], OLD.dar] },
  });
  const { target } = sandbox.participants;
  const before = target.vetted('da');

  const { obstacles } = (await plan()).plan;

  assert.deepEqual(
    obstacles.map(({ type }) => type),
    ['VettingWouldFail'],
  );
  assert.match(
    obstacles[0]!.what,
    /target would refuse to vet what source has vetted of 1 DAR: lab-app 2/,
  );
  assert.ok(
    obstacles[0]!.what.includes(
      `${NEW.id} (lab-app v2.0.0) cannot be an upgrade of ${OLD.id} (lab-app v1.0.0). Reason: Module App appears in package`,
    ),
    obstacles[0]!.what,
  );
  assert.deepEqual(target.vetted('da'), before);
  assert.ok(!target.packages().includes(NEW.id));
});

for (const [route, scenario, request] of [
  ['new-synchronizer', BOTH, REQUEST],
  ['live', { ...LIVE, ...BOTH, target: LIVE.target! }, LIVE_REQUEST],
] as const)
  test(`plan: two packages of the source that do not fit are found although the target knows neither, on ${route}`, async (t) => {
    const { plan, sandbox } = await startStack(t, scenario);

    const first = await plan(request);

    const { obstacles } = first.plan;
    assert.deepEqual(
      obstacles.map(({ type }) => type),
      ['VettingWouldFail'],
    );
    assert.ok(obstacles[0]!.what.includes(`of 1 DAR: lab-app 2.0.0 (${NEW.id})`), obstacles[0]!.what);
    assert.ok(obstacles[0]!.what.includes(OLD.id));
    assert.equal((await plan(request)).hash, first.hash);
    assert.ok(!sandbox.participants.target.packages().includes(OLD.id));
  });

test('plan: another package of the same name and version on the target is an obstacle', async (t) => {
  const other = appOf('1.0.0', 'Another');
  const { plan } = await startStack(t, {
    ...SMALL,
    source: { dars: [...SAMPLES, other.dar] },
    target: { dars: [SAMPLES[0], OLD.dar] },
  });

  const { obstacles } = (await plan()).plan;

  assert.deepEqual(
    obstacles.map(({ type }) => type),
    ['VettingWouldFail'],
  );
  assert.match(obstacles[0]!.what, /Tried to vet two packages with the same name and version/);
});

test('plan: a package without what it depends on is an obstacle where the protocol version is 34', async (t) => {
  const { plan, sandbox } = await startStack(t, {
    ...SMALL,
    ...onVersion(34),
    source: { dars: [...SAMPLES, OLD.dar] },
  });
  const { source } = sandbox.participants;
  await unvet(source, [source.ledger.packages.newest('lab-app-base')!.packageId]);

  const { obstacles } = (await plan()).plan;

  assert.match(obstacles[0]!.what, /neither node has vetted: lab-app-base 1\.0\.0/);
});

test('plan: what cannot be tried because the target is not connected is told', async (t) => {
  const { plan, act, refs } = await startStack(t);
  await act.isolateTarget({ target: refs.target });

  const { warnings } = (await plan()).plan;

  const told = warnings.find(({ type }) => type === 'VettingNotTried');
  assert.match(told?.what ?? '', /whether target vets \d DARs? could not be tried on da/);
});

test('plan: a package that is left behind is no obstacle, is listed, and is neither uploaded nor vetted, also later', async (t) => {
  const migrating = await startSteps(t, {
    upTo: 'recreate-parties',
    request: leaving(OLD.id),
    scenario: BOTH,
  });
  const { act, planned, record, sandbox } = migrating;
  const { target } = sandbox.participants;
  const { plan } = planned;
  assert.deepEqual(plan.obstacles, []);
  assert.equal(plan.dars.find(({ mainPackageId }) => mainPackageId === OLD.id)?.action, 'left');
  assert.deepEqual(
    plan.localState.excluded.filter(({ what }) => what.startsWith('package ')),
    [{ what: `package lab-app 1.0.0 (${OLD.id})`, why: 'the request leaves it behind' }],
  );

  await apply(plan, act, record);
  await uploadLate(plan, act, record);

  assert.ok(!target.packages().includes(OLD.id));
  assert.ok(target.vetted('da').includes(NEW.id));
  assert.deepEqual(record.late, { dars: [], vetting: [], unvetted: [], inUse: [], neededBy: [] });
});

test('migrate-dars: live, what is left behind does not stop the activation', async (t) => {
  const request = { ...LIVE_REQUEST, options: leaving(OLD.id).options! };
  const scenario = { ...PROMPT_LIVE, source: { dars: [...BOTH.source.dars] } };
  const migrating = await startLiveMigrating(await startStack(t, scenario), request);
  assert.deepEqual(migrating.planned.plan.obstacles, []);

  await applyUpTo(migrating, 'copy-contracts');

  const { target } = migrating.sandbox.participants;
  assert.ok(!target.packages().includes(OLD.id));
  assert.ok(target.vetted('acme').includes(NEW.id));
});

test('plan: a package with contracts that move cannot be left behind', async (t) => {
  const { plan, sandbox } = await startStack(t, BOTH);
  const { source } = sandbox.participants;
  const { plan: first } = await plan(leaving(OLD.id));
  const party = partiesIn(first).find(({ treatment }) => treatment === 'move')!.party;
  const contractId = createContractOn(source, { parties: [party], packageName: 'lab-app' });

  const { obstacles } = (await plan(leaving(NEW.id))).plan;

  assert.deepEqual(
    obstacles.map(({ type }) => type),
    ['PackageNeeded'],
  );
  assert.ok(
    obstacles[0]!.what.includes(`1 contracts of source`) && obstacles[0]!.what.includes(contractId),
  );
});

test('migrate-dars: a refusal to vet is told with what to do about it', async (t) => {
  const migrating = await startSteps(t, { upTo: 'recreate-parties', scenario: SMALL });
  const { act, planned, record, sandbox } = migrating;
  const { source, target } = sandbox.participants;
  for (const [view, { dar, id }] of [
    [source, NEW],
    [target, OLD],
  ] as const) {
    view.ledger.packages.add(darBytes(dar), 'late');
    const { port } = view.participant.node;
    const [{ logicalId } = { logicalId: '' }] = port.connected();
    const packages = readDar(darBytes(dar)).packages.map(({ packageId }) => packageId);
    await port.vet(logicalId, [...port.vetted(logicalId), ...packages], { wait: true });
    assert.ok(view.vetted(logicalId).includes(id));
  }
  await uploadLate(planned.plan, act, record);

  await assert.rejects(
    apply(planned.plan, act, record),
    failing('VettingRefused', 'refused', 'cannot be an upgrade of'),
  );
});
