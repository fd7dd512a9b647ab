import { nameOf, rightText, type LocalAction } from '../../model/local-state.js';
import type { ExtendedUser, MadeLocalState } from '../../model/made.js';
import type { ResourceLimits } from '../../model/participant.js';
import { isSame } from './local-settings.js';
import {
  compareIdentityProviders,
  comparePartyAnnotations,
  compareUsers,
  type ComparedUser,
} from './local-state.js';
import { digestOfProvider, digestOfUser, digestsOf } from './made-digest.js';
import type { VettingInput } from '../packages/migrate-dars.js';
import { movedOf, type LocalStateInput } from './migrate-local-state.js';
import { idsOf } from '../packages/package-names.js';
import type { Participants } from '../nodes/participants.js';

export interface FindMissingInput extends LocalStateInput {
  /** Ids of what the plan copies. */
  identityProviders: string[];
  users: string[];
  /** Names of parties. */
  annotations: string[];
  /** Of these, ids of users that the migration created before. */
  createdUsers: string[];
  /** Limits that the target had, if it is to get those of the source. */
  formerLimits?: ResourceLimits;
}

/** What the target lacks: read and recorded before it is made, so that an undo knows what is the migration's. */
export function missingActivities(participants: Participants) {
  return {
    /** Returns which of these DARs (main package ids) the target does not list, and which packages it has not vetted. */
    async findMissingPackages(
      input: VettingInput & { dars: string[]; vetted: string[] },
    ): Promise<{ dars: string[]; vetted: string[] }> {
      const { packages, topology } = participants.read(input.target);
      const store = { synchronizerId: input.synchronizerId };
      const [dars, vetted] = await Promise.all([
        packages.listDars(),
        topology.findVettedPackages(store, input.target.uid),
      ]);
      const isListed = new Set(dars.map(({ mainPackageId }) => mainPackageId));
      const isVetted = idsOf(vetted?.packages ?? []);
      return {
        dars: input.dars.filter((id) => !isListed.has(id)),
        vetted: input.vetted.filter((id) => !isVetted.has(id)),
      };
    },

    /** Returns what of this the target lacks, as it will be made. */
    async findMissingLocalState(input: FindMissingInput): Promise<MadeLocalState> {
      const sides = { source: participants.read(input.source), target: participants.read(input.target) };
      const moved = movedOf(input);
      const isCreated = new Set(input.createdUsers);
      // One that the migration created before, and that lacks something by now, will be as the source has it.
      const isNew = (id: string, action: LocalAction) =>
        action === 'create' || (action === 'extend' && isCreated.has(id));
      const providers = input.identityProviders.length > 0 ? await compareIdentityProviders(sides) : [];
      const users = input.users.length > 0 ? await compareUsers(sides, moved, new Set(input.users)) : [];
      const annotations =
        input.annotations.length > 0 ? await comparePartyAnnotations(sides, moved) : [];
      const hasFormerLimits =
        input.formerLimits !== undefined &&
        isSame(await sides.target.health.readResourceLimits(), input.formerLimits);
      const isPlanned = new Set(input.identityProviders);
      return {
        identityProviders: providers
          .filter(({ wanted, action }) => action === 'create' && isPlanned.has(wanted.id))
          .map(({ wanted }) => ({ id: wanted.id, digest: digestOfProvider(wanted) })),
        users: users.filter(({ wanted, action }) => isNew(wanted.id, action)).map(createdUser),
        extendedUsers: users
          .filter(({ wanted, action }) => action === 'extend' && !isCreated.has(wanted.id))
          .map((its) => extendedUser(its, input)),
        annotations: annotations
          .filter(({ add }) => Object.keys(add).length > 0)
          .map(({ party, add }) => ({
            name: nameOf(party, input.namespace),
            keys: digestsOf(party, add),
          }))
          .filter(({ name }) => input.annotations.includes(name)),
        hasLimits: hasFormerLimits,
      };
    },
  };
}

function createdUser({ wanted, rights }: ComparedUser): MadeLocalState['users'][number] {
  const { id, identityProvider } = wanted;
  return { id, identityProvider, digest: digestOfUser(wanted, rights) };
}

function extendedUser(
  { wanted, addRights, addAnnotations }: ComparedUser,
  { namespace }: LocalStateInput,
): ExtendedUser {
  return {
    id: wanted.id,
    identityProvider: wanted.identityProvider,
    rights: addRights.map((right) => rightText(right, namespace)),
    annotations: digestsOf(wanted.id, addAnnotations),
  };
}
