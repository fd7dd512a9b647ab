import type { LedgerRange, LedgerReads, PartiesRange } from '../../model/participant-reads.js';
import type { ActiveContractSummary, Turnover } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { ActiveContractsService } from '../gen/com/daml/ledger/api/v1/active_contracts_service_pb.js';
import { PartyManagementService } from '../gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import type { CreatedEvent } from '../gen/com/daml/ledger/api/v1/event_pb.js';
import type { Transaction } from '../gen/com/daml/ledger/api/v1/transaction_pb.js';
import {
  LedgerBoundary,
  TransactionService,
  type LedgerOffset,
} from '../gen/com/daml/ledger/api/v1/transaction_service_pb.js';
import { pagesOf } from '../pages.js';
import { onlyOnCanton3 } from './absent.js';
import type { ContractDomains } from './contract-domains.js';
import { decimalOffset, ledgerOffset } from './ids.js';

/** The most a participant lists at once. */
const PAGE_SIZE = 10_000;

/** Reads the ledger of a participant. Source: proto TransactionService.GetTransactions. */
export class Ledger implements LedgerReads {
  constructor(
    private readonly channel: Channel,
    private readonly domains: ContractDomains,
  ) {}

  async readLedgerEnd(): Promise<string> {
    const { offset } = await this.channel.unary(TransactionService.method.getLedgerEnd, {});
    return decimalOf(offset);
  }

  async readPrunedOffset(): Promise<string> {
    const { participantPrunedUpToInclusive } = await this.channel.unary(
      TransactionService.method.getLatestPrunedOffsets,
      {},
    );
    return decimalOf(participantPrunedUpToInclusive);
  }

  /** What was imported shows only once the participant has connected. Source: canton-2.10 2. */
  async *scanActiveContracts({
    parties,
    offset,
    signal,
  }: {
    parties: string[];
    offset: string;
    signal?: AbortSignal;
  }): AsyncGenerator<ActiveContractSummary[], void, undefined> {
    // To Canton, no offset is the end of the ledger, and no parties are an error.
    if (parties.length === 0 || offset === '0') return;
    const request = { filter: filterOf(parties), activeAtOffset: ledgerOffset(offset) };
    const method = ActiveContractsService.method.getActiveContracts;
    for await (const answer of this.channel.serverStream(method, request, { signal })) {
      const { activeContracts, workflowId } = answer;
      if (activeContracts.length === 0) continue;
      const domainOf = await this.domains.of(activeContracts.map(({ contractId }) => contractId));
      yield activeContracts.map((event) => toSummary(event, workflowId, domainOf(event.contractId)));
    }
  }

  /** Purges count, too: nothing tells them from an archival. */
  async *scanUsedContracts(
    request: PartiesRange & { synchronizerId: string },
  ): AsyncGenerator<string, void, undefined> {
    for await (const { contractId } of this.scanTurnover(request)) yield contractId;
  }

  /** What was archived. Of which domain it was is not said: with unique contract keys there is only one. */
  async *scanTurnover(
    request: PartiesRange & { synchronizerId: string },
  ): AsyncGenerator<Turnover, void, undefined> {
    for await (const { offset, events } of this.transactions(request))
      for (const { event } of events)
        if (event.case === 'archived')
          yield {
            offset: decimalOffset(offset),
            contractId: event.value.contractId,
            stakeholders: event.value.witnessParties,
            isArrival: false,
          };
  }

  /** A command id is only shown by the participant that the command was given to. */
  async countSubmissions(request: PartiesRange): Promise<number> {
    let count = 0;
    for await (const { commandId } of this.transactions(request)) if (commandId) count++;
    return count;
  }

  /** What leaves a domain is in no transaction of this generation. */
  async *scanReassignments(): AsyncGenerator<never, void, undefined> {
    yield* [];
  }

  async listLocalParties(): Promise<string[]> {
    const local: string[] = [];
    const pages = pagesOf(
      this.channel,
      PartyManagementService.method.listKnownParties,
      (pageToken) => ({ pageSize: PAGE_SIZE, pageToken }),
      ({ nextPageToken }) => nextPageToken,
    );
    for await (const { partyDetails } of pages)
      for (const { party, isLocal } of partyDetails) if (isLocal) local.push(party);
    return local;
  }

  scanCreations: (request: LedgerRange) => never = onlyOnCanton3;
  scanChanges = onlyOnCanton3;
  scanPartyAuthorizations = onlyOnCanton3;
  findLastRecordTime = onlyOnCanton3;

  private async *transactions({
    parties,
    beginExclusive,
    endInclusive,
    signal,
  }: PartiesRange): AsyncGenerator<Transaction, void, undefined> {
    if (parties.length === 0 || BigInt(beginExclusive) >= BigInt(endInclusive)) return;
    const request = {
      begin: wireOf(beginExclusive),
      end: wireOf(endInclusive),
      filter: filterOf(parties),
    };
    const method = TransactionService.method.getTransactions;
    for await (const { transactions } of this.channel.serverStream(method, request, { signal }))
      yield* transactions;
  }
}

/** There is no way to ask for all parties. */
function filterOf(parties: readonly string[]) {
  return { filtersByParty: Object.fromEntries(parties.map((party) => [party, {}])) };
}

function toSummary(
  { contractId, templateId, signatories, observers }: CreatedEvent,
  workflowId: string,
  synchronizerId: string,
): ActiveContractSummary {
  return {
    contractId,
    packageId: templateId?.packageId ?? '',
    representativePackageId: '',
    stakeholders: [...new Set([...signatories, ...observers])],
    synchronizerId,
    reassignmentCounter: '0',
    workflowId,
    // Nothing says it.
    createdAtOffset: '0',
  };
}

function decimalOf(offset: LedgerOffset | undefined): string {
  return offset?.value.case === 'absolute' ? decimalOffset(offset.value.value) : '0';
}

function wireOf(decimal: string) {
  const value =
    decimal === '0'
      ? { case: 'boundary' as const, value: LedgerBoundary.LEDGER_BEGIN }
      : { case: 'absolute' as const, value: ledgerOffset(decimal) };
  return { value };
}
