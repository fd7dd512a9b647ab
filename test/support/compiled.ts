import { join } from 'node:path';

import { nodeArguments } from '../../tools/package-root.js';

/** Environment variable with the folder of the compiled tests and programs; without it all runs from source. */
export const COMPILED = 'COMPILED_TESTS';

/** In that folder, where the compiled worker looks for it. */
export const WORKFLOW_BUNDLE = join('worker', 'workflow-bundle.js');

/** What tests start in a process of its own, path from the package root without extension. */
export const PROGRAMS = [
  'test/support/crash-worker',
  'worker/main',
  'sandbox/main',
  'client/cli',
] as const;

/** Arguments for `node` that run a program: the compiled one if there is one. */
export function programArguments(program: (typeof PROGRAMS)[number]): string[] {
  const folder = process.env[COMPILED];
  return folder === undefined ? nodeArguments(program) : [join(folder, `${program}.js`)];
}
