import { visitDifferences } from '../../acs/comparison.js';
import type { DifferenceKind } from '../../model/acs.js';
import { mismatch } from '../../model/failure.js';
import { compareExports, type ComparedContracts } from './compare-exports.js';
import type { CompareInput } from './compare-input.js';
import { FoundContracts } from './active-contracts.js';
import { IdHashes } from './id-hashes.js';
import { createdOnTarget } from './imported.js';
import type { Participants } from '../nodes/participants.js';
import { whileIsolated } from '../hosting/isolation-monitor.js';
import { progress } from '../attempt/progress.js';
import { type Spool } from './spooling.js';
import {
  CHANGED_AT_ONCE,
  RECORD_BYTES_AT_ONCE,
  TargetChanges,
  type ChangeInput,
} from '../nodes/target-changes.js';

export interface RepairInput extends CompareInput, ChangeInput {
  /** Of a target that was parked: its ledger end when the plan counted what is purged there. Decimal int64. */
  plannedTargetLedgerEnd?: string;
}

export function repairActivities(participants: Participants, spool: Spool) {
  return {
    /**
     * Ensures that no contract of the source is missing on the target, and none is there that the source lacks:
     * missing ones are imported from an export at the pinned offset, extra ones purged.
     *
     * Safe to repeat: it begins with a comparison. Fails before any change with `ContractsDiffer` if a contract has
     * different content on the two nodes, because what that means only an operator can know, and with
     * `ContractsCreatedOnTarget` if an extra one is of a ledger transaction there: the target may be its only host.
     */
    repairDifferences(input: RepairInput): Promise<{ sent: number; purged: number }> {
      return whileIsolated(participants.read(input.target), input.window, () =>
        repair(participants, spool, input),
      );
    },
  };
}

async function repair(
  participants: Participants,
  spool: Spool,
  input: RepairInput,
): Promise<{ sent: number; purged: number }> {
  const changes = new TargetChanges(participants, input);
  await changes.begin();
  const compared = await compareExports(participants, spool, input);
  const totals = await readRepairable(participants, input, compared);
  const done = { sent: 0, purged: 0 };
  progress(() => ({ ...done, ofSent: totals.missing, ofPurged: totals.extra }));
  let missing: Uint8Array[] = [];
  let missingBytes = 0;
  let extra: string[] = [];
  const send = async () => {
    await changes.importRecords(missing, `r${compared.targetLedgerEnd}`);
    done.sent += missing.length;
    missing = [];
    missingBytes = 0;
  };
  const purge = async () => {
    await changes.purge(extra);
    done.purged += extra.length;
    extra = [];
  };
  await visitDifferences(compared, async ({ contractId, kind }, frames) => {
    if (kind === 'extra' && extra.push(contractId) >= CHANGED_AT_ONCE) await purge();
    if (kind !== 'missing' || !frames) return;
    // The record is only there until the next one is shown.
    const record = Buffer.from(frames.bytes.subarray(frames.frameStart, frames.end));
    missingBytes += record.length;
    if (missing.push(record) >= CHANGED_AT_ONCE || missingBytes >= RECORD_BYTES_AT_ONCE) await send();
  });
  await send();
  await purge();
  return done;
}

/** Returns how many contracts differ in which way; fails if any of it is not to be repaired. */
async function readRepairable(
  participants: Participants,
  input: RepairInput,
  compared: ComparedContracts,
): Promise<Record<DifferenceKind, number>> {
  const totals = { missing: 0, extra: 0, different: 0 };
  if (compared.comparison.isEqual) return totals;
  const created = await readCreated(participants, input, compared);
  const live = new FoundContracts();
  let firstDifferent = '';
  await visitDifferences(compared, ({ contractId, kind }) => {
    totals[kind] += 1;
    if (kind === 'different') firstDifferent ||= contractId;
    if (kind === 'extra' && created.has(contractId)) live.add(contractId);
  });
  const { source, target } = input;
  if (totals.different > 0) {
    throw mismatch(
      'ContractsDiffer',
      `${totals.different} contracts have different content on ${source.name} and ${target.name}, first ${firstDifferent}`,
    );
  }
  if (live.count > 0) {
    throw mismatch(
      'ContractsCreatedOnTarget',
      `${live.count} contracts that ${source.name} does not have were created on ${target.name} by ledger transactions, expected only imported ones to be purged: ${live.named}`,
    );
  }
  return totals;
}

/** On one synchronizer the source hosts the parties too: what it does not have is active nowhere. */
async function readCreated(
  participants: Participants,
  { target, synchronizers, plannedTargetLedgerEnd: planned, ...input }: RepairInput,
  { targetLedgerEnd: offset }: ComparedContracts,
): Promise<IdHashes> {
  if (synchronizers.source === synchronizers.target) return new IdHashes();
  return createdOnTarget(participants.read(target), {
    parties: input.parties,
    synchronizerId: synchronizers.target,
    offset,
    ...(planned !== undefined && { planned }),
  });
}
