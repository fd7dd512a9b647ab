import type { MessageInitShape } from '@bufbuild/protobuf';

import type { ActiveContractSummary } from '../model/participant.js';
import type { Channel } from './channel.js';
import { PartyManagementService } from './gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import type { FiltersSchema } from './gen/com/daml/ledger/api/v2/event_format_pb.js';
import {
  StateService,
  type ActiveContract,
  type GetActiveContractsResponse,
} from './gen/com/daml/ledger/api/v2/state_service_pb.js';
import { TransactionShape, UpdateService } from './gen/com/daml/ledger/api/v2/update_service_pb.js';

const EVERYTHING: MessageInitShape<typeof FiltersSchema> = {
  cumulative: [
    { identifierFilter: { case: 'wildcardFilter', value: { includeCreatedEventBlob: false } } },
  ],
};

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
    const answers = this.channel.serverStream(
      StateService.method.getActiveContracts,
      { activeAtOffset: BigInt(request.offset), eventFormat: { filtersByParty } },
      request,
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

    const eventFormat = { filtersForAnyParty: EVERYTHING };
    const updates = this.channel.serverStream(UpdateService.method.getUpdates, {
      beginExclusive,
      endInclusive,
      updateFormat: {
        includeTransactions: { eventFormat, transactionShape: TransactionShape.ACS_DELTA },
      },
    });
    for await (const { update } of updates) {
      if (update.case === 'transaction') yield update.value.workflowId;
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
