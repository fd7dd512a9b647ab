import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import {
  describeMissing,
  type ProvideSignatureInput,
  type ProvideSignaturesInput,
  type SignaturesTaken,
  type SignaturesToProvide,
} from '../../model/ceremony.js';
import { count } from '../../model/count.js';
import type { Migration } from '../../model/migration.js';
import { GATES, type Gate } from '../../model/phase.js';
import type { HashedPlan } from '../../model/plan.js';
import { placeholderProblem } from '../../model/placeholder.js';
import { bounded, hasHidden, NAME_LIMIT } from '../../model/shown-text.js';
import type { AbortPreview } from '../../model/report.js';
import {
  ABORT_PREVIEW_QUERY,
  ABORT_UPDATE,
  AWAITED_SIGNAL,
  CARRIED_QUERY,
  APPROVE_UPDATE,
  PAUSE_UPDATE,
  PLAN_QUERY,
  PROGRESS_SIGNAL,
  PROVIDE_SIGNATURE_UPDATE,
  PROVIDE_SIGNATURES_UPDATE,
  REPAIR_UPDATE,
  RESUME_UPDATE,
  RETUNE_UPDATE,
  SIGNATURES_QUERY,
  STATUS_QUERY,
  TUNING_QUERY,
  type ApproveInput,
  type MigrationStatus,
  type RetuneInput,
  type SteerInput,
  type TransferTuning,
} from '../../model/steering.js';
import { fieldsOf, quoted, rejection } from './edge.js';

export const status = defineQuery<MigrationStatus>(STATUS_QUERY);
export const carried = defineQuery<unknown>(CARRIED_QUERY);
export const abortPreview = defineQuery<AbortPreview>(ABORT_PREVIEW_QUERY);
export const plan = defineQuery<HashedPlan | undefined>(PLAN_QUERY);
export const approve = defineUpdate<MigrationStatus, [ApproveInput]>(APPROVE_UPDATE);
export const pause = defineUpdate<MigrationStatus, [SteerInput]>(PAUSE_UPDATE);
export const resume = defineUpdate<MigrationStatus, [SteerInput]>(RESUME_UPDATE);
export const abort = defineUpdate<MigrationStatus, [SteerInput]>(ABORT_UPDATE);

export const retune = defineUpdate<MigrationStatus, [RetuneInput]>(RETUNE_UPDATE);
export const repair = defineUpdate<MigrationStatus, [SteerInput]>(REPAIR_UPDATE);
export const provideSignature = defineUpdate<MigrationStatus, [ProvideSignatureInput]>(
  PROVIDE_SIGNATURE_UPDATE,
);
export const signatures = defineQuery<SignaturesToProvide>(SIGNATURES_QUERY);
export const provideSignatures = defineUpdate<SignaturesTaken, [ProvideSignaturesInput]>(
  PROVIDE_SIGNATURES_UPDATE,
);
export const transferTuning = defineQuery<TransferTuning>(TUNING_QUERY);
export const transferProgress = defineSignal<[unknown]>(PROGRESS_SIGNAL);
export const awaitedSignatures = defineSignal<[unknown]>(AWAITED_SIGNAL);

/** Seconds for one import call; contracts a second. */
const TUNING_RANGES = { targetSeconds: [1, 60], contractsPerSecond: [1, 1_000_000] } as const;

/** What an approval has to be; a rejection leaves no trace in history. The input may be anything: it comes from a UI. */
export function refuseApproval(migration: Migration, input: unknown): void {
  const { gate, planHash } = fieldsOf(input, ['gate', 'planHash', 'approver']);
  if (!Object.hasOwn(GATES, gate!)) {
    throw rejection(
      'InputInvalid',
      `gate: found ${bounded(gate!, NAME_LIMIT)}, expected one of ${Object.keys(GATES).join(', ')}`,
    );
  }
  if (migration.gate !== gate)
    throw rejection('GateNotOpen', `gate ${gate} is not open: ${whyClosed(migration)}`);
  if (!/^[0-9a-f]{64}$/.test(planHash!)) {
    throw rejection(
      'PlanHashMismatch',
      `planHash: found ${bounded(planHash!, NAME_LIMIT)}, which is no hash of a plan, expected ${migration.hashed?.hash ?? ''}`,
    );
  }
  if (planHash !== migration.hashed?.hash) {
    throw rejection(
      'PlanHashMismatch',
      `planHash: found ${bounded(planHash!, NAME_LIMIT)}, expected ${migration.hashed?.hash ?? ''}, the plan to be approved`,
    );
  }
  if (gate === 'cut-over' && migration.verification?.isEqual !== true) {
    throw rejection('NotVerified', 'source and target are not verified as equal');
  }
  if (gate === 'root-key') refuseRootKeyApproval(migration);
  refuseEvidence(gate as Gate, input as Record<string, unknown>);
}

const EVIDENCE_LENGTH = 500;

/** A backup is named, or waived in words; no other gate asks for it. */
function refuseEvidence(gate: Gate, fields: Record<string, unknown>): void {
  const given = ['evidence', 'waiver'].filter((name) => fields[name] !== undefined);
  if (gate !== 'target-backup' && given.length > 0) {
    throw rejection('InputInvalid', `${given.join(', ')}: only the gate target-backup takes it`);
  }
  if (gate !== 'target-backup') return;
  if (given.length !== 1) {
    throw rejection(
      'EvidenceMissing',
      `found ${given.length === 0 ? 'neither evidence nor waiver' : 'evidence and waiver'}, expected one of them: a name or checksum of the backup, or why there is none`,
    );
  }
  const [name = ''] = given;
  const text = fields[name];
  const isText = typeof text === 'string' && text.trim() !== '' && text.length <= EVIDENCE_LENGTH;
  if (!isText || hasHidden(text)) {
    throw rejection(
      'InputInvalid',
      `${name}: found ${quoted(text)}, expected text of at most ${EVIDENCE_LENGTH} characters, without control characters`,
    );
  }
  const problem = placeholderProblem(text);
  if (problem !== undefined) throw rejection('InputInvalid', `${name}: ${problem}`);
}

/** The signatures that the migration needs at the gate `root-key`. */
function refuseRootKeyApproval(migration: Migration): void {
  const missing = migration.signatures.filter(({ isRequired, provided }) => isRequired && !provided);
  if (missing.length > 0) {
    const named = missing.map(({ purpose, hash }) => `${purpose} (${hash})`).join(', ');
    throw rejection('SignatureMissing', `a signature of the root key is missing: ${named}`);
  }
  const { counts } = migration.hostings ?? {};
  if (!counts || counts.missing === 0) return;
  throw rejection(
    'SignatureMissing',
    `signatures for the hosting of parties are missing: ${count(counts.missing)}. ${describeMissing(counts)}`,
  );
}

export function refusePause(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  if (migration.isPaused) throw rejection('AlreadyPaused', 'the migration is paused already');
  if (migration.state !== 'running' && migration.state !== 'waiting-for-approval') {
    throw rejection('NotRunning', `a migration that is ${migration.state} cannot be paused`);
  }
}

export function refuseResume(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  if (!migration.isPaused && migration.state !== 'stopped') {
    throw rejection(
      'NothingToResume',
      `the migration is ${migration.state}, neither paused nor stopped`,
    );
  }
}

export function refuseAbort(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  if (migration.isPastPointOfNoReturn) {
    throw rejection(
      'PointOfNoReturnPassed',
      'the target serves: a ledger transaction may have consumed contracts that the source still holds, the only safe way is forward',
    );
  }
  if (migration.abortedBy !== undefined)
    throw rejection('AlreadyAborted', `it is being aborted already, by ${migration.abortedBy}`);
}

export function refuseRetune(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  const fields = input as Record<string, unknown>;
  const given = Object.entries(TUNING_RANGES).filter(([name]) => fields[name] !== undefined);
  if (given.length === 0) {
    throw rejection(
      'InputInvalid',
      `found neither ${Object.keys(TUNING_RANGES).join(' nor ')}, expected one of them`,
    );
  }
  for (const [name, [least, most]] of given) {
    const value = fields[name];
    if (value === null && name === 'contractsPerSecond') continue;
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      throw rejection(
        'InputInvalid',
        `${name}: found ${quoted(value)}, expected a number from ${least} to ${most}`,
      );
    }
  }
  if (migration.verification || migration.isWithdrawing || migration.isPastPointOfNoReturn) {
    throw rejection('NotRunning', 'the transfer is over, there is nothing to retune');
  }
}

export function refuseRepair(migration: Migration, input: unknown): void {
  fieldsOf(input, ['by']);
  const { verification, state, lastFailure } = migration;
  if (state !== 'stopped' || lastFailure?.type !== 'NotVerified' || !verification) {
    throw rejection('NothingToRepair', `the migration is ${state}, it did not stop at a comparison`);
  }
  if (verification.totals.different > 0) {
    throw rejection(
      'ContractsDiffer',
      `${verification.totals.different} contracts have different content on the two nodes, which is never repaired: check them, then abort`,
    );
  }
}

function whyClosed({ state, gate, stage, verification }: Migration): string {
  if (gate) return `${gate} is`;
  if (verification && !verification.isEqual) return 'the verification is not successful';
  return `the migration is ${state} in ${stage}`;
}
