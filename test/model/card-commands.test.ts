import assert from 'node:assert/strict';
import test from 'node:test';

import { cardOf } from '../../model/card.js';
import { aboutMigration, withCommands } from '../../model/card-text.js';
import { CURES } from '../../model/cures.js';
import { newLiveRecord } from '../../model/live.js';
import { newMigration, type Migration } from '../../model/migration.js';
import { statusOf } from '../../model/migration-status.js';
import { GATES, type Gate } from '../../model/phase.js';
import type { HashedPlan } from '../../model/plan.js';
import type { MigrationState } from '../../model/steering.js';
import { LIVE_PLAN, NOT_VERIFIED, PLAN, REPORT, SNAPSHOTS, WARM_PLAN } from '../client/samples.js';

const ID = 'migrate-participant/old::1220ab';
const STATES: MigrationState[] = [
  ...(['running', 'paused', 'stopped', 'aborting', 'aborted', 'watching', 'migrated'] as const),
  'delegated',
];
const APPROVER = { algorithm: 'ed25519', publicKey: '', fingerprint: '' } as const;
const SIGNED: HashedPlan = {
  ...PLAN,
  plan: {
    ...PLAN.plan,
    approval: {
      ...PLAN.plan.approval,
      approvers: ["Conan O'Brien", 'Grace Hopper'].map((name) => ({ ...APPROVER, name })),
    },
  },
};

const REQUEST: Migration['signatures'][number] = {
  ...{ purpose: 'namespace-delegation', isRequired: true, algorithm: 'ED25519', hash: '1220' },
  ...{ toSign: 'AAAA', transaction: 'AAAA', key: { fingerprint: '1220ab' } as never },
};
const HOSTINGS = {
  ...{ requests: [], signatures: [] },
  counts: { requests: 2, parties: 2, given: 0, missing: 2, keys: 0, signers: [] },
};
const AWAITED = { parties: 1, named: ['a::1'], namespaces: [], namespaceCount: 0 };

/** A migration of each state, at each gate, and behind every kind of failure. */
function* migrations(): Generator<Migration> {
  for (const hashed of [PLAN, WARM_PLAN, LIVE_PLAN, SIGNED]) {
    const its: Migration = { ...newMigration(ID), hashed, delegatedTo: `${ID}cd` };
    for (const gate of Object.keys(GATES) as Gate[]) {
      const open: Migration = { ...its, gate, state: 'waiting-for-approval', stage: GATES[gate].before };
      yield* [open, { ...open, isPaused: true }, { ...open, verification: REPORT.verification }];
    }
    const root: Migration = { ...its, gate: 'root-key', state: 'waiting-for-approval' };
    yield {
      ...root,
      signatures: [REQUEST, { ...REQUEST, purpose: 'root-key-proof', isRequired: false }],
    };
    yield { ...root, hostings: HOSTINGS };
    yield { ...its, stage: 'recreate-parties', transfer: { ...its.transfer, awaited: AWAITED } };
    for (const state of STATES) {
      const stopped: Migration = { ...its, state, stage: 'verify', verification: NOT_VERIFIED };
      yield* [stopped, { ...stopped, live: newLiveRecord() }];
      for (const [type, cure] of Object.entries(CURES))
        yield {
          ...stopped,
          lastFailure: { stage: 'verify', kind: 'refused', type, message: 'the message', cure },
        };
    }
  }
}

/** The blocks of code of a card, and what is outside of them. */
function blocksOf(card: string): { blocks: string[]; rest: string } {
  const block = /^```\n([^\n]*)\n```$|<pre><code>(.*?)<\/code><\/pre>/gm;
  return {
    blocks: [...card.matchAll(block)].map(([, fence, pre]) => fence ?? pre ?? ''),
    rest: card.replace(block, ''),
  };
}

test('card: in every state each command is alone in a block of code, and nothing in it is to be filled in', () => {
  const cards = [...migrations()].map((its) => cardOf(statusOf(its)));
  const known = Object.values(SNAPSHOTS).flatMap(({ status }) => (status ? [cardOf(status)] : []));

  const seen = new Set<string>();
  for (const card of [...cards, ...known]) {
    const { blocks, rest } = blocksOf(card);
    assert.doesNotMatch(rest, /canton-migrate [a-z]|openssl /, card);
    // Without it the UI garbles what is folded at the end.
    assert.match(card, /[^\n]\n$/);
    for (const text of blocks) {
      if (!/^canton-migrate|^printf/.test(text)) continue;
      seen.add(text.split(' ').slice(0, 2).join(' '));
      assert.doesNotMatch(text, /<\w|&lt;\w|your name/, card);
      assert.equal(text.match(/canton-migrate [a-z]/g)?.length ?? 0, /^printf/.test(text) ? 0 : 1, card);
    }
  }
  assert.deepEqual(
    [...seen].sort().filter((its) => /approve|abort|resume|close|signature|status|printf/.test(its)),
    [
      ...['abort', 'approve', 'close', 'provide-signature', 'resume', 'signatures', 'status'].map(
        (verb) => `canton-migrate ${verb}`,
      ),
      'printf %s',
    ],
  );
});

test('card: a command names its migration, so that it is right where several are open', () => {
  assert.equal(
    withCommands(`canton-migrate approve cut-over --plan-hash 3f0c, or canton-migrate abort`, ID),
    [
      '```',
      `canton-migrate approve cut-over ${ID} --plan-hash 3f0c`,
      '```',
      '',
      'or',
      '',
      '```',
      `canton-migrate abort ${ID}`,
      '```',
    ].join('\n'),
  );
  assert.equal(aboutMigration(`canton-migrate status ${ID}cd`, ID), `canton-migrate status ${ID}cd`);
  assert.equal(aboutMigration('canton-migrate worker', ID), 'canton-migrate worker');
  assert.match(
    withCommands("canton-migrate approve x --as 'O'\\''Brien' --write-text a.txt, x", ID),
    /^canton-migrate approve x \S+ --as 'O'\\''Brien' --write-text a\.txt$/m,
  );
});
