import { fileURLToPath } from 'node:url';

import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** What the SDK loads by its path, also into the workflow code, where failures are encrypted. */
export const FAILURE_CONVERTER = fileURLToPath(
  new URL('../secrets/failure-converter.cjs', import.meta.url),
);

/** Bundles the workflow code; for workers that encrypt, with what has failures encrypted. */
export function bundleWorkflows(
  level: 'WARN' | 'ERROR',
  { isEncrypted = false }: { isEncrypted?: boolean } = {},
): Promise<WorkflowBundleWithSourceMap> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url)),
    logger: new DefaultLogger(level),
    ...(isEncrypted && { failureConverterPath: FAILURE_CONVERTER }),
  });
}
