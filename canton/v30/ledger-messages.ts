import type { PartyAuthorization, Turnover } from '../../model/participant.js';
import type { CreatedEvent, Event } from '../gen/com/daml/ledger/api/v2/event_pb.js';
import type {
  TopologyEvent,
  TopologyTransaction,
  Transaction,
} from '../gen/com/daml/ledger/api/v2/transaction_pb.js';
import type {
  GetUpdatesResponse,
  ReassignmentEvent,
} from '../gen/com/daml/ledger/api/v2/update_service_pb.js';
import { toMicroseconds } from '../times.js';

/** Returns what one effective time changed, an entry for each party and participant. */
export function* authorizationsOf({
  offset,
  recordTime,
  events,
}: TopologyTransaction): Generator<PartyAuthorization> {
  for (const { event } of events) {
    const kind = event.case && KINDS[event.case];
    if (!kind || !recordTime) continue;
    const { partyId: party, participantId: participantUid } = event.value;
    const at = { offset: offset.toString(), recordTime: toMicroseconds(recordTime) };
    yield { party, participantUid, kind, ...at };
  }
}

const KINDS: Readonly<Record<NonNullable<TopologyEvent['event']['case']>, PartyAuthorization['kind']>> =
  {
    participantAuthorizationAdded: 'added',
    participantAuthorizationChanged: 'changed',
    participantAuthorizationRevoked: 'revoked',
    participantAuthorizationOnboarding: 'onboarding',
  };

/** Returns which contracts a reassignment takes from, or brings to, a synchronizer. */
export function* movesOf(
  events: ReassignmentEvent[],
): Generator<{ contractId: string; stakeholders: string[]; from?: string; to?: string }> {
  for (const { event } of events) {
    if (event.case === 'unassigned') {
      const { contractId, witnessParties: stakeholders, source: from } = event.value;
      yield { contractId, stakeholders, from };
    }
    if (event.case === 'assigned') {
      const { createdEvent, target: to } = event.value;
      yield { contractId: createdEvent?.contractId ?? '', stakeholders: partiesOf(createdEvent), to };
    }
  }
}

/** An update that changes which contracts are active. */
export type ContractUpdate = Extract<
  GetUpdatesResponse['update'],
  { case: 'transaction' | 'reassignment' }
>;

/** Returns which contracts an update took from a synchronizer (logical id), or brought there by an assignment. */
export function* turnoverOf(update: ContractUpdate, synchronizerId: string): Generator<Turnover> {
  const offset = update.value.offset.toString();
  if (update.case === 'reassignment') {
    for (const { contractId, stakeholders, from, to } of movesOf(update.value.events)) {
      if (from === synchronizerId) yield { offset, contractId, stakeholders, isArrival: false };
      if (to === synchronizerId) yield { offset, contractId, stakeholders, isArrival: true };
    }
    return;
  }
  if (update.value.synchronizerId !== synchronizerId) return;
  for (const { event } of update.value.events) {
    if (event.case !== 'archived') continue;
    const { contractId, witnessParties: stakeholders } = event.value;
    yield { offset, contractId, stakeholders, isArrival: false };
  }
}

/** Returns the contracts that a transaction ended. */
export function archivedBy(events: Event[]): string[] {
  return events.flatMap(({ event }) => (event.case === 'archived' ? [event.value.contractId] : []));
}

/**
 * Whether a transaction that ended contracts was a purge. Both its times are that of the repair, while a ledger transaction
 * has the time its submitter gave it and the later one of its order. Source: admin-api 2.7.
 */
export function isPurge({ effectiveAt, recordTime }: Transaction): boolean {
  if (!effectiveAt || !recordTime) return false;
  return effectiveAt.seconds === recordTime.seconds && effectiveAt.nanos === recordTime.nanos;
}

function partiesOf(event: CreatedEvent | undefined): string[] {
  return [...new Set([...(event?.signatories ?? []), ...(event?.observers ?? [])])];
}
