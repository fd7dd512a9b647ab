/** Another participant with shared contracts, of which it was known before that its commitments do not come or differ. */
export interface UnreliableCounterParticipant {
  uid: string;
  /** Whether the request excepts it by name. */
  isExcepted: boolean;
  /** How it stood to the source when the plan was made; absent if nothing was wrong. */
  state?: 'silent' | 'disagreeing';
  /** End of the newest period in which it matched, RFC 3339; absent if it never did. */
  matchedUntil?: string;
  /** Periods since then. Decimal int64. */
  intervalsBehind?: string;
}

/** What an operator is told of it: who, how, since when. */
export function describeUnreliable(its: UnreliableCounterParticipant): string {
  const { uid, state, matchedUntil, intervalsBehind } = its;
  const since =
    matchedUntil === undefined
      ? 'no match so far'
      : `last match until ${matchedUntil}, ${intervalsBehind ?? '0'} periods ago`;
  return state === undefined ? uid : `${uid} (${state}, ${since})`;
}

/** Whether a commitment of a participant is waited for. */
export function isAwaited(uid: string, unreliable: readonly UnreliableCounterParticipant[]): boolean {
  return !unreliable.some((its) => its.uid === uid);
}

/** Whether a mismatch with a participant says nothing new, or was excepted by name. */
export function isKnownToDisagree(
  uid: string,
  unreliable: readonly UnreliableCounterParticipant[],
): boolean {
  return unreliable.some((its) => its.uid === uid && (its.isExcepted || its.state === 'disagreeing'));
}

/** Lines for a report: with whom nothing was compared, or a mismatch was taken as known. */
export function notCompared(unreliable: readonly UnreliableCounterParticipant[] = []): string[] {
  return unreliable.map((its) => {
    const excepted = its.isExcepted ? ', excepted by the request' : '';
    return `commitments not waited for: ${describeUnreliable(its)}${excepted}`;
  });
}
