import { counted, listed } from './count.js';
import type { Wanted } from './hosting.js';
import { countOf, isStored, type Listed } from './listed.js';
import type { PartyMapping } from './participant.js';
import type { PartyClass, PlannedParty } from './plan.js';

/** How many parties of a class move, or stay for one reason. */
export interface PartyCount {
  class: PartyClass;
  treatment: PlannedParty['treatment'];
  /** Empty for those that move. */
  reason: string;
  count: number;
  /** Active contracts of those that move, on the source synchronizer; one with parties of two classes counts for both. */
  contractCount?: number;
}

/** A party with how it stood on the target synchronizer before; what an abort restores. */
export interface FormerHosting {
  party: string;
  formerMapping?: PartyMapping;
  /** The target alone cannot remove the mapping, only itself from it. */
  isSignedByOthers?: true;
}

/** What is taken of the parties of a plan. A list that is stored is read through one of these by its name. */
export const PARTY_VIEWS = {
  moved: (parties: readonly PlannedParty[]): string[] => moving(parties).map(({ party }) => party),
  wanted: (parties: readonly PlannedParty[]): Wanted[] => moving(parties).map(wantedOf),
  former: (parties: readonly PlannedParty[]): FormerHosting[] =>
    moving(parties).map(({ party, formerMapping, signers }) => ({
      party,
      ...(formerMapping && { formerMapping }),
      ...(signers && { isSignedByOthers: true }),
    })),
  /** Which the plan leaves on the source, beside its own admin party. */
  staying: (parties: readonly PlannedParty[]): string[] =>
    parties
      .filter(({ treatment, class: its }) => treatment === 'leave' && its !== 'admin')
      .map(({ party }) => party),
  /** All but the admin party of the source. */
  hosted: (parties: readonly PlannedParty[]): string[] =>
    parties.filter(({ class: its }) => its !== 'admin').map(({ party }) => party),
};

export type PartyView = keyof typeof PARTY_VIEWS;

type ItemOf<View extends PartyView> = ReturnType<(typeof PARTY_VIEWS)[View]>[number];

/** The parties of a plan, and how many of which kind there are. */
export interface PartiesOf {
  parties: Listed<PlannedParty>;
  partyCounts: PartyCount[];
}

/** How many of the parties move. */
export function movingCount({ partyCounts }: Pick<PartiesOf, 'partyCounts'>): number {
  return sumOf(partyCounts.filter(({ treatment }) => treatment === 'move'));
}

/** How many of them stay on the source, its own admin party among them. */
export function stayingCount({ partyCounts }: Pick<PartiesOf, 'partyCounts'>): number {
  return sumOf(partyCounts.filter(({ treatment }) => treatment === 'leave'));
}

/** A view of the parties of a plan: their items where the plan has them. */
export type ViewOf<
  Plan extends PartiesOf,
  View extends PartyView,
> = Plan['parties'] extends readonly PlannedParty[] ? ItemOf<View>[] : Listed<ItemOf<View>>;

/** Takes a view of the parties of a plan: of their items, or for whoever reads the list. */
export function partiesOf<Plan extends PartiesOf, View extends PartyView>(
  { parties, partyCounts }: Plan,
  view: View,
): ViewOf<Plan, View> {
  if (!isStored(parties)) return PARTY_VIEWS[view](parties);
  const isIn = ({ treatment, class: its }: PartyCount) =>
    view === 'hosted'
      ? its !== 'admin'
      : view === 'staying'
        ? treatment === 'leave' && its !== 'admin'
        : treatment === 'move';
  return { ...parties, view, count: sumOf(partyCounts.filter(isIn)) } as ViewOf<Plan, View>;
}

/**
 * Counts parties by class, treatment and reason: those that move first, then by number. `contracts` is how many contracts
 * there are of the parties of a class that move.
 */
export function countParties(
  parties: readonly PlannedParty[],
  contracts?: ReadonlyMap<PartyClass, number>,
): PartyCount[] {
  const counts = new Map<string, PartyCount>();
  for (const { class: its, treatment, reason } of parties) {
    const key = `${treatment} ${its} ${reason}`;
    const contractCount = treatment === 'move' ? contracts?.get(its) : undefined;
    const known = counts.get(key) ?? {
      class: its,
      treatment,
      reason,
      count: 0,
      ...(contractCount !== undefined && { contractCount }),
    };
    known.count += 1;
    counts.set(key, known);
  }
  const rank = ({ treatment }: PartyCount) => (treatment === 'move' ? 0 : 1);
  return [...counts.values()].sort(
    (a, b) => rank(a) - rank(b) || b.count - a.count || (a.class < b.class ? -1 : 1),
  );
}

/** The first of the parties by name, or how many there are where their names are in the list store. */
export function namedParties(list: Listed<string>): string {
  return isStored(list) ? counted(countOf(list), 'party', 'parties') : listed(list);
}

function sumOf(counts: PartyCount[]): number {
  return counts.reduce((sum, its) => sum + its.count, 0);
}

function moving(parties: readonly PlannedParty[]): PlannedParty[] {
  return parties.filter(({ treatment }) => treatment === 'move');
}

function wantedOf({ party, permission, effective, hosting, signers }: PlannedParty): Wanted {
  return {
    party,
    permission,
    ...(effective && { effective }),
    ...(hosting && { hosting }),
    ...(signers && { signers }),
  };
}
