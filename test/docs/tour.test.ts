import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'node:test';

import { nodeArguments } from '../../tools/package-root.js';
import { startProcess } from '../../tools/processes.js';
import { assertNoSecret, scanHistories } from '../support/secret-scan.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const READY_LIMIT_MS = 120_000;
const TOUR_LIMIT_SECONDS = 600;

// The commands themselves: what a new operator does, with nothing but this page.
test('tour: the commands of the readme migrate with an offline root key, and back', async (t) => {
  const [, tour = ''] = /^## A tour[^]*?^```sh\n([^]*?)^```$/m.exec(README) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-tour-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const demo = startProcess('the demo', process.execPath, [
    ...nodeArguments('demo/index'),
    ...['--by-hand', '--contracts', '2000'],
  ]);
  t.after(() => demo.stop());
  const [temporal, control] = await Promise.all([
    demo.firstLine((line) => line.includes('export TEMPORAL'), READY_LIMIT_MS),
    demo.firstLine((line) => line.includes('export CONTROL'), READY_LIMIT_MS),
  ]);
  const cli = [process.execPath, ...nodeArguments('client/cli')].map((part) => `'${part}'`).join(' ');
  const script = [
    'set -euo pipefail',
    temporal,
    control,
    `canton-migrate() { ${cli} "$@"; }`,
    tour,
    'curl -sS "$CONTROL/participant?participant=source"',
  ].join('\n');

  const operator = spawn('timeout', [`${TOUR_LIMIT_SECONDS}`, 'bash', '-c', script], { cwd: folder });
  const [out, err, code] = await Promise.all([
    text(operator.stdout),
    text(operator.stderr),
    new Promise<number | null>((resolve) => operator.once('close', resolve)),
  ]);

  assert.equal(code, 0, `${out.slice(-4000)}\n${err.slice(-4000)}`);
  assert.match(out, /offline, at the gate root-key/);
  assert.match(out, /namespace-delegation signed by/);
  assert.match(
    out,
    /2,010 active contracts, of which source has 1,980: 30 to import, 20 to purge there/,
  );
  assert.match(out, /"name":"source","isUp":true,[^]*"connected":\["acme"\],[^]*"contractCount":2010/);
  assertNoSecret('the output of the tour', out + err);
  assert.ok((await scanHistories(/TEMPORAL_ADDRESS=(\S+)/.exec(temporal)![1]!)) > 2);
});
