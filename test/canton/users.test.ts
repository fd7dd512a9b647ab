import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { create, toBinary } from '@bufbuild/protobuf';

import { IdentityProviderConfigService } from '../../canton/gen/com/daml/ledger/api/v2/admin/identity_provider_config_service_pb.js';
import {
  ListUserRightsResponseSchema,
  UserManagementService,
} from '../../canton/gen/com/daml/ledger/api/v2/admin/user_management_service_pb.js';
import type { UserRight } from '../../model/participant.js';
import { SMALL, startStack } from '../support/stack.js';
import { alice, answerOf, connect, EMPTY, failure } from './replay.js';

/** One of each kind, in the order of the protocol. */
const RIGHTS: UserRight[] = [
  { kind: 'participant-admin' },
  { kind: 'act-as', party: alice },
  { kind: 'read-as', party: alice },
  { kind: 'identity-provider-admin' },
  { kind: 'read-as-any-party' },
  { kind: 'execute-as', party: alice },
  { kind: 'execute-as-any-party' },
  { kind: 'act-as-any-party' },
];
const ID = { id: 'backend', identityProvider: '' };

async function started(t: TestContext) {
  const { participants } = await startStack(t);
  return { users: participants.get('target')!.users, source: participants.get('source')!.users };
}

test('users: a node that nobody used lists its admin and no identity provider, as recorded', async (t) => {
  const { participant } = await connect(t, [
    [UserManagementService.method.listUsers, answerOf('topology', 18)],
    [IdentityProviderConfigService.method.listIdentityProviderConfigs, answerOf('topology', 19)],
  ]);

  assert.deepEqual(await participant.users.listUsers(''), [
    {
      id: 'participant_admin',
      identityProvider: '',
      primaryParty: '',
      isDeactivated: false,
      authenticatesPrimaryParty: false,
      annotations: {},
    },
  ]);
  assert.deepEqual(await participant.users.listIdentityProviders(), []);
});

test('users: more than a page are listed, each once', async (t) => {
  const { participants, sandbox } = await startStack(t, {
    ...SMALL,
    localState: { users: 1_003, rightsPerUser: 0 },
  });

  const found = await participants.get('source')!.users.listUsers('');

  const { users } = sandbox.participants.source.localState();
  const own = users.filter(({ identityProvider }) => identityProvider === '').map(({ id }) => id);
  assert.ok(own.length > 1_000);
  assert.deepEqual(found.map(({ id }) => id).sort(), own.sort());
});

test('users: rights go out by their own field of the protocol', async (t) => {
  const { participant, sent } = await connect(t, [
    [UserManagementService.method.grantUserRights, EMPTY],
  ]);

  await participant.users.grantRights({ id: 'backend', identityProvider: 'corporate' }, RIGHTS);

  assert.deepEqual(sent, [
    {
      user_id: 'backend',
      identity_provider_id: 'corporate',
      rights: [
        { participant_admin: {} },
        { can_act_as: { party: alice } },
        { can_read_as: { party: alice } },
        { identity_provider_admin: {} },
        { can_read_as_any_party: {} },
        { can_execute_as: { party: alice } },
        { can_execute_as_any_party: {} },
        { can_act_as_any_party: {} },
      ],
    },
  ]);
});

test('users: a right of a newer release is unknown, not lost', async (t) => {
  const newer = create(ListUserRightsResponseSchema, { rights: [{}] });
  const bytes = toBinary(ListUserRightsResponseSchema, newer);
  const { participant } = await connect(t, [[UserManagementService.method.listUserRights, bytes]]);

  assert.deepEqual(await participant.users.listRights(ID), [{ kind: 'unknown' }]);
});

test('users: what is written is what is read', async (t) => {
  const { users } = await started(t);
  const provider = {
    id: 'corporate',
    issuer: 'https://i.example',
    jwksUrl: 'https://i.example/jwks',
    audience: 'us',
    isDeactivated: true,
  };
  const user = {
    id: 'backend',
    identityProvider: 'corporate',
    primaryParty: alice,
    isDeactivated: true,
    authenticatesPrimaryParty: true,
    annotations: { a: 'b' },
  };

  await users.createIdentityProvider(provider);
  await users.createUser(user);
  await users.grantRights(user, RIGHTS);
  await users.revokeRights(user, RIGHTS.slice(2));
  await users.annotateUser(user, { a: '', c: 'd' });

  assert.deepEqual(await users.listIdentityProviders(), [provider]);
  assert.deepEqual(await users.listUsers('corporate'), [{ ...user, annotations: { c: 'd' } }]);
  assert.deepEqual(await users.listRights(user), [RIGHTS[1], RIGHTS[0]]);
  await users.removeUser(user);
  await users.removeIdentityProvider('corporate');
  assert.deepEqual(await users.listIdentityProviders(), []);
});

test('users: what exists already and what does not is told by the error id', async (t) => {
  const { users, source } = await started(t);
  const [provider] = await source.listIdentityProviders();
  const [, user] = await source.listUsers('');

  const exists = await failure(source.createUser(user!));
  assert.deepEqual([exists.errorId, exists.kind], ['USER_ALREADY_EXISTS', 'refused']);
  const gone = await failure(users.removeUser(ID));
  assert.deepEqual([gone.errorId, gone.kind], ['USER_NOT_FOUND', 'refused']);
  assert.equal(
    (await failure(source.createIdentityProvider(provider!))).errorId,
    'IDP_CONFIG_ALREADY_EXISTS',
  );
  assert.equal((await failure(users.removeIdentityProvider('nobody'))).errorId, 'IDP_CONFIG_NOT_FOUND');
});
