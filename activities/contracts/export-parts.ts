import { CantonError } from '../../canton/errors.js';
import { refused } from '../../model/failure.js';
import { batchesOf } from '../attempt/waiting.js';

/**
 * Cuts the parties of an export into those of calls that each take less time: a contract is in the first one that exports a
 * stakeholder of it, so together they have the contracts of one call for all, each once. The order of the contracts depends
 * on the number.
 */
export function partsOf(parties: string[], parts: number): string[][] {
  return batchesOf(parties, Math.max(1, Math.ceil(parties.length / parts)));
}

/** The numbers of parts that an export of so many parties may be made in, each twice the one before. */
export function* numbersOfParts(partyCount: number): Generator<number> {
  for (let parts = 1; parts < partyCount; parts *= 2) yield parts;
  yield Math.max(1, partyCount);
}

/** The next larger number of parts; nothing if each party has a call of its own. */
export function moreParts(parts: number, partyCount: number): number | undefined {
  return parts < partyCount ? Math.min(2 * parts, partyCount) : undefined;
}

const brokenOff = new WeakSet<CantonError>();

/**
 * The same chunks; a call that fails for a passing reason after the first of them is known as broken off from then on. By which
 * status a participant ends one that lasted too long is not documented, and what is on the way may end it too: so none is looked
 * for. Source: networks K.
 */
export async function* noticed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isBegun = false;
  try {
    for await (const chunk of chunks) {
      isBegun = true;
      yield chunk;
    }
  } catch (error) {
    if (isBegun && error instanceof CantonError && error.kind === 'transient') brokenOff.add(error);
    throw error;
  }
}

/** Whether this is the failure of an export that had begun to arrive. */
export function isBrokenOff(error: unknown): error is CantonError {
  return error instanceof CantonError && brokenOff.has(error);
}

/**
 * The failure of an export that cannot be made in more parts. One that is out of reach in between comes back by itself; what
 * the participant ended by a status of its own it will end again.
 */
export function lastFailure(error: CantonError): Error {
  if (error.code === 'UNAVAILABLE') return error;
  return refused(
    'ExportBrokenOff',
    `an export broke off again, with a call for each party, expected one that ends with OK: ${error.message}`,
  );
}

/**
 * Returns what `read` makes of an export: made again in more parts each time it breaks off, since nothing that was read
 * of it is kept. Fails with `ExportBrokenOff`, or as it did, if each party has a call of its own
 * already.
 */
export async function inParts<T>(
  partyCount: number,
  read: (parts: number) => Promise<T>,
): Promise<{ made: T; parts: number }> {
  for (let parts = 1; ;) {
    try {
      return { made: await read(parts), parts };
    } catch (error) {
      if (!isBrokenOff(error)) throw error;
      const more = moreParts(parts, partyCount);
      if (more === undefined) throw lastFailure(error);
      parts = more;
    }
  }
}
