import assert from 'node:assert/strict';
import test from 'node:test';

import type { MigrationOptions, MigrationRequest } from '../../model/request.js';
import { versionReasons } from '../../activities/contracts/import-mode.js';
import { TESTED_VERSIONS } from '../../model/canton-version.js';
import { planWith } from '../support/pretending.js';
import { LIVE, LIVE_REQUEST, REQUEST, SMALL, startStack } from '../support/stack.js';

const [TESTED] = TESTED_VERSIONS;

const asking = (
  importMode: NonNullable<MigrationOptions['importMode']>,
  request = REQUEST,
): MigrationRequest => ({ ...request, options: { ...request.options, importMode } });

function end(name: string, version: string, synchronizer: string, protocolVersion?: number) {
  const physicalId = protocolVersion === undefined ? '' : `${synchronizer}::1220::${protocolVersion}-0`;
  return { name, version, synchronizer: { logicalId: `${synchronizer}::1220`, physicalId } };
}

test('plan: contracts are taken as they are only between equal, tested versions of Canton and of the protocol', () => {
  const old = end('old', TESTED, 'a', 35);

  assert.deepEqual(versionReasons(old, end('new', TESTED, 'b', 35)), []);
  assert.deepEqual(versionReasons(old, end('new', TESTED, 'b', 34)), [
    'the synchronizers have the protocol versions 35 and 34',
  ]);
  assert.deepEqual(versionReasons(old, end('new', '3.5.12', 'b', 35)), [
    `old runs Canton ${TESTED}, new 3.5.12`,
    `Canton 3.5.12 of new is not among the tested versions, ${TESTED}`,
  ]);
  const untested = versionReasons(end('old', '3.5.12', 'a', 35), end('new', '3.5.12', 'b', 35));
  assert.equal(untested.length, 2, 'equal, and nobody tried it');
  assert.equal(versionReasons(end('old', TESTED, 'a'), end('new', TESTED, 'b')).length, 1, 'unknown');
  assert.deepEqual(versionReasons(end('old', TESTED, 'a'), end('new', TESTED, 'a')), [], 'one');
});

test('plan: the mode of the imports is ACCEPT where all is proven, and what the request asks for', async (t) => {
  const { plan } = await startStack(t, SMALL);

  const chosen = await plan();
  const accepting = await plan(asking('accept'));
  const validating = await plan(asking('validation'));

  assert.deepEqual(chosen.plan.imports, { mode: 'accept', reasons: [] });
  assert.deepEqual(accepting.plan.imports, chosen.plan.imports);
  assert.deepEqual(accepting.plan.obstacles, []);
  const reasons = ['the request asks for it'];
  assert.deepEqual(validating.plan.imports, { mode: 'validation', reasons });
  assert.deepEqual(validating.plan.obstacles, []);
});

test('plan: on the live route contracts are taken as they are, with both nodes on one synchronizer', async (t) => {
  const { plan } = await startStack(t, LIVE);

  assert.deepEqual((await plan(LIVE_REQUEST)).plan.imports, { mode: 'accept', reasons: [] });
});

test('plan: contracts are validated between two protocol versions, and a request for ACCEPT is an obstacle', async (t) => {
  const { plan } = await startStack(t, {
    ...SMALL,
    synchronizers: { source: { protocolVersion: 34 }, target: { protocolVersion: 35 } },
  });

  const chosen = await plan();
  const accepting = await plan(asking('accept'));

  const reasons = ['the synchronizers have the protocol versions 34 and 35'];
  assert.deepEqual(chosen.plan.imports, { mode: 'validation', reasons });
  assert.deepEqual(chosen.plan.obstacles, []);
  assert.deepEqual(accepting.plan.imports, { mode: 'validation', reasons });
  const [obstacle, ...others] = accepting.plan.obstacles;
  assert.deepEqual(others, []);
  assert.equal(obstacle?.type, 'AcceptNotProven');
  assert.match(obstacle.what, /mode ACCEPT.*is missing: the synchronizers have the protocol versions/);
});

test('plan: contracts are validated if a node is of another version, or the target could not try its packages', async (t) => {
  const stack = await startStack(t, SMALL);
  const { health } = stack.participants.get('target')!;
  const status = await health.readStatus();

  const other = { health: { readStatus: async () => ({ ...status, version: '3.5.12' }) } };
  const versions = await planWith(stack, { target: other });
  await stack.act.isolateTarget({ target: stack.refs.target });
  const isolated = await stack.plan();

  assert.match(versions.imports!.reasons.join(), /target 3\.5\.12/);
  assert.deepEqual(isolated.plan.imports, {
    mode: 'validation',
    reasons: ['whether target vets the packages of source could not be tried'],
  });
});

// The package is in the store of the source, and in none of its DARs.
test('plan: contracts are validated if the target will not have the package of one', async (t) => {
  const { plan, sandbox } = await startStack(t, SMALL);
  const { packages } = sandbox.participants.source.ledger;
  const { packageId } = packages.newest('lab-other')!;
  packages.remove(packageId);

  const { imports } = (await plan()).plan;

  assert.deepEqual(imports, {
    mode: 'validation',
    reasons: [`target will not have these packages of the contracts: ${packageId}`],
  });
});
