const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** As the console's bounded command timeout. Source: admin-api 4.3. */
const DEFAULT_MS = MINUTE;

/** Deadlines by method name; `undefined` is none. Source: admin-api 4.3. */
const DEADLINES_MS: Readonly<Record<string, number | undefined>> = {
  // Answers that grow with the topology and the packages: nothing is paged.
  ListAllV2: 5 * MINUTE,
  ListAll: 5 * MINUTE,
  ListPartyToParticipant: 5 * MINUTE,
  ListParties: 5 * MINUTE,
  ListSynchronizerTrustCertificate: 5 * MINUTE,
  GetDar: 5 * MINUTE,

  // Signing may be a KMS call; no call waits for the change to become effective.
  Authorize: 2 * MINUTE,
  AddTransactions: 2 * MINUTE,
  AddSignedTopologyTransaction: 2 * MINUTE,
  AuthorizeNamespaceDelegation: 2 * MINUTE,
  AuthorizePartyToParticipant: 2 * MINUTE,
  AuthorizeVettedPackages: 2 * MINUTE,
  // Validates the connection to every sequencer.
  ModifySynchronizer: 2 * MINUTE,
  RegisterDomain: 2 * MINUTE,
  ModifyDomain: 2 * MINUTE,
  // Returns when the connection is closed, after what is in flight.
  DisconnectSynchronizer: 5 * MINUTE,
  DisconnectDomain: 5 * MINUTE,
  // Compiles and checks every package of the DAR.
  UploadDar: 10 * MINUTE,
  RemoveDar: 5 * MINUTE,

  // Answers once the participant is active again; after an import it first replays every imported contract.
  ReconnectSynchronizer: 4 * HOUR,
  ConnectDomain: 4 * HOUR,
  // A repair commit of as many contracts as were named; a deadline would not stop it.
  PurgeContracts: 4 * HOUR,

  // Of sequencers that the worker need not reach, one after another.
  GetSynchronizerParameters: 4 * SECOND,

  // As long as there is data, each within its limits below. A deadline in the midst of an import would not stop the
  // commit (admin-api 2.3).
  ExportAcs: undefined,
  ImportAcs: undefined,
  GetActiveContracts: undefined,
  GetUpdates: undefined,
  GetTransactions: undefined,
};

/** Returns the deadline of a method, or nothing for those that run as long as they have work. */
export function deadlineMsOf(method: string): number | undefined {
  return method in DEADLINES_MS ? DEADLINES_MS[method] : DEFAULT_MS;
}

/** How long a stream may be without progress of the participant, beside whatever its reader or producer takes. */
export interface StallLimits {
  /** Until the next message has come, or the one that is sent was taken. */
  messageMs: number;
  /** From the last message that was sent to the answer; of streams to the participant. */
  answerMs: number;
}

/** A participant that reads its store for minutes before it has the first contract is slow, not stuck. */
const DEFAULT_STALL: StallLimits = { messageMs: 5 * MINUTE, answerMs: 5 * MINUTE };

/** Limits without progress by method name, for the streams that need another one. */
const STALLS: Readonly<Record<string, StallLimits | undefined>> = {
  // The next chunk of an export that has begun takes milliseconds, the first one a query over the contracts.
  ExportAcs: { messageMs: 2 * MINUTE, answerMs: 2 * MINUTE },

  // Silence is legitimate where a long range of the ledger holds nothing of the parties: all of it is read all the same.
  // No range of ours is open, so that the stream ends.
  GetUpdates: { messageMs: 30 * MINUTE, answerMs: 30 * MINUTE },
  GetTransactions: { messageMs: 30 * MINUTE, answerMs: 30 * MINUTE },

  // A message waits for the batch before it to be stored. After the last one all that was sent is committed, which
  // takes as long as a purge of as many contracts may.
  ImportAcs: { messageMs: 10 * MINUTE, answerMs: 4 * HOUR },
};

/** An export of Canton 2.10 is written as a whole before its first message. Source: canton-2.10 2. */
const SILENT_EXPORT: StallLimits = { messageMs: 4 * HOUR, answerMs: 4 * HOUR };
const REPAIR_210 = 'com.digitalasset.canton.participant.admin.v0.ParticipantRepairService';

/** Returns how long a stream may be without progress. */
export function stallLimitsOf(method: string, service = ''): StallLimits {
  if (method === 'ExportAcs' && service === REPAIR_210) return SILENT_EXPORT;
  return STALLS[method] ?? DEFAULT_STALL;
}
