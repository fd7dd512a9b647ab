/** Writes the bundles of the workflow code next to this file, for workers with and without encryption; a part of the build. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const CONVERTER = 'secrets/failure-converter.cjs';

// The compiler leaves out what is not TypeScript.
const failureConverterPath = fileURLToPath(new URL(`../${CONVERTER}`, import.meta.url));
mkdirSync(dirname(failureConverterPath), { recursive: true });
copyFileSync(new URL(`../../${CONVERTER}`, import.meta.url), failureConverterPath);

for (const [name, converter] of [
  ['workflow-bundle.js', {}],
  ['workflow-bundle-encrypted.js', { failureConverterPath }],
] as const) {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.js', import.meta.url)),
    logger: new DefaultLogger('WARN'),
    ...converter,
  });
  writeFileSync(new URL(name, import.meta.url), code);
}
