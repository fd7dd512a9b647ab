import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { MIGRATION_REQUEST_SCHEMA } from '../../model/request.js';
import { writeReport } from '../../report/write.js';
import { packageRoot } from '../../tools/package-root.js';
import { FULL } from '../support/report-samples.js';
import { testSigningKey } from '../support/signing-key.js';
import { matchGolden } from './golden.js';
import { runCli, runCliTogether } from './run-cli.js';

const VERBS = [
  'plan',
  'start',
  'status',
  'list',
  'parties',
  'approve',
  'signatures',
  'provide-signature',
  'pause',
  'resume',
  'retune',
  'repair',
  'abort',
  'recover',
  'close',
  'report',
  'park',
  'init',
  'doctor',
  'worker',
  'codec-server',
  'loadtest',
  'completion',
];
const REQUEST = [
  ...['--source', 'old', '--target', 'new'],
  ...['--source-synchronizer', 'main', '--target-synchronizer', 'next'],
];
const NOWHERE = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

test('cli: the help lists every verb, the exit codes and examples', async () => {
  const { code, out } = await runCli(['--help']);

  assert.equal(code, 0);
  matchGolden('help', out);
});

test('cli: the help of every verb has its options and examples', async () => {
  const helps = await runCliTogether(VERBS.map((verb) => [verb, '--help']));

  for (const [at, verb] of VERBS.entries()) {
    assert.equal(helps[at]?.code, 0, verb);
    matchGolden(`help-${verb}`, helps[at].out);
  }
});

// Each is refused before Temporal is asked for anything.
const MISTAKES: [string[], string][] = [
  [['bogus'], 'unknown command'],
  [['approve', 'everything'], 'unknown gate'],
  [['worker'], 'worker without configuration'],
  [['plan', '--source', 'old', '--party', 'alice'], 'incomplete request'],
  [['plan', '--request', '/nowhere.json'], 'unreadable request'],
  [['plan', '--request', 'x.json', '--source', 'old'], 'request given twice'],
  [['start', ...REQUEST, '--copy', 'hot', '--catch-ups', '0'], 'unknown copy'],
  [['plan', ...REQUEST, '--catch-ups', 'many'], 'catch-ups without number'],
  [['plan', ...REQUEST, '--shard-contracts', '100'], 'shard contracts'],
  [['parties', 'old::1220', '--request', 'x.json'], 'parties of a migration and a request'],
  [['parties', '--limit', '0'], 'empty page'],
  [['plan', 'old', ...REQUEST], 'plan of a migration and a request'],
  [['pause', '--as', '<your name>'], 'placeholder as a name'],
  [['approve', 'target-backup', '--evidence', '...'], 'placeholder as evidence'],
  [['retune'], 'nothing to retune'],
  [['retune', '--target-seconds', 'long'], 'retune without number'],
  [['retune', '--contracts-per-second', 'all'], 'retune without limit'],
  [['repair', 'one', 'two'], 'repair of two'],
  [['park', '--participant', 'old'], 'park without server'],
  [['park', 'old::1220', '--participant', 'old', '--served-by', 'new'], 'park named twice'],
];

for (const [args, name] of MISTAKES) {
  test(`cli: ${name} ends with code 2 and says what to do next`, async () => {
    const { code, out, err } = await runCli(args, { environment: NOWHERE });

    assert.equal(code, 2);
    assert.equal(out, '');
    matchGolden(`usage-${name.replaceAll(' ', '-')}`, err);
  });
}

test('cli: with --json a failure is one JSON object on standard output', async () => {
  const { code, out, err } = await runCli(['plan', '--request', '-', '--json'], {
    input: '{"sauce":"old"}',
  });

  assert.equal(code, 2);
  assert.equal(err, '');
  const { error } = JSON.parse(out) as { error: Record<string, string> };
  assert.equal(error['type'], 'RequestInvalid');
  assert.match(error['message'] ?? '', /^sauce: unknown field/m);
  assert.ok(error['next']);
});

test('cli: with --json a wrong option is one JSON object too', async () => {
  const { code, out } = await runCli(['retune', '--json'], { environment: NOWHERE });

  assert.equal(code, 2);
  const { error } = JSON.parse(out) as { error: Record<string, string> };
  assert.equal(error['type'], 'OptionInvalid');
  assert.match(error['message'] ?? '', /expected --target-seconds, --contracts-per-second or both/);
});

test('cli: a Temporal that is not there is named with its address, code 1', async () => {
  const { code, err } = await runCli(['status'], { environment: NOWHERE });

  assert.equal(code, 1);
  assert.match(err, /^TemporalUnavailable: Temporal does not answer at 127\.0\.0\.1:1/);
  assert.match(err, /next: start it, or set TEMPORAL_ADDRESS to where it is\n$/);
});

test('cli: --version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };

  assert.equal((await runCli(['--version'])).out, `${version}\n`);
});

test('cli: the published schema of the request is the one that is checked', async () => {
  const { out } = await runCli(['plan', '--schema']);
  const published = readFileSync(join(packageRoot, 'docs/migration-request.schema.json'), 'utf8');

  assert.deepEqual(JSON.parse(published), MIGRATION_REQUEST_SCHEMA);
  assert.deepEqual(JSON.parse(out), MIGRATION_REQUEST_SCHEMA);
});

test('cli: a wrong line of a parties file is named by its number, and few of many', async () => {
  const lines = ['# wallets', '', '@', 'local', ...Array<string>(30).fill('!')];
  const { code, err } = await runCli(
    ['plan', '--source', 'old', '--target', 'new', '--parties-file', '-'],
    {
      input: lines.join('\n'),
    },
  );

  assert.equal(code, 2, err);
  assert.match(err, /--parties-file: line 3: found "@", expected a party id, a class/);
  assert.match(err, /and 11 more/);
  assert.doesNotMatch(err, /line [12]:|line 4:|line 25:/);
});

test('cli: report verify needs neither Temporal nor a worker, and ends with 4 for a file that was changed', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-report-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [key, file, changed] = ['key.pub', 'report.json', 'changed.json'].map((its) =>
    join(folder, its),
  );
  const { key: signingKey, publicKey } = testSigningKey();
  const text = writeReport({ writtenAt: '2026-01-02T05:22:00.000Z', report: FULL }, 'json', signingKey);
  writeFileSync(key!, publicKey);
  writeFileSync(file!, text);
  writeFileSync(changed!, text.replace('Grace Hopper', 'Grace Topper'));
  const verify = (path: string) =>
    runCli(['report', 'verify', path, '--key', key!], { environment: NOWHERE });

  const [right, wrong] = await Promise.all([verify(file!), verify(changed!)]);

  assert.deepEqual([right.code, wrong.code], [0, 4], right.err + wrong.err);
  assert.ok(right.out.includes(`Verified: json, signed with ${signingKey.fingerprint}`));
  assert.match(right.out, /migration migrate-participant\/old[^]*next: check the approvals too/);
  assert.match(wrong.err, /ReportNotVerified: .*changed since it was signed/);
});
