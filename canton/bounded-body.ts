/** What is read of an HTTP answer; whoever sends more gets nothing read. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Returns the body of an answer, unpacked, or nothing if it is longer than 64 KiB, of which no more is read.
 *
 * Its time is limited by the signal of the request.
 */
export async function boundedBody(body: AsyncIterable<Uint8Array> | null): Promise<Buffer | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const part of body ?? []) {
    length += part.length;
    if (length > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
