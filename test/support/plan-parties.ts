import { isStored, type Listed } from '../../model/listed.js';
import type { MigrationPlan, PlannedParty, WithParties } from '../../model/plan.js';

/** Returns the items of a list that is short enough to travel. */
export function itemsOf<T>(list: Listed<T>): T[] {
  if (isStored(list)) throw new Error(`expected the items, found ${list.count} in the list store`);
  return [...list];
}

export function partiesIn({ parties }: { parties: Listed<PlannedParty> }): PlannedParty[] {
  if (isStored(parties))
    throw new Error(`expected the parties, found ${parties.count} in the list store`);
  return parties as PlannedParty[];
}

/** A plan whose parties travel with it. */
export function whole(plan: MigrationPlan): WithParties {
  return { ...plan, parties: partiesIn(plan) };
}
