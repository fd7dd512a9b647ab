import assert from 'node:assert/strict';
import { test } from 'node:test';

import { combineDars } from '../../canton/dars.js';
import { buildDar, readDar } from '../../sandbox/dar.js';

const named = (name: string, version: string, dependency = 'lab-base') =>
  buildDar({ name, version, moduleName: 'Main' }, [
    { name: dependency, version: '1.0.0', moduleName: 'Base' },
  ]);

test('dars: several become one with the main package of the first, and each package once', () => {
  const long = `lab-${'dependency-'.repeat(20)}`;
  const dars = [named('lab-app', '2.0.0'), named('lab-app', '1.0.0'), named('lab-app', '1.5.0', long)];
  const known = dars.flatMap((dar) => readDar(dar).packages.map(({ packageId }) => packageId));

  const { main, packages } = readDar(combineDars(dars));

  assert.equal(main.packageId, known[0]);
  assert.deepEqual(
    packages.map(({ packageId }) => packageId),
    [...new Set(known)],
  );
  assert.ok(packages.some(({ name }) => name === long));
});

test('dars: what is no DAR is refused in words', () => {
  const dar = named('lab-app', '1.0.0');

  assert.throws(() => combineDars([dar, dar.subarray(0, 100)]), Error);
  assert.throws(() => combineDars([Buffer.alloc(0)]), Error);
});
