import { fileURLToPath } from 'node:url';

import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** What the SDK loads by its path, also into the workflow code, where failures are encrypted. */
export const FAILURE_CONVERTER = fileURLToPath(
  new URL('../secrets/failure-converter.cjs', import.meta.url),
);

/**
 * Bundles the workflow code beside this file with its own converter of payloads, from source or as it was built; for
 * workers that encrypt, with what has failures encrypted.
 */
export function bundleWorkflows(
  level: 'WARN' | 'ERROR',
  { isEncrypted = false }: { isEncrypted?: boolean } = {},
): Promise<WorkflowBundleWithSourceMap> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const path = (name: string) =>
    fileURLToPath(new URL(`../workflows/${name}.${extension}`, import.meta.url));
  return bundleWorkflowCode({
    workflowsPath: path('index'),
    workflowInterceptorModules: [path('reset')],
    payloadConverterPath: path('payload-converter'),
    logger: new DefaultLogger(level),
    ...(isEncrypted && { failureConverterPath: FAILURE_CONVERTER }),
  });
}
