import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';

import { readSandbox } from '../../demo/sandbox-addresses.js';
import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { packageRoot } from '../../tools/package-root.js';
import { startProcess, type OwnedProcess } from '../../tools/processes.js';
import { startTemporalServer } from '../../tools/temporal-server.js';
import { installTarballs, OFFLINE, packTarballs } from '../support/packed.js';

const run = promisify(execFile);
const READY_LIMIT_MS = 120_000;
/** Bytes that the two tarballs have at most; a picture or a file of tests is more. */
const MOST_BUNDLE_BYTES = 3e6;
const MOST_BYTES = 3_500_000;

const { packed } = await packTarballs();
const app = await installTarballs();
const place = app ?? '';
const cli = join(place, 'node_modules', '.bin', 'canton-migrate');

test('installed: the tarballs have what runs, and nothing of demo, bench, tests and tools', () => {
  const [main, sandbox] = ['canton-migrate', 'canton-sandbox'].map((name) =>
    packed.find((its) => its.name === name),
  );
  assert.ok(main && sandbox);
  const paths = main.files.map(({ path }) => path);

  assert.deepEqual(
    [...paths, ...sandbox.files.map(({ path }) => path)].filter(
      (path) =>
        (/^(dist\/)?(bench|bin|demo|test|tools|secrets|node_modules)\//.test(path) &&
          !/^dist\/secrets\//.test(path)) ||
        /(?<!\.d)\.ts$|\.test\.|\.tsbuildinfo$|\.map$|\.png$/.test(path),
    ),
    [],
  );
  for (const needed of ['LICENSE', 'NOTICE', 'README.md', 'SECURITY.md', 'CHANGELOG.md']) {
    assert.ok(paths.includes(needed), needed);
  }
  const bundle = main.files.find(({ path }) => path === 'dist/worker/workflow-bundle.js');
  // With its sources in the source map it has 4 MB, and a worker keeps it several times.
  assert.ok(bundle && bundle.size < MOST_BUNDLE_BYTES, `${bundle?.size} bytes`);
  assert.ok(main.size + sandbox.size < MOST_BYTES, `${main.size} and ${sandbox.size} bytes`);
});

test('installed: the command line has its help', (t) => {
  if (app === undefined) return t.skip(OFFLINE);
  const help = execFileSync(cli, ['--help'], { cwd: app, encoding: 'utf8' });

  for (const verb of ['plan', 'start', 'status', 'approve', 'abort', 'worker', 'sandbox']) {
    assert.match(help, new RegExp(`^ +${verb}\\b`, 'm'));
  }
});

// As a project with other settings compiles it: none of them has `skipLibCheck`.
test('installed: the types compile in a strict project, without skipLibCheck', async (t) => {
  if (app === undefined) return t.skip(OFFLINE);
  const example = readFileSync(join(packageRoot, 'test/docs/readme-example.ts'), 'utf8');
  const strange = `// @ts-expect-error: not a request\nawait client.start({ from: 'source' });\n`;
  // A project need not have the types of Node.
  const node = 'declare const process: { stdout: { write(text: string): void } };\n';
  const text = example.replace('../../client/index.js', 'canton-migrate') + node + strange;
  writeFileSync(join(app, 'example.ts'), text);
  const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc');
  const strict = ['--strict', '--noEmit', '--target', 'es2023', '--skipLibCheck', 'false'];
  const compile = (...settings: string[]) =>
    run(process.execPath, [tsc, ...strict, ...settings, 'example.ts'], { cwd: app }).catch(
      ({ stdout }: { stdout: string }) => assert.fail(`${settings.join(' ')}\n${stdout}`),
    );

  await compile('--module', 'nodenext', '--exactOptionalPropertyTypes');
  await compile('--module', 'esnext', '--moduleResolution', 'bundler');
});

test('installed: sandbox, worker, command line and library work together', async (t) => {
  if (app === undefined) return t.skip(OFFLINE);
  const server = await startTemporalServer({
    ui: 'none',
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
  });
  t.after(() => server.stop());
  const sandbox = start(t, ['sandbox', '--contracts', '20', '--json']);
  const line = await sandbox.firstLine((its) => its.startsWith('{'), READY_LIMIT_MS);
  const { participants, request } = readSandbox(line);
  const worker = { participants, spool: 'spool', lists: 'lists' };
  writeFileSync(join(app, 'worker.json'), JSON.stringify(worker));
  writeFileSync(join(app, 'migration.json'), JSON.stringify(request));
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: server.address,
    CANTON_MIGRATE_LISTS: join(app, 'lists'),
  };
  await start(t, ['worker', '--config', 'worker.json'], env).firstLine(
    (its) => its.startsWith('worker ready'),
    READY_LIMIT_MS,
  );
  const library = `import { MigrationClient } from 'canton-migrate';
    const client = await MigrationClient.connect();
    console.log((await client.plan(${JSON.stringify(request)})).hash);
    await client.close();`;
  writeFileSync(join(app, 'library.js'), library);

  const plan = await run(cli, ['plan', '--request', 'migration.json'], { cwd: app, env });
  const { stdout: hash } = await run(process.execPath, ['library.js'], { cwd: app, env });

  assert.match(plan.stdout, /^20 active contracts to move$/m);
  assert.match(hash, /^[0-9a-f]{64}$/m);
});

// The last one, because it removes the package.
test('installed: without the package of the sandbox the command says so', async (t) => {
  if (app === undefined) return t.skip(OFFLINE);
  rmSync(join(app, 'node_modules/canton-sandbox'), { recursive: true });

  await assert.rejects(
    run(cli, ['sandbox'], { cwd: app }),
    (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 1);
      assert.match(error.stderr, /canton-sandbox: not installed[^]*npm pack --workspaces/);
      return true;
    },
  );
});

function start(t: TestContext, args: string[], env: NodeJS.ProcessEnv = process.env): OwnedProcess {
  const started = startProcess(args[0]!, cli, args, { env, cwd: place });
  t.after(() => started.stop());
  return started;
}
