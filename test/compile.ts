import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

import { packageRoot } from '../tools/package-root.js';
import { workflowBundle } from './support/bundle.js';
import { COMPILED, PROGRAMS, WORKFLOW_BUNDLE } from './support/compiled.js';

/**
 * Compiles test files, and the programs that tests start, into a folder that goes with this process: a
 * process that loads them is there in half the time of one that compiles what it loads. Returns for each
 * group a file that runs its files one after another.
 */
export async function compile(
  folder: string,
  groups: readonly (readonly string[])[],
): Promise<string[]> {
  const parent = join(packageRoot, '.tools');
  mkdirSync(parent, { recursive: true });
  const outdir = mkdtempSync(join(parent, 'compiled-'));
  process.once('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const programs = PROGRAMS.map((name) => join(packageRoot, `${name}.ts`));
  await Promise.all([
    build({
      entryPoints: [...groups.flat().map((name) => join(folder, name)), ...programs],
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
  return groups.map((names) => {
    const compiled = names.map((name) =>
      join(outdir, relative(packageRoot, folder), name).replace(/\.ts$/, '.js'),
    );
    const [first = ''] = compiled;
    if (compiled.length === 1) return first;
    const together = first.replace(/\.test\.js$/, '-and-next.test.js');
    writeFileSync(together, compiled.map((path) => `import ${JSON.stringify(path)};\n`).join(''));
    return together;
  });
}

function writeWorkflows(outdir: string, code: string): void {
  mkdirSync(join(outdir, 'worker'), { recursive: true });
  writeFileSync(join(outdir, WORKFLOW_BUNDLE), code);
}

/** What looks for programs, and for the bundle of the workflows, beside itself. */
const STARTS_COMPILED = [join('client', 'run-program.ts'), join('worker', 'payloads.ts')];

/**
 * Compiled code finds its files beside its source, but what it starts among what is compiled.
 */
function asFromSource(outdir: string): Plugin {
  return {
    name: 'as from source',
    setup(building) {
      building.onLoad({ filter: /\/tools\/package-root\.ts$/ }, () => ({
        contents: compiledRoot(outdir),
      }));
      building.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const name = relative(packageRoot, path);
        const from = STARTS_COMPILED.includes(name) ? join(outdir, name.replace(/ts$/, 'js')) : path;
        const { href } = pathToFileURL(from);
        const source = readFileSync(path, 'utf8');
        return { contents: source.replaceAll('import.meta.url', JSON.stringify(href)), loader: 'ts' };
      });
    },
  };
}

/** What `tools/package-root.ts` is for compiled code. */
function compiledRoot(outdir: string): string {
  return `export const packageRoot = ${JSON.stringify(packageRoot)};
export const nodeArguments = (module) => [${JSON.stringify(outdir)} + '/' + module + '.js'];`;
}
