import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageRoot } from '../../tools/package-root.js';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies?: Record<string, string>;
  version: string;
}

const manifest = (folder: string) =>
  JSON.parse(readFileSync(join(packageRoot, folder, 'package.json'), 'utf8')) as Manifest;
const root = manifest('.');
const sandbox = manifest('sandbox');

/** What an install for production runs. The demo, the measurements and the tests are those of a checkout. */
const SHIPPED = [
  'acs',
  'activities',
  'canton',
  'client',
  'loadtest',
  'model',
  'report',
  'secrets',
  'setup',
  'storage',
  'temporal',
  'tools',
  'worker',
  'workflows',
];

/** What the sources of folders import: packages by name, files as written. */
function imports(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
      .map((name) => readFileSync(join(packageRoot, folder, name), 'utf8'))
      .flatMap((source) =>
        [
          ...source.matchAll(/(?:\bfrom\s|^import\s|\bimport\(|import\.meta\.resolve\()\s*'([^']+)'/gm),
        ].map((found) => found[1]!),
      ),
  );
}

function packages(...folders: string[]): string[] {
  const names = imports(...folders)
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0])
    .filter((name) => !builtinModules.includes(name));
  return [...new Set(names)].sort();
}

test('sandbox package: it asks for what it imports and for nothing else', () => {
  assert.deepEqual(Object.keys(sandbox.dependencies).sort(), packages('sandbox'));
});

test('sandbox package: what is shipped imports nothing of it', () => {
  assert.deepEqual(
    imports(...SHIPPED).filter((name) => /(^|\/)sandbox\/(?!\.)|canton-sandbox/.test(name)),
    [],
  );
});

test('sandbox package: the root depends on what it ships only, so that no package of the sandbox alone is among it', () => {
  const imported = packages(...SHIPPED);
  assert.deepEqual(
    Object.keys(root.dependencies).filter((name) => !imported.includes(name)),
    [],
  );
});

// Compiled, it lies in dist/sandbox and finds the packages of the root: they have to be the very same.
test('sandbox package: the root has each of its packages at the same version', () => {
  const { packages: locked } = JSON.parse(
    readFileSync(join(packageRoot, 'package-lock.json'), 'utf8'),
  ) as { packages: Record<string, Manifest> };
  assert.deepEqual(
    Object.keys(locked).filter((name) => name.startsWith('sandbox/')),
    [],
  );
  const shared = { ...root.dependencies, ...root.devDependencies };
  for (const [name, wanted] of Object.entries(sandbox.dependencies)) {
    assert.equal(shared[name] ?? wanted, wanted, name);
    assert.ok(locked[`node_modules/${name}`], name);
  }
  assert.deepEqual(locked['sandbox']?.dependencies, sandbox.dependencies);
});
