import type { UserId } from './participant.js';

/** A thing as the migration gave it to the target: what it says now shows whether others changed it since. */
export interface MadeThing {
  id: string;
  /** 16 hex characters, over all that it says. */
  digest: string;
}

/** What a user got that the target had already. */
export interface ExtendedUser extends UserId {
  /** As `rightText` writes them. */
  rights: string[];
  /** Digests of the values, by key. */
  annotations: Record<string, string>;
}

/**
 * What a migration makes on the target: an undo takes back this and nothing else, and what the source changes of it
 * later is not equal.
 *
 * Each step reads what the target lacks and keeps it here before it changes anything, so a crash or an operator's pause
 * in the middle loses none of it. What another operator makes in the moment between that reading and the change counts as
 * the migration's if it is exactly as the migration would have made it; else the undo leaves it, because it differs.
 */
export interface MadeOnTarget {
  /** Main package ids of DARs. */
  dars: string[];
  /** Package ids. */
  vetted: string[];
  identityProviders: MadeThing[];
  users: (MadeThing & UserId)[];
  extendedUsers: ExtendedUser[];
  /** Annotations of parties: names as `nameOf` writes them, and digests of the values by key. */
  annotations: { name: string; keys: Record<string, string> }[];
  /** Whether the limits of the source were set. */
  hasLimits: boolean;
}

export type MadeLocalState = Omit<MadeOnTarget, 'dars' | 'vetted'>;

export function nothingMade(): MadeOnTarget {
  return {
    dars: [],
    vetted: [],
    identityProviders: [],
    users: [],
    extendedUsers: [],
    annotations: [],
    hasLimits: false,
  };
}

/** Adds packages that are about to be made. */
export function keepPackages(
  made: MadeOnTarget,
  { dars, vetted }: Pick<MadeOnTarget, 'dars' | 'vetted'>,
) {
  made.dars = [...new Set([...made.dars, ...dars])];
  made.vetted = [...new Set([...made.vetted, ...vetted])];
}

/** Adds what is about to be made; a thing that is made already is kept as it was read last. */
export function keepLocalState(made: MadeOnTarget, found: MadeLocalState): void {
  made.identityProviders = byId(made.identityProviders, found.identityProviders);
  made.users = byId(made.users, found.users);
  for (const { rights, annotations, ...user } of found.extendedUsers) {
    if (made.users.some(({ id }) => id === user.id)) continue;
    const its = made.extendedUsers.find(({ id }) => id === user.id);
    if (!its) made.extendedUsers.push({ ...user, rights, annotations });
    else {
      its.rights = [...new Set([...its.rights, ...rights])];
      its.annotations = { ...its.annotations, ...annotations };
    }
  }
  for (const { name, keys } of found.annotations) {
    const its = made.annotations.find((one) => one.name === name);
    if (its) its.keys = { ...its.keys, ...keys };
    else made.annotations.push({ name, keys });
  }
  made.hasLimits ||= found.hasLimits;
}

function byId<T extends { id: string }>(before: T[], now: T[]): T[] {
  return [...new Map([...before, ...now].map((its) => [its.id, its])).values()];
}
