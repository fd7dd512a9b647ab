import type { AcsComparison, AcsDigest, ExportedContracts } from '../../model/acs.js';
import { mismatch } from '../../model/failure.js';
import type { Participants } from '../nodes/participants.js';
import { readIsolatedTarget, type OnboardingWindow } from '../hosting/window.js';
import type { ExportInput } from './spooling.js';

export interface CompareInput extends ExportInput {
  /** What was copied from this very export, as recorded; left out if the copy was taken at another offset. */
  exported?: Pick<ExportedContracts, 'total'>;
  /**
   * Offset of the target that is compared, while it serves; left out, it is compared at its ledger end, and has to be
   * disconnected from before the first byte to after the last. Decimal int64.
   */
  targetOffset?: string;
  /** On the live route: the target is a host already, and must not have been connected since. */
  window?: OnboardingWindow;
  /**
   * Of the copy, where it differs from this: what changed on both nodes since is read from their update streams. Left out,
   * both are exported.
   */
  copied?: Pick<ExportInput, 'offset'> &
    Partial<Pick<ExportInput, 'activations' | 'excludedStakeholders' | 'keptStakeholders'>>;
}

/** Both sides as they were read, and where they disagree. */
export interface ComparedDigests {
  source: AcsDigest;
  target: AcsDigest;
  comparison: AcsComparison;
  targetLedgerEnd: string;
}

/** The copy that digests were carried along from, if they are of all that is compared. */
export function copyOf({ copied, ...input }: CompareInput): ExportInput | undefined {
  if (!copied) return undefined;
  const { activations } = copied;
  // Parties that became active one group after the other have changes of their own times.
  const isWhole = activations?.length === 1 && activations[0]?.parties.length === input.parties.length;
  return isWhole || !isSince({ copied, ...input }) ? { ...input, ...copied } : undefined;
}

/** Whether a live copy is compared together with what changed since. */
export function isSince({ copied, offset }: CompareInput): boolean {
  return copied?.activations !== undefined && copied.offset !== offset;
}

/** Unless it is compared while it serves. */
export async function checkDisconnected(participants: Participants, input: CompareInput): Promise<void> {
  if (input.targetOffset !== undefined) return;
  await readIsolatedTarget(participants.read(input.target), { ...input, parties: input.parties });
}

export async function targetOffsetOf(participants: Participants, input: CompareInput): Promise<string> {
  return input.targetOffset ?? participants.read(input.target).ledger.readLedgerEnd();
}

export function assertSameExport({ exported, offset }: CompareInput, { total }: AcsDigest): void {
  if (!exported || exported.total.digest === total.digest) return;
  throw mismatch(
    'ExportChanged',
    `the export at offset ${offset} has digest ${total.digest}, expected ${exported.total.digest}`,
  );
}
