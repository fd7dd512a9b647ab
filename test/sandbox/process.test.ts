import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { packageRoot } from '../../sandbox/wire.js';
import { AUTHORIZED, call } from './wire-client.js';

interface Ready {
  readonly source: { readonly admin: string; readonly ledger: string };
  readonly target: { readonly admin: string; readonly ledger: string };
  readonly control: string;
}

function run(args: readonly string[]): ChildProcess {
  const main = join(packageRoot(), 'sandbox', 'main.ts');
  return spawn(process.execPath, ['--import', 'tsx', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function started(
  t: TestContext,
  args: readonly string[],
): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = run([...args, '--json']);
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  return { child, ready: JSON.parse(line.toString()) as Ready };
}

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-test-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('process: state survives a kill and comes back on the same ports', async (t) => {
  const state = folder(t);
  const first = await started(t, ['--state', state, '--contracts', '300']);
  const query = { base_query: { store: AUTHORIZED, head_state: {} } };
  const before = await call(first.ready.source.admin, 'read', 'ListNamespaceDelegation', query);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');

  const second = await started(t, ['--state', state]);
  assert.deepEqual({ ...second.ready, pid: 0 }, { ...first.ready, pid: 0 });
  assert.deepEqual(
    await call(second.ready.source.admin, 'read', 'ListNamespaceDelegation', query),
    before,
  );
  const response = await fetch(`http://${second.ready.control}/participant?participant=source`);
  const seen = (await response.json()) as { contractCount: number; connected: string[] };
  assert.deepEqual([seen.contractCount, seen.connected], [300, ['acme']]);
  second.child.kill('SIGTERM');
  const [code] = (await once(second.child, 'exit')) as [number];
  assert.equal(code, 0);
});

test('process: faults and the call log are reached over the control port', async (t) => {
  const { ready } = await started(t, ['--contracts', '10']);
  const control = `http://${ready.control}`;
  const fault = { kind: 'failBefore', method: 'GetId', code: 'ABORTED' };
  await fetch(`${control}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  });
  await assert.rejects(call(ready.source.admin, 'identity', 'GetId'), { code: 'ABORTED' });
  const calls = (await (await fetch(`${control}/calls`)).json()) as {
    method: string;
    outcome: string;
  }[];
  assert.deepEqual(
    calls.map(({ method, outcome }) => [method, outcome]),
    [['GetId', 'ABORTED']],
  );
});

test('process: a faulty scenario file is refused with every fault named', async (t) => {
  const file = join(folder(t), 'scenario.yaml');
  writeFileSync(file, 'parties: { local: -1 }\ncontract: {}\n');
  const child = run(['--scenario', file]);
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 2);
  assert.match(text, /parties\.local must be >= 0/);
  assert.match(text, /scenario must NOT have additional properties 'contract'/);
});
