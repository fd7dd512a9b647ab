import assert from 'node:assert/strict';
import { test } from 'node:test';

import { pageOf } from '../../client/party-page.js';
import { renderPlan } from '../../client/render/plan.js';
import { partyLines } from '../../client/render/parties.js';
import { createStyle } from '../../client/render/style.js';
import { exceptionsAmong } from '../../model/party-exceptions.js';
import { countParties } from '../../model/plan-parties.js';
import type { HashedPlan, PlannedParty } from '../../model/plan.js';
import { matchGolden } from './golden.js';
import { PLAN, SOURCE_UID } from './samples.js';

const plain = createStyle({ isTerminal: false, hasColor: false });
const fingerprint = (index: number) => `1220${index.toString(16).padStart(64, '0')}`;

const external = (index: number, change: Partial<PlannedParty> = {}): PlannedParty => ({
  party: `wallet-${String(index).padStart(4, '0')}::${fingerprint(index)}`,
  class: 'external',
  treatment: 'move',
  reason: '',
  permission: 'confirmation',
  contractCount: index % 3,
  signers: { namespaces: [fingerprint(index)], needed: 1 },
  ...change,
});

/** Wallets, of which some do not move, and a party of several owners. */
const PARTIES: PlannedParty[] = [
  ...Array.from({ length: 300 }, (_, index) => external(index)),
  ...Array.from({ length: 30 }, (_, index) =>
    external(300 + index, { treatment: 'leave', reason: 'the target hosts it already' }),
  ),
  external(330, { treatment: 'leave', reason: 'the request does not include it' }),
  external(331, {
    class: 'decentralized',
    signers: { namespaces: [fingerprint(1), fingerprint(2), fingerprint(3)], needed: 2 },
  }),
  external(332, {
    class: 'multi-hosted',
    hosting: {
      party: `wallet-0332::${fingerprint(332)}`,
      threshold: 2,
      hosts: [SOURCE_UID, `other::${fingerprint(9)}`].map((participantUid) => ({
        participantUid,
        permission: 'confirmation',
        isOnboarding: false,
      })),
    },
  }),
];

function planOf(parties: PlannedParty[], isStored: boolean): HashedPlan {
  const plan = {
    ...PLAN.plan,
    parties: isStored ? { storedList: 'ab'.repeat(32), count: parties.length } : parties,
    partyCounts: countParties(parties, new Map([['external', 300] as const])),
    partyExceptions: exceptionsAmong(parties, PLAN.plan.source.uid),
  };
  return { ...PLAN, plan };
}

test('plan: many parties are shown by class, after those that are exceptions, the rarest first', () => {
  const text = renderPlan(planOf(PARTIES, true), plain);

  matchGolden('plan-many', text);
  assert.equal(renderPlan(planOf(PARTIES, false), plain), text);
});

test('plan: twenty parties are each shown, with whose signature they take', () => {
  const text = renderPlan(planOf(PARTIES.slice(0, 20), false), plain);

  assert.equal(text.match(/moves; signed with its own key/g)?.length, 20);
});

test('parties: of each is said which key signs, and what of its hosting stays', () => {
  const signers = { namespaces: [fingerprint(1)], needed: 1 };
  const { contractCount, ...staying } = external(3, { treatment: 'leave', reason: 'others host it' });
  assert.equal(contractCount, 0);
  const told = partyLines(
    [
      external(1),
      external(1, { class: 'local', signers }),
      external(1, { class: 'foreign-namespace', signers }),
      staying,
      PARTIES.at(-1)!,
    ],
    SOURCE_UID,
  );

  const [own, local, foreign, left, shared] = told.map((line) => line.split('  ').slice(3));
  assert.deepEqual(own, ['1 contract', 'moves; signed with its own key']);
  assert.deepEqual(local, ['1 contract', `moves; signed with the root key ${fingerprint(1)}`]);
  assert.deepEqual(foreign, ['1 contract', `moves; signed with the key of namespace ${fingerprint(1)}`]);
  assert.deepEqual(left, ['stays: others host it']);
  assert.match(
    shared!.join(),
    /; still hosted by other::1220\S+, which signs nothing; threshold 2 kept$/,
  );
});

test('parties: pages follow each other through every party of a class', () => {
  const seen: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = pageOf(PARTIES, {
      class: 'external',
      limit: 100,
      ...(after !== undefined && { after }),
    });
    assert.equal(page.total, 331);
    seen.push(...page.parties.map(({ party }) => party));
    assert.equal(page.more, page.total - seen.length);
    if (page.more === 0) break;
    after = page.parties.at(-1)!.party;
  }

  assert.equal(new Set(seen).size, 331);
});

test('parties: those that stay can be listed alone; after the last one there is an empty page', () => {
  const { parties, total } = pageOf(PARTIES, { staying: true, limit: 50 });

  assert.deepEqual([parties.length, total], [31, 31]);
  const after = PARTIES.at(-1)!.party;
  assert.deepEqual(pageOf(PARTIES, { after, limit: 50 }), { parties: [], total: 333, more: 0 });
});
