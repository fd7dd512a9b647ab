import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';

import { bundleWorkflows } from '../../worker/workflow-code.js';
import { COMPILED, WORKFLOW_BUNDLE } from './compiled.js';

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflow code: as it was compiled with the tests, else bundled once in this process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  return (bundle ??= readBundle());
}

async function readBundle(): Promise<WorkflowBundle> {
  const folder = process.env[COMPILED];
  if (folder !== undefined) return { code: readFileSync(join(folder, WORKFLOW_BUNDLE), 'utf8') };
  return bundleWorkflows('ERROR');
}
