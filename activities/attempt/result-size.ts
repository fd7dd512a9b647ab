import { refused } from '../../model/failure.js';

/** What Temporal takes as one payload, unless the server was configured otherwise (`limit.blobSize.error`). */
const PAYLOAD_LIMIT_BYTES = 2 * 1024 * 1024;

/** How large a value is as a payload, once it is compressed and encrypted. */
export type SizeOf = (value: unknown) => Promise<number>;

/** Without a codec. */
export const sizeAsJson: SizeOf = (value) => Promise.resolve(bytesOf(value));

/**
 * Fails with `PayloadTooLarge` for a result that Temporal does not take. The SDK would fail the attempt in a way that is
 * retried, which repeats all the work, and the next result is as large.
 */
export async function assertTravels(name: string, result: unknown, sizeOf: SizeOf): Promise<void> {
  if (bytesOf(result) <= PAYLOAD_LIMIT_BYTES) return;
  const bytes = await sizeOf(result);
  if (bytes <= PAYLOAD_LIMIT_BYTES) return;
  throw refused(
    'PayloadTooLarge',
    `the result of ${name} has ${bytes} bytes, most of them in ${largestIn(result)}: expected at most ${PAYLOAD_LIMIT_BYTES}, which is what Temporal takes`,
  );
}

function bytesOf(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}

/** The path to the field that takes most, down to a list or a text. */
function largestIn(value: unknown): string {
  const path: string[] = [];
  for (let inner = value; typeof inner === 'object' && inner !== null && !Array.isArray(inner);) {
    const [largest] = Object.entries(inner).sort(([, a], [, b]) => bytesOf(b) - bytesOf(a));
    if (!largest) break;
    path.push(largest[0]);
    inner = largest[1];
  }
  return path.join('.') || 'one list';
}
