import { listed, mismatch } from '../model/failure.js';
import { isLeftBehind, type LocalKind } from '../model/local-state.js';
import type { ResourceLimits } from '../model/participant.js';
import type { Participants } from './participants.js';
import { isSame } from './local-settings.js';
import {
  compareIdentityProviders,
  comparePartyAnnotations,
  compareUsers,
  type ComparedUser,
} from './local-state.js';
import { differs, movedOf, type LocalStateInput } from './migrate-local-state.js';

export interface ReadLocalStateInput extends LocalStateInput {
  /** As the request has it. */
  leaveBehind: string[];
  /** What the target was given, if it was. */
  limits?: ResourceLimits;
}

export function readLocalStateActivities(participants: Participants) {
  return {
    /**
     * Returns once the target has every identity provider, user, right and annotation of the source that moves, also
     * those that came after the plan. Fails with `LocalStateDiffers`, naming what it lacks.
     */
    async readLocalState(
      input: ReadLocalStateInput,
    ): Promise<{ identityProviders: number; users: number; annotatedParties: number }> {
      const sides = { source: participants.read(input.source), target: participants.read(input.target) };
      const stays = (kind: LocalKind, id?: string) => isLeftBehind(input.leaveBehind, kind, id);
      const providers = stays('identityProviders') ? [] : await compareIdentityProviders(sides);
      const users = stays('users') ? [] : await compareUsers(sides, movedOf(input));
      const annotations = stays('partyAnnotations')
        ? []
        : await comparePartyAnnotations(sides, movedOf(input));

      const copied = {
        providers: providers.filter(({ wanted }) => !stays('identityProviders', wanted.id)),
        users: users.filter(
          ({ wanted: { id, identityProvider } }) =>
            !stays('users', id) &&
            (identityProvider === '' || !stays('identityProviders', identityProvider)),
        ),
        annotations: annotations.filter(
          ({ party, action }) => action !== 'exclude' && !stays('partyAnnotations', party),
        ),
      };
      const hasLimits =
        input.limits === undefined ||
        isSame(await sides.target.health.readResourceLimits(), input.limits);
      const differing = [
        ...copied.providers.filter(differs).map(({ wanted }) => `identity provider ${wanted.id}`),
        ...copied.users.filter(differs).map((user) => `user ${user.wanted.id} (${lacking(user)})`),
        ...copied.annotations.filter(differs).map(({ party }) => `annotations of ${party}`),
        ...(hasLimits ? [] : ['resource limits']),
      ];
      if (differing.length > 0) {
        throw mismatch(
          'LocalStateDiffers',
          `${input.target.name} is not as ${input.source.name} in ${differing.length} things: ${listed(differing, 20)}`,
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
