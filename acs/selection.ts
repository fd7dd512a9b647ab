import type { ContractRecord } from './record.js';

/** Which contracts are exported, and as of when. */
export interface SelectionRules {
  /**
   * The parties that are exported, each with the number of its activation, from 0 in the order of time. A contract is
   * exported as of the first activation among its stakeholders; all numbers are 0 where there is one moment for all.
   */
  activationOf: ReadonlyMap<string, number>;
  /** A contract with one of these as stakeholder is not exported. */
  excluded: ReadonlySet<string>;
  /** Contract ids with the number of the first activation that found the contract gone; the others last. */
  goneAt?: ReadonlyMap<string, number>;
}

/** Decides by its stakeholders, and by when it ended, whether a contract is exported. */
export class Selection {
  constructor(private readonly rules: SelectionRules) {}

  /** The number of the activation as of which a contract with these stakeholders is exported; undefined if it is not. */
  momentOf(...stakeholders: readonly (readonly string[])[]): number | undefined {
    const { activationOf, excluded } = this.rules;
    let first: number | undefined;
    for (const parties of stakeholders)
      for (const party of parties) {
        if (excluded.has(party)) return undefined;
        const its = activationOf.get(party);
        if (its !== undefined && (first === undefined || its < first)) first = its;
      }
    return first;
  }

  /** A record without a contract is kept: whoever reads it says what is wrong with it. */
  keeps(record: ContractRecord): boolean {
    if (!record.hasEvent) return true;
    const moment = this.momentOf(record.signatories, record.observers);
    if (moment === undefined) return false;
    const { goneAt } = this.rules;
    const gone = goneAt && goneAt.size > 0 ? goneAt.get(record.contractId) : undefined;
    return gone === undefined || gone > moment;
  }
}
