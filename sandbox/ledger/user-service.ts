import { CantonRefusal } from '../errors.js';
import { unary, type Handler } from '../grpc.js';
import type { Message } from '../wire.js';
import type { Annotations } from './annotations.js';
import type { IdentityProviders } from './identity-providers.js';
import { invalidArgument, missingField } from './refusals.js';
import type { UserRecord, Users } from './users.js';

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
export function userService(users: Users, providers: IdentityProviders): Record<string, Handler> {
  const named = (request: Message, operation: string) => {
    const id = text(request, 'user_id');
    if (id === '') throw missingField('user_id');
    return users.read(id, text(request, 'identity_provider_id'), operation);
  };
  return {
    CreateUser: unary((request) => {
      const user = userOf(request['user'] as Message | undefined);
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

function update(users: Users, request: Message): UserRecord {
  const wanted = userOf(request['user'] as Message | undefined);
  const user = users.read(wanted.id, wanted.identityProvider, 'updating user');
  const paths = ((request['update_mask'] as Message | undefined)?.['paths'] ?? []) as string[];
  if (paths.length === 0) throw invalidUpdate(user.id, 'The update mask contains no entries');
  const changes = paths.map((path) => {
    const change = UPDATES[path];
    if (!change) throw invalidUpdate(user.id, `The update path: '${path}' points to an unknown field.`);
    return change(wanted);
  });
  return users.change(user, Object.assign({}, ...changes) as Partial<UserRecord>, 'updating user');
}

function listUsers(users: Users, request: Message): Message {
  const size = Number(request['page_size'] ?? 0);
  if (size < 0) throw invalidArgument('Page size must be non-negative');
  const limit = Math.min(size || MAX_PAGE, MAX_PAGE);
  const after = Buffer.from(text(request, 'page_token'), 'base64').toString();
  const all = users.list(text(request, 'identity_provider_id')).filter(({ id }) => id > after);
  const page = all.slice(0, limit);
  const last = page.at(-1)?.id;
  return {
    ...(page.length > 0 && { users: page.map(message) }),
    ...(all.length > limit && last && { next_page_token: Buffer.from(last).toString('base64') }),
  };
}

function userOf(user: Message | undefined): UserRecord {
  if (!user) throw missingField('user');
  const id = text(user, 'id');
  if (id === '') throw missingField('user.id');
  const metadata = (user['metadata'] ?? {}) as Message;
  return {
    id,
    primaryParty: text(user, 'primary_party'),
    isDeactivated: user['is_deactivated'] === true,
    identityProvider: text(user, 'identity_provider_id'),
    authenticatesPrimaryParty: user['primary_party_authentication'] === true,
    annotations: (metadata['annotations'] ?? {}) as Annotations,
    rights: [],
    version: 0,
  };
}

function message(user: UserRecord): Message {
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

function rightsOf(request: Message): string[] {
  return ((request['rights'] ?? []) as Message[]).map((right) => {
    const kind = text(right, 'kind');
    if (kind === '') throw invalidArgument('unknown kind of right');
    const { party } = right[kind] as { party?: string };
    return party ? `${kind} ${party}` : kind;
  });
}

function rightMessage(right: string): Message {
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

function text(message: Message, field: string): string {
  return (message[field] as string | undefined) ?? '';
}
