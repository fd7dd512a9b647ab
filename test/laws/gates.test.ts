import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import { createActivities, type Activities } from '../../activities/index.js';
import { GATE_OF } from '../../model/gates.js';
import type { Gate } from '../../model/phase.js';
import { plannedMemo, type Procedure } from '../../model/planned.js';
import type { MigrationRequest } from '../../model/request.js';
import type { ScenarioChange } from '../../sandbox/index.js';
import { RARER } from '../support/boundaries.js';
import {
  applyStep,
  begun,
  PROMPT_LIVE,
  stepsIn,
  undoAll,
  unhurried,
  type Migrating,
} from '../support/route-steps.js';
import { quickly } from '../support/quick-attempts.js';
import { SPOOL_KEY } from '../support/spool-key.js';
import { EVERYTHING, LIVE_REQUEST, REQUEST, startStack } from '../support/stack.js';

const WARM = { ...REQUEST, options: { ...REQUEST.options, copy: 'warm' as const } };
const PROCEDURES: [Procedure, ScenarioChange, MigrationRequest, lastUndone: string][] = [
  ['cold', EVERYTHING, REQUEST, 'park-source'],
  ['warm', EVERYTHING, WARM, 'park-source'],
  ['live', PROMPT_LIVE, LIVE_REQUEST, 'move-clients'],
];
/** Only an operator, an offline root key, a target that joins, a parked node or the source watch leads there. */
const ELSEWHERE = [
  'submitSignedDelegation',
  'ensureJoined',
  'ensureResourceLimits',
  'repairDifferences',
  'readSwitching',
  'ensureParkedAgain',
  'keepReport',
  'leaveTarget',
  'removeExport',
  // Of participants of Canton 2.10: test/canton-2.10.
  'ensurePartiesHostedDisconnected',
  'withdrawPartiesDisconnected',
];

const seen = new Set<string>();

/** A migration whose activities, as far as a gate is declared for them, are noted with the gate that was opened last. */
async function noting(
  t: TestContext,
  scenario: ScenarioChange,
  request: MigrationRequest,
): Promise<{ migrating: Migrating; noted: Map<string, Gate>; opened: (gate: Gate) => void }> {
  const stack = await startStack(t, scenario);
  const quick = quickly(stack.activities);
  const noted = new Map<string, Gate>();
  let last: Gate | undefined;
  const calls = Object.entries(quick).map(([name, run]) => [
    name,
    (input: never) => {
      if (name in GATE_OF && last && !noted.has(name)) noted.set(name, last);
      return run(input);
    },
  ]);
  const act = Object.fromEntries(calls) as Activities;
  const planned = unhurried(await quick.readPlan(request));
  const migrating = begun({ ...stack, act }, planned);
  return { migrating, noted, opened: (gate) => (last = gate) };
}

suite('gates', { concurrency: 3 }, () => {
  for (const [procedure, scenario, request, lastUndone] of PROCEDURES) {
    test(`gates: ${procedure}: each act stands behind the gate that its first step is declared behind`, async (t) => {
      const { migrating, noted, opened } = await noting(t, scenario, request);
      assert.equal(plannedMemo(migrating.planned, new Date(0)).procedure, procedure);

      for (const { name, gate } of stepsIn(migrating)) {
        if (gate) opened(gate);
        await applyStep(migrating, name);
      }

      for (const [name, gate] of noted) {
        seen.add(name);
        const gated = GATE_OF[name]!;
        if (name !== 'removeExport')
          assert.ok(gated !== 'none' && gated[procedure] === gate, `${name}: ${gate}`);
      }
    });

    // An abort of a warm copy takes back what one of a cold copy does.
    const often = procedure === 'warm' ? RARER : {};
    test(`gates: ${procedure}: whatever an abort does needs no approval`, often, async (t) => {
      const { migrating, noted, opened } = await noting(t, scenario, request);
      for (const { name } of stepsIn(migrating)) {
        await applyStep(migrating, name);
        if (name === lastUndone) break;
      }

      opened('root-key');
      await undoAll(migrating);

      assert.ok(noted.size > 0);
      for (const name of noted.keys()) {
        seen.add(name);
        const gated = GATE_OF[name]!;
        assert.ok(gated === 'none' || gated.isAlsoUndo, `${name} is taken back and needs an approval`);
      }
    });
  }
});

test('gates: every act that is declared was seen, and is an activity', () => {
  const spool = { folder: '', key: SPOOL_KEY };
  const all = Object.keys(createActivities({ participants: new Map(), spool }));
  assert.deepEqual(
    Object.keys(GATE_OF).filter((name) => !all.includes(name)),
    [],
  );
  const missing = Object.keys(GATE_OF).filter((name) => !seen.has(name) && !ELSEWHERE.includes(name));
  assert.deepEqual(missing, []);
});
