import { CantonRefusal } from '../errors.js';
import { unary, type Service, type Services } from '../grpc.js';
import type { UserRecord } from './local-state.js';
import type { Participant210 } from './participant.js';

/** Users and identity providers of a participant. */
export function userServices(node: Participant210): Services {
  return {
    'com.daml.ledger.api.v1.admin.UserManagementService': userManagement(node),
    'com.daml.ledger.api.v1.admin.IdentityProviderConfigService': identityProviders(node),
  };
}

function userManagement(
  node: Participant210,
): Service<'com.daml.ledger.api.v1.admin.UserManagementService'> {
  const { users } = node.local;
  const userOf = (id: string) => findUser(node, id);
  return {
    ListUsers: unary(({ identity_provider_id = '' }) => ({
      users: [...users.values()]
        .filter((user) => user.identity_provider_id === identity_provider_id)
        .map(shown),
    })),
    GetUser: unary(({ user_id = '' }) => ({ user: shown(userOf(user_id)) })),
    CreateUser: unary(({ user, rights = [] }) => {
      const id = user?.id ?? '';
      if (users.has(id))
        throw new CantonRefusal({
          id: 'USER_ALREADY_EXISTS',
          category: 10,
          cause: `user "${id}" exists`,
        });
      const made: UserRecord = {
        id,
        primary_party: user?.primary_party ?? '',
        is_deactivated: user?.is_deactivated === true,
        identity_provider_id: user?.identity_provider_id ?? '',
        annotations: { ...user?.metadata?.annotations },
        rights: rights.map((right) => ({ ...right })),
      };
      users.set(id, made);
      return { user: shown(made) };
    }),
    UpdateUser: unary(({ user }) => {
      const known = userOf(user?.id ?? '');
      annotate(known.annotations, user?.metadata?.annotations ?? {});
      return { user: shown(known) };
    }),
    DeleteUser: unary(({ user_id = '' }) => {
      users.delete(userOf(user_id).id);
      return {};
    }),
    ListUserRights: unary(({ user_id = '' }) => ({ rights: userOf(user_id).rights })),
    GrantUserRights: unary(({ user_id = '', rights = [] }) => {
      const user = userOf(user_id);
      const known = new Set(user.rights.map((right) => JSON.stringify(bare(right))));
      const added = rights
        .map((right) => bare(right))
        .filter((right) => !known.has(JSON.stringify(right)));
      user.rights.push(...added);
      return { newly_granted_rights: added };
    }),
    RevokeUserRights: unary(({ user_id = '', rights = [] }) => {
      const user = userOf(user_id);
      const gone = new Set(rights.map((right) => JSON.stringify(bare(right))));
      const kept = user.rights.filter((right) => !gone.has(JSON.stringify(bare(right))));
      const revoked = user.rights.filter((right) => !kept.includes(right));
      user.rights = kept;
      return { newly_revoked_rights: revoked };
    }),
  };
}

function identityProviders(
  node: Participant210,
): Service<'com.daml.ledger.api.v1.admin.IdentityProviderConfigService'> {
  const { providers } = node.local;
  return {
    ListIdentityProviderConfigs: unary(() => ({ identity_provider_configs: [...providers.values()] })),
    CreateIdentityProviderConfig: unary(({ identity_provider_config: its }) => {
      const made = {
        identity_provider_id: its?.identity_provider_id ?? '',
        is_deactivated: its?.is_deactivated === true,
        issuer: its?.issuer ?? '',
        jwks_url: its?.jwks_url ?? '',
        audience: its?.audience ?? '',
      };
      providers.set(made.identity_provider_id, made);
      return { identity_provider_config: made };
    }),
    DeleteIdentityProviderConfig: unary(({ identity_provider_id = '' }) => {
      providers.delete(identity_provider_id);
      return {};
    }),
  };
}

function findUser({ local }: Participant210, id: string): UserRecord {
  const found = local.users.get(id);
  if (found) return found;
  throw new CantonRefusal({ id: 'USER_NOT_FOUND', category: 11, cause: `user "${id}" not found` });
}

function shown(user: UserRecord) {
  return {
    id: user.id,
    primary_party: user.primary_party,
    is_deactivated: user.is_deactivated,
    identity_provider_id: user.identity_provider_id,
    metadata: { resource_version: '0', annotations: user.annotations },
  };
}

/** An empty value takes its key away. */
export function annotate(known: Record<string, string>, added: Record<string, string>): void {
  for (const [key, value] of Object.entries(added))
    if (value === '') delete known[key];
    else known[key] = value;
}

/** Without the name of the kind that was decoded beside it. */
function bare(right: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(right).filter(([field]) => field !== 'kind'));
}
