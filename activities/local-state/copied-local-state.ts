import { isLeftBehind, type LocalKind } from '../../model/local-state.js';
import {
  compareIdentityProviders,
  comparePartyAnnotations,
  compareUsers,
  type Moved,
  type Sides,
} from './local-state.js';

/** What a migration copies of users, identity providers and annotations, each against what the target has of it. */
export async function compareCopied(sides: Sides, moved: Moved, leaveBehind: readonly string[]) {
  const stays = (kind: LocalKind, id?: string) => isLeftBehind(leaveBehind, kind, id);
  const providers = stays('identityProviders') ? [] : await compareIdentityProviders(sides);
  const users = stays('users') ? [] : await compareUsers(sides, moved);
  const annotations = stays('partyAnnotations') ? [] : await comparePartyAnnotations(sides, moved);
  return {
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
}
