import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { spawn } from '@lydell/node-pty';

import { nodeArguments, packageRoot } from '../../tools/package-root.js';
import { removeAtEnd, startProcess } from '../../tools/processes.js';
import { assertNoSecret, scanHistories } from '../support/secret-scan.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const READY_LIMIT_MS = 120_000;
const LINE_LIMIT_MS = 20_000;
const TOUR_LIMIT_MS = 600_000;

/** What a terminal sends around a paste once the shell has asked for it. */
const [PASTE, END_OF_PASTE, ENTER] = ['\x1b[200~', '\x1b[201~', '\r'];
/** What the shell sends when it is at its prompt. */
const AT_PROMPT = '\x1b[?2004h';
const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g; // eslint-disable-line no-control-regex -- of a terminal

// A person with nothing but this page: two terminals, and the block pasted whole.
test('tour: the commands of the readme, pasted, migrate with an offline root key, and back', async (t) => {
  const [, tour = ''] = /^## A tour[^]*?^```sh\n([^]*?)\n```$/m.exec(README) ?? [];
  const before = gitStatus();
  const demo = startProcess('the demo', process.execPath, [
    ...nodeArguments('demo/index'),
    ...['--by-hand', '--contracts', '2000'],
  ]);
  t.after(() => demo.stop());
  const exports = await Promise.all(
    ['export PATH', 'export TEMPORAL', 'export CONTROL'].map((start) =>
      demo.firstLine((line) => line.includes(start), READY_LIMIT_MS),
    ),
  );
  const [, control] = /CONTROL=(\S+)/.exec(exports[2]!)!;
  const cli = [process.execPath, ...nodeArguments('client/cli')].map((part) => `'${part}'`).join(' ');

  const operator = await openTerminal(t);
  await operator.paste(exports.join('\n'), LINE_LIMIT_MS);
  // The command line of these sources, whether or not they are built.
  await operator.paste(`canton-migrate() { ${cli} "$@"; }`, LINE_LIMIT_MS);
  await operator.paste(`trap 'echo "this failed: $BASH_COMMAND"' ERR`, LINE_LIMIT_MS);
  const out = await operator.paste(tour, TOUR_LIMIT_MS);

  const failures = [...out.matchAll(/^this failed: .*$/gm)].map(([line]) => line);
  assert.deepEqual(failures, [], out.slice(-4_000));
  assert.match(out, /offline, at the gate root-key/);
  assert.match(out, /namespace-delegation signed by/);
  assert.match(
    out,
    /2,010 active contracts, of which source has\s+1,980: 30 to import, 20 to purge there/,
  );
  const source = await (await fetch(`${control}/participant?participant=source`)).text();
  assert.match(
    source,
    /"name":"source","isUp":true,[^]*"connected":\["acme"\],[^]*"contractCount":2010/,
  );
  assert.equal(gitStatus(), before);
  assertNoSecret('the output of the tour', out);
  assert.ok((await scanHistories(/TEMPORAL_ADDRESS=(\S+)/.exec(exports[1]!)![1]!)) > 2);
});

/** An interactive bash in the checkout, without the settings of whoever runs this. */
async function openTerminal(t: TestContext) {
  const home = mkdtempSync(join(tmpdir(), 'canton-migrate-tour-'));
  removeAtEnd(home);
  const terminal = spawn('bash', ['--noprofile', '--norc', '-i'], {
    cwd: packageRoot,
    cols: 120,
    rows: 60,
    name: 'xterm-256color',
    env: { ...process.env, HOME: home, TMPDIR: home, HISTFILE: undefined },
  });
  t.after(() => terminal.kill('SIGKILL'));
  let said = '';
  let heard: () => void = () => undefined;
  terminal.onData((data) => {
    said += data;
    heard();
  });
  const untilPrompt = (limitMs: number) =>
    new Promise<string>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`no prompt after ${limitMs / 1000} s\n${shown(said).slice(-4_000)}`)),
        limitMs,
      );
      heard = () => {
        if (!said.includes(AT_PROMPT)) return;
        clearTimeout(late);
        resolve(shown(said));
      };
      heard();
    });
  await untilPrompt(LINE_LIMIT_MS);
  return {
    /** Pastes a block, runs it, and returns what the terminal shows until the next prompt. */
    paste: (block: string, limitMs: number) => {
      said = '';
      terminal.write(`${PASTE}${block}${END_OF_PASTE}${ENTER}`);
      return untilPrompt(limitMs);
    },
  };
}

function shown(said: string): string {
  return said.replace(ESCAPES, '').replaceAll('\r', '');
}

/** What Git would add or has changed; tests beside this one write only what it ignores. */
function gitStatus(): string {
  return execFileSync('git', ['status', '--porcelain'], { cwd: packageRoot, encoding: 'utf8' });
}
