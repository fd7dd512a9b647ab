import { setTimeout as wait } from 'node:timers/promises';
import { micros } from '../clock.js';
import { CantonRefusal, shortenIds } from '../errors.js';
import type { CallInfo } from '../grpc.js';
import type { Decoded } from '../wire.js';
import type { LedgerEntry } from './entry.js';
import type { Ledger } from './ledger.js';

/** Which activation a call asks for. */
export interface ActivationSearch {
  readonly party: string;
  /** Of the participant that becomes a host. */
  readonly uid: string;
  readonly logicalId: string;
  readonly beginExclusive: number;
  /** As on the wire; absent: two minutes. */
  readonly timeout?: Decoded<'google.protobuf.Duration'> | undefined;
}

const POLL_MS = 10;
const DEFAULT_TIMEOUT = { seconds: '120', nanos: 0 };

/**
 * Waits for the first event after the begin that makes a participant a host of a party, however many there are: the hazard
 * of live-route 5. Refuses when the time is up.
 */
export async function findActivation(
  ledger: Ledger,
  search: ActivationSearch,
  { signal }: CallInfo,
): Promise<LedgerEntry> {
  const timeout = search.timeout ?? DEFAULT_TIMEOUT;
  const until = performance.now() + Number(micros(timeout)) / 1000;
  for (;;) {
    const found = ledger
      .authorizationsOf(search.party)
      .find((entry) => entry.offset > search.beginExclusive && activates(entry, search));
    if (found) return found;
    if (performance.now() >= until || signal.aborted) throw notActivated(search, timeout);
    await wait(POLL_MS);
  }
}

function activates(entry: LedgerEntry, { party, uid, logicalId }: ActivationSearch): boolean {
  if (entry.synchronizerId !== logicalId) return false;
  const events = entry.authorizations ?? [];
  return events.some(
    (event) =>
      event.party === party &&
      event.participantUid === uid &&
      (event.kind === 'added' || event.kind === 'onboarding'),
  );
}

/** Source: golden35/pv35-live-group.jsonl 15. */
function notActivated(
  { party, uid }: ActivationSearch,
  timeout: Decoded<'google.protobuf.Duration'>,
): CantonRefusal {
  const what = 'Failed to find the effective party-to-participant mapping topology transaction';
  const targetParticipant = shortenIds(`PAR::${uid}`);
  const reason = `The stream has not been completed in ${Number(micros(timeout)) / 1_000_000} seconds.`;
  return new CantonRefusal({
    id: 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND',
    category: 9,
    cause: `${what} for party ${shortenIds(party)} on participant ${targetParticipant}: ${reason}`,
    metadata: { party: shortenIds(party), reason, targetParticipant },
  });
}
