import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';

/** Keys, tokens and certificates are smaller; what is larger is another file. */
const MAX_BYTES = 1024 * 1024;
/** Permissions of the group and of everybody else. */
const OTHERS = 0o077;
const GROUP_READ = 0o040;

/** A secret that cannot be taken from its file. The message says which file and why, never what it holds. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError';
}

/**
 * Returns what a file holds that only its owner may read. Checked on the open file, so that it is the one that is read.
 *
 * Messages call it `shown`. Fails with {@link SecretFileError} if it cannot be read, is no file, or has permissions for others: one of root may be
 * readable by the group, as orchestrators mount secrets for a user that is not root.
 */
export function readSecretFile(path: string, shown = path): Buffer {
  const file = open(path, shown);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new SecretFileError(`found ${shown}, which is not a regular file`);
    if (found.size > MAX_BYTES)
      throw new SecretFileError(`found ${shown}, which has ${found.size} bytes`);
    if (isOpenToOthers(found)) {
      throw new SecretFileError(
        `found ${shown} with mode ${modeOf(found)}, expected a file that only its owner may read: chmod 600 ${shown}`,
      );
    }
    const bytes = Buffer.alloc(found.size);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Fails with {@link SecretFileError} if others can read the key that Temporal's own variable names: the SDK reads it as it is. */
export function checkTemporalKey({ TEMPORAL_TLS_CLIENT_KEY_PATH: path } = process.env): void {
  if (!path) return;
  try {
    readSecretFile(path);
  } catch (error) {
    throw new SecretFileError(`TEMPORAL_TLS_CLIENT_KEY_PATH: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Whether somebody else than its owner has permissions on a file. */
export function isOpenToOthers({ mode, uid }: Pick<Stats, 'mode' | 'uid'>): boolean {
  // There the mode says nothing.
  if (process.platform === 'win32') return false;
  const isMounted = uid === 0 && process.getuid?.() !== 0;
  return (mode & OTHERS & ~(isMounted ? GROUP_READ : 0)) !== 0;
}

/** As `chmod` takes it. */
export function modeOf({ mode }: Pick<Stats, 'mode'>): string {
  return (mode & 0o777).toString(8).padStart(3, '0');
}

function open(path: string, shown: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new SecretFileError(`found ${shown}, which cannot be read (${code})`);
  }
}
