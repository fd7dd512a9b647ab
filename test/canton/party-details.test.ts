import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PartyManagementService } from '../../canton/gen/com/daml/ledger/api/v2/admin/party_management_service_pb.js';
import { startStack } from '../support/stack.js';
import { alice, answerOf, connect, EMPTY, failure } from './replay.js';

test('party-details: parties without annotations are left out, as recorded', async (t) => {
  const { participant, sent } = await connect(t, [
    [PartyManagementService.method.listKnownParties, answerOf('topology', 14)],
  ]);

  assert.deepEqual(await participant.partyDetails.listAnnotations(''), []);
  assert.deepEqual(sent, [{ page_size: 10_000 }]);
});

test('party-details: an update names the annotations and nothing else', async (t) => {
  const { participant, sent } = await connect(t, [
    [PartyManagementService.method.updatePartyDetails, EMPTY],
  ]);

  await participant.partyDetails.annotate(alice, { desk: '3' });

  assert.deepEqual(sent, [
    {
      party_details: { party: alice, local_metadata: { annotations: { desk: '3' } } },
      update_mask: 'localMetadata.annotations',
    },
  ]);
});

test('party-details: only the identity provider of a party sees its annotations', async (t) => {
  const { sandbox, participants } = await startStack(t);
  const { partyDetails } = participants.get('source')!;
  const [, , party = ''] = sandbox.participants.source.parties('acme').map((its) => its.party);
  const { parties } = sandbox.participants.source.ledger.accounts;
  parties.create(party, 'provider-1', { a: 'b' });

  const seen = async (identityProvider: string) =>
    (await partyDetails.listAnnotations(identityProvider)).find((its) => its.party === party);

  assert.deepEqual(await seen(''), { party, identityProvider: 'provider-1', annotations: {} });
  assert.deepEqual((await seen('provider-1'))?.annotations, { a: 'b' });
});

test('party-details: a party that is not here cannot be annotated', async (t) => {
  const { participants } = await startStack(t);

  const error = await failure(participants.get('target')!.partyDetails.annotate(alice, { a: 'b' }));

  assert.deepEqual([error.errorId, error.kind], ['PARTY_NOT_FOUND', 'refused']);
});
