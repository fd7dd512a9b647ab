import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { LoadReport } from '../../loadtest/report.js';
import { QUICK_TIMING, startSandbox, type Sandbox } from '../../sandbox/index.js';
import { nodeArguments, packageRoot } from '../../tools/package-root.js';
import { startProcess } from '../../tools/processes.js';
import { runCli } from '../client/run-cli.js';
import { settle } from '../support/ledger-traffic.js';
import { workerConfiguration } from '../support/load.js';

const LINE_LIMIT_MS = 60_000;

interface Started {
  run: string;
  parties: string[];
  hook: string;
}

async function sandboxOf(t: TestContext): Promise<Sandbox> {
  const scenario = { timing: QUICK_TIMING, contracts: { count: 30 } };
  const sandbox = await startSandbox({ scenario });
  t.after(() => sandbox.close());
  return sandbox;
}

/** Starts a load test by the CLI as a script does; `report` resolves at its end. */
async function startLoadTest(t: TestContext, config: string) {
  const names = ['--source', 'source', '--target', 'target'];
  const options = [...names, '--config', config, '--rate', '50', '--hook-port', '0', '--json'];
  const all = [...nodeArguments('client/cli'), 'loadtest', ...options];
  const child = startProcess('the load test', process.execPath, all, { cwd: packageRoot });
  t.after(() => child.stop());
  const line = async <T>(start: string) =>
    JSON.parse(await child.firstLine((text) => text.startsWith(start), LINE_LIMIT_MS)) as T;
  const { started } = await line<{ started: Started }>('{"started"');
  const stop = async () => {
    process.kill(child.pid, 'SIGINT');
    const { report } = await line<{ report: LoadReport }>('{"report"');
    return { code: await child.exited, report };
  };
  return { started, stop };
}

test('loadtest: interrupted, it ends with code 0 if nothing was lost; its figures can be asked before', async (t) => {
  const { addresses } = await sandboxOf(t);
  const { started, stop } = await startLoadTest(t, workerConfiguration(t, addresses));
  let running: LoadReport;
  do running = (await (await fetch(`${started.hook}/report`)).json()) as LoadReport;
  while (running.commands.total < 20);
  const marked = await fetch(`${started.hook}/marks/cut-over`, { method: 'POST' });
  const unknown = await fetch(`${started.hook}/anything`, { method: 'POST' });

  const { code, report } = await stop();

  assert.equal(code, 0);
  assert.deepEqual([marked.status, unknown.status], [200, 404]);
  assert.equal(report.run, started.run);
  assert.equal(started.parties.length, 3);
  assert.deepEqual(
    report.pauses.marks.map(({ name }) => name),
    ['cut-over'],
  );
});

test('loadtest: a real loss ends with code 4 and names the contracts', async (t) => {
  const sandbox = await sandboxOf(t);
  const { started, stop } = await startLoadTest(t, workerConfiguration(t, sandbox.addresses));
  await settle(sandbox.participants.source, started.parties);

  const { code, report } = await stop();

  assert.equal(code, 4);
  assert.ok(report.comparison!.missing > 0);
  assert.equal(report.comparison!.differing[0]?.kind, 'missing');
});

test('loadtest: for people it prints a table and what came of it', async (t) => {
  const { addresses } = await sandboxOf(t);
  const config = workerConfiguration(t, addresses);

  const args = ['loadtest', '--config', config, '--source', 'source', '--seconds', '1'];
  const { code, out } = await runCli(args);

  assert.equal(code, 0);
  assert.match(out, /longest pause of a client +\d+\.\d\d s/);
  assert.match(out, /0 missing, 0 extra, 0 done twice/);
  assert.match(out, /next: nothing was lost, nothing happened twice and no client gave up\n$/);
});

const MISTAKES: [string[], RegExp][] = [
  [
    ['--source', 'nobody'],
    /found participant nobody, expected one of the configuration: source, target/,
  ],
  [
    ['--source', 'source', '--clients', '0'],
    /'--clients <n>' argument '0' is invalid\. expected a whole number from 1 to 1000/,
  ],
  [
    ['--source', 'source', '--rate', 'fast'],
    /'--rate <n>' argument 'fast' is invalid\. expected a number/,
  ],
  [
    ['--source', 'source', '--party', 'a', '--parties', '2'],
    /'--party <id\.\.\.>' cannot be used with option '--parties <n>'/,
  ],
];

for (const [options, expected] of MISTAKES) {
  test(`loadtest: ${options.slice(-2).join(' ')} ends with code 2 and names the option`, async (t) => {
    const addresses = { admin: '127.0.0.1:1', ledger: '127.0.0.1:1' };
    const config = workerConfiguration(t, { source: addresses, target: addresses });

    const { code, err } = await runCli(['loadtest', '--config', config, ...options]);

    assert.match(err, expected);
    assert.match(err, /next: canton-migrate loadtest --help shows the options/);
    assert.equal(code, 2);
  });
}
