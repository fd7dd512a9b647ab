import type { PruningSchedule, ResourceLimits, UserRight } from './participant.js';

/**
 * What a participant knows beside its ledger, and what happens to each thing on the target: it is made there, it
 * is there already, it is there and lacks something, it is there and says something else, or it is left out.
 */
export type LocalAction = 'create' | 'present' | 'extend' | 'conflict' | 'exclude';

interface PlannedIdentityProvider {
  id: string;
  /** Over all that the source's says, 16 hex characters: a change since shows. */
  digest: string;
  action: LocalAction;
}

interface PlannedUser {
  id: string;
  /** Over all of the source's that moves, its rights included. */
  digest: string;
  /** Absent for the default one. */
  identityProvider?: string;
  action: LocalAction;
  /** Rights it will have on the target by this migration, those it has there included. */
  rightCount: number;
  /** Of a user the target has already: the rights it lacks, as {@link rightText} writes them. Ordered. */
  addRights?: string[];
  /** Of a user the target has already: keys of the annotations it lacks. Ordered. */
  addAnnotations?: string[];
}

/** Annotations of one party; their values are nowhere in a plan. */
interface PlannedAnnotations {
  /** The party as {@link nameOf} writes it. */
  name: string;
  /** Over keys and values. */
  digest: string;
  action: LocalAction;
  /** Keys that the target lacks. Ordered. */
  add: string[];
}

/** The section of a plan about what only the participant knows. Lists are ordered by id or name. */
export interface PlannedLocalState {
  identityProviders: PlannedIdentityProvider[];
  users: PlannedUser[];
  partyAnnotations: PlannedAnnotations[];
  /** `former`: the limits of the target before the migration. */
  resourceLimits: { action: LocalAction; former: ResourceLimits };
  /** Of the source; absent if it has none. It is suspended from this phase on. */
  pruningSchedule?: { action: LocalAction; schedule: PruningSchedule };
  /** What users have on the target and not on the source, in words; only the first ones are named. */
  surplus: { count: number; named: string[] };
  /** What is not copied, by name. */
  excluded: { what: string; why: string }[];
}

/** The section may take this much of a plan, bytes of JSON: the plan has to fit a Temporal payload. */
export const LOCAL_STATE_LIMIT_BYTES = 400_000;

/** Every participant has a user of this name from its start. Source: admin-api 1.15. */
export const ADMIN_USER = 'participant_admin';

/** Kinds that a request can leave out, whole or by id. */
export type LocalKind =
  'identityProviders' | 'users' | 'partyAnnotations' | 'resourceLimits' | 'pruningSchedule';

/** Whether `left` (a request's `leaveBehind`) names the kind as a whole, or this one of it. */
export function isLeftBehind(left: readonly string[], kind: LocalKind, id?: string): boolean {
  return left.includes(kind) || (id !== undefined && left.includes(`${kind}/${id}`));
}

/** `kind`, or `kind name` for a right on a party of this namespace. */
export function rightText({ kind, party }: UserRight, namespace: string): string {
  return party === undefined ? kind : `${kind} ${nameOf(party, namespace)}`;
}

/** The reverse of {@link rightText}. */
export function rightOf(text: string, namespace: string): UserRight {
  const at = text.indexOf(' ');
  if (at < 0) return { kind: text as UserRight['kind'] };
  const party = partyNamed(text.slice(at + 1), namespace);
  return { kind: text.slice(0, at) as UserRight['kind'], party };
}

/** A party of this namespace without it, another one as it is: 5000 ids would fill a plan. */
export function nameOf(party: string, namespace: string): string {
  return party.endsWith(`::${namespace}`) ? party.slice(0, -namespace.length - 2) : party;
}

/** The reverse of {@link nameOf}. */
export function partyNamed(name: string, namespace: string): string {
  return name.includes('::') ? name : `${name}::${namespace}`;
}
