const POLYNOMIAL = 0xedb88320;
const BITS = 32;

/**
 * Returns the CRC-32 of two byte runs in a row, from the CRC-32 of each and the length of the second.
 *
 * A CRC is linear over GF(2): appending bytes multiplies it by a power of x, here by squaring. So runs that were
 * packed apart make one gzip member without being read again. Source: RFC 1952, section 8.
 */
export function combineCrc32(first: number, second: number, secondBytes: number): number {
  let operator = doubled(doubled(oneBit()));
  let crc = first;
  for (let bytes = secondBytes; bytes > 0; bytes = Math.floor(bytes / 2)) {
    operator = doubled(operator);
    if (bytes % 2 === 1) crc = times(operator, crc);
  }
  return (crc ^ second) >>> 0;
}

/** The operator that appends one zero bit: column by column what becomes of each bit. */
function oneBit(): Uint32Array {
  return Uint32Array.from({ length: BITS }, (_, bit) => (bit === 0 ? POLYNOMIAL : 2 ** (bit - 1)));
}

/** The operator applied twice. */
function doubled(operator: Uint32Array): Uint32Array {
  return operator.map((column) => times(operator, column));
}

function times(operator: Uint32Array, vector: number): number {
  let sum = 0;
  for (let bit = 0; bit < BITS; bit++) if ((vector >>> bit) & 1) sum ^= operator[bit] ?? 0;
  return sum >>> 0;
}
