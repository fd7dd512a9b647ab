import { createHash } from 'node:crypto';

// Of the hash of a topology transaction, as a big-endian int32; the frame is that of a SHA-256 multihash.
const PURPOSE = int32(11);
const MULTI_PURPOSE = int32(55);

/** The hash that is signed for a topology transaction, 68 hex characters. Source: admin-api 1.6. */
export function transactionHash(transaction: Uint8Array): string {
  return multihash(PURPOSE, transaction);
}

/**
 * The hash that one key signs for several topology transactions together, 68 hex characters. Source: networks C.
 *
 * @param hashes of the transactions, 68 hex characters each
 */
export function multiTransactionHash(hashes: readonly string[]): string {
  const sorted = [...hashes].sort();
  const parts = sorted.flatMap((hash) => [int32(hash.length / 2), Buffer.from(hash, 'hex')]);
  return multihash(MULTI_PURPOSE, int32(sorted.length), ...parts);
}

function multihash(...parts: Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return `1220${hash.digest('hex')}`;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
