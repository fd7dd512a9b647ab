import { count, listed } from './count.js';
import { namespaceOf, NOT_SELECTED, type PartyClass, type PlannedParty } from './plan.js';

/** Exceptions that travel by name with a plan. */
const NAMED = 20;
/** Hosts of a party that are named. */
const HOSTS_NAMED = 3;

/** A party that stays though it was to move, or that takes more to move than its class does. */
export interface PartyException {
  party: string;
  class: PartyClass;
  /** What becomes of it, and what that takes. */
  what: string;
}

/** The exceptions among the parties of a plan: the first of them by name, those of the rarest kind first. */
export interface PartyExceptions {
  count: number;
  first: PartyException[];
}

/** Finds what an operator is to see before the many parties that are like each other. */
export function exceptionsAmong(parties: readonly PlannedParty[]): PartyExceptions {
  const kinds = new Map<string, { count: number; first: PartyException[] }>();
  for (const party of parties) {
    if (!isException(party)) continue;
    const kind = `${party.class} ${party.reason}`;
    const known = kinds.get(kind) ?? { count: 0, first: [] };
    known.count += 1;
    if (known.first.length < NAMED)
      known.first.push({ party: party.party, class: party.class, what: treatmentOf(party) });
    kinds.set(kind, known);
  }
  const ordered = [...kinds.values()].sort((a, b) => a.count - b.count);
  return {
    count: ordered.reduce((sum, its) => sum + its.count, 0),
    first: ordered.flatMap(({ first }) => first).slice(0, NAMED),
  };
}

/** What becomes of a party, and whose signatures and agreement that takes. */
export function treatmentOf(party: PlannedParty): string {
  if (party.treatment === 'leave') return `stays: ${party.reason}`;
  return ['moves', ...signedBy(party), ...hostedBy(party)].join(', ');
}

function isException(party: PlannedParty): boolean {
  const { class: its, treatment, reason, signers } = party;
  // What the operator wants is no exception.
  if (treatment === 'leave') return its !== 'admin' && reason !== NOT_SELECTED;
  return (signers !== undefined && !isOwnKey(party)) || hostedBy(party).length > 0;
}

function signedBy(party: PlannedParty): string[] {
  const { signers } = party;
  if (!signers) return [];
  if (isOwnKey(party)) return ['signed with its own key'];
  const { namespaces, needed } = signers;
  const many = namespaces.length === 1 ? '' : `${count(needed)} of `;
  return [`signed by ${many}${listed(namespaces)}`];
}

function isOwnKey({ party, signers }: PlannedParty): boolean {
  const [only, ...others] = signers?.namespaces ?? [];
  return only === namespaceOf(party) && others.length === 0;
}

function hostedBy({ hosting }: PlannedParty): string[] {
  const { hosts = [], threshold = 1 } = hosting ?? {};
  if (hosts.length <= 1 && threshold === 1) return [];
  const uids = hosts.map(({ participantUid }) => participantUid);
  const named = `hosted by ${listed(uids, HOSTS_NAMED)}`;
  const others = hosts.length > 1 ? ', of which those beside the source sign nothing as hosts' : '';
  return [`${named}${others}, threshold ${count(threshold)} stays`];
}
