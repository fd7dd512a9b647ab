import { ADMIN_USER, rightText, type LocalAction } from '../../model/local-state.js';
import type { IdentityProvider, User, UserRight } from '../../model/participant.js';
import { isRefusal } from '../../canton/refusals.js';
import { digestOfUser } from './made-digest.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { forEachOf } from '../attempt/waiting.js';

/** Reads of rights of users at a time, and changes. */
export const USERS_AT_ONCE = 8;
/** Not configurable. Source: admin-api 1.15. */
const PROVIDERS_LIMIT = 16;
const RIGHTS_LIMIT = 1_000;

/** The parties that move, and where they come from. */
export interface Moved {
  /** Of nearly every party that moves; these are written without it. */
  namespace: string;
  parties: ReadonlySet<string>;
}

/** One thing of the source, as it is to be on the target, and what the target has of it. */
export interface Compared<T> {
  wanted: T;
  action: LocalAction;
  /** In what the target's differs; no values, which may be nobody's business. */
  conflicts: string[];
}

export interface ComparedUser extends Compared<User> {
  /** Rights it is to have after this migration. */
  rights: UserRight[];
  /** Of these, what the target lacks. */
  addRights: UserRight[];
  /** Annotations that the target lacks. */
  addAnnotations: Record<string, string>;
  /** Rights of the source's user that do not move, and a primary party that does not. */
  dropped: UserRight[];
  droppedPrimaryParty?: string;
  /** Rights of the target's user, on parties that move or on no party, that the source's does not have. */
  surplusRights: number;
  /** The same, and annotations and a primary party that only the target's user has; in words, without values. */
  surplus: string[];
  /** Whether the target's user is as it would be copied now, and nothing more. */
  isExact: boolean;
}

export interface ComparedAnnotations extends Compared<Record<string, string>> {
  party: string;
  /** Annotations that the target lacks. */
  add: Record<string, string>;
}

export type Sides = { source: ParticipantReads; target: ParticipantReads };

/** The identity providers of the source against those of the target. Ordered by id. */
export async function compareIdentityProviders({
  source,
  target,
}: Sides): Promise<Compared<IdentityProvider>[]> {
  const [wanted, there] = await Promise.all([
    source.users.listIdentityProviders(),
    target.users.listIdentityProviders(),
  ]);
  const free = PROVIDERS_LIMIT - there.length;
  const missing = wanted.filter(({ id }) => there.every((its) => its.id !== id));
  return wanted.sort(byId).map((provider) => {
    const found = there.find(({ id }) => id === provider.id);
    const isIssuerTaken = there.some(
      ({ id, issuer }) => id !== provider.id && issuer === provider.issuer,
    );
    const conflicts = [
      ...(found ? differingFields(provider, found) : []),
      ...(isIssuerTaken ? ['its issuer is already used by another one'] : []),
      ...(!found && missing.length > free ? [`the target has room for ${Math.max(0, free)} more`] : []),
    ];
    return { wanted: provider, action: actionOf(conflicts, found !== undefined, false), conflicts };
  });
}

function differingFields(wanted: IdentityProvider, found: IdentityProvider): string[] {
  return (['isDeactivated', 'issuer', 'jwksUrl', 'audience'] as const).filter(
    (field) => wanted[field] !== found[field],
  );
}

/**
 * The users of the source against those of the target, all or those of these ids; without {@link ADMIN_USER}, which
 * every participant has. Ordered by id.
 *
 * A user keeps no right on a party that does not move, and no such primary party.
 */
export async function compareUsers(
  sides: Sides,
  moved: Moved,
  only?: ReadonlySet<string>,
): Promise<ComparedUser[]> {
  const { source, target } = sides;
  const [theirs, there] = await Promise.all([listUsers(source), listUsers(target)]);
  const onTarget = new Map(there.map((user) => [user.id, user]));
  const users = theirs.filter(({ id }) => id !== ADMIN_USER && (only?.has(id) ?? true)).sort(byId);
  const compared = new Map<string, ComparedUser>();
  await forEachOf(users, USERS_AT_ONCE, async (user) => {
    const found = onTarget.get(user.id);
    const [rights, targetRights] = await Promise.all([
      listRights(source, user),
      // One of another identity provider is a conflict anyway, and its rights are not to be had like this.
      found && found.identityProvider === user.identityProvider ? listRights(target, found) : [],
    ]);
    compared.set(user.id, compareUser(user, rights, moved, found, targetRights));
    progress({ usersRead: compared.size, of: users.length });
  });
  return users.flatMap(({ id }) => compared.get(id) ?? []);
}

function compareUser(
  user: User,
  sourceRights: UserRight[],
  { parties, namespace }: Moved,
  found: User | undefined,
  targetRights: UserRight[],
): ComparedUser {
  const hasPrimaryParty = parties.has(user.primaryParty);
  const wanted: User = {
    ...user,
    primaryParty: hasPrimaryParty ? user.primaryParty : '',
    authenticatesPrimaryParty: hasPrimaryParty && user.authenticatesPrimaryParty,
  };
  const moves = ({ kind, party }: UserRight) =>
    kind !== 'unknown' && (party === undefined || parties.has(party));
  const rights = sourceRights.filter(moves);
  const without = (these: UserRight[], those: UserRight[]) => {
    const texts = new Set(those.map((right) => rightText(right, namespace)));
    return these.filter((right) => !texts.has(rightText(right, namespace)));
  };
  const addRights = without(rights, targetRights);
  const { add, conflicts } = compareAnnotationsOf(user.annotations, found?.annotations ?? {});
  // Who has no primary party here takes none away there.
  const fields = ['identityProvider', 'isDeactivated', 'authenticatesPrimaryParty'] as const;
  const differing = found
    ? [
        ...(['', found.primaryParty].includes(wanted.primaryParty) ? [] : ['primaryParty']),
        ...fields.filter((field) => wanted[field] !== found[field]),
      ]
    : [];
  const isTooMuch = targetRights.length + addRights.length > RIGHTS_LIMIT;
  const all = [
    ...differing,
    ...conflicts,
    ...(isTooMuch ? [`more than ${RIGHTS_LIMIT} rights together`] : []),
  ];
  const lacks = addRights.length + Object.keys(add).length > 0;
  const surplusRights = without(targetRights, sourceRights).filter(moves);
  const surplusKeys = Object.keys(found?.annotations ?? {}).filter(
    (key) => user.annotations[key] === undefined,
  );
  return {
    wanted,
    rights,
    addRights,
    addAnnotations: add,
    action: actionOf(all, found !== undefined, lacks),
    conflicts: all,
    dropped: sourceRights.filter((right) => !moves(right)),
    surplusRights: surplusRights.length,
    surplus: [
      ...surplusRights.map((right) => rightText(right, namespace)),
      ...surplusKeys.map((key) => `annotation ${key}`),
      ...(wanted.primaryParty === '' && found && found.primaryParty !== '' ? ['primaryParty'] : []),
    ],
    isExact: found !== undefined && isAsMade(wanted, rights, found, targetRights),
    ...(user.primaryParty !== '' && !hasPrimaryParty && { droppedPrimaryParty: user.primaryParty }),
  };
}

/** Whether a user is as it is created here: before its rights are granted, which is one call, or after. */
function isAsMade(wanted: User, rights: UserRight[], found: User, granted: UserRight[]): boolean {
  const expected = granted.length === 0 ? [] : rights;
  return digestOfUser(wanted, expected) === digestOfUser(found, granted);
}

/** Ids of users that only the target has. Ordered. */
export async function listUsersOfTarget({ source, target }: Sides): Promise<string[]> {
  const [theirs, there] = await Promise.all([listUsers(source), listUsers(target)]);
  const known = new Set(theirs.map(({ id }) => id));
  return there
    .map(({ id }) => id)
    .filter((id) => id !== ADMIN_USER && !known.has(id))
    .sort();
}

/** Annotations of the parties of the source; those of parties that stay have the action `exclude`. Ordered by party. */
export async function comparePartyAnnotations(
  { source, target }: Sides,
  { parties }: Moved,
): Promise<ComparedAnnotations[]> {
  const [theirs, there] = await Promise.all([listAnnotations(source), listAnnotations(target)]);
  return [...theirs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([party, wanted]) => {
      const found = there.get(party);
      const { add, conflicts } = compareAnnotationsOf(wanted, found ?? {});
      const action: LocalAction = parties.has(party)
        ? actionOf(conflicts, found !== undefined, Object.keys(add).length > 0)
        : 'exclude';
      return { party, wanted, add, conflicts, action };
    });
}

/** Parties of the source that belong to an identity provider, with its id. */
export async function listAssignedParties({ users, partyDetails }: ParticipantReads) {
  const providers = await users.listIdentityProviders();
  if (providers.length === 0) return [];
  const known = await partyDetails.listAnnotations('');
  return known.filter(({ identityProvider }) => identityProvider !== '');
}

function compareAnnotationsOf(wanted: Record<string, string>, found: Record<string, string>) {
  const add: Record<string, string> = {};
  const conflicts: string[] = [];
  for (const [key, value] of Object.entries(wanted)) {
    if (found[key] === undefined) add[key] = value;
    else if (found[key] !== value) conflicts.push(`annotation ${key}`);
  }
  return { add, conflicts };
}

function actionOf(conflicts: string[], isThere: boolean, lacks: boolean): LocalAction {
  if (conflicts.length > 0) return 'conflict';
  if (!isThere) return 'create';
  return lacks ? 'extend' : 'present';
}

/** Canton lists those of one identity provider at a time. */
export async function listUsers({ users }: ParticipantReads): Promise<User[]> {
  let found: User[] = [];
  for (const id of await providerIds(users)) found = found.concat(await users.listUsers(id));
  return found;
}

/** None of a user that is gone meanwhile. */
export async function listRights({ users }: ParticipantReads, user: User): Promise<UserRight[]> {
  return users.listRights(user).catch((error: unknown) => {
    if (isRefusal(error, 'does not exist')) return [];
    throw error;
  });
}

/** By party. */
export async function listAnnotations({ users, partyDetails }: ParticipantReads) {
  const found = new Map<string, Record<string, string>>();
  for (const id of await providerIds(users)) {
    for (const { party, annotations } of await partyDetails.listAnnotations(id)) {
      if (Object.keys(annotations).length > 0) found.set(party, annotations);
    }
  }
  return found;
}

async function providerIds(users: ParticipantReads['users']): Promise<string[]> {
  return ['', ...(await users.listIdentityProviders()).map(({ id }) => id)];
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
