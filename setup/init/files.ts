import { accessSync, constants, existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { MigrationError } from '../../client/errors.js';
import { invalid, type Asker } from './asker.js';

/** For its owner alone: addresses of nodes are nobody else's business. */
const PRIVATE_FILE = 0o600;

/** Fails unless each of the files may be written: it is not there, or somebody says that it may be replaced. */
export async function assertWritable(ask: Asker, paths: string[], isForced: boolean): Promise<void> {
  for (const [at, path] of paths.entries()) {
    if (paths.slice(0, at).some((other) => resolve(other) === resolve(path)))
      throw invalid('--request', `found ${path}, expected another file than that of --config`);
    requireFolder(path);
  }
  for (const path of paths) {
    if (isForced || !existsSync(path)) continue;
    if (await ask.confirm(`${path} is there already. Replace it?`)) continue;
    throw new MigrationError(
      'refused',
      'FileExists',
      `${path} is there already, and was left as it is`,
      'repeat the command with --force, which replaces it, or name other files: --config <file> --request <file>',
    );
  }
}

/** Fails unless a file may be made in its folder, and is no folder itself. */
function requireFolder(path: string): void {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(path, error);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw unusable(path, { code: 'EISDIR' });
}

/** Writes a file as a whole or not at all, with mode 0600. */
export function writePrivate(path: string, text: string): void {
  const unfinished = `${resolve(path)}.${process.pid}.part`;
  try {
    writeFileSync(unfinished, text, { mode: PRIVATE_FILE, flag: 'wx' });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): MigrationError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const next = 'name a file in a folder that you may write to';
  return new MigrationError('usage', 'FileUnusable', `${path}: cannot be written (${code})`, next);
}
