import { readPayloadKeys, type PayloadKey } from '../secrets/payload-keys.js';
import { SecretFileError } from '../secrets/secret-file.js';
import { MigrationError } from './errors.js';

/** Returns the keys of a file; fails as the client does. */
export function keysOf(path: string): PayloadKey[] {
  try {
    return readPayloadKeys(path);
  } catch (error) {
    if (!(error instanceof SecretFileError)) throw error;
    throw new MigrationError(
      'usage',
      'PayloadKeysUnusable',
      `--payload-keys: ${error.message}`,
      'name a file of keys, one <id> <64 hexadecimal characters> per line, that only you can read',
    );
  }
}
