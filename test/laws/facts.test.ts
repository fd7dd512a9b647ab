import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Fact } from '../../model/facts.js';
import { live } from '../../workflows/routes/live.js';
import { newSynchronizer } from '../../workflows/routes/new-synchronizer.js';
import type { Step } from '../../workflows/routes/route.js';
import { begin, type RouteName } from '../drift/procedure.js';
import { quickly } from '../support/quick-attempts.js';
import { callsOf, SMALL, startStack, TINY_LIVE } from '../support/stack.js';

/** The calls that tell a fact. */
const READ_BY: Record<Fact, RegExp> = {
  keys: /^ListPublicKeys$/,
  delegations: /^ListNamespaceDelegation$/,
  hosting: /^ListPartyToParticipant$/,
  grants: /^List(ParticipantSynchronizerPermission|Parties)$/,
  packages: /^List(Dars|Packages|VettedPackages)$/,
  'local state': /^List(Users|UserRights|IdentityProviderConfigs|KnownParties)$/,
  limits: /^GetResourceLimits$/,
  connections: /^ListRegisteredSynchronizers$/,
  'ledger ends': /^GetLedgerEnd$/,
  contracts: /^(ExportAcs|GetUpdates|GetActiveContracts)$/,
  'in flight': /^CountInFlight$/,
  commitments: /^(GetIntervalsBehindForCounterParticipants|Lookup(Sent|Received)AcsCommitments)$/,
};

/** The ways by which every step of a route is taken at least once. */
const WAYS: { declared: readonly Step<never>[]; ways: RouteName[] }[] = [
  { declared: newSynchronizer.steps, ways: ['cold', 'warm', 'return'] },
  { declared: live.steps, ways: ['live'] },
];

/** Reads nothing where nobody else signs, as here. */
const NOT_TAKEN = 'await-owners';

suite('facts', () => {
  for (const { declared, ways } of WAYS)
    test(`facts: the steps read what they declare, and declare what they read: ${ways.join(', ')}`, async (t) => {
      const read = new Map<string, Set<string>>();
      for (const way of ways) {
        const scenario = way === 'live' ? { ...TINY_LIVE, target: { synchronizers: [] } } : SMALL;
        const stack = await startStack(t, scenario);
        const procedure = await begin(way, { ...stack, act: quickly(stack.activities) });
        for (const step of procedure.steps) {
          const calls = await callsOf(stack, () => procedure.apply(step));
          const facts = read.get(step) ?? new Set();
          for (const [fact, by] of Object.entries(READ_BY))
            if (calls.some(({ method }) => by.test(method))) facts.add(fact);
          read.set(step, facts);
        }
      }
      const taken = declared.filter(({ name }) => name !== NOT_TAKEN);
      assert.deepEqual(
        taken.map(({ name }) => [name, [...(read.get(name) ?? [])].sort()]),
        taken.map(({ name, facts }) => [name, [...facts].sort()]),
      );
    });
});
