import { fileURLToPath } from 'node:url';

import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** Bundles the workflow code beside this file with its own converter of payloads, from source or as it was built. */
export function bundleWorkflows(level: 'WARN' | 'ERROR'): Promise<WorkflowBundleWithSourceMap> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const path = (name: string) =>
    fileURLToPath(new URL(`../workflows/${name}.${extension}`, import.meta.url));
  return bundleWorkflowCode({
    workflowsPath: path('index'),
    payloadConverterPath: path('payload-converter'),
    logger: new DefaultLogger(level),
  });
}
