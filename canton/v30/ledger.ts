import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  AcsChange,
  ActiveContractSummary,
  IncompleteReassignment,
  PartyAuthorization,
  Turnover,
} from '../../model/participant.js';
import type {
  ChangesRequest,
  Creations,
  LedgerRange,
  LedgerReads,
  PartiesRange,
} from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { PartyManagementService } from '../gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import type { EventFormatSchema, FiltersSchema } from '../gen/com/daml/ledger/api/v2/event_format_pb.js';
import { StateService } from '../gen/com/daml/ledger/api/v2/state_service_pb.js';
import type { TopologyTransaction, Transaction } from '../gen/com/daml/ledger/api/v2/transaction_pb.js';
import {
  TransactionShape,
  UpdateService,
  type GetUpdatesResponse,
  type Reassignment,
  type UpdateFormatSchema,
} from '../gen/com/daml/ledger/api/v2/update_service_pb.js';
import {
  archivedBy,
  authorizationsOf,
  isPurge,
  movesOf,
  turnoverOf,
  type ContractUpdate,
} from './ledger-messages.js';
import { pagesOf } from '../pages.js';
import { PartyView } from './party-view.js';
import { readEntry } from './raw-entry.js';
import { readTransaction, recordOf, type RawTransaction } from './raw-transaction.js';
import { reopened } from '../reopened.js';
import { toMicroseconds } from '../times.js';

type Filters = MessageInitShape<typeof FiltersSchema>;

const everything = (includeCreatedEventBlob: boolean): Filters => ({
  cumulative: [{ identifierFilter: { case: 'wildcardFilter', value: { includeCreatedEventBlob } } }],
});
const EVERYTHING = everything(false);
const WITH_BLOB = everything(true);

const SHAPE = TransactionShape.ACS_DELTA;

/** How many offsets are read first where only the last event of a range is wanted. */
const FIRST_PIECE = 1_000n;

/** Reads the Ledger API of a participant. Source: admin-api 1.15. */
export class Ledger implements LedgerReads {
  constructor(private readonly channel: Channel) {}

  async readLedgerEnd(): Promise<string> {
    const { offset } = await this.channel.unary(StateService.method.getLedgerEnd, {});
    return offset.toString();
  }

  async readPrunedOffset(): Promise<string> {
    const { participantPrunedUpToInclusive } = await this.channel.unary(
      StateService.method.getLatestPrunedOffsets,
      {},
    );
    return participantPrunedUpToInclusive.toString();
  }

  /** No parties have no contracts. Each contract comes once, however many of the parties see it. */
  async *scanActiveContracts(request: {
    parties: string[];
    offset: string;
    signal?: AbortSignal;
  }): AsyncGenerator<(ActiveContractSummary | IncompleteReassignment)[], void, undefined> {
    if (request.parties.length === 0) return;
    const { getActiveContracts } = StateService.method;
    const view = new PartyView(request.parties);
    const eventFormat = view.formatOf(EVERYTHING);
    const message = { activeAtOffset: BigInt(request.offset), eventFormat };
    const reading = { signal: request.signal, read: readEntry };
    const answers = reopened(
      (streamContinuationToken?: Uint8Array) =>
        this.channel.rawStream(
          getActiveContracts,
          { ...message, ...(streamContinuationToken && { streamContinuationToken }) },
          reading,
        ),
      (batch) => {
        const place = batch.at(-1)?.continuationToken;
        return place && place.length > 0 ? place : undefined;
      },
    );
    for await (const batch of answers) {
      const entries = batch.flatMap(({ entry, stakeholders }) =>
        entry && view.has(stakeholders) ? [entry] : [],
      );
      if (entries.length > 0) yield entries;
    }
  }

  /** Needs the right to read as any party. In the order of the ledger; empty where a transaction has none. */
  async *scanCreations(request: LedgerRange): AsyncGenerator<Creations, void, undefined> {
    const range = rangeOf(request);
    if (isEmpty(range)) return;

    const transactions = this.transactions({
      ...range,
      eventFormat: { filtersForAnyParty: EVERYTHING },
    });
    for await (const { workflowId, events } of transactions)
      yield { workflowId, createdCount: events.filter(({ event }) => event.case === 'created').length };
  }

  /** Fails as refused if the source was pruned past `beginExclusive`. Reassignments are not shown. */
  async *scanChanges(request: ChangesRequest): AsyncGenerator<AcsChange, void, undefined> {
    const range = rangeOf(request);
    if (isEmpty(range) || request.parties.length === 0) return;

    const view = new PartyView(request.parties);
    const eventFormat = view.formatOf(WITH_BLOB);
    const updateFormat = { includeTransactions: { eventFormat, transactionShape: SHAPE } };
    const excluded = new Set(request.excludedStakeholders);
    const transactions = reopened(
      (offset?: bigint) => this.rawTransactions({ ...range, updateFormat }, offset, request),
      (batch) => BigInt(batch.at(-1)!.offset),
    );
    const changeOf = ({ synchronizerId, offset, updateId, ...transaction }: RawTransaction) => {
      if (synchronizerId !== request.synchronizerId) return [];
      const created = transaction.created
        .filter(
          ({ stakeholders }) => view.has(stakeholders) && !stakeholders.some((its) => excluded.has(its)),
        )
        .map(({ event, ...its }) => ({ ...its, record: recordOf(event, request.renameTo) }));
      const archived = transaction.archived
        .filter(({ witnesses }) => view.has(witnesses))
        .map((its) => its.contractId);
      const isPurge = archived.length > 0 && transaction.isRepair;
      return [{ offset, updateId, created, archived, isPurge }];
    };
    for await (const batch of transactions) yield* batch.flatMap(changeOf);
  }

  /** Fails as refused if the source was pruned past `beginExclusive`. */
  async *scanUsedContracts(
    request: PartiesRange & { synchronizerId: string },
  ): AsyncGenerator<string, void, undefined> {
    const range = rangeOf(request);
    if (isEmpty(range) || request.parties.length === 0) return;

    const view = new PartyView(request.parties);
    const eventFormat = view.formatOf(EVERYTHING);
    for await (const transaction of this.transactions({ ...range, eventFormat }, request)) {
      if (transaction.synchronizerId !== request.synchronizerId || isPurge(transaction)) continue;
      yield* archivedBy(transaction.events.filter((event) => view.hasEvent(event)));
    }
  }

  /** Fails as refused if the source was pruned past `beginExclusive`. Repairs of the node alone count. */
  async *scanTurnover(
    request: PartiesRange & { synchronizerId: string },
  ): AsyncGenerator<Turnover, void, undefined> {
    const range = rangeOf(request);
    if (isEmpty(range) || request.parties.length === 0) return;
    const view = new PartyView(request.parties);
    const eventFormat = view.formatOf(EVERYTHING);
    const updateFormat = {
      includeTransactions: { eventFormat, transactionShape: SHAPE },
      includeReassignments: eventFormat,
    };
    const updates = reopened(
      (offset?: bigint) => contractUpdatesOf(this.updates(range, updateFormat, offset, request)),
      ({ value: { offset } }) => offset,
    );
    for await (const update of updates)
      for (const turnover of turnoverOf(update, request.synchronizerId))
        if (view.has(turnover.stakeholders)) yield turnover;
  }

  /** In the order of the ledger; without the transactions, which may be many more. */
  async *scanReassignments(
    request: PartiesRange,
  ): AsyncGenerator<{ contractId: string; from?: string; to?: string }, void, undefined> {
    const range = rangeOf(request);
    if (isEmpty(range) || request.parties.length === 0) return;
    const view = new PartyView(request.parties);
    const updateFormat = { includeReassignments: view.formatOf(EVERYTHING) };
    const updates = reopened(
      (offset?: bigint) => reassignmentsOf(this.updates(range, updateFormat, offset, request)),
      ({ offset }) => offset,
    );
    for await (const { events } of updates)
      for (const { stakeholders, ...move } of movesOf(events)) if (view.has(stakeholders)) yield move;
  }

  /** In the order of the ledger; no parties have no events. Topology of every synchronizer is shown. */
  async *scanPartyAuthorizations(
    request: PartiesRange,
  ): AsyncGenerator<PartyAuthorization, void, undefined> {
    const { parties } = request;
    const range = rangeOf(request);
    // To Canton, no parties are all of them.
    if (isEmpty(range) || parties.length === 0) return;
    const view = new PartyView(parties);
    const updateFormat = {
      includeTopologyEvents: { includeParticipantAuthorizationEvents: { parties: view.named } },
    };
    const updates = reopened(
      (offset?: bigint) => topologyOf(this.updates(range, updateFormat, offset)),
      ({ offset }) => offset,
    );
    for await (const update of updates)
      for (const event of authorizationsOf(update)) if (view.has([event.party])) yield event;
  }

  /** Of transactions and of changes of hosts. Reads back from the end, a longer piece each time. */
  async findLastRecordTime(request: PartiesRange): Promise<string | undefined> {
    const { parties } = request;
    const { beginExclusive, endInclusive } = rangeOf(request);
    if (parties.length === 0) return undefined;
    const view = new PartyView(parties);
    const updateFormat = {
      includeTransactions: { eventFormat: view.formatOf(EVERYTHING), transactionShape: SHAPE },
      includeTopologyEvents: { includeParticipantAuthorizationEvents: { parties: view.named } },
    };
    let last: string | undefined;
    let length = FIRST_PIECE;
    for (let end = endInclusive; end > beginExclusive && last === undefined; length *= 2n) {
      const begin = end - length > beginExclusive ? end - length : beginExclusive;
      const piece = { beginExclusive: begin, endInclusive: end };
      for await (const { update } of this.updates(piece, updateFormat))
        last = recordTimeOf(update, view) ?? last;
      end = begin;
    }
    return last;
  }

  /** A command id is only shown by the participant that the command was given to. Imports have none. */
  async countSubmissions(request: PartiesRange): Promise<number> {
    const range = rangeOf(request);
    if (isEmpty(range) || request.parties.length === 0) return 0;
    const view = new PartyView(request.parties);
    const eventFormat = view.formatOf(EVERYTHING);
    let count = 0;
    for await (const transaction of this.transactions({ ...range, eventFormat }))
      if (transaction.commandId && view.hasTransaction(transaction)) count++;
    return count;
  }

  /** A party stays in this list after it has moved away, and is in it before its contracts are. */
  async listLocalParties(): Promise<string[]> {
    const parties: string[] = [];
    const { listKnownParties } = PartyManagementService.method;
    const next = ({ nextPageToken }: { nextPageToken: string }) => nextPageToken;
    const pages = pagesOf(this.channel, listKnownParties, (pageToken) => ({ pageToken }), next);
    for await (const { partyDetails } of pages)
      for (const { party, isLocal } of partyDetails) if (isLocal) parties.push(party);
    return parties;
  }

  private transactions(
    request: OffsetRange & { eventFormat: MessageInitShape<typeof EventFormatSchema> },
    options: { signal?: AbortSignal } = {},
  ): AsyncIterable<Transaction> {
    const { eventFormat, ...range } = request;
    const updateFormat = { includeTransactions: { eventFormat, transactionShape: SHAPE } };
    return reopened(
      (offset?: bigint) => transactionsOf(this.updates(range, updateFormat, offset, options)),
      ({ offset }) => offset,
    );
  }

  private async *rawTransactions(
    range: OffsetRange & { updateFormat: MessageInitShape<typeof UpdateFormatSchema> },
    behind = range.beginExclusive,
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<RawTransaction[]> {
    const request = { ...range, beginExclusive: behind };
    const reading = { signal, read: readTransaction };
    const answers = this.channel.rawStream(UpdateService.method.getUpdates, request, reading);
    for await (const batch of answers) {
      const transactions = batch.filter((its) => its !== undefined);
      if (transactions.length > 0) yield transactions;
    }
  }

  private updates(
    { beginExclusive, endInclusive }: OffsetRange,
    updateFormat: MessageInitShape<typeof UpdateFormatSchema>,
    behind = beginExclusive,
    options: { signal?: AbortSignal } = {},
  ): AsyncIterable<GetUpdatesResponse> {
    const request = { beginExclusive: behind, endInclusive, updateFormat };
    return this.channel.serverStream(UpdateService.method.getUpdates, request, options);
  }
}

interface OffsetRange {
  beginExclusive: bigint;
  endInclusive: bigint;
}

function rangeOf(range: LedgerRange): OffsetRange {
  return {
    beginExclusive: BigInt(range.beginExclusive),
    endInclusive: BigInt(range.endInclusive),
  };
}

function isEmpty({ beginExclusive, endInclusive }: OffsetRange): boolean {
  return endInclusive <= beginExclusive;
}

/** Of what concerns the parties. */
function recordTimeOf(update: GetUpdatesResponse['update'], view: PartyView): string | undefined {
  if (update.case !== 'transaction' && update.case !== 'topologyTransaction') return undefined;
  const concerns =
    update.case === 'transaction'
      ? view.hasTransaction(update.value)
      : view.has([...authorizationsOf(update.value)].map(({ party }) => party));
  return concerns && update.value.recordTime ? toMicroseconds(update.value.recordTime) : undefined;
}

async function* topologyOf(
  updates: AsyncIterable<GetUpdatesResponse>,
): AsyncGenerator<TopologyTransaction> {
  for await (const { update } of updates) if (update.case === 'topologyTransaction') yield update.value;
}

async function* reassignmentsOf(
  updates: AsyncIterable<GetUpdatesResponse>,
): AsyncGenerator<Reassignment> {
  for await (const { update } of updates) if (update.case === 'reassignment') yield update.value;
}

async function* transactionsOf(updates: AsyncIterable<GetUpdatesResponse>): AsyncGenerator<Transaction> {
  for await (const { update } of updates) if (update.case === 'transaction') yield update.value;
}

async function* contractUpdatesOf(
  updates: AsyncIterable<GetUpdatesResponse>,
): AsyncGenerator<ContractUpdate> {
  for await (const { update } of updates)
    if (update.case === 'transaction' || update.case === 'reassignment') yield update;
}
