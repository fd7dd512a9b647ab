import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder with this package's `package.json`, whether the code runs from source or from `dist/`. */
export const packageRoot = findPackageRoot(dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}`);
  return findPackageRoot(parent);
}

/**
 * Arguments for `node` that run a module of this package: the source by tsx if this file is source, else the
 * compiled one.
 *
 * @param module path from the package root without extension, for example `worker/main`
 */
export function nodeArguments(module: string): string[] {
  if (import.meta.url.endsWith('.ts')) {
    return ['--import', import.meta.resolve('tsx'), join(packageRoot, `${module}.ts`)];
  }
  return [join(packageRoot, 'dist', `${module}.js`)];
}
