import assert from 'node:assert/strict';
import test from 'node:test';

import { assertEffective } from '../../../activities/hosting/granted.js';
import { freezingActivities } from '../../../activities/nodes/freezing.js';
import type { Participants } from '../../../activities/nodes/participants.js';
import { countOf, isStored } from '../../../model/listed.js';
import type { Permission } from '../../../model/participant.js';
import type { ParticipantReads } from '../../../model/participant-access.js';
import { ListStore } from '../../../storage/list-store.js';
import { failing } from '../../support/failing.js';

const UID = 'p::1220ab';
const MANY = Array.from({ length: 2_000 }, (_, at) => `party${at}::1220cd`);

/** A node that hosts them all, and that would take minutes to list their effective permissions. */
function hosting(grant: { restriction: string; permission?: Permission }): ParticipantReads {
  const host = { participantUid: UID, permission: 'submission', isOnboarding: false };
  const topology = {
    listPartyMappings: async () =>
      MANY.map((party) => ({ party, threshold: 1, hosts: [host], serial: 1 })),
    readGrant: async () => grant,
    listEffectiveHosting: () => assert.fail('asked for the list of effective permissions'),
  };
  return { name: 'target', topology } as unknown as ParticipantReads;
}

test('many parties: what is effective comes from mappings and grant, the lower one of both', async () => {
  const parties = MANY.map((party) => ({ party, permission: 'submission' as const }));
  const input = { target: { name: 'target', uid: UID }, synchronizerId: 's', parties };
  const failure = (found: string) => failing('PermissionNotEffective', 'mismatch', found);

  await assertEffective(hosting({ restriction: 'UNRESTRICTED_OPEN' }), input);
  await assertEffective(hosting({ restriction: 'RESTRICTED_OPEN', permission: 'submission' }), input);
  const lowered = hosting({ restriction: 'UNRESTRICTED_OPEN', permission: 'confirmation' });
  await assert.rejects(assertEffective(lowered, input), failure(': confirmation, expected submission'));
  const without = hosting({ restriction: 'RESTRICTED_OPEN' });
  await assert.rejects(assertEffective(without, input), failure(': nothing, expected submission'));
});

test('many parties: what a node hosts travels by reference', async () => {
  const kept = new Map<string, Uint8Array>();
  const lists = new ListStore({
    put: async (name, bytes) => void kept.set(name, bytes),
    get: async (name) => kept.get(name),
  });
  const participants = {
    read: () => hosting({ restriction: 'UNRESTRICTED_OPEN' }),
  } as unknown as Participants;
  const { readHostedParties } = freezingActivities(participants, lists);

  const { parties } = await readHostedParties({
    participant: { name: 'source', uid: UID },
    synchronizerId: 's',
  });

  assert.ok(isStored(parties));
  assert.equal(countOf(parties), 2_000);
});
