import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { packageRoot } from '../../tools/package-root.js';
import { removeAtEnd } from '../../tools/processes.js';

const run = promisify(execFile);
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ENOTCACHED|ETIMEDOUT/;

/** What `npm pack` says of a tarball. */
interface Packed {
  name: string;
  filename: string;
  size: number;
  files: { path: string; size: number }[];
}

/** The tarballs of this checkout, in a folder that goes with the process. */
export interface Tarballs {
  folder: string;
  packed: Packed[];
}

let tarballs: Promise<Tarballs> | undefined;
let installed: Promise<string | undefined> | undefined;

/** Packs what is released, once for all tests of a process. */
export function packTarballs(): Promise<Tarballs> {
  tarballs ??= pack();
  return tarballs;
}

/**
 * Installs both tarballs in an empty folder, once for all tests of a process: nothing of the checkout is above it, so that
 * what is missing from a tarball is missing there. Returns the folder, or nothing if a package cannot be had offline.
 */
export function installTarballs(): Promise<string | undefined> {
  installed ??= install();
  return installed;
}

/** Why the tests of an install are skipped. */
export const OFFLINE = 'offline: npm reaches no registry, and its cache lacks a package';

/** Whether npm failed because it cannot reach the registry. */
export function isOffline(error: unknown): boolean {
  return UNREACHABLE.test(String(error));
}

async function pack(): Promise<Tarballs> {
  const folder = mkdtempSync(join(tmpdir(), 'canton-migrate-packed-'));
  removeAtEnd(folder);
  if (!isBuilt()) await run('npm', ['run', '--silent', 'build'], { cwd: packageRoot });
  const packed: Packed[] = [];
  for (const which of [['--ignore-scripts'], ['--workspace', 'canton-sandbox']]) {
    const args = ['pack', '--json', '--pack-destination', folder, ...which];
    const { stdout } = await run('npm', args, { cwd: packageRoot });
    // The scripts of a package print to standard output as well.
    packed.push(...(JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as Packed[]));
  }
  return { folder, packed };
}

/** Whether what the last build wrote last is newer than every source; in CI, `npm ci` has built just now. */
function isBuilt(): boolean {
  const last = join(packageRoot, 'dist/worker/workflow-bundle-encrypted.js');
  if (!existsSync(last)) return false;
  const sources = execFileSync('git', ['ls-files', '*.ts', '*.json', '*.cjs'], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  const changed = sources
    .split('\n')
    .filter((name) => name && !name.startsWith('test/') && existsSync(join(packageRoot, name)))
    .map((name) => statSync(join(packageRoot, name)).mtimeMs);
  return statSync(last).mtimeMs > Math.max(...changed);
}

async function install(): Promise<string | undefined> {
  const { folder, packed } = await packTarballs();
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const files = packed.map(({ filename }) => join(folder, filename));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'];
  try {
    await run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quiet, ...files], { cwd: app });
    return app;
  } catch (error) {
    if (isOffline(error)) return undefined;
    throw error;
  }
}
