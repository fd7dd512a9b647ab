import { listed } from '../../model/count.js';
import type { PlannedLocalState } from '../../model/local-state.js';
import type { PlannedParty } from '../../model/plan.js';
import type { ComparedUser } from '../local-state/local-state.js';

/** More of one kind and reason than this are told in one line: hundreds of lines would hide the rest of a plan. */
const LINES_OF_A_KIND = 5;

/** Something that is not copied. */
export interface Exclusion {
  /** Of which kind, or what it is where there is one only. */
  what: string;
  /** Which one of that kind. */
  name?: string;
  /** Whose it is. Ordered. */
  of?: string[];
  why: string;
}

/** What is not copied as the plan tells it, in the order of the first of each kind and reason. */
export function foldExclusions(all: Exclusion[]): PlannedLocalState['excluded'] {
  const groups = new Map<string, [Exclusion, ...Exclusion[]]>();
  for (const one of all) {
    const key = JSON.stringify([one.what, one.why]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].flatMap((group) => {
    if (group.length <= LINES_OF_A_KIND) return group.map((one) => told(one, one.name, 20));
    const names = group.flatMap(({ name }) => name ?? []);
    const of = [...new Set(group.flatMap((one) => one.of ?? []))].sort();
    return [told({ ...group[0], of }, `${listed(names)} (${names.length} in all)`, 5)];
  });
}

function told({ what, of = [], why }: Exclusion, name: string | undefined, limit: number) {
  const owners = of.length > 0 ? ` of ${listed(of, limit)}` : '';
  return { what: `${what}${name === undefined ? '' : ` ${name}`}${owners}`, why };
}

/** By party: a user that is copied without some of its rights is not what it was. */
export function excludedRights(users: ComparedUser[], parties: PlannedParty[]): Exclusion[] {
  const reasons = new Map(parties.map(({ party, reason }) => [party, reason]));
  const holders = new Map<string, Set<string>>();
  const note = (thing: string, user: string) =>
    holders.set(thing, (holders.get(thing) ?? new Set()).add(user));
  for (const { wanted, dropped, droppedPrimaryParty } of users) {
    for (const { party } of dropped) note(party ?? '', wanted.id);
    if (droppedPrimaryParty !== undefined) note(`primary ${droppedPrimaryParty}`, wanted.id);
  }
  return [...holders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([thing, ids]) => {
      const party = thing.replace(/^primary /, '');
      const of = [...ids].sort();
      if (party === '') return { what: 'rights', of, why: 'this version does not know them' };
      const why = `the party does not move: ${reasons.get(party) ?? 'the source does not host it'}`;
      return { what: party === thing ? 'rights on' : 'primary party', name: party, of, why };
    });
}
