/** Writes the bundles of the workflow code next to this file, for workers with and without encryption; a part of the build. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { bundleWorkflows, FAILURE_CONVERTER } from './workflow-code.js';

// The compiler leaves out what is not TypeScript.
mkdirSync(dirname(FAILURE_CONVERTER), { recursive: true });
copyFileSync(new URL('../../secrets/failure-converter.cjs', import.meta.url), FAILURE_CONVERTER);

for (const [name, isEncrypted] of [
  ['workflow-bundle.js', false],
  ['workflow-bundle-encrypted.js', true],
] as const) {
  const { code } = await bundleWorkflows('WARN', { isEncrypted });
  writeFileSync(new URL(name, import.meta.url), code);
}
