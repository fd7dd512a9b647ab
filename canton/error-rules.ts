import type { status } from '@grpc/grpc-js';

import type { FailureKind } from '../model/failure.js';
import { TLS_FAILURES } from './tls-failures.js';

/** Name of a gRPC status code. */
export type GrpcCode = keyof typeof status;

/** A failed call as far as the kind of its failure depends on it. */
export interface Answer {
  /** For example `VaultService/ListMyKeys`. */
  method: string;
  code: GrpcCode;
  errorId: string | undefined;
  category: number | undefined;
  retryDelayMs: number | undefined;
  /** Without error id and category. */
  text: string;
  metadata: Record<string, string>;
  isRedacted: boolean;
}

/** Who has to act on a failed call, and what about it. */
export interface Verdict {
  kind: FailureKind;
  /** Name of the failure, where its code says too little. */
  type?: string | undefined;
  /** What to do about it, where Canton's text does not say. */
  advice?: string | undefined;
}

interface Rule extends Verdict {
  /** Section of the facts sheet of the admin API v30, or of that of the live route. */
  source: string;
  code?: GrpcCode;
  /** Null: only without an error id. */
  errorId?: string | null;
  method?: RegExp;
  text?: RegExp;
}

// These services come up one after another while a node starts; the status, vault and Ledger API ones come first
// or not at all, so that the wrong port or an old release is not mistaken for a start.
const LATE_SERVICES =
  /^(PackageService|PingService|Topology\w+|ParticipantRepairService|SynchronizerConnectivityService|ParticipantInspectionService|ResourceManagementService|PruningService|IdentityInitializationService)\/|^PartyManagementService\/(GetHighestOffsetByTimestamp|ClearPartyOnboardingFlag)$/;
const POISONED =
  'send this participant no connect and no purge until it was restarted after the import: the next one ends its process';

/** The first row that fits decides; where none fits, `kindOf` says what does. */
const RULES: readonly Rule[] = [
  // Repair mode of the indexer. The same words mean "wait" on a second import and "stop" on a connect or purge.
  { source: '2.3', kind: 'transient', code: 'UNKNOWN', errorId: null, text: /^Repair in progress/ },
  {
    source: '2.3',
    kind: 'refused',
    code: 'INTERNAL',
    errorId: null,
    text: /^Repair in progress/,
    advice: POISONED,
  },

  // Plain texts that no repetition changes, although their code would be transient.
  {
    source: '2.3',
    kind: 'refused',
    code: 'UNKNOWN',
    errorId: null,
    text: /^Input is not in the \.gz format/,
  },
  { source: '2.3', kind: 'refused', code: 'UNKNOWN', errorId: null, text: /in Daml-LF Ledger String/ },
  {
    source: '1.8',
    kind: 'refused',
    code: 'INTERNAL',
    errorId: null,
    text: /is different than inserted key/,
  },
  {
    source: '1.14',
    kind: 'refused',
    code: 'INTERNAL',
    errorId: null,
    text: /^Not able to find synchronizer alias/,
  },

  // Transport.
  {
    source: '4.3',
    kind: 'refused',
    code: 'RESOURCE_EXHAUSTED',
    errorId: null,
    text: /larger than|exceeds maximum/i,
  },
  ...tlsRules(),
  {
    source: '4.1',
    kind: 'transient',
    code: 'UNIMPLEMENTED',
    errorId: null,
    method: LATE_SERVICES,
    // A redacted category 14 has this code too and means it.
    text: /^(?!An error occurred)/,
    advice: 'the participant is still starting, is a passive replica, or this is not its Admin API',
  },
  // Our own cancellation never gets here, so the stream was reset by the other side or something between.
  { source: '3.1', kind: 'transient', code: 'CANCELLED', errorId: null },

  // What a node that connected with an incomplete import answers for ever: the next operation ends its process.
  {
    source: 'live route 6',
    kind: 'refused',
    type: 'TargetDestroyed',
    code: 'INTERNAL',
    errorId: null,
    text: /Unable to find reassignment counter/,
    advice:
      'this participant processed archivals of contracts it never had, and no repair is known: rebuild it, or restore its database from before the import',
  },

  // A node that has just connected catches up with the synchronizer.
  { source: '1.11', kind: 'transient', errorId: 'UNPROCESSED_REQUESTED_TIMESTAMP' },
  { source: '1.11', kind: 'transient', errorId: 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND' },
  {
    source: '3.3',
    kind: 'transient',
    errorId: 'IO_STREAM_PARTY_MANAGEMENT_ERROR',
    text: /Possibly missing party activation/,
  },
  {
    source: 'live route 5',
    kind: 'refused',
    errorId: 'PARTY_ONBOARDING_CLEARANCE_MISSING_MAPPING',
    advice: 'the first activation after the begin of the search set no flag: begin behind it',
  },

  // The store or the node needs time, not an operator.
  { source: '3.3', kind: 'transient', errorId: 'TOPOLOGY_STORE_NOT_INITIALIZED' },
  { source: '3.3', kind: 'transient', errorId: 'TOPOLOGY_INSUFFICIENT_KEYS' },
  { source: '3.3', kind: 'transient', errorId: 'PARTICIPANT_IS_NOT_ACTIVE' },

  // An export only reads: any failure but a pruned offset may pass.
  {
    source: '2.2',
    kind: 'refused',
    errorId: 'IO_STREAM_REPAIR_ERROR',
    text: /PARTICIPANT_PRUNED_DATA_ACCESSED|pruned/,
  },
  { source: '2.2', kind: 'transient', errorId: 'IO_STREAM_REPAIR_ERROR' },

  {
    source: '1.15',
    kind: 'refused',
    errorId: 'PARTICIPANT_PRUNED_DATA_ACCESSED',
    method: /^UpdateService\//,
    advice:
      'what happened since is gone from this participant: abort, suspend its pruning and start again',
  },

  // One id and code for every reason an import fails (surprise 6).
  ...importRules([
    [
      /There are still synchronizers connected/,
      'disconnect every synchronizer of this participant, then repeat',
    ],
    [/Reconnect to the synchronizer/, 'connect and disconnect the synchronizer, then repeat'],
    [
      /Failed to locate package|Could not select a representative package-id/,
      'upload the missing DAR, then repeat',
    ],
    [
      /Unable to resolve|No static synchronizer parameters/,
      'connect this participant to the synchronizer once',
    ],
    [/Failed to authenticate contract/, 'stop: the snapshot is not what the source exported'],
    [/previously archived/, 'stop: this participant already used the contract'],
    [
      /non-zero reassignment counter/,
      'stop: reassigned contracts cannot be imported by this participant',
    ],
    [/Failed to add contracts/, 'stop: the snapshot holds a contract twice'],
    [/in memory which is not supported/, 'stop: the participant needs a database'],
  ]),
];

function tlsRules(): Rule[] {
  return TLS_FAILURES.map((failure) => ({
    source: '4.1',
    kind: 'refused',
    code: 'UNAVAILABLE',
    errorId: null,
    ...failure,
  }));
}

function importRules(rows: [RegExp, string][]): Rule[] {
  return rows.map(([text, advice]) => ({
    source: '3.2',
    kind: 'refused',
    errorId: 'IMPORT_ACS_ERROR',
    text,
    advice,
  }));
}

const RETRYABLE_CATEGORIES = new Set([1, 2, 3, 12]);
const TRANSIENT_CODES = new Set<GrpcCode>([
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'RESOURCE_EXHAUSTED',
  'ABORTED',
  'INTERNAL',
  'UNKNOWN',
]);

/**
 * Returns who has to act on a failed call, and what about it.
 *
 * Order: the table; what Canton marks as retryable; then a category or a redaction means no; then the code.
 * Source: facts 3.2, "Canonical retry rule".
 */
export function kindOf(answer: Answer): Verdict {
  const rule = RULES.find((row) => fits(row, answer));
  if (rule) return rule;
  if (answer.retryDelayMs !== undefined) return { kind: 'transient' };
  if (answer.category !== undefined) {
    return { kind: RETRYABLE_CATEGORIES.has(answer.category) ? 'transient' : 'refused' };
  }
  if (answer.isRedacted) return { kind: 'refused' };
  return { kind: TRANSIENT_CODES.has(answer.code) ? 'transient' : 'refused' };
}

function fits(rule: Rule, answer: Answer): boolean {
  return (
    (rule.code === undefined || rule.code === answer.code) &&
    (rule.errorId === undefined || rule.errorId === (answer.errorId ?? null)) &&
    (rule.method?.test(answer.method) ?? true) &&
    (rule.text?.test(answer.text) ?? true)
  );
}
