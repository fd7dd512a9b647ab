/**
 * Compiles one program below `test/`, and what it starts, and runs it with the arguments that are left:
 * `node --import tsx test/run-compiled.ts chaos/run --runs 10`.
 */
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { compile } from './compile.js';

const [program = ''] = process.argv.splice(2, 1);
const [compiled = ''] = await compile(dirname(fileURLToPath(import.meta.url)), [[`${program}.ts`]]);
await import(pathToFileURL(compiled).href);
