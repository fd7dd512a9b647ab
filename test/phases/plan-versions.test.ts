import assert from 'node:assert/strict';
import test from 'node:test';

import type { Finding } from '../../model/plan.js';
import { findVersionWarnings, versionObstacles } from '../../activities/plan/versions.js';
import { SMALL, startStack } from '../support/stack.js';

const typesOf = (findings: Finding[]) => findings.map(({ type }) => type);

/** What the plan says of two participants of one version. */
const VERSIONS: readonly [version: string, obstacle: RegExp | undefined, warnings: string[]][] = [
  ['2.10.0', /contracts with keys/, []],
  ['2.10.4', undefined, ['VersionSimulated']],
  ['3.4.11', /its APIs are not those/, []],
  ['3.5.0', /its APIs are not those/, []],
  ['3.5.1', /ModifySynchronizer/, []],
  ['3.5.3', /ModifySynchronizer/, []],
  ['3.5.4-SNAPSHOT', /ModifySynchronizer/, []],
  ['3.5.4', undefined, ['VersionWithKnownFault']],
  ['3.5.10-SNAPSHOT', undefined, ['VersionWithKnownFault']],
  ['3.5.11-rc1', undefined, ['VersionWithKnownFault', 'VersionNotTested']],
  ['3.5.12', undefined, ['VersionNotTested']],
  ['3.6.0-rc1', undefined, ['VersionNotTested']],
  ['3.7.1', undefined, ['VersionNotTested']],
  ['4.0.0', /its APIs are not those/, []],
  ['unknown', /cannot be compared/, []],
];

test('plan: what breaks a migration is refused by version, what is newer is confirmed with the plan', async (t) => {
  const stack = await startStack(t, SMALL);
  const { plan } = await stack.plan();
  for (const [version, obstacle, warnings] of VERSIONS) {
    const on = [
      { ...plan.source, version },
      { ...plan.target, version: '3.5.12' },
    ];
    const obstacles = versionObstacles(on);
    assert.deepEqual(typesOf(obstacles), obstacle ? ['VersionUnsupported'] : [], version);
    if (obstacle) assert.match(obstacles[0]!.what, obstacle);
    const found = findVersionWarnings(on).filter(({ what }) => what.startsWith(plan.source.name));
    assert.deepEqual(typesOf(found), warnings, version);
  }
});

test('plan: participants of a newer line are a warning that says what is known of it', async (t) => {
  const { plan } = await startStack(t, {
    ...SMALL,
    source: { version: '3.6.0-rc1' },
    target: { version: '3.6.0-rc1' },
  });

  const { obstacles, warnings } = (await plan()).plan;

  assert.deepEqual(obstacles, []);
  const found = warnings.filter(({ type }) => type === 'VersionNotTested');
  assert.equal(found.length, 2);
  for (const { what } of found) assert.match(what, /3\.6\.0-rc1.*2 h by default/);
});
