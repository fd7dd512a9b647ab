import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Fact } from '../../model/facts.js';
import type { ScenarioChange } from '../../sandbox/index.js';
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
  {
    // That one is of participants of Canton 2.10: test/canton-2.10.
    declared: newSynchronizer.steps.filter(({ name }) => name !== 'host-parties-of-isolated-target'),
    ways: ['cold', 'warm', 'return'],
  },
  { declared: live.steps, ways: ['live'] },
];

/** Where every step of the route is taken: the target joins, and somebody else signs for a party. */
const JOINING: ScenarioChange = {
  ...TINY_LIVE,
  target: { synchronizers: [] },
  parties: { ...TINY_LIVE.parties, external: 1 },
};

suite('facts', () => {
  for (const { declared, ways } of WAYS)
    test(`facts: the steps read what they declare, and declare what they read: ${ways.join(', ')}`, async (t) => {
      const read = new Map<string, Set<string>>();
      for (const way of ways) {
        const scenario = way === 'live' ? JOINING : SMALL;
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
      assert.deepEqual(
        declared.map(({ name }) => [name, [...(read.get(name) ?? [])].sort()]),
        declared.map(({ name, facts }) => [name, [...facts].sort()]),
      );
    });
});
