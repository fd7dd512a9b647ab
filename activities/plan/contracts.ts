import { cancellationSignal } from '@temporalio/activity';

import { refused } from '../../model/failure.js';
import type { ActiveContractSummary } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';

/** How many ids of a kind are kept to show; the counts are complete. */
const SHOWN = 20;
/** Of the contracts that move. All of them are in the plan, which has to fit into a message of Temporal. */
const MAX_STAKEHOLDERS = 20_000;
const MAX_SYNCHRONIZERS = 1_000;

/** The ACS of the parties that move, counted. */
export interface ContractCount {
  /** On the source synchronizer. */
  total: number;
  perParty: Map<string, number>;
  /** Of `total`: with a stakeholder that does not move. */
  shared: number;
  sharedWith: Set<string>;
  reassigned: { count: number; contractIds: string[] };
  incomplete: { count: number; contractIds: string[] };
  /** Contracts of the parties on other synchronizers, by synchronizer id. */
  elsewhere: Map<string, number>;
}

/**
 * Counts the contracts of `parties` at the ledger end, streaming; `visit` is shown those on the synchronizer. Fails
 * with `TooManyContracts`.
 */
export async function countContracts(
  participant: ParticipantReads,
  parties: string[],
  synchronizerId: string,
  visit?: (contract: ActiveContractSummary) => void,
): Promise<ContractCount> {
  const counted: ContractCount = {
    total: 0,
    perParty: new Map(parties.map((party) => [party, 0])),
    shared: 0,
    sharedWith: new Set(),
    reassigned: { count: 0, contractIds: [] },
    incomplete: { count: 0, contractIds: [] },
    elsewhere: new Map(),
  };
  const offset = await participant.ledger.readLedgerEnd();
  if (parties.length === 0 || offset === '0') return counted;
  const scanned = { parties, offset, signal: cancellationSignal() };
  for await (const entry of participant.ledger.scanActiveContracts(scanned)) {
    if ('incompleteReassignmentOf' in entry) note(counted.incomplete, entry.incompleteReassignmentOf);
    else if (entry.synchronizerId !== synchronizerId) {
      if (counted.elsewhere.size === MAX_SYNCHRONIZERS && !counted.elsewhere.has(entry.synchronizerId))
        throw tooMany(`${MAX_SYNCHRONIZERS} synchronizers`);
      counted.elsewhere.set(
        entry.synchronizerId,
        (counted.elsewhere.get(entry.synchronizerId) ?? 0) + 1,
      );
    } else {
      countOne(counted, entry);
      visit?.(entry);
    }
    if (counted.total % 1000 === 0) progress({ contractsCounted: counted.total });
  }
  return counted;
}

function countOne(
  counted: ContractCount,
  contract: { contractId: string; stakeholders: string[]; reassignmentCounter: string },
) {
  counted.total += 1;
  let isShared = false;
  for (const stakeholder of contract.stakeholders) {
    const before = counted.perParty.get(stakeholder);
    if (before === undefined) {
      isShared = true;
      if (counted.sharedWith.size === MAX_STAKEHOLDERS && !counted.sharedWith.has(stakeholder))
        throw tooMany(`${MAX_STAKEHOLDERS} stakeholders that do not move`);
      counted.sharedWith.add(stakeholder);
    } else counted.perParty.set(stakeholder, before + 1);
  }
  if (isShared) counted.shared += 1;
  if (contract.reassignmentCounter !== '0') note(counted.reassigned, contract.contractId);
}

function tooMany(found: string): Error {
  return refused('TooManyContracts', `the contracts of the parties have more than ${found}`);
}

function note(kind: { count: number; contractIds: string[] }, contractId: string) {
  kind.count += 1;
  if (kind.contractIds.length < SHOWN) kind.contractIds.push(contractId);
}
