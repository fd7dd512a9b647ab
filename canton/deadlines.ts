const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** As the console's bounded command timeout. Source: facts 4.3. */
const DEFAULT_MS = MINUTE;

/** Deadlines by method name; `undefined` is none. Source: facts 4.3. */
const DEADLINES_MS: Readonly<Record<string, number | undefined>> = {
  // Answers that grow with the topology and the packages: nothing is paged.
  ListAllV2: 5 * MINUTE,
  ListAll: 5 * MINUTE,
  ListPartyToParticipant: 5 * MINUTE,
  ListSynchronizerTrustCertificate: 5 * MINUTE,
  GetDar: 5 * MINUTE,

  // Signing may be a KMS call; no call waits for the change to become effective.
  Authorize: 2 * MINUTE,
  AddTransactions: 2 * MINUTE,
  // Validates the connection to every sequencer.
  ModifySynchronizer: 2 * MINUTE,
  // Returns when the connection is closed, after what is in flight.
  DisconnectSynchronizer: 5 * MINUTE,
  // Compiles and checks every package of the DAR.
  UploadDar: 10 * MINUTE,
  RemoveDar: 5 * MINUTE,

  // Answers once the participant is active again; after an import it first replays every imported contract.
  ReconnectSynchronizer: 4 * HOUR,
  // A repair commit of as many contracts as were named; a deadline would not stop it.
  PurgeContracts: 4 * HOUR,

  // Of sequencers that the worker need not reach, one after another.
  GetSynchronizerParameters: 4 * SECOND,

  // As long as there is data. Progress is watched by the caller, who aborts by signal; a dead connection is
  // found by keepalive. A deadline in the midst of an import would not stop the commit (facts 2.3).
  ExportAcs: undefined,
  ImportAcs: undefined,
  GetActiveContracts: undefined,
  GetUpdates: undefined,
};

/** Returns the deadline of a method, or nothing for those that run as long as they have work. */
export function deadlineMsOf(method: string): number | undefined {
  return method in DEADLINES_MS ? DEADLINES_MS[method] : DEFAULT_MS;
}
