import { readSecretFile, SecretFileError } from './secret-file.js';

/** One key that payloads are encrypted with. */
export interface PayloadKey {
  /** Stands beside each payload, in clear text. */
  id: string;
  /** 32 bytes. */
  key: Buffer;
}

const LINE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})\s+([0-9A-Fa-f]{64})$/;

/**
 * Reads the keys of a file, one `<id> <64 hexadecimal characters>` per line; empty lines and comments (`#`) are left
 * out. The first one encrypts, all of them decrypt.
 *
 * Messages call the file `shown`. Fails with {@link SecretFileError}, which names the line and never quotes it.
 */
export function readPayloadKeys(path: string, shown = path): PayloadKey[] {
  const keys: PayloadKey[] = [];
  for (const [index, text] of readSecretFile(path, shown).toString('utf8').split('\n').entries()) {
    const line = text.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, id = '', key = ''] = LINE.exec(line) ?? [];
    const where = `found ${shown}, whose line ${index + 1}`;
    if (id === '') {
      throw new SecretFileError(
        `${where} is not a payload key, expected <id> <64 hexadecimal characters>: openssl rand -hex 32 makes a key`,
      );
    }
    if (keys.some((other) => other.id === id))
      throw new SecretFileError(`${where} repeats the id ${id}, expected each id once`);
    keys.push({ id, key: Buffer.from(key, 'hex') });
  }
  if (keys.length === 0)
    throw new SecretFileError(`found ${shown} without a key, expected at least one`);
  return keys;
}
