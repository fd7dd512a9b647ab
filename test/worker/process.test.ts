import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';

import { startSandbox } from '../../sandbox/index.js';
import { freePorts } from '../../tools/free-port.js';
import { nodeArguments } from '../../tools/package-root.js';
import { RARER } from '../support/boundaries.js';
import { atLeast, onlyImports, startTransfer } from '../support/crash-stack.js';
import { assertMigrated, assertSent, busyOne, eventually, ledgersOf } from '../support/driving.js';
import { temporalServer } from '../support/temporal.js';
import { folderOf } from '../support/workers.js';

/** A program of ours whose lines are read to the last, whoever else writes to the same pipe. */
interface Program {
  pid: number;
  exited: Promise<unknown>;
  /** Resolves with the first line from now on, or before, that begins so. */
  line: (start: string) => Promise<string>;
}

function startProgram(t: TestContext, module: string, args: string[], env: NodeJS.ProcessEnv): Program {
  const child = spawn(process.execPath, [...nodeArguments(module), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return {
    pid: child.pid!,
    exited: once(child, 'exit').then(([code, signal]: unknown[]) => code ?? signal),
    line: (start) =>
      eventually(`a line ${start}, of: ${lines.join('\n')}`, async () =>
        lines.find((line) => line.startsWith(start)),
      ),
  };
}

/** What a worker needs: its configuration, and where Temporal is. */
async function prepare(t: TestContext, more: object = {}) {
  const [{ address }, sandbox, [port]] = await Promise.all([
    temporalServer(),
    startSandbox({ scenario: { contracts: { count: 1 } } }),
    freePorts(1),
  ]);
  t.after(() => sandbox.close());
  const folder = folderOf(t);
  const config = join(folder, 'worker.json');
  const { admin, ledger } = sandbox.addresses.source;
  writeFileSync(
    config,
    JSON.stringify({
      participants: { source: { admin: { address: admin }, ledger: { address: ledger } } },
      ...{ spool: join(folder, 'spool'), lists: join(folder, 'lists'), taskQueue: folder },
      ...{ logLevel: 'error', health: { address: `127.0.0.1:${port}` } },
      ...more,
    }),
  );
  return { config, health: `http://127.0.0.1:${port}`, env: { TEMPORAL_ADDRESS: address } };
}

test('worker: one whose CLI is killed stops as after a signal, and is ready until then', async (t) => {
  const { config, health, env } = await prepare(t);
  const cli = startProgram(t, 'client/cli', ['worker', '--config', config], env);
  await cli.line('worker ready');
  await eventually('ready', async () => (await fetch(`${health}/readyz`)).ok || undefined);

  process.kill(cli.pid, 'SIGKILL');

  // The pipe is that of the worker too: it is read to the end of both.
  await cli.line('worker stopped');
  await assert.rejects(fetch(`${health}/livez`));
});

test('worker: asked to stop before it is connected, it ends with code 0', async (t) => {
  const { config, env } = await prepare(t);
  const silent = { ...env, TEMPORAL_ADDRESS: '192.0.2.1:7233' };
  const worker = startProgram(t, 'worker/main', ['--config', config], silent);
  const timer = setInterval(() => process.kill(worker.pid, 'SIGTERM'), 1_500);
  t.after(() => clearInterval(timer));

  const code = await worker.exited;
  clearInterval(timer);

  // A process that had not come so far dies of the signal.
  assert.ok(code === 0 || code === 'SIGTERM', String(code));
});

test(
  'worker: stopped in the middle of an upload, it ends with code 0 within its time, and the next worker does at most the last call again',
  RARER,
  async (t) => {
    const { stack, workers, id, result } = await startTransfer(t, { workers: 2 });
    await eventually('the second import', async () =>
      atLeast(onlyImports(stack.sandbox.calls.list()), 2),
    );
    const busy = await busyOne(stack.temporal, id, workers);
    const begun = Date.now();
    process.kill(busy.pid, 'SIGTERM');
    // Whoever starts a worker passes the signal on, and a supervisor sends it to both: it counts once.
    process.kill(busy.pid, 'SIGTERM');

    assert.equal(await busy.exited, 0, busy.tail());
    assert.ok(Date.now() - begun < 30_000);
    const report = await result;
    assertMigrated(report, ledgersOf(stack.sandbox), stack.contracts);
    assertSent(stack.sandbox.calls.list(), 5);
  },
);
