import { CantonRefusal } from '../errors.js';
import { unary, type Service } from '../grpc.js';
import type { Decoded, Encodable } from '../wire.js';
import type { IdentityProviders } from './identity-providers.js';
import { invalidArgument, missingField } from './refusals.js';
import type { UserRecord, Users } from './users.js';

type Admin = 'com.daml.ledger.api.v2.admin';
type User = Encodable<`${Admin}.User`>;
type Right = Decoded<`${Admin}.Right`>;

/** What names a user in a request. */
interface Named {
  readonly user_id?: string;
  readonly identity_provider_id?: string;
}

const MAX_PAGE = 1000;

/** Fields of `User` an update may name, and what they change. */
const UPDATES: Readonly<Record<string, (user: UserRecord) => Partial<UserRecord>>> = {
  primary_party: ({ primaryParty }) => ({ primaryParty }),
  is_deactivated: ({ isDeactivated }) => ({ isDeactivated }),
  metadata: ({ annotations }) => ({ annotations }),
  'metadata.annotations': ({ annotations }) => ({ annotations }),
  primary_party_authentication: ({ authenticatesPrimaryParty }) => ({ authenticatesPrimaryParty }),
};

/** Returns the handlers of UserManagementService. */
export function userService(
  users: Users,
  providers: IdentityProviders,
): Service<`${Admin}.UserManagementService`> {
  const named = (request: Named, operation: string) => {
    const id = request.user_id ?? '';
    if (id === '') throw missingField('user_id');
    return users.read(id, request.identity_provider_id ?? '', operation);
  };
  return {
    CreateUser: unary((request) => {
      const user = userOf(request.user);
      providers.check(user.identityProvider);
      return { user: message(users.create({ ...user, rights: rightsOf(request) })) };
    }),
    GetUser: unary((request) => ({ user: message(named(request, 'getting user')) })),
    UpdateUser: unary((request) => ({ user: message(update(users, request)) })),
    DeleteUser: unary((request) => {
      users.delete(named(request, 'deleting user'));
      return {};
    }),
    ListUsers: unary((request) => listUsers(users, request)),
    GrantUserRights: unary((request) => {
      const user = named(request, 'grant user rights');
      const added = rightsOf(request).filter((right) => !user.rights.includes(right));
      users.change(user, { rights: [...user.rights, ...added] }, 'grant user rights');
      return { newly_granted_rights: added.map(rightMessage) };
    }),
    RevokeUserRights: unary((request) => {
      const user = named(request, 'revoke user rights');
      const gone = rightsOf(request).filter((right) => user.rights.includes(right));
      const rights = user.rights.filter((right) => !gone.includes(right));
      users.change(user, { rights }, 'revoke user rights');
      return { newly_revoked_rights: gone.map(rightMessage) };
    }),
    ListUserRights: unary((request) => ({
      rights: named(request, 'list user rights').rights.map(rightMessage),
    })),
  };
}

function update(users: Users, request: Decoded<`${Admin}.UpdateUserRequest`>): UserRecord {
  const wanted = userOf(request.user);
  const user = users.read(wanted.id, wanted.identityProvider, 'updating user');
  const paths = request.update_mask?.paths ?? [];
  if (paths.length === 0) throw invalidUpdate(user.id, 'The update mask contains no entries');
  const changes: Partial<UserRecord> = {};
  for (const path of paths) {
    const change = UPDATES[path];
    if (!change) throw invalidUpdate(user.id, `The update path: '${path}' points to an unknown field.`);
    Object.assign(changes, change(wanted));
  }
  return users.change(user, changes, 'updating user');
}

function listUsers(
  users: Users,
  request: Decoded<`${Admin}.ListUsersRequest`>,
): Encodable<`${Admin}.ListUsersResponse`> {
  const size = Number(request.page_size ?? 0);
  if (size < 0) throw invalidArgument('Page size must be non-negative');
  const limit = Math.min(size || MAX_PAGE, MAX_PAGE);
  const after = Buffer.from(request.page_token ?? '', 'base64').toString();
  const all = users.list(request.identity_provider_id ?? '').filter(({ id }) => id > after);
  const page = all.slice(0, limit);
  const last = page.at(-1)?.id;
  return {
    ...(page.length > 0 && { users: page.map(message) }),
    ...(all.length > limit && last && { next_page_token: Buffer.from(last).toString('base64') }),
  };
}

function userOf(user: Decoded<`${Admin}.User`> | undefined): UserRecord {
  if (!user) throw missingField('user');
  const id = user.id ?? '';
  if (id === '') throw missingField('user.id');
  return {
    id,
    primaryParty: user.primary_party ?? '',
    isDeactivated: user.is_deactivated === true,
    identityProvider: user.identity_provider_id ?? '',
    authenticatesPrimaryParty: user.primary_party_authentication === true,
    annotations: user.metadata?.annotations ?? {},
    rights: [],
    version: 0,
  };
}

function message(user: UserRecord): User {
  const { annotations, version } = user;
  return {
    id: user.id,
    ...(user.primaryParty && { primary_party: user.primaryParty }),
    ...(user.isDeactivated && { is_deactivated: true }),
    metadata: {
      resource_version: String(version),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(user.identityProvider && { identity_provider_id: user.identityProvider }),
    ...(user.authenticatesPrimaryParty && { primary_party_authentication: true }),
  };
}

function rightsOf(request: { readonly rights: readonly Right[] }): string[] {
  return request.rights.map((right) => {
    const { kind } = right;
    if (kind === undefined) throw invalidArgument('unknown kind of right');
    const value = right[kind];
    const party = value && 'party' in value ? value.party : undefined;
    return party ? `${kind} ${party}` : kind;
  });
}

function rightMessage(right: string): Encodable<`${Admin}.Right`> {
  const [kind = '', party] = right.split(/ (.*)/);
  return { [kind]: party === undefined ? {} : { party } };
}

function invalidUpdate(user: string, reason: string): CantonRefusal {
  return new CantonRefusal({
    id: 'INVALID_USER_UPDATE_REQUEST',
    category: 8,
    cause: `Update operation for user id '${user}' failed due to: ${reason}`,
    resources: [{ type: 'USER', name: user }],
    definiteAnswer: false,
  });
}
