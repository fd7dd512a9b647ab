import { nameOf, partyNamed, rightOf, rightText } from '../../model/local-state.js';
import type { ExtendedUser, MadeOnTarget, MadeThing } from '../../model/made.js';
import type { NodeRef, User, UserId } from '../../model/participant.js';
import { allowing } from '../../canton/refusals.js';
import { compareUsers, listAnnotations, listRights, listUsers, USERS_AT_ONCE } from './local-state.js';
import { digestOfProvider, digestOfUser, digestsOf } from './made-digest.js';
import { movedOf, type LocalStateInput } from './migrate-local-state.js';
import type { Participant } from '../../model/participant-access.js';
import type { Participants } from '../nodes/participants.js';
import { progress } from '../attempt/progress.js';
import { forEachOf } from '../attempt/waiting.js';

/**
 * The undo of what `migrate-local-state` makes. What is not as the migration made it is somebody else's by now: it stays, and
 * is named in `kept`.
 */
export function withdrawLocalStateActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target has none of the users `remove`, and of the users `reduce` not what the migration added.
     * `others` are ids of users that it did not make, though the plan said so.
     */
    async withdrawUsers(
      input: LocalStateInput & {
        remove: MadeOnTarget['users'];
        reduce: ExtendedUser[];
        others: string[];
      },
    ): Promise<{ removed: number; reduced: number; kept: string[] }> {
      const target = participants.change(input.target);
      const there = new Map((await listUsers(target)).map((user) => [user.id, user]));
      const { removed, kept: changed } = await removeUsers(participants, input, there);
      const kept = changed.concat(ofOthers('user', input.others, there));
      const reduced = await reduceUsers(target, input, there);
      return { removed, reduced, kept: kept.sort() };
    },

    /** Ensures that the target has none of these annotations, unless somebody gave them another value. */
    async withdrawPartyAnnotations(
      input: LocalStateInput & { made: MadeOnTarget['annotations'] },
    ): Promise<{ withdrawn: number; kept: string[] }> {
      const target = participants.change(input.target);
      const there = await listAnnotations(target);
      const kept: string[] = [];
      const wanted = input.made.flatMap(({ name, keys }) => {
        const party = partyNamed(name, input.namespace);
        const { ours, others } = split(party, there.get(party) ?? {}, keys);
        const of = nameOf(party, input.namespace);
        kept.push(...others.map((key) => keptChanged('annotation', `${key} of ${of}`)));
        return ours.length > 0 ? [{ party, ours }] : [];
      });
      await forEachOf(wanted, USERS_AT_ONCE, async ({ party, ours }) => {
        await target.partyDetails.annotate(party, emptied(ours));
      });
      return { withdrawn: wanted.length, kept };
    },

    /** Ensures that the target has none of these configurations. One that users belong to stays: Canton cannot remove it. */
    async withdrawIdentityProviders(input: {
      target: NodeRef;
      made: MadeThing[];
      others: string[];
    }): Promise<{ removed: number; kept: string[] }> {
      const target = participants.change(input.target);
      const there = new Map((await target.users.listIdentityProviders()).map((its) => [its.id, its]));
      const used = new Set((await listUsers(target)).map(({ identityProvider }) => identityProvider));
      const kept = ofOthers('identity provider', input.others, there);
      let removed = 0;
      for (const { id, digest } of input.made) {
        const found = there.get(id);
        if (!found) continue;
        if (digestOfProvider(found) !== digest) kept.push(keptChanged('identity provider', id));
        else if (used.has(id))
          kept.push(`identity provider ${id} left: users of ${input.target.name} belong to it`);
        else {
          await allowing(['does not exist'], target.users.removeIdentityProvider(id));
          removed += 1;
        }
      }
      return { removed, kept };
    },
  };
}

/** Removes the users that are as the migration made them, or as the source has them by now; names the others. */
async function removeUsers(
  participants: Participants,
  input: LocalStateInput & { remove: MadeOnTarget['users'] },
  there: ReadonlyMap<string, User>,
): Promise<{ removed: number; kept: string[] }> {
  const target = participants.change(input.target);
  let removed = 0;
  const remove = async (user: User) => {
    await allowing(['does not exist'], target.users.removeUser(user));
    progress({ usersRemoved: ++removed });
  };
  const changed: User[] = [];
  await forEachOf(input.remove, USERS_AT_ONCE, async ({ id, digest }) => {
    const user = there.get(id);
    if (!user) return;
    const rights = await listRights(target, user);
    if (digestOfUser(user, rights) === digest) await remove(user);
    else changed.push(user);
  });
  const exact = await readExact(participants, input, changed);
  const kept: string[] = [];
  for (const user of changed) {
    if (exact.has(user.id)) await remove(user);
    else kept.push(keptChanged('user', user.id));
  }
  return { removed, kept };
}

/** What stays of the things that the plan would have made, because others made them. */
function ofOthers(what: string, ids: string[], there: ReadonlyMap<string, unknown>): string[] {
  return ids.filter((id) => there.has(id)).map((id) => `${what} ${id} left: others created it`);
}

function keptChanged(what: string, id: string): string {
  return `${what} ${id} left: not as this migration made it`;
}

/** Ids of the users that are as the source has them: an operator may have followed on the target what changed there. */
async function readExact(
  participants: Participants,
  input: LocalStateInput,
  users: User[],
): Promise<ReadonlySet<string>> {
  if (users.length === 0) return new Set();
  const sides = { source: participants.read(input.source), target: participants.read(input.target) };
  const compared = await compareUsers(sides, movedOf(input), new Set(users.map(({ id }) => id)));
  return new Set(compared.filter(({ isExact }) => isExact).map(({ wanted }) => wanted.id));
}

async function reduceUsers(
  target: Participant,
  input: LocalStateInput & { reduce: ExtendedUser[] },
  there: ReadonlyMap<string, User>,
): Promise<number> {
  let reduced = 0;
  await forEachOf(input.reduce, USERS_AT_ONCE, async (added) => {
    const user = there.get(added.id);
    if (user && (await reduce(target, user, added, input.namespace))) reduced += 1;
  });
  return reduced;
}

/** Takes from a user of others what it got; returns whether there was any. */
async function reduce(
  target: Participant,
  user: User,
  added: ExtendedUser,
  namespace: string,
): Promise<boolean> {
  const rights = await listRights(target, user);
  const has = new Set(rights.map((right) => rightText(right, namespace)));
  const unwanted = added.rights.filter((text) => has.has(text)).map((text) => rightOf(text, namespace));
  const { ours } = split(user.id, user.annotations, added.annotations);
  const { users } = target;
  const its: UserId = { id: user.id, identityProvider: user.identityProvider };
  if (unwanted.length > 0) await allowing(['does not exist'], users.revokeRights(its, unwanted));
  if (ours.length > 0) await allowing(['does not exist'], users.annotateUser(its, emptied(ours)));
  return unwanted.length + ours.length > 0;
}

/** Of annotations that the migration gave to `of`: those that are as it made them, and those that others changed. */
function split(of: string, found: Record<string, string>, made: Record<string, string>) {
  const now = digestsOf(of, found);
  const there = Object.keys(made).filter((key) => now[key] !== undefined);
  return {
    ours: there.filter((key) => now[key] === made[key]),
    others: there.filter((key) => now[key] !== made[key]),
  };
}

function emptied(keys: string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, '']));
}
