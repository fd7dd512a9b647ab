import { CantonError } from './errors.js';

/** How the Ledger API ends a stream whose caller has to prove itself anew. Source: admin-api 3.3 and 4.2. */
const ENDED = new Set(['ACCESS_TOKEN_EXPIRED', 'STALE_STREAM_AUTHORIZATION']);

/**
 * Yields what a stream sends; where it ends because its token has expired, opens it again behind the last answer.
 *
 * `placeOf` says where that is; a stream that ends before it came any further fails, and may be tried later.
 */
export async function* reopened<T, Place>(
  open: (behind: Place | undefined) => AsyncIterable<T>,
  placeOf: (answer: T) => Place | undefined,
): AsyncGenerator<T, void, undefined> {
  let place: Place | undefined;
  for (;;) {
    let isFurther = false;
    try {
      for await (const answer of open(place)) {
        place = placeOf(answer);
        isFurther = place !== undefined;
        yield answer;
      }
      return;
    } catch (error) {
      const hasEnded = error instanceof CantonError && ENDED.has(error.errorId ?? '');
      if (!hasEnded || !isFurther) throw error;
    }
  }
}
