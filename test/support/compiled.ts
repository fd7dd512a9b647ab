import { join } from 'node:path';

/** Environment variable with the folder of the compiled tests and programs; without it all runs from source. */
export const COMPILED = 'COMPILED_TESTS';

/** In that folder, where the compiled worker looks for it. */
export const WORKFLOW_BUNDLE = join('worker', 'workflow-bundle.js');

/** What tests start in a process of its own, by the path that `nodeArguments` takes. */
export const PROGRAMS = [
  'bench/index',
  'client/cli',
  'demo/index',
  'loadtest/main',
  'sandbox/main',
  'setup/main',
  'test/support/crash-worker',
  'tools/guardian',
  'worker/main',
];
