/** Writes the bundles of the workflow code next to this file, for workers with and without encryption; a part of the build. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { bundleWorkflows, FAILURE_CONVERTER } from './workflow-code.js';

const MAP_MARK = '//# sourceMappingURL=data:application/json;charset=utf-8;base64,';

// The compiler leaves out what is not TypeScript.
mkdirSync(dirname(FAILURE_CONVERTER), { recursive: true });
copyFileSync(new URL('../../secrets/failure-converter.cjs', import.meta.url), FAILURE_CONVERTER);

for (const [name, isEncrypted] of [
  ['workflow-bundle.js', false],
  ['workflow-bundle-encrypted.js', true],
] as const) {
  const { code } = await bundleWorkflows('WARN', { isEncrypted });
  writeFileSync(new URL(name, import.meta.url), withoutSources(code));
}

/**
 * A bundle without the sources in its source map: the positions of stack traces stay, and every worker would keep the
 * sources in memory several times over.
 */
function withoutSources(code: string): string {
  const at = code.lastIndexOf(MAP_MARK) + MAP_MARK.length;
  const { sourcesContent, ...map } = JSON.parse(
    Buffer.from(code.slice(at), 'base64').toString(),
  ) as Record<string, unknown>;
  if (!sourcesContent) throw new Error('the bundle has no source map of its own, with its sources');
  return code.slice(0, at) + Buffer.from(JSON.stringify(map)).toString('base64');
}
