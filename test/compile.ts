import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

import { packageRoot } from '../tools/package-root.js';
import { workflowBundle } from './support/bundle.js';
import { COMPILED, PROGRAMS, WORKFLOW_BUNDLE } from './support/compiled.js';

/**
 * Compiles test files, and the programs that tests start, into a folder that goes with this process: a process that
 * loads them is there in half the time of one that compiles what it loads. Returns the files in their order.
 */
export async function compile(files: readonly string[]): Promise<string[]> {
  const parent = join(packageRoot, '.tools');
  mkdirSync(parent, { recursive: true });
  const outdir = mkdtempSync(join(parent, 'compiled-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const programs = PROGRAMS.map((name) => join(packageRoot, `${name}.ts`));
  await Promise.all([
    build({
      entryPoints: [...files, ...programs],
      outdir,
      outbase: packageRoot,
      bundle: true,
      splitting: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'linked',
      plugins: [asFromSource(outdir)],
    }),
    workflowBundle().then(({ code }) => writeWorkflows(outdir, code)),
  ]);
  process.env[COMPILED] = outdir;
  return files.map((file) => join(outdir, relative(packageRoot, file).replace(/\.ts$/, '.js')));
}

async function writeWorkflows(outdir: string, code: string): Promise<void> {
  await mkdir(join(outdir, 'worker'), { recursive: true });
  await writeFile(join(outdir, WORKFLOW_BUNDLE), code);
}

/** Compiled code finds its files beside its source; only the worker its bundle of the workflows beside what is compiled. */
function asFromSource(outdir: string): Plugin {
  return {
    name: 'as from source',
    setup(building) {
      building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const folder = relative(packageRoot, path) === join('worker', 'index.ts') ? outdir : packageRoot;
        const { href } = pathToFileURL(join(folder, relative(packageRoot, path)));
        const source = readFileSync(path, 'utf8');
        return { contents: source.replaceAll('import.meta.url', JSON.stringify(href)), loader: 'ts' };
      });
    },
  };
}
