import { rightOf, partyNamed } from '../model/local-state.js';
import type { NodeRef, UserId } from '../model/participant.js';
import { isCantonRefusal } from './canton-refusal.js';
import type { Participants } from './participants.js';
import {
  compareIdentityProviders,
  comparePartyAnnotations,
  compareUsers,
  USERS_AT_ONCE,
  type Compared,
} from './local-state.js';
import { movedOf, type LocalStateInput } from './migrate-local-state.js';
import { progress } from './progress.js';
import { forEachOf } from './waiting.js';

/** What a user had not before the migration: rights as `rightText` writes them, and keys of annotations. */
export interface ReducedUser extends UserId {
  rights: string[];
  annotations: string[];
}

/**
 * The undo of what `migrate-local-state` makes. Nothing is taken away that is not as the migration made it.
 */
export function withdrawLocalStateActivities(participants: Participants) {
  const sidesOf = (input: { source: NodeRef; target: NodeRef }) => ({
    source: participants.read(input.source),
    target: participants.read(input.target),
  });

  return {
    /** Ensures that the target has none of the users `remove`, and of the others not what was added. */
    async withdrawUsers(
      input: LocalStateInput & { remove: string[]; reduce: ReducedUser[] },
    ): Promise<{ removed: number; reduced: number; kept: string[] }> {
      const { users } = participants.change(input.target);
      const compared = await compareUsers(sidesOf(input), movedOf(input), new Set(input.remove));
      const ours = compared.filter(isOurs).map(({ wanted }) => wanted);
      await forEachOf(ours, USERS_AT_ONCE, async (user) => {
        await unlessGone('USER_NOT_FOUND', users.removeUser(user));
        progress({ removing: 'users', of: ours.length });
      });
      let reduced = 0;
      await forEachOf(input.reduce, USERS_AT_ONCE, async ({ rights, annotations, ...user }) => {
        const unwanted = rights.map((right) => rightOf(right, input.namespace));
        if (unwanted.length > 0) await unlessGone('USER_NOT_FOUND', users.revokeRights(user, unwanted));
        if (annotations.length > 0)
          await unlessGone('USER_NOT_FOUND', users.annotateUser(user, emptied(annotations)));
        reduced += 1;
      });
      return { removed: ours.length, reduced, kept: keptOf(compared) };
    },

    /** Ensures that the target has none of these annotations, unless somebody gave them another value. */
    async withdrawPartyAnnotations(
      input: LocalStateInput & { added: { name: string; keys: string[] }[] },
    ): Promise<{ withdrawn: number }> {
      const compared = await comparePartyAnnotations(sidesOf(input), movedOf(input));
      const byParty = new Map(compared.map((its) => [its.party, its]));
      const wanted = input.added.flatMap(({ name, keys }) => {
        const party = partyNamed(name, input.namespace);
        const its = byParty.get(party);
        const unwanted = keys.filter(
          (key) => its && its.add[key] === undefined && !its.conflicts.includes(`annotation ${key}`),
        );
        return unwanted.length > 0 ? [{ party, unwanted }] : [];
      });
      const { partyDetails } = participants.change(input.target);
      await forEachOf(wanted, USERS_AT_ONCE, async ({ party, unwanted }) => {
        await partyDetails.annotate(party, emptied(unwanted));
      });
      return { withdrawn: wanted.length };
    },

    /** Ensures that the target has none of these configurations. No user may belong to them. */
    async withdrawIdentityProviders(input: {
      source: NodeRef;
      target: NodeRef;
      ids: string[];
    }): Promise<{ removed: number; kept: string[] }> {
      const all = await compareIdentityProviders(sidesOf(input));
      const compared = all.filter(({ wanted }) => input.ids.includes(wanted.id));
      const ours = compared.filter(isOurs);
      const { users } = participants.change(input.target);
      for (const { wanted } of ours) {
        await unlessGone('IDP_CONFIG_NOT_FOUND', users.removeIdentityProvider(wanted.id));
      }
      return { removed: ours.length, kept: keptOf(compared) };
    },
  };
}

/** On the target, and nothing of it says anything else than the source. */
function isOurs({ action }: Compared<unknown>): boolean {
  return action === 'present' || action === 'extend';
}

function keptOf(compared: Compared<{ id: string }>[]): string[] {
  return compared.filter(({ action }) => action === 'conflict').map(({ wanted }) => wanted.id);
}

async function unlessGone(errorId: string, change: Promise<void>): Promise<void> {
  await change.catch((error: unknown) => {
    if (!isCantonRefusal(error, errorId)) throw error;
  });
}

function emptied(keys: string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, '']));
}
