import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v1/admin/party_management_service_pb.js';
import { UserManagementService } from '../../canton/gen/com/daml/ledger/api/v1/admin/user_management_service_pb.js';
import { answering, connect210, OLD } from './replay-210.js';

const users = UserManagementService.method;
const ALICE = `Alice::${OLD}`;

test('v0 users: all pages of users are read, with their rights', async (t) => {
  const user = { id: 'app', primaryParty: ALICE, metadata: { annotations: { team: 'a' } } };
  const { participant, sent } = await connect210(t, [
    answering(users.listUsers, { users: [user], nextPageToken: 'next' }),
    answering(users.listUsers, { users: [{ id: 'ops' }] }),
    answering(users.listUserRights, {
      rights: [
        { kind: { case: 'participantAdmin', value: {} } },
        { kind: { case: 'canActAs', value: { party: ALICE } } },
        {},
      ],
    }),
  ]);

  const found = await participant.users.listUsers('');
  const rights = await participant.users.listRights({ id: 'app', identityProvider: '' });

  assert.deepEqual(
    found.map(({ id, authenticatesPrimaryParty }) => [id, authenticatesPrimaryParty]),
    [
      ['app', false],
      ['ops', false],
    ],
  );
  assert.deepEqual(found[0]?.annotations, { team: 'a' });
  assert.deepEqual(sent[1]?.request, { page_token: 'next', page_size: 1000 });
  assert.deepEqual(rights, [
    { kind: 'participant-admin' },
    { kind: 'act-as', party: ALICE },
    { kind: 'unknown' },
  ]);
});

test('v0 users: a user is made as it was, and its rights are granted beside it', async (t) => {
  const { participant, sent } = await connect210(t, [
    answering(users.createUser),
    answering(users.grantUserRights),
  ]);
  const user = { id: 'app', identityProvider: 'idp' };

  await participant.users.createUser({
    ...user,
    primaryParty: ALICE,
    isDeactivated: true,
    authenticatesPrimaryParty: false,
    annotations: { team: 'a' },
  });
  await participant.users.grantRights(user, [{ kind: 'read-as', party: ALICE }]);

  assert.deepEqual(
    sent.map(({ request }) => request),
    [
      {
        user: {
          id: 'app',
          primary_party: ALICE,
          is_deactivated: true,
          metadata: { annotations: { team: 'a' } },
          identity_provider_id: 'idp',
        },
      },
      { user_id: 'app', identity_provider_id: 'idp', rights: [{ can_read_as: { party: ALICE } }] },
    ],
  );
});

test('v0 users: annotations of a party are added to, and nothing else of it', async (t) => {
  const { participant, sent } = await connect210(t, [
    answering(PartyManagementService.method.updatePartyDetails),
  ]);

  await participant.partyDetails.annotate(ALICE, { team: 'a' });

  assert.deepEqual(sent[0]?.request, {
    party_details: { party: ALICE, local_metadata: { annotations: { team: 'a' } } },
    update_mask: 'localMetadata.annotations',
  });
});
