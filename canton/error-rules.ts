import type { FailureType } from '../model/cures.js';
import type { FailureKind } from '../model/failure.js';
import type { GrpcCode } from './error-answer.js';
import { TLS_FAILURES } from './tls-failures.js';

/** Who has to act on a failed call, and what about it. */
export interface Verdict {
  kind: FailureKind;
  /** Name of the failure, where its code says too little. */
  type?: FailureType | undefined;
  /** What to do about it, where Canton's text does not say. */
  advice?: string | undefined;
}

/** Which answers it is about, and who has to act on them. What a rule leaves out does not matter to it. */
export interface ErrorRule extends Verdict {
  /** One citation, as a Source line has it. */
  source: string;
  /** Rests on a text alone: `test/golden` holds no answer of a real participant that this rule decides. */
  isUnrecorded?: true;
  code?: GrpcCode;
  /** Null: only without an error id. */
  errorId?: string | null;
  category?: number | 'any';
  method?: RegExp;
  text?: RegExp;
  /** Of any of the values beside the message. */
  metadata?: RegExp;
  /** Only answers that say when to try again. */
  hasRetryDelay?: true;
  isRedacted?: true;
}

/** An import into a node that hosts the parties: a connect by hand would be the end of it. */
const ONLY_BEFORE =
  'abort: this participant has to know the synchronizer before a migration begins; do not connect it now';

/** An export is checked against the packages of the target before the import. */
const PACKAGE_LOST =
  'this participant has lost the package since: resume, which uploads its DAR again and validates the contracts';

// These services come up one after another while a node starts; the status, vault and Ledger API ones come first
// or not at all, so that the wrong port or an old release is not mistaken for a start.
const LATE_SERVICES =
  /^(PackageService|PingService|Topology\w+|ParticipantRepairService|SynchronizerConnectivityService|DomainConnectivityService|ParticipantInspectionService|InspectionService|ResourceManagementService|PruningService|IdentityInitializationService)\/|^PartyManagementService\/(GetHighestOffsetByTimestamp|ClearPartyOnboardingFlag)$/;
const POISONED =
  'do not send this participant a connect or a purge until it has been restarted after the import: the next one ends its process';

/** Why a participant does not vet packages: by itself it never will. */
export const VETTING_ERROR_IDS = [
  'NOT_VALID_UPGRADE_PACKAGE',
  'KNOWN_PACKAGE_VERSION',
  'DAML_PRIM_NOT_UTILITY_PACKAGE',
  'TOPOLOGY_DEPENDENCIES_NOT_VETTED',
  'TOPOLOGY_CANNOT_VET_DUE_TO_MISSING_PACKAGES',
] as const;

/**
 * Every answer and who has to act on it: the first row that fits decides, and the last one fits all.
 *
 * Rows of single answers come first, then what Canton says of a whole class of them, then what the code says. Source:
 * admin-api 3.2. A test compares the rows with the recordings of real participants.
 */
export const ERROR_RULES: readonly ErrorRule[] = [
  // Repair mode of the indexer. The same words mean "wait" on a second import and "stop" on a connect or purge.
  {
    source: 'admin-api 2.3',
    kind: 'transient',
    code: 'UNKNOWN',
    errorId: null,
    text: /^Repair in progress/,
  },
  {
    source: 'admin-api 2.3',
    isUnrecorded: true,
    kind: 'refused',
    code: 'INTERNAL',
    errorId: null,
    text: /^Repair in progress/,
    advice: POISONED,
  },

  ...plainRefusals(),
  {
    source: 'admin-api 6',
    kind: 'refused',
    text: /(Fingerprint|Identifier) decoding of |Invalid unique identifier /,
    advice: 'the id is malformed; that of a synchronizer ends here without its protocol version',
  },

  // Transport.
  {
    source: 'admin-api 4.3',
    kind: 'refused',
    code: 'RESOURCE_EXHAUSTED',
    errorId: null,
    text: /larger than|exceeds maximum/i,
  },
  ...tlsRules(),
  {
    source: 'canton-2.10 1',
    kind: 'refused',
    code: 'UNIMPLEMENTED',
    errorId: null,
    text: /unsupported by the Community edition/,
  },
  {
    source: 'admin-api 4.1',
    kind: 'transient',
    code: 'UNIMPLEMENTED',
    errorId: null,
    method: LATE_SERVICES,
    // A redacted category 14 has this code too and means it.
    text: /^(?!An error occurred)/,
    advice: 'the participant is still starting, is a passive replica, or this is not its Admin API',
  },
  // Our own cancellation never gets here, so the stream was reset by the other side or something between.
  { source: 'admin-api 3.1', kind: 'transient', code: 'CANCELLED', errorId: null },

  // A node that is starting opens its Admin API before its stores. It says the same of a synchronizer that it never
  // heard of, so what asks has to have the id from the node. A store that is not there has other words.
  {
    source: 'networks J, item 3',
    kind: 'transient',
    errorId: 'TOPOLOGY_STORE_NOT_FOUND',
    text: /^No active synchronizer found for/,
    advice: 'the participant is still starting, or has never joined this synchronizer',
  },

  // Until the upgrade of the synchronizer nobody changes its topology.
  {
    source: 'networks B',
    kind: 'refused',
    type: 'SynchronizerFrozen',
    errorId: 'TOPOLOGY_LSU_TOPOLOGY_FREEZE',
  },

  // A node that has just connected catches up with the synchronizer.
  {
    source: 'admin-api 1.11',
    isUnrecorded: true,
    kind: 'transient',
    errorId: 'UNPROCESSED_REQUESTED_TIMESTAMP',
  },
  {
    source: 'admin-api 1.11',
    kind: 'transient',
    errorId: 'EFFECTIVE_PARTY_TO_PARTICIPANT_MAPPING_NOT_FOUND',
  },
  {
    source: 'admin-api 3.3',
    isUnrecorded: true,
    kind: 'transient',
    errorId: 'IO_STREAM_PARTY_MANAGEMENT_ERROR',
    text: /Possibly missing party activation/,
  },
  {
    source: 'live-route 5',
    isUnrecorded: true,
    kind: 'refused',
    errorId: 'PARTY_ONBOARDING_CLEARANCE_MISSING_MAPPING',
    advice: 'the first activation after the begin of the search set no flag: begin behind it',
  },

  // Sent again once the base rate or a purchase suffices.
  {
    source: 'networks F',
    kind: 'transient',
    type: 'TrafficExhausted',
    errorId: 'SEQUENCER_REQUEST_FAILED',
    metadata: /SEQUENCER_NOT_ENOUGH_TRAFFIC_CREDIT/,
    advice: 'the participant has not the traffic to send it',
  },

  // The store or the node needs time, not an operator.
  ...['TOPOLOGY_STORE_NOT_INITIALIZED', 'TOPOLOGY_INSUFFICIENT_KEYS', 'PARTICIPANT_IS_NOT_ACTIVE'].map(
    (errorId): ErrorRule => ({
      source: 'admin-api 3.3',
      isUnrecorded: true,
      kind: 'transient',
      errorId,
    }),
  ),

  // An export only reads: any failure but a pruned offset may pass.
  {
    source: 'admin-api 2.2',
    isUnrecorded: true,
    kind: 'refused',
    type: 'DataPruned',
    errorId: 'IO_STREAM_REPAIR_ERROR',
    text: /pruned/,
  },
  { source: 'admin-api 2.2', isUnrecorded: true, kind: 'transient', errorId: 'IO_STREAM_REPAIR_ERROR' },
  {
    source: 'admin-api 1.15',
    isUnrecorded: true,
    kind: 'refused',
    type: 'DataPruned',
    errorId: 'PARTICIPANT_PRUNED_DATA_ACCESSED',
    method: /^UpdateService\//,
    advice:
      'what happened since is gone from this participant: abort, suspend its pruning and start again',
  },
  {
    source: 'admin-api 2.2',
    isUnrecorded: true,
    kind: 'refused',
    type: 'DataPruned',
    errorId: 'PARTICIPANT_PRUNED_DATA_ACCESSED',
  },

  ...importRules(),
  ...importRulesOf210(),

  // What a participant of Canton 2.10 that used a contract which is not the one of its id answers for ever.
  {
    source: 'canton-2.10 H, item 2',
    kind: 'refused',
    type: 'TargetDestroyed',
    errorId: 'CONTRACT_AUTHENTICATION_FAILED',
    method: /^DomainConnectivityService\//,
    advice:
      'this participant used a contract that is not what its id says, and no repair is known: rebuild it, or restore its database from before the import',
  },
  {
    source: 'canton-2.10 3',
    kind: 'refused',
    type: 'VettingRefused',
    errorId: 'CANNOT_VET_DUE_TO_MISSING_PACKAGES',
  },

  ...VETTING_ERROR_IDS.map((errorId): ErrorRule => ({
    source: 'admin-api 1.12',
    isUnrecorded: true,
    kind: 'refused',
    type: 'VettingRefused',
    errorId,
  })),

  // What Canton says of its errors, by a delay to try again after or by the category, comes before the code.
  { source: 'admin-api 3.2', kind: 'transient', hasRetryDelay: true },
  ...[1, 2, 3, 12].map((category): ErrorRule => ({
    source: 'admin-api 3.2',
    isUnrecorded: true,
    kind: 'transient',
    category,
  })),
  { source: 'admin-api 3.2', kind: 'refused', category: 'any' },
  { source: 'admin-api 3.2', kind: 'refused', isRedacted: true },
  { source: 'admin-api 3.1', kind: 'transient', code: 'UNAVAILABLE' },
  { source: 'admin-api 3.1', kind: 'transient', code: 'DEADLINE_EXCEEDED' },
  { source: 'admin-api 3.1', isUnrecorded: true, kind: 'transient', code: 'RESOURCE_EXHAUSTED' },
  { source: 'admin-api 3.1', isUnrecorded: true, kind: 'transient', code: 'ABORTED' },
  { source: 'admin-api 3.1', kind: 'transient', code: 'INTERNAL' },
  { source: 'admin-api 3.1', kind: 'transient', code: 'UNKNOWN' },
  { source: 'admin-api 3.1', kind: 'refused' },
];

/** Texts without an error id that no repetition changes, although the code of most would be transient. */
function plainRefusals(): ErrorRule[] {
  const rows: Omit<ErrorRule, 'kind' | 'errorId'>[] = [
    { source: 'admin-api 2.3', code: 'UNKNOWN', text: /^Input is not in the \.gz format/ },
    // Of whatever Daml limits: workflow and command ids, parties, users.
    { source: 'admin-api 2.3', text: /in Daml-LF [\w ]{1,100} "/ },
    {
      source: 'admin-api 2.6',
      text: /Daml-LF [\w ]{1,100} is (too long|empty)/,
    },
    { source: 'admin-api 1.8', code: 'INTERNAL', text: /is different than inserted key/ },
    { source: 'admin-api 1.14', code: 'INTERNAL', text: /^Not able to find synchronizer alias/ },
    // Of Canton 2.10.
    { source: 'canton-2.10 2', code: 'INTERNAL', text: /^Not able to find domain alias/ },
    { source: 'canton-2.10 2', code: 'UNKNOWN', text: /^Unable to update from / },
    {
      source: 'canton-2.10 3',
      code: 'INTERNAL',
      text: /^Failed to convert topology transaction/,
      advice:
        'it takes the key that signed it to write it for another protocol version: have that key on this participant, or sign for that version elsewhere',
    },
    {
      source: 'canton-2.10 H, item 1',
      type: 'TargetDestroyed',
      code: 'INTERNAL',
      text: /Unknown keys are to be reassigned/,
      advice:
        'this participant processed contracts whose keys it does not have, and no repair is known: rebuild it, or restore its database from before the import',
    },
    {
      source: 'networks B',
      code: 'INTERNAL',
      text: /^SequencerIndex with timestamp .* is not found in sequenced event store/,
      advice:
        'this participant took over an upgrade of the synchronizer at the wrong time and can no longer connect: rebuild it, or restore its database from before that',
    },
    // What a node that connected with an incomplete import answers for ever: the next operation ends its process.
    {
      source: 'live-route 6',
      type: 'TargetDestroyed',
      code: 'INTERNAL',
      text: /Unable to find reassignment counter/,
      advice:
        'this participant processed archivals of contracts it never had, and no repair is known: rebuild it, or restore its database from before the import',
    },
  ];
  return rows.map((row) => ({ ...row, kind: 'refused', errorId: null }));
}

function tlsRules(): ErrorRule[] {
  return TLS_FAILURES.map((failure) => ({
    source: 'admin-api 4.1',
    isUnrecorded: true,
    kind: 'refused',
    code: 'UNAVAILABLE',
    errorId: null,
    ...failure,
  }));
}

/** One id and code for every reason an import fails. Source: admin-api 3.2. */
function importRules(): ErrorRule[] {
  const rows: Pick<ErrorRule, 'type' | 'text' | 'advice' | 'isUnrecorded'>[] = [
    {
      text: /There are still synchronizers connected/,
      advice: 'disconnect every synchronizer of this participant, then repeat',
    },
    {
      isUnrecorded: true,
      text: /Reconnect to the synchronizer/,
      advice: ONLY_BEFORE,
    },
    {
      isUnrecorded: true,
      text: /Failed to locate package/,
      advice: 'upload the missing DAR, then repeat',
    },
    {
      text: /Could not select a representative package-id/,
      advice: 'upload the missing DAR, then repeat',
    },
    { isUnrecorded: true, text: /mode is ACCEPT but the selected/, advice: PACKAGE_LOST },
    { text: /Unable to resolve/, advice: ONLY_BEFORE },
    {
      isUnrecorded: true,
      text: /No static synchronizer parameters/,
      advice: ONLY_BEFORE,
    },
    {
      type: 'ContractRefused',
      text: /Failed to authenticate contract/,
      advice: 'stop: the snapshot is not what the source exported',
    },
    {
      type: 'ContractRefused',
      text: /previously archived/,
      advice: 'stop: this participant already used the contract',
    },
    {
      type: 'ContractRefused',
      text: /non-zero reassignment counter/,
      advice: 'stop: reassigned contracts cannot be imported by this participant',
    },
    {
      type: 'ContractRefused',
      text: /Failed to add contracts/,
      advice: 'stop: the snapshot holds a contract twice',
    },
    {
      isUnrecorded: true,
      text: /in memory which is not supported/,
      advice: 'stop: the participant needs a database',
    },
  ];
  return rows.map((row) => ({
    ...row,
    source: 'admin-api 3.2',
    kind: 'refused',
    errorId: 'IMPORT_ACS_ERROR',
  }));
}

/** The same of Canton 2.10. */
function importRulesOf210(): ErrorRule[] {
  const rows: Pick<ErrorRule, 'type' | 'text' | 'advice'>[] = [
    {
      text: /^Participant is still connected to domain/,
      advice: 'disconnect this participant from the domain, then repeat',
    },
    { text: /^(Not able to find domain alias|Could not find domain)/, advice: ONLY_BEFORE },
    { text: /MissingPackage\(/, advice: 'upload the missing DAR, then repeat' },
    {
      type: 'ContractRefused',
      text: /exists in domain, but does not match with contract being added/,
      advice: 'stop: this participant has another contract of this id',
    },
  ];
  return rows.map((row) => ({
    ...row,
    source: 'canton-2.10 2',
    kind: 'refused',
    errorId: 'IMPORT_ACS_ERROR',
  }));
}
