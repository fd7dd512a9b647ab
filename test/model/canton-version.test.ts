import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  isEarlier,
  isNewerThanTested,
  parseCantonVersion,
  TESTED_VERSIONS,
} from '../../model/canton-version.js';

const parsed = (text: string) => {
  const version = parseCantonVersion(text);
  assert.ok(version, text);
  return version;
};

test('canton-version: a suffix is a pre-release, and what is no version is nothing', () => {
  assert.deepEqual(parsed('3.5.11'), { major: 3, minor: 5, patch: 11 });
  assert.deepEqual(parsed('3.5.10-SNAPSHOT'), {
    major: 3,
    minor: 5,
    patch: 10,
    preRelease: 'SNAPSHOT',
  });
  assert.equal(parsed('3.6.0-snapshot.20260801.1.0.v1a2b').preRelease, 'snapshot.20260801.1.0.v1a2b');
  for (const text of ['', '3.5', 'v3.5.1', '3.5.x', 'SNAPSHOT', '3.5.11.', '3.5.11 '])
    assert.equal(parseCantonVersion(text), undefined, text);
});

test('canton-version: versions are ordered by their numbers, a pre-release before its release', () => {
  const ascending = ['3.4.11', '3.5.9', '3.5.10-SNAPSHOT', '3.5.10', '3.5.11', '3.6.0-rc1', '3.6.0'];
  for (const [n, text] of ascending.entries())
    for (const [m, other] of ascending.entries())
      assert.equal(isEarlier(parsed(text), parsed(other)), n < m, `${text} ${other}`);
});

test('canton-version: newer than tested goes by the numbers alone', () => {
  const newest = TESTED_VERSIONS.at(-1) ?? '';
  const { major, minor, patch } = parsed(newest);

  for (const text of [newest, `${major}.${minor}.${patch}`, `${major}.${minor}.0`])
    assert.ok(!isNewerThanTested(parsed(text)), text);
  for (const text of [`${major}.${minor}.${patch + 1}-rc1`, `${major}.${minor + 1}.0`])
    assert.ok(isNewerThanTested(parsed(text)), text);
});
