import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

import { COMPILED, WORKFLOW_BUNDLE } from './compiled.js';

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflow code: as it was compiled with the tests, else bundled once in this process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  return (bundle ??= readBundle());
}

async function readBundle(): Promise<WorkflowBundle> {
  const folder = process.env[COMPILED];
  if (folder !== undefined) return { code: readFileSync(join(folder, WORKFLOW_BUNDLE), 'utf8') };
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
}
