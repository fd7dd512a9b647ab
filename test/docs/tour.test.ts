import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { nodeArguments, packageRoot } from '../../tools/package-root.js';
import { removeAtEnd, startProcess } from '../../tools/processes.js';
import { RARER } from '../support/boundaries.js';
import { ENTER, openPty, shown } from '../support/pty.js';
import { assertNoSecret, scanHistories } from '../support/secret-scan.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const READY_LIMIT_MS = 120_000;
const LINE_LIMIT_MS = 20_000;
const TOUR_LIMIT_MS = 600_000;

/** What a terminal sends around a paste once the shell has asked for it. */
const [PASTE, END_OF_PASTE] = ['\x1b[200~', '\x1b[201~'];
/** What the shell sends when it is at its prompt. */
const AT_PROMPT = '\x1b[?2004h';

// A person with nothing but this page: two terminals, and the block pasted whole.
test(
  'tour: the commands of the readme, pasted, migrate with an offline root key, and back',
  RARER,
  async (t) => {
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
  },
);

/** An interactive bash in the checkout, without the settings of whoever runs this. */
async function openTerminal(t: TestContext) {
  const home = mkdtempSync(join(tmpdir(), 'canton-migrate-tour-'));
  removeAtEnd(home);
  const terminal = openPty(t, 'bash', ['--noprofile', '--norc', '-i'], {
    cwd: packageRoot,
    cols: 120,
    env: { ...process.env, HOME: home, TMPDIR: home, HISTFILE: undefined },
  });
  const untilPrompt = (limitMs: number) =>
    terminal.until((said) => (said.includes(AT_PROMPT) ? shown(said) : undefined), limitMs);
  await untilPrompt(LINE_LIMIT_MS);
  return {
    /** Pastes a block, runs it, and returns what the terminal shows until the next prompt. */
    paste: (block: string, limitMs: number) => {
      terminal.clear();
      terminal.write(`${PASTE}${block}${END_OF_PASTE}${ENTER}`);
      return untilPrompt(limitMs);
    },
  };
}

/** What Git would add or has changed; tests beside this one write only what it ignores. */
function gitStatus(): string {
  return execFileSync('git', ['status', '--porcelain'], { cwd: packageRoot, encoding: 'utf8' });
}
