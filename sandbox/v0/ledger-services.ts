import { CantonRefusal } from '../errors.js';
import { serverStream, unary, type Service, type Services } from '../grpc.js';
import type { Contract } from './contracts.js';
import type { Participant210 } from './participant.js';
import { annotate } from './user-services.js';

const PARTIES_AT_ONCE = 10_000;
const CONTRACTS_AT_ONCE = 100;
const OFFSET_DIGITS = 18;

/** The Ledger API v1 of a participant, as far as it is read. */
export function ledgerServices(node: Participant210): Services {
  return {
    'com.daml.ledger.api.v1.TransactionService': transactions(node),
    'com.daml.ledger.api.v1.ActiveContractsService': activeContracts(node),
    'com.daml.ledger.api.v1.admin.PartyManagementService': partyManagement(node),
  };
}

function transactions(node: Participant210): Service<'com.daml.ledger.api.v1.TransactionService'> {
  return {
    GetLedgerEnd: unary(() => ({ offset: { absolute: offsetOf(node.ledgerEnd) } })),
    GetLatestPrunedOffsets: unary(() => ({})),
    GetTransactions: serverStream(async function* ({ begin, end, filter }) {
      const parties = new Set(Object.keys(filter?.filters_by_party ?? {}));
      const from = numberOf(begin?.absolute);
      const to = end?.absolute ? numberOf(end.absolute) : node.ledgerEnd;
      for (let at = from; at < to; at++) {
        const event = node.events[at];
        const events = event ? eventsOf(node, event.created, event.archived, parties) : [];
        if (event && events.length > 0)
          yield {
            transactions: [
              {
                transaction_id: `${at}`,
                workflow_id: event.workflowId,
                events,
                offset: offsetOf(at + 1),
              },
            ],
          };
      }
    }),
  };
}

function activeContracts(
  node: Participant210,
): Service<'com.daml.ledger.api.v1.ActiveContractsService'> {
  return {
    GetActiveContracts: serverStream(async function* ({ filter, active_at_offset: offset }) {
      const parties = new Set(Object.keys(filter?.filters_by_party ?? {}));
      const at = offset ? numberOf(offset) : node.ledgerEnd;
      const active = activeAt(node, at).filter((contract) => isSeen(contract, parties));
      for (let from = 0; from < active.length; from += CONTRACTS_AT_ONCE) {
        const some = active.slice(from, from + CONTRACTS_AT_ONCE);
        for (const [workflow_id, its] of byWorkflow(some))
          yield { workflow_id, active_contracts: its.map((contract) => createdOf(contract, parties)) };
      }
      yield { offset: offsetOf(at) };
    }),
  };
}

function partyManagement(
  node: Participant210,
): Service<'com.daml.ledger.api.v1.admin.PartyManagementService'> {
  return {
    GetParticipantId: unary(() => ({ participant_id: node.uid })),
    ListKnownParties: unary(({ page_token, page_size, identity_provider_id = '' }) => {
      const size = page_size === undefined || page_size === 0 ? PARTIES_AT_ONCE : page_size;
      if (size > PARTIES_AT_ONCE)
        throw new CantonRefusal({ id: 'INVALID_ARGUMENT', category: 8, cause: `page size ${size}` });
      const all = knownParties(node);
      const from = page_token ? all.findIndex(({ party }) => party > page_token) : 0;
      const page = from < 0 ? [] : all.slice(from, from + size);
      const isLast = from < 0 || from + size >= all.length;
      return {
        party_details: page.map(({ party, is_local }) => ({
          party,
          is_local,
          local_metadata: {
            resource_version: '0',
            annotations: node.local.annotations.get(party) ?? {},
          },
          identity_provider_id,
        })),
        next_page_token: isLast ? '' : (page.at(-1)?.party ?? ''),
      };
    }),
    UpdatePartyDetails: unary(({ party_details: its }) => {
      const party = its?.party ?? '';
      const known = { ...node.local.annotations.get(party) };
      annotate(known, its?.local_metadata?.annotations ?? {});
      node.local.annotations.set(party, known);
      return { party_details: { party, is_local: true, local_metadata: { annotations: known } } };
    }),
  };
}

/** What of the ledger is active at an offset: not what was imported and is not published, nor what is invisible. */
function activeAt(node: Participant210, offset: number): Contract[] {
  const active = new Set<string>();
  for (const { created, archived } of node.events.slice(0, offset)) {
    for (const id of created) active.add(id);
    for (const id of archived) active.delete(id);
  }
  return [...active].flatMap((id) => {
    const contract = node.contracts.get(id);
    return contract && !contract.isInvisible && contract.state !== 'purged' ? contract : [];
  });
}

function eventsOf(
  node: Participant210,
  created: readonly string[],
  archived: readonly string[],
  parties: ReadonlySet<string>,
) {
  const seen = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const contract = node.contracts.get(id);
      return contract && isSeen(contract, parties) ? contract : [];
    });
  return [
    ...seen(archived).map(({ id, template, signatories }) => ({
      archived: {
        event_id: `#${id}`,
        contract_id: id,
        template_id: template,
        witness_parties: [...signatories],
      },
    })),
    ...seen(created).map((contract) => ({ created: createdOf(contract, parties) })),
  ];
}

function createdOf(contract: Contract, parties: ReadonlySet<string>) {
  const { id, template, signatories, observers } = contract;
  return {
    event_id: `#${id}:0`,
    contract_id: id,
    template_id: template,
    witness_parties: [...signatories, ...observers].filter((party) => parties.has(party)),
    signatories: [...signatories],
    observers: [...observers],
  };
}

function isSeen({ signatories, observers }: Contract, parties: ReadonlySet<string>): boolean {
  return [...signatories, ...observers].some((party) => parties.has(party));
}

function byWorkflow(contracts: readonly Contract[]): Map<string, Contract[]> {
  const groups = new Map<string, Contract[]>();
  for (const contract of contracts) {
    const its = groups.get(contract.workflowId);
    if (its) its.push(contract);
    else groups.set(contract.workflowId, [contract]);
  }
  return groups;
}

/** Of every domain it knows, its own admin party first of all; that one is local says nothing of its hosting. */
function knownParties(node: Participant210): { party: string; is_local: boolean }[] {
  const known = new Map<string, boolean>([[node.uid, true]]);
  for (const { domain } of node.domains)
    for (const { mapping } of domain.effective()) {
      const party = mapping.party_to_participant?.party;
      if (party) known.set(party, false);
    }
  for (const party of node.localParties) known.set(party, true);
  return [...known]
    .map(([party, is_local]) => ({ party, is_local }))
    .sort((one, other) => (one.party < other.party ? -1 : 1));
}

function offsetOf(number: number): string {
  return number.toString(16).padStart(OFFSET_DIGITS, '0');
}

function numberOf(offset: string | undefined | null): number {
  return offset ? Number.parseInt(offset, 16) : 0;
}
