import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';

import { numbersOfParts, partsOf } from '../../../activities/contracts/export-parts.js';
import type { CopyInput } from '../../../activities/contracts/copy.js';
import { QUICK_TIMING, type ScenarioChange } from '../../../sandbox/index.js';
import { DEFAULT_TUNING } from '../../../model/steering.js';
import { importPrefix } from '../../../model/plan-parts.js';
import type { ByReference } from '../../../model/listed.js';
import { exportInput } from '../../../workflows/phases/export-input.js';
import { applyStep, startSteps, type Migrating } from '../../support/route-steps.js';
import { quickly } from '../../support/quick-attempts.js';
import { temporalOf } from '../../support/stack.js';
import { failing } from '../../support/failing.js';

/** All contracts in one call take 0.6 s or more, those of one party a quarter of that. */
const SLOW = { ...QUICK_TIMING, exportMicrosPerContract: 500 };
const ENOUGH_FOR_A_PARTY_MS = 400;
const NOT_ENOUGH_MS = 30;
/** With waits of milliseconds between them. */
const ATTEMPTS = 12;

const scenario = (adminStreamMs: number): ScenarioChange => ({
  timing: { ...SLOW, adminStreamMs },
  contracts: { count: 1_200 },
});

/** Ready to freeze the source; what fails for a passing reason is tried again, as Temporal does. */
async function started(t: TestContext, adminStreamMs: number): Promise<Migrating> {
  const migrating = await startSteps(t, {
    scenario: scenario(adminStreamMs),
    before: 'freeze-source',
  });
  const { activities, tuning, reports } = migrating;
  const client = temporalOf(tuning, reports);
  return { ...migrating, act: quickly(activities, { attempts: ATTEMPTS, client }) };
}

/** The copy of a frozen source, in segments so small that much is imported before the export breaks off. */
async function frozen(
  t: TestContext,
  adminStreamMs: number,
): Promise<Migrating & { input: ByReference<CopyInput> }> {
  const migrating = await started(t, adminStreamMs);
  await applyStep(migrating, 'freeze-source');
  const { planned, record } = migrating;
  const input = {
    ...exportInput(planned, record.pinnedOffset!),
    workflowIdPrefix: importPrefix(planned.hash),
    targetLedgerEnd: record.targetLedgerEnd!,
    segmentContracts: 100,
  };
  return { ...migrating, input };
}

test('export-parts: the parties of an export are cut into parts in their order', () => {
  assert.deepEqual(
    [...partsOf(['a', 'b', 'c', 'd', 'e'], 2)],
    [
      ['a', 'b', 'c'],
      ['d', 'e'],
    ],
  );
  assert.deepEqual([...partsOf(['a', 'b'], 1)], [['a', 'b']]);
  for (const count of [1, 2, 3, 7, 8])
    for (const parts of numbersOfParts(count)) {
      const parties = Array.from({ length: count }, (_, n) => `p${n}`);
      assert.deepEqual([...partsOf(parties, parts)].flat(), parties);
    }
  assert.deepEqual([...numbersOfParts(6)], [1, 2, 4, 6]);
});

// From 3.6 on a node ends every streaming call of its Admin API after a time: an export that takes longer never ends well.
test('transfer-active-contracts: exports that take longer than a node lets a call last are made in parts, to the end', async (t) => {
  const migrating = await started(t, ENOUGH_FOR_A_PARTY_MS);
  const { sandbox, record } = migrating;
  const { source, target } = sandbox.participants;
  const expected = source.contracts().sort();

  for (const step of [
    'freeze-source',
    'copy-contracts',
    'compare-nodes',
    'park-source',
    'connect-target',
  ])
    await applyStep(migrating, step);

  assert.deepEqual(target.contracts().sort(), expected);
  assert.equal(record.exported?.total.contractCount, expected.length);
  assert.ok((record.checkpoint?.parts ?? 1) > 1);
});

test('transfer-active-contracts: what was imported of an export that broke off stays, and its second failure cuts it', async (t) => {
  const { act, input, sandbox, reports, tuning } = await frozen(t, ENOUGH_FOR_A_PARTY_MS);
  // Each attempt is one call, which is under way when the export breaks off.
  Object.assign(tuning, DEFAULT_TUNING);

  const { exported, checkpoint } = await act.copyActiveContracts(input);

  const breaks = reports.filter(({ checkpoint: its }) => its.brokenOff);
  const first = breaks[0]!.checkpoint;
  assert.ok(first.contractCount > 0 && first.contractCount < exported.total.contractCount);
  assert.equal(first.parts ?? 1, 1);
  assert.deepEqual(breaks.map(({ checkpoint: its }) => [its.parts ?? 1, its.brokenOff]).slice(0, 2), [
    [1, 1],
    [1, 2],
  ]);
  // The second attempt went on where the first one stood.
  assert.ok(breaks[1]!.checkpoint.contractCount >= first.contractCount);
  assert.ok((checkpoint.parts ?? 1) > 1);
  assert.equal(checkpoint.contractCount, exported.total.contractCount);
  assert.deepEqual(
    sandbox.participants.target.contracts().sort(),
    sandbox.participants.source.contracts().sort(),
  );
  const { isEqual } = await act.compareActiveContracts({ ...input, exported });
  assert.ok(isEqual);
});

test('transfer-active-contracts: the contracts of one party that do not arrive in one call are a failure with a cure', async (t) => {
  const { act, input, reports } = await frozen(t, NOT_ENOUGH_MS);

  await assert.rejects(act.copyActiveContracts(input), failing('ExportBrokenOff', 'refused'));

  // Whoever has raised the limit resumes, and each party is tried twice again.
  assert.equal(reports.at(-1)!.checkpoint.brokenOff, 0);
});
