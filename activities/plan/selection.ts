import { isStored } from '../../model/listed.js';
import type { Finding, PlannedParty } from '../../model/plan.js';
import { PARTY_CLASSES, type MigrationRequest } from '../../model/request.js';
import { listed } from '../../model/count.js';
import { when } from './finding.js';

/** Whether a request means a party of a class. */
export type Selects = (party: string, its: PlannedParty['class']) => boolean;

/**
 * Returns which parties a request means: by id, by class, or by a pattern, in which `*` stands for any text. A request
 * without parties means every one.
 */
export function selects(request: MigrationRequest): Selects {
  const terms = termsOf(request);
  if (!terms) return () => true;
  const ids = new Set(terms.filter(isId));
  const matches = terms.filter((term) => !isId(term)).map(matcherOf);
  return (party, its) => ids.has(party) || matches.some((match) => match(party, its));
}

/** The parties that a request names by their ids: each of them has to be able to move. */
export function namedIds(request: MigrationRequest): string[] {
  return (termsOf(request) ?? []).filter(isId);
}

/** Warns of classes and patterns of a request that no party of the source is of: most likely a mistake in writing. */
export function findUnmatchedWarnings(
  request: MigrationRequest,
  parties: readonly PlannedParty[],
): Finding[] {
  const unmatched = (termsOf(request) ?? [])
    .filter((term) => !isId(term))
    .filter((term) => {
      const match = matcherOf(term);
      return !parties.some(({ party, class: its }) => match(party, its));
    });
  return when(unmatched.length > 0, {
    type: 'NoPartyMatches',
    what: `the source hosts no party of these classes or patterns of the request: ${listed(unmatched)}`,
    cure: 'correct them; a class or pattern that is meant for later may stay',
  });
}

function termsOf({ parties }: MigrationRequest): readonly string[] | undefined {
  if (isStored(parties))
    throw new Error('expected the parties of the request, found where they are kept');
  return parties;
}

function isId(term: string): boolean {
  return term.includes('::') && !term.includes('*');
}

function matcherOf(term: string): Selects {
  if ((PARTY_CLASSES as readonly string[]).includes(term)) return (_party, its) => its === term;
  const [start = '', ...rest] = term.split('*');
  const end = rest.pop() ?? '';
  return (party) => {
    if (party.length < start.length + end.length) return false;
    if (!party.startsWith(start) || !party.endsWith(end)) return false;
    const inner = party.slice(start.length, party.length - end.length);
    let from = 0;
    return rest.every((part) => {
      const at = inner.indexOf(part, from);
      from = at + part.length;
      return at >= 0;
    });
  };
}
