import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { sizeDelimitedEncode } from '@bufbuild/protobuf/wire';

import type { AcsChange, ActiveContractSummary } from '../model/participant.js';
import type { Channel } from './channel.js';
import type { CreatedEvent, Event } from './gen/com/daml/ledger/api/v2/event_pb.js';
import { PartyManagementService } from './gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import type { EventFormatSchema, FiltersSchema } from './gen/com/daml/ledger/api/v2/event_format_pb.js';
import {
  ActiveContractSchema,
  StateService,
  type ActiveContract,
  type GetActiveContractsResponse,
} from './gen/com/daml/ledger/api/v2/state_service_pb.js';
import { ActiveContractSchema as SnapshotRecordSchema } from './gen/com/digitalasset/canton/admin/participant/v30/active_contract_pb.js';
import { UntypedVersionedMessageSchema } from './gen/com/digitalasset/canton/version/v1/untyped_versioned_message_pb.js';
import type { Transaction } from './gen/com/daml/ledger/api/v2/transaction_pb.js';
import {
  TransactionShape,
  UpdateService,
  type GetUpdatesResponse,
} from './gen/com/daml/ledger/api/v2/update_service_pb.js';
import { reopened } from './reopened.js';

const EVERYTHING: MessageInitShape<typeof FiltersSchema> = {
  cumulative: [
    { identifierFilter: { case: 'wildcardFilter', value: { includeCreatedEventBlob: false } } },
  ],
};

const WITH_BLOB: MessageInitShape<typeof FiltersSchema> = {
  cumulative: [
    { identifierFilter: { case: 'wildcardFilter', value: { includeCreatedEventBlob: true } } },
  ],
};

/** Version of the records of a snapshot. Source: facts 2.1. */
const RECORD_VERSION = 30;

/** Reads the Ledger API of a participant. Source: facts 1.15. */
export class Ledger {
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
  }): AsyncGenerator<ActiveContractSummary | { incompleteReassignmentOf: string }, void, undefined> {
    if (request.parties.length === 0) return;
    const filtersByParty = Object.fromEntries(request.parties.map((party) => [party, EVERYTHING]));
    const { getActiveContracts } = StateService.method;
    const message = { activeAtOffset: BigInt(request.offset), eventFormat: { filtersByParty } };
    const answers = reopened(
      (streamContinuationToken?: Uint8Array) =>
        this.channel.serverStream(
          getActiveContracts,
          { ...message, ...(streamContinuationToken && { streamContinuationToken }) },
          request,
        ),
      // Before 3.5 there is none.
      ({ streamContinuationToken: place }) => (place.length > 0 ? place : undefined),
    );
    for await (const answer of answers) {
      const entry = toEntry(answer);
      if (entry) yield entry;
    }
  }

  /** Needs the right to read as any party. In the order of the ledger; empty where a transaction has none. */
  async *scanWorkflowIds(request: {
    beginExclusive: string;
    endInclusive: string;
  }): AsyncGenerator<string, void, undefined> {
    const beginExclusive = BigInt(request.beginExclusive);
    const endInclusive = BigInt(request.endInclusive);
    if (endInclusive <= beginExclusive) return;

    const transactions = this.transactions({
      beginExclusive,
      endInclusive,
      eventFormat: { filtersForAnyParty: EVERYTHING },
    });
    for await (const { workflowId } of transactions) yield workflowId;
  }

  /** Fails as refused if the source was pruned past `beginExclusive`. Reassignments are not shown. */
  async *scanChanges(request: {
    parties: string[];
    synchronizerId: string;
    renameTo: string;
    excludedStakeholders: string[];
    beginExclusive: string;
    endInclusive: string;
    signal?: AbortSignal;
  }): AsyncGenerator<AcsChange, void, undefined> {
    const beginExclusive = BigInt(request.beginExclusive);
    const endInclusive = BigInt(request.endInclusive);
    if (endInclusive <= beginExclusive || request.parties.length === 0) return;

    const eventFormat = {
      filtersByParty: Object.fromEntries(request.parties.map((party) => [party, WITH_BLOB])),
    };
    const excluded = new Set(request.excludedStakeholders);
    const transactions = this.transactions({ beginExclusive, endInclusive, eventFormat }, request);
    for await (const { events, synchronizerId, offset } of transactions) {
      if (synchronizerId !== request.synchronizerId) continue;
      yield { offset: offset.toString(), ...changesOf(events, request.renameTo, excluded) };
    }
  }

  /** A party stays in this list after it has moved away, and is in it before its contracts are. */
  async listLocalParties(): Promise<string[]> {
    const parties: string[] = [];
    let pageToken = '';
    do {
      const page = await this.channel.unary(PartyManagementService.method.listKnownParties, {
        pageToken,
      });
      parties.push(...page.partyDetails.filter(({ isLocal }) => isLocal).map(({ party }) => party));
      pageToken = page.nextPageToken;
    } while (pageToken);
    return parties;
  }

  private transactions(
    range: {
      beginExclusive: bigint;
      endInclusive: bigint;
      eventFormat: MessageInitShape<typeof EventFormatSchema>;
    },
    options: { signal?: AbortSignal } = {},
  ): AsyncIterable<Transaction> {
    const { beginExclusive, endInclusive, eventFormat } = range;
    const transactionShape = TransactionShape.ACS_DELTA;
    const updateFormat = { includeTransactions: { eventFormat, transactionShape } };
    const open = (from = beginExclusive) =>
      this.channel.serverStream(
        UpdateService.method.getUpdates,
        { beginExclusive: from, endInclusive, updateFormat },
        options,
      );
    return reopened(
      (offset?: bigint) => transactionsOf(open(offset)),
      ({ offset }) => offset,
    );
  }
}

async function* transactionsOf(updates: AsyncIterable<GetUpdatesResponse>): AsyncGenerator<Transaction> {
  for await (const { update } of updates) if (update.case === 'transaction') yield update.value;
}

function changesOf(
  events: Event[],
  renameTo: string,
  excluded: ReadonlySet<string>,
): Pick<AcsChange, 'created' | 'archived'> {
  const created: AcsChange['created'] = [];
  const archived: string[] = [];
  for (const { event } of events) {
    if (event.case === 'archived') archived.push(event.value.contractId);
    if (event.case !== 'created') continue;
    const { contractId, signatories, observers } = event.value;
    if ([...signatories, ...observers].some((party) => excluded.has(party))) continue;
    created.push({ contractId, record: recordOf(event.value, renameTo) });
  }
  return { created, archived };
}

/** As an export writes it. Source: facts 2.1. */
function recordOf(createdEvent: CreatedEvent, synchronizerId: string): Uint8Array {
  const activeContract = toBinary(
    ActiveContractSchema,
    create(ActiveContractSchema, { createdEvent, synchronizerId }),
  );
  const data = toBinary(SnapshotRecordSchema, create(SnapshotRecordSchema, { activeContract }));
  return sizeDelimitedEncode(
    UntypedVersionedMessageSchema,
    create(UntypedVersionedMessageSchema, {
      wrapper: { case: 'data', value: data },
      version: RECORD_VERSION,
    }),
  );
}

function toEntry({ contractEntry, workflowId }: GetActiveContractsResponse) {
  switch (contractEntry.case) {
    case 'activeContract':
      return toSummary(contractEntry.value, workflowId);
    case 'incompleteUnassigned':
      return { incompleteReassignmentOf: contractEntry.value.createdEvent?.contractId ?? '' };
    case 'incompleteAssigned':
      return {
        incompleteReassignmentOf: contractEntry.value.assignedEvent?.createdEvent?.contractId ?? '',
      };
    case undefined:
      // The stream of 3.5 may end with a continuation token alone.
      return undefined;
  }
}

function toSummary(contract: ActiveContract, workflowId: string): ActiveContractSummary {
  const { createdEvent, synchronizerId, reassignmentCounter } = contract;
  return {
    contractId: createdEvent?.contractId ?? '',
    packageId: createdEvent?.templateId?.packageId ?? '',
    stakeholders: [
      ...new Set([...(createdEvent?.signatories ?? []), ...(createdEvent?.observers ?? [])]),
    ],
    synchronizerId,
    reassignmentCounter: reassignmentCounter.toString(),
    workflowId,
  };
}
