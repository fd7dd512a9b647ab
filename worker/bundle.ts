/** Writes the bundle of the workflow code next to this file; a part of the build. */
import { writeFileSync } from 'node:fs';

import { bundleWorkflows } from './workflow-code.js';

const { code } = await bundleWorkflows('WARN');
writeFileSync(new URL('workflow-bundle.js', import.meta.url), code);
