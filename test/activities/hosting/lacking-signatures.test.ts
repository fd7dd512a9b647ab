import assert from 'node:assert/strict';
import test from 'node:test';

import { LackingSignatures } from '../../../activities/hosting/lacking-signatures.js';
import type { PartyMapping, SignedMapping } from '../../../model/participant.js';
import type { ParticipantReads } from '../../../model/participant-access.js';

const host = (participantUid: string) => ({
  participantUid,
  permission: 'submission' as const,
  isOnboarding: false,
});
const OURS: PartyMapping = {
  party: 'joint::1220aa',
  threshold: 1,
  hosts: [host('source::1220bb'), host('target::1220cc')],
  serial: 2,
};
const REORDERED = { ...OURS, hosts: [...OURS.hosts].reverse() };

/** A source that lists these proposals of a namespace of which two of three owners sign. */
async function lacking() {
  const topology = {
    listDecentralizedNamespaces: () =>
      Promise.resolve([{ namespace: '1220aa', owners: ['one', 'two', 'three'], threshold: 2 }]),
    listDelegations: () => Promise.resolve([]),
  };
  const source = { topology } as unknown as ParticipantReads;
  return LackingSignatures.read(source, {
    target: { name: 'target', uid: 'target::1220cc' },
    synchronizerId: 'acme::1220dd',
  });
}

const signed = (mapping: PartyMapping, signedBy: string[]): SignedMapping => ({
  mapping,
  signed: Buffer.from(signedBy.join()),
  signedBy,
});

test('lacking signatures: those under transactions with the hosts in different orders are not added up', async () => {
  const its = await lacking();
  const proposals = [signed(OURS, ['one']), signed(REORDERED, ['two'])];

  assert.deepEqual(await its.count({ mappings: [OURS], proposals }), []);

  assert.equal(its.found().parties, 1);
});

test('lacking signatures: of several transactions only the one that suffices is returned', async () => {
  const its = await lacking();
  const [some, all] = [signed(OURS, ['one']), signed(REORDERED, ['two', 'three'])];

  assert.deepEqual(await its.count({ mappings: [OURS], proposals: [some, all] }), [all]);

  assert.equal(its.found().parties, 0);
});
