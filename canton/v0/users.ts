import type { MessageInitShape } from '@bufbuild/protobuf';

import type { IdentityProvider, User, UserId, UserRight } from '../../model/participant.js';
import type { UsersChanges } from '../../model/participant-changes.js';
import type { UsersReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import { IdentityProviderConfigService } from '../gen/com/daml/ledger/api/v1/admin/identity_provider_config_service_pb.js';
import {
  UserManagementService,
  type Right,
  type RightSchema,
} from '../gen/com/daml/ledger/api/v1/admin/user_management_service_pb.js';
import { pagesOf } from '../pages.js';

/** The most a participant lists at once. Source: proto UserManagementService. */
const PAGE_SIZE = 1000;

/** Reads and changes users, their rights and the identity providers they belong to. Source: proto UserManagementService. */
export class Users implements UsersReads, UsersChanges {
  constructor(private readonly channel: Channel) {}

  async listIdentityProviders(): Promise<IdentityProvider[]> {
    const method = IdentityProviderConfigService.method.listIdentityProviderConfigs;
    const { identityProviderConfigs } = await this.channel.unary(method, {});
    return identityProviderConfigs.map(({ identityProviderId, ...config }) => ({
      id: identityProviderId,
      isDeactivated: config.isDeactivated,
      issuer: config.issuer,
      jwksUrl: config.jwksUrl,
      audience: config.audience,
    }));
  }

  async createIdentityProvider({ id, ...config }: IdentityProvider): Promise<void> {
    const method = IdentityProviderConfigService.method.createIdentityProviderConfig;
    await this.channel.unary(method, { identityProviderConfig: { identityProviderId: id, ...config } });
  }

  async removeIdentityProvider(id: string): Promise<void> {
    const method = IdentityProviderConfigService.method.deleteIdentityProviderConfig;
    await this.channel.unary(method, { identityProviderId: id });
  }

  async listUsers(identityProvider: string): Promise<User[]> {
    const users: User[] = [];
    const pages = pagesOf(
      this.channel,
      UserManagementService.method.listUsers,
      (pageToken) => ({ identityProviderId: identityProvider, pageSize: PAGE_SIZE, pageToken }),
      ({ nextPageToken }) => nextPageToken,
    );
    for await (const page of pages) {
      for (const user of page.users) {
        users.push({
          id: user.id,
          identityProvider: user.identityProviderId,
          primaryParty: user.primaryParty,
          isDeactivated: user.isDeactivated,
          // A right of its own in this generation's successor.
          authenticatesPrimaryParty: false,
          annotations: user.metadata?.annotations ?? {},
        });
      }
    }
    return users;
  }

  async createUser(user: User): Promise<void> {
    await this.channel.unary(UserManagementService.method.createUser, {
      user: {
        id: user.id,
        identityProviderId: user.identityProvider,
        primaryParty: user.primaryParty,
        isDeactivated: user.isDeactivated,
        metadata: { annotations: user.annotations },
      },
    });
  }

  async annotateUser(
    { id, identityProvider }: UserId,
    annotations: Record<string, string>,
  ): Promise<void> {
    await this.channel.unary(UserManagementService.method.updateUser, {
      user: { id, identityProviderId: identityProvider, metadata: { annotations } },
      updateMask: { paths: ['metadata.annotations'] },
    });
  }

  async removeUser(user: UserId): Promise<void> {
    await this.channel.unary(UserManagementService.method.deleteUser, named(user));
  }

  async listRights(user: UserId): Promise<UserRight[]> {
    const { rights } = await this.channel.unary(
      UserManagementService.method.listUserRights,
      named(user),
    );
    return rights.map(toRight);
  }

  async grantRights(user: UserId, rights: UserRight[]): Promise<void> {
    await this.channel.unary(UserManagementService.method.grantUserRights, {
      ...named(user),
      rights: rights.map(fromRight),
    });
  }

  async revokeRights(user: UserId, rights: UserRight[]): Promise<void> {
    await this.channel.unary(UserManagementService.method.revokeUserRights, {
      ...named(user),
      rights: rights.map(fromRight),
    });
  }
}

function named({ id, identityProvider }: UserId) {
  return { userId: id, identityProviderId: identityProvider };
}

function toRight({ kind }: Right): UserRight {
  switch (kind.case) {
    case 'participantAdmin':
      return { kind: 'participant-admin' };
    case 'identityProviderAdmin':
      return { kind: 'identity-provider-admin' };
    case 'canActAs':
      return { kind: 'act-as', party: kind.value.party };
    case 'canReadAs':
      return { kind: 'read-as', party: kind.value.party };
    case undefined:
      return { kind: 'unknown' };
  }
}

/** A right that this generation does not have goes out empty, which a participant refuses. */
function fromRight({ kind, party = '' }: UserRight): MessageInitShape<typeof RightSchema> {
  switch (kind) {
    case 'participant-admin':
      return { kind: { case: 'participantAdmin', value: {} } };
    case 'identity-provider-admin':
      return { kind: { case: 'identityProviderAdmin', value: {} } };
    case 'act-as':
      return { kind: { case: 'canActAs', value: { party } } };
    case 'read-as':
      return { kind: { case: 'canReadAs', value: { party } } };
    default:
      return {};
  }
}
