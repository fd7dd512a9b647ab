import { refused } from '../../model/failure.js';
import type { ActiveContractSummary, IncompleteReassignment } from '../../model/participant.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { PartyClass, PlannedParty } from '../../model/plan.js';
import { FoundContracts, scanAcs } from '../contracts/active-contracts.js';
import { assertRoom } from '../contracts/elsewhere.js';
import { progress } from '../attempt/progress.js';

/** That do not move, of the contracts that do: each is kept in memory, some 100 bytes. */
const MAX_STAKEHOLDERS = 200_000;

/** The ACS of the parties that move, counted. */
export interface ContractCount {
  /** On the source synchronizer. */
  total: number;
  perParty: Map<string, number>;
  /** Of `total`: with a stakeholder that does not move. */
  shared: number;
  sharedWith: Set<string>;
  reassigned: FoundContracts;
  incomplete: FoundContracts;
  /** Contracts of the parties on other synchronizers, by synchronizer id. */
  elsewhere: Map<string, number>;
  /** Of a source: how many of those have the id of one in `total`. An earlier migration left them there. */
  twice: number;
}

/** Counts the contracts of the parties that move by their class. */
export class ContractsByClass {
  readonly counts = new Map<PartyClass, number>();
  private readonly classes: Map<string, PartyClass>;

  constructor(parties: readonly PlannedParty[]) {
    const moving = parties.filter(({ treatment }) => treatment === 'move');
    this.classes = new Map(moving.map(({ party, class: its }) => [party, its]));
    for (const its of this.classes.values()) this.counts.set(its, 0);
  }

  visit({ stakeholders }: ActiveContractSummary): void {
    const found = new Set(stakeholders.map((party) => this.classes.get(party)));
    for (const its of found)
      if (its !== undefined) this.counts.set(its, (this.counts.get(its) ?? 0) + 1);
  }
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
  visitElsewhere?: (contract: ActiveContractSummary) => void,
): Promise<ContractCount> {
  const counted: ContractCount = {
    total: 0,
    perParty: new Map(parties.map((party) => [party, 0])),
    shared: 0,
    sharedWith: new Set(),
    reassigned: new FoundContracts(),
    incomplete: new FoundContracts(),
    elsewhere: new Map(),
    twice: 0,
  };
  const count = (entry: ActiveContractSummary | IncompleteReassignment) => {
    if ('incompleteReassignmentOf' in entry) counted.incomplete.add(entry.incompleteReassignmentOf);
    else if (entry.synchronizerId === synchronizerId) {
      countOne(counted, entry);
      visit?.(entry);
    } else {
      assertRoom(counted.elsewhere, entry.synchronizerId);
      const before = counted.elsewhere.get(entry.synchronizerId) ?? 0;
      counted.elsewhere.set(entry.synchronizerId, before + 1);
      visitElsewhere?.(entry);
    }
    if (counted.total % 1000 === 0) progress({ contractsCounted: counted.total });
  };
  for await (const entries of scanAcs(participant, { parties })) entries.forEach(count);
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
  if (contract.reassignmentCounter !== '0') counted.reassigned.add(contract.contractId);
}

function tooMany(found: string): Error {
  return refused('TooManyContracts', `the contracts of the parties have more than ${found}`);
}
