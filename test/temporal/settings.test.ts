import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';

import { readTemporalSettings } from '../../temporal/settings.js';
import { nodeArguments } from '../../tools/package-root.js';
import { runCli } from '../client/run-cli.js';

function fileOf(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-settings-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'file');
  writeFileSync(file, content);
  return file;
}

/** Reads the settings as they are with nothing but these variables. */
function settingsWith(t: TestContext, variables: Record<string, string>) {
  const before = { ...process.env };
  t.after(() => (process.env = before));
  const others = Object.entries(before).filter(([name]) => !name.startsWith('TEMPORAL_'));
  process.env = { ...Object.fromEntries(others), XDG_CONFIG_HOME: '/nowhere', ...variables };
  return readTemporalSettings();
}

test('settings: without variables it is the server of this machine, and a port may be left out', (t) => {
  const { address, namespace } = settingsWith(t, {});
  assert.deepEqual([address, namespace], ['localhost:7233', 'default']);
  assert.equal(
    settingsWith(t, { TEMPORAL_ADDRESS: 'temporal.example' }).address,
    'temporal.example:7233',
  );
  assert.equal(settingsWith(t, { TEMPORAL_ADDRESS: '[::1]:7234' }).address, '[::1]:7234');
});

/** What a variable holds, or a file that it names, and what is told. */
const FAULTS: [name: string, variables: Record<string, string>, type: string, message: RegExp][] = [
  [
    'a profile that the file does not have',
    { TEMPORAL_PROFILE: 'prod', TEMPORAL_CONFIG_FILE: '[profile.dev]\naddress = "x:1"\n' },
    'TemporalProfileMissing',
    /^TEMPORAL_PROFILE: found prod, expected a profile in .*: \[profile\.prod\]$/,
  ],
  [
    'a profile of a file without any',
    { TEMPORAL_PROFILE: 'prod', TEMPORAL_CONFIG_FILE: '' },
    'TemporalProfileMissing',
    /^TEMPORAL_PROFILE: found prod/,
  ],
  [
    'a file that is no TOML',
    { TEMPORAL_CONFIG_FILE: '{"profile":{}}' },
    'TemporalSettingsUnusable',
    /^TEMPORAL_CONFIG_FILE: found .*, which is no TOML: /,
  ],
  [
    'a URL as address',
    { TEMPORAL_ADDRESS: 'https://temporal.example:7233' },
    'TemporalSettingsUnusable',
    /^TEMPORAL_ADDRESS: found "https:.*", expected host:port, such as localhost:7233$/,
  ],
  [
    'an authority that is not there',
    { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' },
    'TemporalSettingsUnusable',
    /ENOENT.*\/nowhere\/ca\.pem/,
  ],
  [
    'an authority that is no certificate',
    { TEMPORAL_TLS_SERVER_CA_CERT_DATA: 'nonsense' },
    'TemporalSettingsUnusable',
    /^TEMPORAL_TLS_SERVER_CA_CERT_PATH: found what is no PEM/,
  ],
  [
    'a client certificate that is none',
    { TEMPORAL_TLS_CLIENT_CERT_DATA: 'nonsense', TEMPORAL_TLS_CLIENT_KEY_DATA: 'nonsense' },
    'TemporalSettingsUnusable',
    /^TEMPORAL_TLS_CLIENT_CERT_PATH: found what is no PEM/,
  ],
];

for (const [name, variables, type, message] of FAULTS) {
  test(`settings: ${name} is named with its variable`, (t) => {
    const { TEMPORAL_CONFIG_FILE: content, ...others } = variables;
    const file = content === undefined ? {} : { TEMPORAL_CONFIG_FILE: fileOf(t, content) };

    assert.throws(() => settingsWith(t, { ...others, ...file }), {
      name: 'TemporalProblem',
      type,
      message,
    });
  });
}

test('settings: the CLI and the worker tell the same, with what to do, as a mistake of usage', async (t) => {
  const environment = { TEMPORAL_PROFILE: 'prod', TEMPORAL_CONFIG_FILE: fileOf(t, '') };
  const participants = { a: { admin: { address: 'localhost:1' }, ledger: { address: 'localhost:2' } } };
  const folder = join(fileOf(t, ''), '..');
  const config = fileOf(t, JSON.stringify({ participants, spool: join(folder, 's'), lists: folder }));

  const [cli, worker] = await Promise.all([
    runCli(['status'], { environment }),
    runWorker(['--config', config], environment),
  ]);

  assert.deepEqual([cli.code, worker.code], [2, 2], worker.err);
  assert.match(
    cli.err,
    /^TemporalProfileMissing: .*\nnext: set TEMPORAL_PROFILE to a profile of that file/,
  );
  assert.equal(worker.err, cli.err);
});

async function runWorker(args: string[], environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [...nodeArguments('worker/main'), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { err: await text(child.stderr), code: await ended };
}
