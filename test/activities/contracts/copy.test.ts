import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';

import { DEFAULT_TUNING, type TransferProgress } from '../../../model/steering.js';
import { nodesOf } from '../../../model/plan-parts.js';
import { QUICK_TIMING } from '../../../sandbox/index.js';
import { failing } from '../../support/failing.js';
import { copying, frozen, importsOf, type Frozen } from '../../support/frozen-copy.js';
import { partiesIn } from '../../support/plan-parties.js';
import { SMALL } from '../../support/stack.js';

const RUNNING = { ...DEFAULT_TUNING, isPaused: false };
const tuning = () => RUNNING;
/** One call of five segments. */
const FIVE_SEGMENTS = { ...SMALL, contracts: { count: 500 } };

async function fiveSegments(t: TestContext): Promise<Frozen> {
  const migrating = await frozen(t, FIVE_SEGMENTS);
  return { ...migrating, input: { ...migrating.input, segmentContracts: 100 } };
}

function assertEqual({ sandbox }: Frozen): void {
  const { source, target } = sandbox.participants;
  assert.deepEqual(target.contracts().sort(), source.contracts().sort());
}

/** One call of 25 segments, which takes ten seconds. */
const SLOWLY = { ...RUNNING, contractsPerSecond: 250 };
const ONE_CALL = {
  timing: { ...QUICK_TIMING, importMicrosPerContract: 390 },
  contracts: { count: 2_500 },
};

test('copy: a pause ends the call that runs where it is, and a resume goes on with the contract after it', async (t) => {
  const { input, ...its } = await frozen(t, ONE_CALL);
  const migrating = { ...its, input: { ...input, segmentContracts: 100 } };
  const reports: TransferProgress[] = [];
  const { target } = migrating.sandbox.participants;
  let looks = 0;
  let held: { onTarget: number; calls: number[] } | undefined;
  const asked = () => {
    // The second look within the call finds the pause.
    if (importsOf(migrating).length === 0 || ++looks < 2) return SLOWLY;
    if (!reports.some(({ isHeld }) => isHeld)) return { ...SLOWLY, isPaused: true };
    held ??= { onTarget: target.contracts().length, calls: importsOf(migrating) };
    return RUNNING;
  };

  const { checkpoint } = await copying(migrating, { tuning: asked, reports });

  const { contractCount } = reports.find(({ isHeld }) => isHeld)!.checkpoint;
  assert.ok(contractCount > 0 && contractCount < 2_000, `${contractCount}`);
  assert.deepEqual(held, { onTarget: contractCount, calls: [0] });
  assert.deepEqual(importsOf(migrating), [0, contractCount], 'nothing comes twice');
  assert.equal(checkpoint.contractCount, 2_500);
  assertEqual(migrating);
});

/** Has the target without a contract again, and the spool as it is. */
async function purged(migrating: Frozen): Promise<Frozen> {
  const { act, sandbox, planned, input } = migrating;
  const { target } = sandbox.participants;
  await act.purgeImported({
    target: nodesOf(planned.plan).target,
    alias: 'da',
    synchronizerId: input.synchronizers.target,
    parties: partiesIn(planned.plan).map(({ party }) => party),
    workflowIdPrefix: input.workflowIdPrefix,
  });
  assert.deepEqual(target.contracts(), []);
  return { ...migrating, input: { ...input, targetLedgerEnd: String(target.ledger.ledger.end) } };
}

/** Alters one byte in the middle of the spool. */
function damage({ spoolFolder }: Frozen): void {
  const [folder = ''] = readdirSync(spoolFolder).filter((name) => name !== 'lists');
  const path = join(spoolFolder, folder, 'segments.bin');
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

test('copy: what comes before a damaged segment is committed, and found by what it created if the answer is lost', async (t) => {
  const copied = await fiveSegments(t);
  await copying(copied, { tuning });

  for (const isLost of [false, true]) {
    const migrating = await purged(copied);
    damage(migrating);
    const before = importsOf(migrating).length;
    if (isLost) migrating.sandbox.faults.dropReply('ImportAcs', { participant: 'target' });

    await assert.rejects(
      copying(migrating, { tuning }),
      isLost ? /UNAVAILABLE/ : failing('ShardDamaged', 'transient', 'sha-256'),
    );
    const { checkpoint } = await copying(migrating, { tuning, attempt: 2 });

    assert.deepEqual(importsOf(migrating).slice(before), [0, 200]);
    assert.equal(checkpoint.contractCount, 500);
    assert.equal(checkpoint.callCount, 2);
    assertEqual(migrating);
  }
});

/** Another operator imports the whole export. */
async function importedBy(migrating: Frozen, workflowIdPrefix: string): Promise<void> {
  const { participants, input, planned } = migrating;
  const { source, target } = input.synchronizers;
  const parties = partiesIn(planned.plan).map(({ party }) => party);
  const chunks = participants.get('source')!.repair.exportAcs({
    parties,
    synchronizerId: source,
    renameTo: target,
    offset: input.offset,
  });
  const request = { chunks, synchronizerId: target, workflowIdPrefix, mode: 'accept' } as const;
  await participants.get('target')!.repair.importAcs(request);
}

// A call creates nothing for contracts that are there already: it is only known to have come so far at least.
test('copy: calls of workers of before, whose ids name their ends too, are found; one that skipped contracts in part', async (t) => {
  const migrating = await fiveSegments(t);
  const { sandbox, participants, input } = migrating;
  await importedBy(migrating, `${input.workflowIdPrefix}-0-500`);
  const { checkpoint: found } = await copying(migrating, { tuning });
  assert.deepEqual(importsOf(migrating), []);
  assert.deepEqual([found.contractCount, found.callCount], [500, 1]);

  const { target } = sandbox.participants;
  const [gone, targetLedgerEnd] = [target.contracts().slice(0, 130), found.targetLedgerEnd];
  await participants.get('target')!.repair.purgeContracts('da', gone);
  sandbox.faults.dropReply('ImportAcs', { participant: 'target' });
  const later = { ...migrating, input: { ...input, targetLedgerEnd } };
  await assert.rejects(copying(later, { tuning }), /UNAVAILABLE/);
  const { checkpoint } = await copying(later, { tuning, attempt: 2 });

  assert.deepEqual(importsOf(migrating), [0, 100]);
  assert.equal(checkpoint.contractCount, 500);
  assertEqual(migrating);
});
