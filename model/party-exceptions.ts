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
export function exceptionsAmong(parties: readonly PlannedParty[], sourceUid: string): PartyExceptions {
  const kinds = new Map<string, { count: number; first: PartyException[] }>();
  for (const party of parties) {
    if (!isException(party, sourceUid)) continue;
    const kind = `${party.class} ${party.reason}`;
    const known = kinds.get(kind) ?? { count: 0, first: [] };
    known.count += 1;
    if (known.first.length < NAMED)
      known.first.push({ party: party.party, class: party.class, what: treatmentOf(party, sourceUid) });
    kinds.set(kind, known);
  }
  const ordered = [...kinds.values()].sort((a, b) => a.count - b.count);
  return {
    count: ordered.reduce((sum, its) => sum + its.count, 0),
    first: ordered.flatMap(({ first }) => first).slice(0, NAMED),
  };
}

/** What becomes of a party, and whose signatures and agreement that takes. */
export function treatmentOf(party: PlannedParty, sourceUid: string): string {
  if (party.treatment === 'leave') return `stays: ${party.reason}`;
  return ['moves', ...signedBy(party), ...hostedBy(party, sourceUid)].join('; ');
}

function isException(party: PlannedParty, sourceUid: string): boolean {
  const { class: its, treatment, reason, signers } = party;
  // What the operator wants is no exception.
  if (treatment === 'leave') return its !== 'admin' && reason !== NOT_SELECTED;
  return (signers !== undefined && !isOneKey(party)) || hostedBy(party, sourceUid).length > 0;
}

function signedBy(party: PlannedParty): string[] {
  const { class: its, signers } = party;
  if (!signers) return [];
  const { namespaces, needed } = signers;
  if (isOneKey(party)) {
    const [namespace] = namespaces;
    if (its === 'external') return ['signed with its own key'];
    return [`signed with the ${ownsRoot(its) ? 'root key' : 'key of namespace'} ${namespace}`];
  }
  const many = namespaces.length === 1 ? '' : `${count(needed)} of `;
  return [`signed by ${many}${listed(namespaces)}`];
}

/** Whether the nodes' own root key signs for parties of this class, if anything has to. */
function ownsRoot(its: PartyClass): boolean {
  return its === 'local' || its === 'multi-hosted';
}

function isOneKey({ party, signers }: PlannedParty): boolean {
  const [only, ...others] = signers?.namespaces ?? [];
  return only === namespaceOf(party) && others.length === 0;
}

/** The hosts that stay beside the target, none of which has to sign. Source: networks D. */
function hostedBy({ hosting }: PlannedParty, sourceUid: string): string[] {
  const { hosts = [], threshold = 1 } = hosting ?? {};
  const others = hosts.map(({ participantUid }) => participantUid).filter((uid) => uid !== sourceUid);
  const sign = others.length === 1 ? 'signs' : 'sign';
  return [
    ...(others.length > 0
      ? [`still hosted by ${listed(others, HOSTS_NAMED)}, which ${sign} nothing`]
      : []),
    ...(others.length > 0 || threshold > 1 ? [`threshold ${count(threshold)} kept`] : []),
  ];
}
