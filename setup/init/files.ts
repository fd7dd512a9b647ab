import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { MigrationError } from '../../client/errors.js';
import type { Asker } from './asker.js';

/** For its owner alone: addresses of nodes are nobody else's business. */
const PRIVATE_FILE = 0o600;

/** Fails unless each of the files may be written: it is not there, or somebody says that it may be replaced. */
export async function assertWritable(ask: Asker, paths: string[], isForced: boolean): Promise<void> {
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

/** Writes a file as a whole or not at all, with mode 0600. */
export function writePrivate(path: string, text: string): void {
  const unfinished = `${resolve(path)}.${process.pid}.part`;
  try {
    writeFileSync(unfinished, text, { mode: PRIVATE_FILE, flag: 'wx' });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    const { code = '' } = error as NodeJS.ErrnoException;
    const next = 'name a file in a folder that you may write to';
    throw new MigrationError('usage', 'FileUnusable', `${path}: cannot be written (${code})`, next);
  }
}
