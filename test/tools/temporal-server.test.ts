import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { Connection } from '@temporalio/client';

import { findUnpinned, PINNED_CLI } from '../../tools/pinned-binary.js';
import { packageRoot } from '../../tools/package-root.js';
import { isGroupAlive } from '../../tools/process-group.js';
import { ensureTemporalCli } from '../../tools/temporal-cli.js';
import { startTemporalServer } from '../../tools/temporal-server.js';

test('temporal-server: it answers once started, knows the search attributes, and is gone once stopped', async () => {
  const server = await startTemporalServer({ ui: 'none', searchAttributes: ['MigrationPhase'] });

  const connection = await Connection.connect({ address: server.address });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({
    namespace: 'default',
  });
  await connection.close();
  await server.stop();

  assert.ok(customAttributes?.['MigrationPhase']);
  assert.equal(server.uiAddress, '');
  assert.equal(isGroupAlive(server.pid), false);
});

test('temporal-cli: a named path that is no executable is refused at once', async (t) => {
  const before = process.env['TEMPORAL_CLI_PATH'];
  t.after(() => {
    if (before === undefined) delete process.env['TEMPORAL_CLI_PATH'];
    else process.env['TEMPORAL_CLI_PATH'] = before;
  });
  process.env['TEMPORAL_CLI_PATH'] = '/nowhere/temporal';

  await assert.rejects(ensureTemporalCli(), {
    message: 'TEMPORAL_CLI_PATH: found /nowhere/temporal, expected the path of an executable file',
  });
});

// The owner gets no chance to clean up: SIGKILL.
test('processes: what a killed process started ends too, and its folder is removed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-owner-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const source = `
    import { startProcess, removeAtEnd } from ${JSON.stringify(join(packageRoot, 'tools/processes.ts'))};
    removeAtEnd(${JSON.stringify(folder)});
    const child = startProcess('a sleeper', process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    console.log(child.pid);
    setInterval(() => 0, 1000);
  `;
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [pid] = await lines(owner.stdout, 1);
  assert.ok(isGroupAlive(Number(pid)));

  owner.kill('SIGKILL');

  await until(() => !isGroupAlive(Number(pid)) && !existsSync(folder));
});

async function lines(stream: NodeJS.ReadableStream, count: number): Promise<string[]> {
  const found: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    found.push(line);
    if (found.length === count) break;
  }
  return found;
}

async function until(condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += 50) {
    assert.ok(waitedMs < 20_000, 'the condition did not come true');
    await setTimeout(50);
  }
}

test('temporal-cli: only a binary with the hash of the pinned release is taken', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-path-'));
  const before = { ...process.env };
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
    process.env = before;
  });
  const impostor = join(folder, 'temporal');
  writeFileSync(impostor, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  process.env['PATH'] = `${folder}${delimiter}${before['PATH']}`;
  delete process.env['TEMPORAL_CLI_PATH'];

  const taken = await ensureTemporalCli();

  assert.notEqual(taken, impostor);
  assert.equal(await findUnpinned(taken, PINNED_CLI), undefined);
  assert.match((await findUnpinned(impostor, PINNED_CLI)) ?? '', /found SHA-256 [0-9a-f]{64}, expected/);
  assert.equal(
    await findUnpinned(impostor, PINNED_CLI, 'plan9-x64'),
    'the SHA-256 of 1.9.1 is not known for plan9-x64',
  );
});

// Whatever was pinned by hand: a key for each platform that the packages are for.
test('temporal-cli: the binary of every package that may be installed is pinned', () => {
  const { version, sha256 } = PINNED_CLI;
  const text = readFileSync(join(packageRoot, 'tools', 'temporal-requirements.txt'), 'utf8');
  assert.ok(text.includes(`==${version} `), `expected ${version} there too`);
  assert.equal(text.match(/--hash=sha256:/g)?.length, Object.keys(sha256).length);
});
