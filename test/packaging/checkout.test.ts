import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { packageRoot } from '../../tools/package-root.js';
import { operatingPages } from '../docs/markdown.js';

test('checkout: its command line runs what was built, says so if nothing was, and leaves nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-checkout-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(packageRoot, 'bin'), join(folder, 'bin'), { recursive: true });
  const call = () =>
    spawnSync(join(folder, 'bin/canton-migrate'), ['plan', 'a b'], { encoding: 'utf8', cwd: tmpdir() });

  const unbuilt = call();
  assert.equal(unbuilt.status, 1);
  assert.equal(unbuilt.stderr, `canton-migrate is not built yet\nnext: npm ci, in ${folder}\n`);
  assert.deepEqual(readdirSync(folder), ['bin']);

  mkdirSync(join(folder, 'dist/client'), { recursive: true });
  const program = 'console.log(JSON.stringify(process.argv.slice(2)));';
  writeFileSync(join(folder, 'dist/client/cli.js'), program);
  assert.equal(call().stdout, '["plan","a b"]\n');
});

// The cache of npm keeps a first call that was interrupted, and every later one fails.
test('checkout: no page calls the command line through npm', () => {
  const names = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
  const pages = names.map((name) => readFileSync(join(packageRoot, name), 'utf8'));

  assert.doesNotMatch([...pages, operatingPages()].join('\n'), /np(x|m exec) canton-migrate/);
});
