import { listed } from '../../model/count.js';
import { mismatch } from '../../model/failure.js';
import { partyNamed, rightText } from '../../model/local-state.js';
import type { MadeLocalState } from '../../model/made.js';
import type { ResourceLimits } from '../../model/participant.js';
import type { Participants } from '../nodes/participants.js';
import { isSame } from './local-settings.js';
import { compareCopied } from './copied-local-state.js';
import { digestOfUser } from './made-digest.js';
import { listAnnotations, listRights, listUsers, type ComparedUser, type Sides } from './local-state.js';
import { differs, movedOf, type LocalStateInput } from './migrate-local-state.js';

export interface ReadLocalStateInput extends LocalStateInput {
  /** As the request has it. */
  leaveBehind: string[];
  /** What the migration made on the target: of that, the source has to have all still. */
  made: MadeLocalState;
  /** Digests of the source's users in the plan, by id, of those that the target had already. */
  planned: Record<string, string>;
  /** What the target was given, if it was. */
  limits?: ResourceLimits;
}

export function readLocalStateActivities(participants: Participants) {
  return {
    /**
     * Returns once the target has every identity provider, user, right and annotation of the source that moves, also
     * those that came after the plan; and nothing that the source took away since of what was copied, or was on both. Fails
     * with `LocalStateDiffers`, naming what it lacks or has too much. What the target had before is its own.
     */
    async readLocalState(
      input: ReadLocalStateInput,
    ): Promise<{ identityProviders: number; users: number; annotatedParties: number }> {
      const sides = { source: participants.read(input.source), target: participants.read(input.target) };
      const copied = await compareCopied(sides, movedOf(input), input.leaveBehind);
      const hasLimits =
        input.limits === undefined ||
        isSame(await sides.target.health.readResourceLimits(), input.limits);
      const differing = [
        ...copied.providers.filter(differs).map(({ wanted }) => `identity provider ${wanted.id}`),
        ...copied.users.filter(differs).map((user) => `user ${user.wanted.id} (${lacking(user)})`),
        ...copied.annotations.filter(differs).map(({ party }) => `annotations of ${party}`),
        ...(hasLimits ? [] : ['resource limits']),
        ...surplusUsers(copied.users, input),
        ...(await goneFromSource(sides, input)),
      ];
      if (differing.length > 0) {
        throw mismatch(
          'LocalStateDiffers',
          `${input.target.name} differs from ${input.source.name} in ${differing.length} things: ${listed(differing, 20)}`,
        );
      }
      return {
        identityProviders: copied.providers.length,
        users: copied.users.length,
        annotatedParties: copied.annotations.length,
      };
    },
  };
}

function lacking({ action, addRights, conflicts }: ComparedUser): string {
  if (action === 'create') return 'missing';
  if (action === 'conflict') return conflicts.join(', ');
  return addRights.length > 0 ? `lacks ${addRights.length} rights` : 'lacks annotations';
}

/** Users that the target's have something of which the source took away after it was copied, or was found on both. */
function surplusUsers(
  users: ComparedUser[],
  { made, planned }: Pick<ReadLocalStateInput, 'made' | 'planned'>,
): string[] {
  const isMade = new Set(made.users.map(({ id }) => id));
  const added = new Map(made.extendedUsers.map((its) => [its.id, its]));
  return users.flatMap(({ wanted, rights, surplus }) => {
    const { id } = wanted;
    const its = added.get(id);
    const hasChanged = planned[id] !== undefined && planned[id] !== digestOfUser(wanted, rights);
    const wasCopied = (what: string) =>
      hasChanged ||
      isMade.has(id) ||
      its?.rights.includes(what) ||
      Object.keys(its?.annotations ?? {}).some((key) => what === `annotation ${key}`);
    const gone = surplus.filter(wasCopied);
    return gone.length > 0 ? [`user ${id} (has ${listed(gone)}, unlike on the source)`] : [];
  });
}

/** What was copied, is on the target, and is not on the source any more. */
async function goneFromSource(sides: Sides, input: ReadLocalStateInput): Promise<string[]> {
  const { made, namespace } = input;
  const gone: string[] = [];
  if (made.identityProviders.length > 0) {
    const [wanted, there] = await Promise.all([
      sides.source.users.listIdentityProviders(),
      sides.target.users.listIdentityProviders(),
    ]);
    const isLeft = leftOf(wanted, there);
    gone.push(
      ...made.identityProviders.filter(isLeft).map(({ id }) => `identity provider ${id} (surplus)`),
    );
  }
  const found = Object.keys(input.planned).map((id) => ({ id }));
  if (made.users.length + made.extendedUsers.length + found.length > 0) {
    const there = await listUsers(sides.target);
    const isLeft = leftOf(await listUsers(sides.source), there);
    const isExtended = new Set(made.extendedUsers.map(({ id }) => id));
    const users = [...made.users, ...found.filter(({ id }) => !isExtended.has(id))];
    for (const { id } of users.filter(isLeft)) gone.push(`user ${id} (surplus)`);
    for (const { id, rights } of made.extendedUsers) {
      const user = there.find((its) => its.id === id);
      if (!user || !isLeft(user)) continue;
      const has = (await listRights(sides.target, user)).map((right) => rightText(right, namespace));
      const copied = rights.filter((text) => has.includes(text));
      if (copied.length > 0) gone.push(`user ${id} (has ${listed(copied)}, which were copied)`);
    }
  }
  if (made.annotations.length > 0) {
    const [wanted, there] = await Promise.all([
      listAnnotations(sides.source),
      listAnnotations(sides.target),
    ]);
    for (const { name, keys } of made.annotations) {
      const party = partyNamed(name, namespace);
      const left = Object.keys(keys).filter(
        (key) => there.get(party)?.[key] !== undefined && wanted.get(party)?.[key] === undefined,
      );
      if (left.length > 0) gone.push(`annotations of ${party} (surplus: ${listed(left)})`);
    }
  }
  return gone;
}

function leftOf(source: { id: string }[], target: { id: string }[]): (its: { id: string }) => boolean {
  const wanted = new Set(source.map(({ id }) => id));
  const there = new Set(target.map(({ id }) => id));
  return ({ id }) => there.has(id) && !wanted.has(id);
}
