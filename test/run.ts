/**
 * Runs every test file below `test/` (or those whose path contains an argument), a few at a time. With
 * `--every-boundary` the tests of boundaries leave none out: `npm run boundaries`.
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

import { ensureTemporalCli } from '../tools/temporal-cli.js';
import { compile } from './compile.js';
import { EVERY_BOUNDARY } from './support/boundaries.js';
import { sharedProcesses } from './support/shared-processes.js';

/**
 * Two more than there are cores: some of the time of a migration under test only waits, for a server or for a
 * worker to be missed.
 */
const PROCESSES_AT_ONCE = Math.min(8, availableParallelism() + 2);

const here = dirname(fileURLToPath(import.meta.url));
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { 'every-boundary': { type: 'boolean' } },
});
/** A process that hangs fails instead of holding everything up. */
const PROCESS_LIMIT_MS = (values['every-boundary'] ? 60 : 15) * 60_000;
const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(
  (name) =>
    name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((part) => name.includes(part))),
);

// The Temporal servers of the tests: less garbage collection, and no threads that look for work on the cores
// of others.
const SERVERS = { GOGC: '400', GOMAXPROCS: '1' };
Object.assign(process.env, SERVERS, values['every-boundary'] && { [EVERY_BOUNDARY]: 'true' });

const compiled = await compile(here, sharedProcesses(files, values['every-boundary'] === true));
// Its hash is checked here, once; a test that needs it says what is wrong if there is none.
const cli = await ensureTemporalCli().catch(() => undefined);
if (cli !== undefined) process.env['TEMPORAL_CLI_PATH'] = cli;
// The processes of the tests load nothing that has to be compiled.
process.execArgv.splice(0, process.execArgv.length, '--enable-source-maps');
const tests = run({ files: compiled, concurrency: PROCESSES_AT_ONCE, timeout: PROCESS_LIMIT_MS });
tests.on('test:fail', () => (process.exitCode = 1));
(tests.compose(new spec()) as NodeJS.ReadableStream).pipe(process.stdout);
