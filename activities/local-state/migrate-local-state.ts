import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import { partyNamed } from '../../model/local-state.js';
import type { NodeRef } from '../../model/participant.js';
import { allowing } from '../../canton/refusals.js';
import type { Participants } from '../nodes/participants.js';
import {
  compareIdentityProviders,
  comparePartyAnnotations,
  compareUsers,
  USERS_AT_ONCE,
  type Compared,
  type ComparedUser,
  type Moved,
} from './local-state.js';
import type { Participant } from '../../model/participant-access.js';
import { progress } from '../attempt/progress.js';
import { forEachOf } from '../attempt/waiting.js';

export interface LocalStateInput {
  source: NodeRef;
  target: NodeRef;
  /** The namespace of most parties: names are without it. */
  namespace: string;
  /** Ids of the parties that move. */
  parties: string[];
}

export function migrateLocalStateActivities(participants: Participants) {
  return {
    /**
     * Ensures that the target has these identity provider configurations of the source.
     *
     * Safe to repeat. Fails with `IdentityProviderConflict` if it has another one of the name, with
     * `LocalStateLost` if it accepts one and does not list it.
     */
    async ensureIdentityProviders(input: {
      source: NodeRef;
      target: NodeRef;
      ids: string[];
    }): Promise<{ created: number }> {
      const sides = sidesOf(participants, input);
      const compare = async () =>
        (await compareIdentityProviders(sides)).filter(({ wanted }) => input.ids.includes(wanted.id));
      const before = await compare();
      refuseConflicts('IdentityProviderConflict', input.target, before, ({ id }) => id);
      const missing = before.filter(({ action }) => action === 'create');
      for (const { wanted } of missing) {
        await allowing(['exists already'], sides.target.users.createIdentityProvider(wanted));
      }
      if (missing.length > 0) readBack(input.target, await compare(), ({ id }) => id);
      return { created: missing.length };
    },

    /**
     * Ensures that the target has these users of the source, with their annotations and with their rights on parties
     * that move. Annotations go from node to node; none is in the input or the result.
     *
     * Safe to repeat; one that is gone from the source is skipped. Fails with `UserConflict` or `LocalStateLost`.
     */
    async ensureUsers(
      input: LocalStateInput & { ids: string[] },
    ): Promise<{ created: number; granted: number; annotated: number }> {
      const sides = sidesOf(participants, input);
      const moved = movedOf(input);
      const ids = new Set(input.ids);
      const before = await compareUsers(sides, moved, ids);
      refuseConflicts('UserConflict', input.target, before, ({ id }) => id);
      const changed = { created: 0, granted: 0, annotated: 0 };
      const lacking = before.filter(({ action }) => action !== 'present');
      let done = 0;
      await forEachOf(lacking, USERS_AT_ONCE, async (user) => {
        await ensureUser(sides.target, user, changed);
        progress({ usersCopied: ++done, of: lacking.length });
      });
      const touched = new Set(lacking.map(({ wanted }) => wanted.id));
      if (touched.size > 0)
        readBack(input.target, await compareUsers(sides, moved, touched), ({ id }) => id);
      return changed;
    },

    /**
     * Ensures that the target has the annotations of these parties (names). It has to host them.
     *
     * Safe to repeat. Fails with `AnnotationConflict` or `LocalStateLost`.
     */
    async ensurePartyAnnotations(
      input: LocalStateInput & { names: string[] },
    ): Promise<{ annotated: number }> {
      const sides = sidesOf(participants, input);
      const wanted = new Set(input.names.map((name) => partyNamed(name, input.namespace)));
      const compare = async () =>
        (await comparePartyAnnotations(sides, movedOf(input))).filter(({ party }) => wanted.has(party));
      const before = await compare();
      const named = (its: Awaited<ReturnType<typeof compare>>) =>
        its.map((one) => ({ ...one, wanted: one.party }));
      refuseConflicts('AnnotationConflict', input.target, named(before), (party) => party);
      const lacking = before.filter(({ action }) => action !== 'present');
      await forEachOf(lacking, USERS_AT_ONCE, ({ party, add }) =>
        sides.target.partyDetails.annotate(party, add),
      );
      if (lacking.length > 0) readBack(input.target, named(await compare()), (party) => party);
      return { annotated: lacking.length };
    },
  };
}

function sidesOf(participants: Participants, input: { source: NodeRef; target: NodeRef }) {
  return { source: participants.read(input.source), target: participants.change(input.target) };
}

/** What an input says of the parties that move. */
export function movedOf({ namespace, parties }: Pick<LocalStateInput, 'namespace' | 'parties'>): Moved {
  return { namespace, parties: new Set(parties) };
}

async function ensureUser(
  { users }: Participant,
  { wanted, action, addRights, addAnnotations }: ComparedUser,
  changed: { created: number; granted: number; annotated: number },
): Promise<void> {
  if (action === 'create') {
    await allowing(['exists already'], users.createUser(wanted));
    changed.created += 1;
  } else if (Object.keys(addAnnotations).length > 0) {
    await users.annotateUser(wanted, addAnnotations);
    changed.annotated += 1;
  }
  if (addRights.length > 0) await users.grantRights(wanted, addRights);
  changed.granted += addRights.length;
}

function refuseConflicts<T>(
  type: 'IdentityProviderConflict' | 'UserConflict' | 'AnnotationConflict',
  target: NodeRef,
  compared: Compared<T>[],
  nameOf: (wanted: T) => string,
): void {
  const conflicts = compared
    .filter(({ action }) => action === 'conflict')
    .map(({ wanted, conflicts: fields }) => `${nameOf(wanted)} (${fields.join(', ')})`);
  if (conflicts.length > 0)
    throw mismatch(type, `${target.name} has these with other content: ${listed(conflicts)}`);
}

function readBack<T>(target: NodeRef, compared: Compared<T>[], nameOf: (wanted: T) => string): void {
  const lost = compared.filter(differs).map(({ wanted }) => nameOf(wanted));
  if (lost.length > 0) {
    throw mismatch('LocalStateLost', `${target.name} accepted but does not show all of ${listed(lost)}`);
  }
}

/** Whether the target does not have all of it. */
export function differs({ action }: Compared<unknown>): boolean {
  return action !== 'present';
}
