import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';

import { parse } from 'yaml';

import { Terminal } from '../../client/terminal.js';
import { startSandbox } from '../../sandbox/index.js';
import type { CheckResult } from '../../setup/doctor/result.js';
import { Asker } from '../../setup/init/asker.js';
import { init } from '../../setup/init/command.js';
import { assertWritable, writePrivate } from '../../setup/init/files.js';
import { askFolders, askNode, askSynchronizers } from '../../setup/init/questions.js';
import { nodeArguments, packageRoot } from '../../tools/package-root.js';
import { startProcess } from '../../tools/processes.js';
import { runCli } from '../client/run-cli.js';
import { resultsOf, setupFolder } from '../support/diagnosing.js';
import { cliOnTerminal, CTRL_C, DOWN, ENTER, tooWide } from '../support/pty.js';
import { SMALL } from '../support/stack.js';
import { temporalServer } from '../support/temporal.js';

const READY_LIMIT_MS = 60_000;
/** Looks like a token, and is pasted where the name of a variable is asked for. */
const PASTED = 'eyJhbGciOiJFUzI1NiJ9.pasted';
const TOKEN = 'a-token-of-the-source';

const sandbox = await startSandbox({ scenario: SMALL });
after(() => sandbox.close());
const { source, target } = sandbox.addresses;

/** As a stranger has it: nothing says where Temporal is. */
const NOTHING_SET = {
  TEMPORAL_CONFIG_FILE: join(packageRoot, 'test/client/empty-profile.toml'),
  TEMPORAL_PROFILE: undefined,
  TEMPORAL_ADDRESS: undefined,
  TEMPORAL_NAMESPACE: undefined,
};
const ADDRESSES = [
  ...['--source-admin', source.admin, '--source-ledger', source.ledger],
  ...['--target-admin', target.admin, '--target-ledger', target.ledger],
];

const FILES = { config: 'worker.yaml', request: 'migration.json' };

/** Everything in a folder, with modes. */
function filesIn(folder: string): Record<string, string> {
  const modeOf = (name: string) => (statSync(join(folder, name)).mode & 0o777).toString(8);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, modeOf(name)]));
}

test('init: what it writes by flags passes the doctor, starts a worker, and its request is planned', async (t) => {
  const folder = setupFolder(t);
  const { address } = await temporalServer();
  const written = await runCli(['init', '--yes', ...ADDRESSES, '--temporal-address', address], {
    cwd: folder,
    environment: NOTHING_SET,
  });

  assert.equal(written.code, 0, written.err);
  assert.deepEqual(filesIn(folder), { 'migration.json': '600', 'worker.yaml': '600' });
  assert.match(
    written.out,
    /^next: canton-migrate doctor --config worker\.yaml --request migration\.json$/m,
  );
  const exported = [...written.out.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, ...its]) => its);
  assert.deepEqual(exported, [
    ['TEMPORAL_ADDRESS', address],
    ['TEMPORAL_NAMESPACE', 'default'],
    ['CANTON_MIGRATE_LISTS', join(folder, 'lists')],
  ]);
  // What it says next, as it says it.
  const environment = { ...NOTHING_SET, ...(Object.fromEntries(exported) as NodeJS.ProcessEnv) };
  const run = (...args: string[]) => runCli(args, { cwd: folder, environment });
  const files = ['--config', 'worker.yaml', '--request', 'migration.json'];
  const { code, out } = await run('doctor', ...files, '--json');
  const { results } = JSON.parse(out) as { results: CheckResult[] };
  assert.deepEqual(resultsOf(results, 'problem'), []);
  assert.equal(code, 0);
  assert.deepEqual(Object.keys(filesIn(folder)), ['migration.json', 'worker.yaml']);
  const args = [...nodeArguments('client/cli'), 'worker', '--config', 'worker.yaml'];
  const env = { ...process.env, ...environment };
  const worker = startProcess('the worker', process.execPath, args, { cwd: folder, env });
  t.after(() => worker.stop());
  await worker.firstLine((line) => line.startsWith('worker ready'), READY_LIMIT_MS);
  const planned = await run('plan', '--request', 'migration.json');
  assert.equal(planned.code, 0, planned.err);
  assert.match(planned.out, /^Plan: migrate old to new/m);
  const { mode } = statSync(join(folder, 'spool'));
  assert.equal(mode & 0o777, 0o700);
});

/** Answers every question; the wrong ones first. */
async function answered(t: TestContext, folder: string) {
  const terminal = cliOnTerminal(t, ['init'], {
    cwd: folder,
    environment: { ...NOTHING_SET, OLD_TOKEN: TOKEN },
  });
  const answers = async (question: RegExp, answer: string) => {
    await terminal.sees(question);
    terminal.types(`${answer}${ENTER}`);
  };
  await answers(/Name of the source/, ' not a name');
  await terminal.sees(/found not a name, expected letters, digits, _ \. and -/);
  terminal.types(`\x15old${ENTER}`);
  await answers(/Admin API of old, host:port/, 'here');
  await terminal.sees(/found here, expected host:port/);
  terminal.types(`\x15${source.admin}${ENTER}`);
  await answers(/Ledger API of old, host:port/, source.ledger);
  await answers(/reached over TLS\?/, '');
  await answers(/Admin API of old, variable or none/, PASTED);
  await terminal.sees(/found something else, expected the name of an/);
  terminal.types(`\x15OLD_TOKEN${ENTER}`);
  await answers(/Ledger API of old, variable or none \(OLD_TOKEN\)/, 'none');
  await answers(/Name of the target/, 'old');
  await terminal.sees(/found old, expected another name than that of the/);
  terminal.types(`\x15new${ENTER}`);
  await answers(/Admin API of new/, target.admin);
  await answers(/Ledger API of new/, target.ledger);
  await answers(/reached over TLS\?/, '');
  await answers(/Admin API of new/, '');
  await answers(/Ledger API of new/, '');
  await answers(/Synchronizer of the parties now/, '');
  await answers(/Synchronizer of the parties afterwards/, '');
  await answers(/Route/, DOWN);
  await answers(/Folder for exports/, '');
  await answers(/Folder or bucket for lists/, 'long');
  await answers(/Temporal, host:port/, '');
  await answers(/Namespace in it/, '');
  return terminal.ended();
}

test('init: on a terminal a wrong answer is asked again, with what was found; no token is shown or written, and no file replaced', async (t) => {
  const folder = setupFolder(t);

  const { code, text } = await answered(t, folder);

  assert.equal(code, 0, text);
  assert.deepEqual(filesIn(folder), { 'migration.json': '600', 'worker.yaml': '600' });
  const said = text.slice(text.indexOf('wrote worker.yaml'));
  assert.deepEqual(tooWide(said), []);
  assert.match(said, /^set for the worker: OLD_TOKEN$/m);
  const [yaml, json] = ['worker.yaml', 'migration.json'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  ) as [string, string];
  for (const secret of [PASTED, TOKEN])
    assert.ok(![text, yaml, json].some((its) => its.includes(secret)));
  const { participants, ...rest } = parse(yaml) as Record<string, Record<string, object>>;
  assert.deepEqual(participants, {
    old: {
      admin: { address: source.admin, token: '${OLD_TOKEN}' },
      ledger: { address: source.ledger },
    },
    new: { admin: { address: target.admin }, ledger: { address: target.ledger } },
  });
  assert.deepEqual(rest, { spool: 'spool', lists: 'long' });
  assert.deepEqual(JSON.parse(json), {
    ...{ source: 'old', target: 'new', sourceSynchronizer: 'acme', targetSynchronizer: 'da' },
    route: 'new-synchronizer',
  });

  const again = cliOnTerminal(t, ['init'], { cwd: folder, environment: NOTHING_SET });
  await again.sees(/worker\.yaml is there already\. Replace it\?/);
  again.types(ENTER);
  const refused = await again.ended();
  assert.equal(refused.code, 3);
  assert.match(refused.text, /^FileExists: worker\.yaml is there already, and was left/m);
  assert.equal(readFileSync(join(folder, 'worker.yaml'), 'utf8'), yaml);
});

test('init: Ctrl-C in the middle leaves nothing behind, and --yes asks nothing on a terminal either', async (t) => {
  const folder = setupFolder(t);
  const terminal = cliOnTerminal(t, ['init'], { cwd: folder, environment: NOTHING_SET });
  await terminal.sees(/Name of the source/);
  terminal.types(ENTER);
  await terminal.sees(/Admin API of old/);
  terminal.types(CTRL_C);
  const left = await terminal.ended();

  assert.deepEqual([left.code, filesIn(folder)], [3, {}]);
  assert.match(left.text, /^NotAnswered: .*\nnext: repeat the command when you are ready\n$/m);
  writeFileSync(join(folder, 'worker.yaml'), 'mine');
  const args = ['init', '--yes', ...ADDRESSES];
  const kept = await cliOnTerminal(t, args, { cwd: folder, environment: NOTHING_SET }).ended();
  assert.equal(kept.code, 3, kept.text);
  assert.match(kept.text, /^FileExists: /);
  assert.equal(readFileSync(join(folder, 'worker.yaml'), 'utf8'), 'mine');
  await assertWritable(byFlags(), [join(folder, 'worker.yaml')], true);
  chmodSync(join(folder, 'worker.yaml'), 0o644);
  writePrivate(join(folder, 'worker.yaml'), 'theirs');
  assert.deepEqual(filesIn(folder), { 'worker.yaml': '600' });
});

for (const [variable, found, type] of [
  ['TEMPORAL_PROFILE', 'nowhere', 'TemporalProfileMissing'],
  ['TEMPORAL_ADDRESS', 'no address', 'TemporalSettingsUnusable'],
] as const) {
  test(`init: a ${variable} that cannot be used is told before any question`, async (t) => {
    let said = '';
    t.mock.method(process.stderr, 'write', (text: string) => {
      said += text;
      return true;
    });
    const before = { ...process.env };
    t.after(() => (process.env = before));
    process.env = {
      ...before,
      TEMPORAL_CONFIG_FILE: NOTHING_SET.TEMPORAL_CONFIG_FILE,
      [variable]: found,
    };

    const code = await init(FILES);

    assert.equal(code, 2);
    assert.match(said, new RegExp(`^${type}: ${variable}: found "?${found}"?, expected `));
    assert.match(said, /^next: /m);
  });
}

const byFlags = (takesDefaults = true) => new Asker(new Terminal(false), takesDefaults);
const FAR = { sourceAdmin: 'old.example:5002', sourceLedger: 'old.example:5001' };

for (const [name, given, what] of [
  ['no address', {}, /^--source-admin: missing, expected it where nobody is asked$/],
  [
    'a port that is none',
    { sourceAdmin: 'old:70000' },
    /^--source-admin: found old:70000, expected host:port$/,
  ],
  [
    'a token in the place of its variable',
    { ...FAR, sourceAdminToken: PASTED },
    /^--source-admin-token: found something else, expected the name of an environment variable/,
  ],
  [
    'a token in plain text',
    { ...FAR, sourceTls: 'no', sourceLedgerToken: 'OLD_TOKEN' },
    /^--source-ledger-token: found something else, expected none: without TLS anybody/,
  ],
  [
    'files of TLS without it',
    { ...FAR, sourceTls: 'no', sourceCa: 'ca' },
    /^--source-tls: found no, expected yes with/,
  ],
  [
    'a key without its certificate',
    { ...FAR, sourceKey: 'key' },
    /^--source-cert: found nothing, expected/,
  ],
  ['a certificate without its key', { ...FAR, sourceCert: 'cert' }, /^--source-key: missing, expected/],
  ['the name of the other node', { source: 'new' }, /^--source: found new, expected another name/],
] as [string, Record<string, string>, RegExp][]) {
  test(`init: ${name} is refused, and a secret not quoted`, async () => {
    const asked = askNode(byFlags(), 'source', { given: { ...FILES, ...given }, taken: 'new' });

    await assert.rejects(asked, (error: Error) => {
      assert.match(error.message, what);
      return !error.message.includes(PASTED);
    });
  });
}

test('init: without --yes a question that has a default has to be answered, too', async () => {
  const known = { source: { synchronizers: [] }, target: { synchronizers: [] } };
  const ways = { ...FILES, sourceSynchronizer: 'a', targetSynchronizer: 'b' };

  assert.deepEqual(await askSynchronizers(byFlags(), ways, known), {
    ...{ sourceSynchronizer: 'a', targetSynchronizer: 'b' },
  });
  await assert.rejects(askSynchronizers(byFlags(false), ways, known), {
    message: /^--route: missing/,
    next: /^repeat the command with --route, or with --yes/,
  });
  const silent = { ...known, source: { synchronizers: [], problem: 'nothing listens there' } };
  await assert.rejects(askSynchronizers(byFlags(), FILES, silent), {
    message: /^--source-synchronizer: missing, .*: the source cannot be asked: nothing listens there$/,
    next: 'repeat the command with --source-synchronizer',
  });
});

test('init: a bucket with credentials is refused, and they are not quoted', async () => {
  await assert.rejects(askFolders(byFlags(), { ...FILES, lists: 's3://key:secret@bucket/lists' }), {
    message: /^--lists: found something else, expected a folder, or s3:\/\/<bucket>\/<prefix> without/,
  });
});

test('init: files that cannot be written are told before any question', async (t) => {
  const folder = setupFolder(t);
  mkdirSync(join(folder, 'a-folder'));
  const at = (...names: string[]) => names.map((name) => join(folder, name));

  for (const [paths, message] of [
    [at('same', 'same'), /same, expected another file than that of --config$/],
    [at('nowhere/worker.yaml', 'request'), /worker\.yaml: cannot be written \(ENOENT\)$/],
    [at('worker.yaml', 'a-folder'), /a-folder: cannot be written \(EISDIR\)$/],
  ] as const)
    await assert.rejects(assertWritable(byFlags(), [...paths], true), { message });
});
