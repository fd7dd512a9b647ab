import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { runCli } from './run-cli.js';

test('completion: bash completes verbs, what follows them, and options', async () => {
  const { code, out } = await runCli(['completion', 'bash']);
  assert.equal(code, 0);
  const file = join(mkdtempSync(join(tmpdir(), 'completion-')), 'canton-migrate.bash');
  writeFileSync(file, out);

  const completed = (...words: string[]) => {
    const set = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))`;
    const script = `source '${file}'; ${set}; _canton_migrate; echo "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout.trim().split(' ');
  };

  assert.deepEqual(completed('canton-migrate', 'app'), ['approve']);
  assert.deepEqual(completed('canton-migrate', 'approve', 'root'), ['root-key']);
  assert.deepEqual(completed('canton-migrate', 'approve', 'root-key', '--plan'), ['--plan-hash']);
  assert.deepEqual(completed('canton-migrate', 'signatures', 'ex'), ['export']);
  assert.deepEqual(completed('canton-migrate', 'signatures', 'export', '--sig'), ['--signer']);
});

test('completion: zsh and fish have scripts of their own', async () => {
  const zsh = await runCli(['completion', 'zsh']);
  const fish = await runCli(['completion', 'fish']);

  assert.match(zsh.out, /^autoload -U \+X bashcompinit/);
  assert.match(
    fish.out,
    /^complete -c canton-migrate -n '__fish_seen_subcommand_from approve' -a root-key$/m,
  );
});
