import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import test from 'node:test';

import { MockActivityEnvironment } from '@temporalio/testing';

import { assertEffective } from '../../../activities/hosting/granted.js';
import {
  hostingRequestActivities,
  type HostingRequestsInput,
} from '../../../activities/hosting/hosting-requests.js';
import { wantedMappings } from '../../../activities/hosting/onboarding.js';
import { scanProposals } from '../../../activities/hosting/proposals.js';
import { freezingActivities } from '../../../activities/nodes/freezing.js';
import type { Participants } from '../../../activities/nodes/participants.js';
import { OFFLINE_SPECS, type HostingRequest, type Hostings } from '../../../model/ceremony.js';
import { countOf, isStored } from '../../../model/listed.js';
import type { Permission } from '../../../model/participant.js';
import type { ParticipantReads } from '../../../model/participant-access.js';
import type { PlannedParty } from '../../../model/plan.js';
import { contentOf, ListStore } from '../../../storage/list-store.js';
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

function listsInMemory(): ListStore {
  const kept = new Map<string, Uint8Array>();
  return new ListStore({
    put: async (name, { chunks }) => void kept.set(name, await buffer(chunks)),
    get: async (name) => (kept.has(name) ? contentOf(kept.get(name)!).chunks : undefined),
  });
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
  const lists = listsInMemory();
  const participants = {
    read: () => hosting({ restriction: 'UNRESTRICTED_OPEN' }),
  } as unknown as Participants;
  const { parties } = await freezingActivities(participants, lists).readHostedParties({
    participant: { name: 'source', uid: UID },
    synchronizerId: 's',
  });

  assert.ok(isStored(parties));
  assert.equal(countOf(parties), 2_000);
});

test('many parties: a key signs fewer together where all proposals of its namespace would fill the memory', async () => {
  const namespace = `1220${'ab'.repeat(32)}`;
  const hash = `1220${'cd'.repeat(32)}`;
  const node = {
    name: 'node',
    topology: { listPartyMappings: async () => [] },
    traffic: { findControl: async () => undefined },
    synchronizers: { listRegistered: async () => [{ logicalId: 's', isConnected: true }] },
    signing: {
      generatePartyMappings: async (_: unknown, mappings: unknown[]) =>
        mappings.map(() => ({ transaction: '', hash })),
      findRootKeys: async () =>
        new Map([[namespace, { fingerprint: namespace, spec: OFFLINE_SPECS[0], publicKey: '' }]]),
    },
  };
  const parties = Array.from({ length: 100_000 }, (_, at) => ({
    ...{ party: `party${at}::${namespace}`, class: 'external', treatment: 'move', reason: '' },
    ...{ permission: 'confirmation', contractCount: 0, signers: { namespaces: [namespace], needed: 1 } },
  })) as PlannedParty[];
  const lists = listsInMemory();
  const participants = { read: () => node } as unknown as Participants;
  const ref = { name: 'node', uid: UID };
  const input: HostingRequestsInput = {
    ...{ route: 'new-synchronizer', source: ref, target: ref, parties },
    ...{ synchronizerId: 's', sourceSynchronizerId: 'a' },
  };
  const activities = hostingRequestActivities(participants, lists);

  let generated: Hostings | undefined;
  await new MockActivityEnvironment().run(async () => {
    generated = await activities.generateHostings(input);
  });

  const [first] = await lists.read<HostingRequest>(generated!.requests);
  assert.equal(first!.transactions.length, 9);
});

test('many parties: those whose hosting was changed are named, so that a new plan can leave them out', async () => {
  const source = hosting({ restriction: 'UNRESTRICTED_OPEN' });
  const parties = MANY.map((party, at) => ({
    party,
    permission: at % 250 === 0 ? ('confirmation' as const) : ('submission' as const),
  }));
  const nodes = { source: { name: 'source', uid: UID }, target: { name: 'target', uid: 't::1220ef' } };

  await assert.rejects(
    wantedMappings(source, { ...nodes, synchronizerId: 's', parties }),
    failing('PartiesChanged', 'mismatch', 'of parties: 8 (', MANY[0]!, MANY[1_000]!, `${MANY[1_750]!})`),
  );
});

test('many parties: proposals of many parties in few namespaces are read by the beginning of the namespace', async () => {
  const namespaces = Array.from({ length: 12 }, (_, at) => `1220${at.toString(16)}${'0'.repeat(63)}`);
  const mappings = Array.from({ length: 9_000 }, (_, at) => ({
    ...{ party: `party${at}::${namespaces[at % 12]}`, threshold: 1, hosts: [], serial: 1 },
  }));
  const asked: string[] = [];
  const listSignedPartyProposals = async (_: unknown, namespace: string) => {
    asked.push(namespace);
    return [];
  };
  const node = { topology: { listSignedPartyProposals } } as unknown as ParticipantReads;

  let parties = 0;
  await new MockActivityEnvironment().run(async () => {
    for await (const part of scanProposals(node, { synchronizerId: 's' }, mappings))
      parties += part.mappings.length;
  });
  assert.equal(parties, 9_000);
  assert.deepEqual(
    asked.sort(),
    namespaces.map((its) => its.slice(0, 5)),
  );
});
