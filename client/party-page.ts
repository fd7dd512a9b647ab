import type { PartyClass, PlannedParty } from '../model/plan.js';

export interface PageOptions {
  class?: PartyClass;
  /** Only those that stay on the source. */
  staying?: boolean;
  /** Only those after this one, in the order of the plan. */
  after?: string;
  limit: number;
}

/** Some of the parties of a plan, in its order. */
export interface PartyPage {
  parties: PlannedParty[];
  /** Of the plan, as the options take them, before and after this page too. */
  total: number;
  /** How many come after these. */
  more: number;
}

/** Takes a page of the parties of a plan. */
export function pageOf(
  parties: readonly PlannedParty[],
  { class: wanted, staying, after, limit }: PageOptions,
): PartyPage {
  const taken = parties.filter(
    (its) => (wanted === undefined || its.class === wanted) && (!staying || its.treatment === 'leave'),
  );
  const begin = after === undefined ? 0 : taken.findIndex(({ party }) => party > after);
  const rest = begin < 0 ? [] : taken.slice(begin);
  return {
    parties: rest.slice(0, limit),
    total: taken.length,
    more: Math.max(0, rest.length - limit),
  };
}
