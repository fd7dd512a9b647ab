import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import type { Message } from '../../sandbox/wire.js';
import { call, CallFailed, quickSandbox, type SERVICES } from './wire-client.js';

type Service = keyof typeof SERVICES;

async function started(t: TestContext, localState = {}) {
  const sandbox = await quickSandbox(t, { localState });
  const { source } = sandbox.addresses;
  const ask = (service: Service, method: string, request: Message = {}) =>
    call(service === 'pruning' ? source.admin : source.ledger, service, method, request);
  return { sandbox, ask };
}

const refused = (id: string, code: string) => (error: unknown) => {
  assert.ok(error instanceof CallFailed, String(error));
  assert.deepEqual([error.id, error.code], [id, code]);
  return true;
};

const idsOf = (answer: Message) => ((answer['users'] ?? []) as Message[]).map((user) => user['id']);

test('accounts: every node begins with its admin user', async (t) => {
  const { ask } = await started(t, { users: 0, identityProviders: 0 });

  assert.deepEqual(await ask('users', 'ListUsers'), {
    users: [{ id: 'participant_admin', metadata: { resource_version: '0' } }],
  });
});

test('accounts: users are listed by page and by identity provider', async (t) => {
  const { ask } = await started(t, { users: 5, identityProviders: 1 });

  const first = await ask('users', 'ListUsers', { page_size: 3 });
  const second = await ask('users', 'ListUsers', {
    page_size: 3,
    page_token: first['next_page_token'],
  });

  assert.deepEqual(idsOf(first), ['participant_admin', 'user-1', 'user-2']);
  assert.deepEqual(idsOf(second), ['user-3', 'user-4']);
  const ofProvider = await ask('users', 'ListUsers', { identity_provider_id: 'provider-1' });
  assert.deepEqual(idsOf(ofProvider), ['user-5']);
});

test('accounts: a user is created once, and known only through its identity provider', async (t) => {
  const { ask } = await started(t);
  const user = { id: 'new', identity_provider_id: 'provider-1' };
  await ask('users', 'CreateUser', { user });

  await assert.rejects(
    ask('users', 'CreateUser', { user: { id: 'new' } }),
    refused('USER_ALREADY_EXISTS', 'ALREADY_EXISTS'),
  );
  await assert.rejects(
    ask('users', 'GetUser', { user_id: 'new' }),
    refused('USER_NOT_FOUND', 'NOT_FOUND'),
  );
  await assert.rejects(
    ask('users', 'CreateUser', { user: { id: 'other', identity_provider_id: 'nobody' } }),
    refused('INVALID_ARGUMENT', 'INVALID_ARGUMENT'),
  );
});

test('accounts: rights are granted and revoked, and only changes are named', async (t) => {
  const { ask } = await started(t);
  const [act, read] = [{ can_act_as: { party: 'p::1' } }, { can_read_as: { party: 'p::1' } }];
  const user_id = 'participant_admin';

  await ask('users', 'GrantUserRights', { user_id, rights: [act] });
  const again = await ask('users', 'GrantUserRights', { user_id, rights: [act, read] });
  const gone = await ask('users', 'RevokeUserRights', { user_id, rights: [act] });

  assert.equal((again['newly_granted_rights'] as Message[]).length, 1);
  assert.equal((gone['newly_revoked_rights'] as Message[]).length, 1);
  const left = await ask('users', 'ListUserRights', { user_id });
  assert.equal((left['rights'] as Message[]).length, 2);
});

test('accounts: a user has at most 1000 rights', async (t) => {
  const { ask } = await started(t);
  const rights = Array.from({ length: 1001 }, (_, n) => ({ can_act_as: { party: `p${n}::1` } }));

  await assert.rejects(
    ask('users', 'CreateUser', { user: { id: 'many' }, rights }),
    refused('TOO_MANY_USER_RIGHTS', 'FAILED_PRECONDITION'),
  );
});

test('accounts: annotations are merged, an empty value takes its key away', async (t) => {
  const { ask, sandbox } = await started(t);
  const update = (annotations: Message) =>
    ask('users', 'UpdateUser', {
      user: { id: 'user-1', metadata: { annotations } },
      update_mask: { paths: ['metadata.annotations'] },
    });

  await update({ 'example.com/desk': '', more: 'yes' });

  const [, user] = sandbox.participants.source.localState().users;
  assert.deepEqual(user?.annotations, { more: 'yes' });
  await assert.rejects(update({ '/': 'x' }), refused('INVALID_ARGUMENT', 'INVALID_ARGUMENT'));
});

test('accounts: a configuration has an id and an issuer of its own', async (t) => {
  const { ask } = await started(t, { identityProviders: 1, users: 0 });
  const create = (identity_provider_id: string, issuer: string) =>
    ask('providers', 'CreateIdentityProviderConfig', {
      identity_provider_config: { identity_provider_id, issuer, jwks_url: 'https://k.example' },
    });

  await assert.rejects(
    create('provider-1', 'https://i.example'),
    refused('IDP_CONFIG_ALREADY_EXISTS', 'ALREADY_EXISTS'),
  );
  await assert.rejects(
    create('provider-2', 'https://issuer-1.example'),
    refused('IDP_CONFIG_ISSUER_ALREADY_EXISTS', 'ALREADY_EXISTS'),
  );
  for (let n = 2; n <= 16; n++) await create(`provider-${n}`, `https://i-${n}.example`);
  await assert.rejects(
    create('provider-17', 'https://i-17.example'),
    refused('TOO_MANY_IDENTITY_PROVIDER_CONFIGS', 'FAILED_PRECONDITION'),
  );
});

test('accounts: parties that are not here have no annotations', async (t) => {
  const { ask } = await started(t);
  const update = (party: string, paths: string[]) =>
    ask('partyDetails', 'UpdatePartyDetails', {
      party_details: { party, local_metadata: { annotations: { a: 'b' } } },
      update_mask: { paths },
    });

  await assert.rejects(
    update('nobody::1', ['local_metadata.annotations']),
    refused('PARTY_NOT_FOUND', 'NOT_FOUND'),
  );
});

test('accounts: all of it survives a crash', async (t) => {
  const { sandbox, ask } = await started(t, { pruningCron: '0 0 20 ? * SAT' });
  const { source } = sandbox.participants;
  await ask('users', 'DeleteUser', { user_id: 'user-1' });
  const before = source.localState();

  await source.restart();

  assert.deepEqual(source.localState(), before);
  assert.equal(before.pruningCron, '0 0 20 ? * SAT');
  await ask('pruning', 'ClearSchedule');
  await source.restart();
  assert.equal(source.localState().pruningCron, '');
});
