/** Runs every test file below `test/` (or those whose path contains an argument), a few at a time. */
import { readdirSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import { compile } from './compile.js';

/** A file that hangs fails instead of holding everything up. */
const FILE_LIMIT_MS = 12 * 60_000;

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter(
    (name) =>
      name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((part) => name.includes(part))),
  )
  .map((name) => join(here, name))
  .sort();

const compiled = await compile(files);
// The processes of the tests load nothing that has to be compiled.
process.execArgv.splice(0, process.execArgv.length, '--enable-source-maps');
const tests = run({ files: compiled, concurrency: 2, timeout: FILE_LIMIT_MS });
tests.on('test:fail', () => (process.exitCode = 1));
(tests.compose(new spec()) as NodeJS.ReadableStream).pipe(process.stdout);
