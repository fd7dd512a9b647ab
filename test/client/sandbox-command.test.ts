import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { MigrationError } from '../../client/errors.js';
import { assertSandboxInstalled } from '../../client/commands/sandbox.js';

test('sandbox: where its package is not installed, the command says so and what to do', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'no-sandbox-'));
  t.after(() => rmSync(folder, { recursive: true }));

  assert.throws(
    () => assertSandboxInstalled(pathToFileURL(join(folder, 'client.js')).href),
    (error) => {
      assert.ok(error instanceof MigrationError);
      assert.equal(error.type, 'SandboxMissing');
      assert.match(error.message, /^canton-sandbox: not installed, expected /);
      assert.match(error.next, / npm pack --workspaces --include-workspace-root$/);
      return true;
    },
  );
});

test('sandbox: the workspace package is installed in a checkout', () => {
  assert.doesNotThrow(() => assertSandboxInstalled());
});
