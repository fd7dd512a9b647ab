import { fileURLToPath } from 'node:url';
import { DefaultLogger, bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';

let bundle: Promise<WorkflowBundle> | undefined;

/** The workflow code, bundled once in this process. */
export function workflowBundle(): Promise<WorkflowBundle> {
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  bundle ??= bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  return bundle;
}
