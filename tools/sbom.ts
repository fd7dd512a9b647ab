/**
 * Prints the bill of materials of what a worker runs, CycloneDX JSON: `npm run --silent sbom`.
 *
 * From the lock file without what is only for development: npm's own `--omit dev` also leaves out what development and
 * a worker both need.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { packageRoot } from './package-root.js';

type Manifest = Record<string, unknown>;
interface LockFile {
  packages: Record<string, Manifest>;
}

const DEVELOPMENT = ['devDependencies', 'workspaces', 'scripts'];

const read = <T>(name: string) => JSON.parse(readFileSync(join(packageRoot, name), 'utf8')) as T;
const shipped = (manifest: Manifest): Manifest =>
  Object.fromEntries(Object.entries(manifest).filter(([name]) => !DEVELOPMENT.includes(name)));

const lock = read<LockFile>('package-lock.json');
const packages = Object.fromEntries(
  Object.entries(lock.packages)
    .filter(
      ([path, its]) => path === '' || (path.startsWith('node_modules/') && !its['dev'] && !its['link']),
    )
    .map(([path, its]) => [path, path === '' ? shipped(its) : its]),
);
const parent = mkdtempSync(join(tmpdir(), 'canton-migrate-sbom-'));
try {
  // npm calls the whole by the name of its folder.
  const folder = join(parent, 'canton-migrate');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(shipped(read<Manifest>('package.json'))));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
  const format = ['--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  execFileSync('npm', ['sbom', '--package-lock-only', ...format], { cwd: folder, stdio: 'inherit' });
} finally {
  rmSync(parent, { recursive: true, force: true });
}
