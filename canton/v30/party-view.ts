import type { MessageInitShape } from '@bufbuild/protobuf';

import type { Event } from '../gen/com/daml/ledger/api/v2/event_pb.js';
import type { EventFormatSchema, FiltersSchema } from '../gen/com/daml/ledger/api/v2/event_format_pb.js';

/**
 * Most parties that a request names. Of more, what any party sees is asked for, and what is not theirs left out here: a
 * request may have 10 MiB, and a node filters for one party after the other. Source: networks H.
 */
const NAMED_PARTIES = 1_000;

/** What some parties see of a ledger, however many they are. Without names it needs the right to read as any party. */
export class PartyView {
  private readonly wanted: ReadonlySet<string> | undefined;

  constructor(private readonly parties: readonly string[]) {
    if (parties.length > NAMED_PARTIES) this.wanted = new Set(parties);
  }

  /** For a request that takes none as all of them; never to be used with no parties. */
  get named(): string[] {
    return this.wanted ? [] : [...this.parties];
  }

  formatOf(filters: MessageInitShape<typeof FiltersSchema>): MessageInitShape<typeof EventFormatSchema> {
    if (this.wanted) return { filtersForAnyParty: filters };
    return { filtersByParty: Object.fromEntries(this.parties.map((party) => [party, filters])) };
  }

  /** Whether one of them is among the parties; always true where the node was asked for them by name. */
  has(parties: readonly string[]): boolean {
    const { wanted } = this;
    return !wanted || parties.some((party) => wanted.has(party));
  }

  hasEvent({ event }: Event): boolean {
    if (event.case === 'created')
      return this.has([...event.value.signatories, ...event.value.observers]);
    return event.case === undefined || this.has(event.value.witnessParties);
  }

  /**
   * Whether a transaction concerns the parties. One of which no event is left may be theirs: a node shows those to their
   * submitters, and does not say who they are.
   */
  hasTransaction({ events }: { events: readonly Event[] }): boolean {
    return events.length === 0 || events.some((event) => this.hasEvent(event));
  }
}
