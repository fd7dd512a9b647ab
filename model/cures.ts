/**
 * What an operator does about a failure, by its type. Also the table of `docs/operating/failures.md`; a test compares them.
 * A type without a row gets {@link GENERAL_CURE}.
 */
export const CURES = {
  RequestInvalid: 'correct the named fields of the request and start again; nothing was changed',
  StartMalformed:
    'start it with canton-migrate start, or with one JSON object as its only argument; nothing was changed',
  StartForged:
    'find out who started it: only Temporal itself begins a run with what another one left; nothing was changed. If the source watch ended with it, canton-migrate park keeps the source parked',
  ResultUnreadable:
    'give every worker of the task queue the same keys and the same version, restart them, then resume',
  UnknownParticipant:
    "use a name from the worker's configuration, or add the participant there; nothing was changed",
  SameParticipant:
    "set the addresses of one of the two names to the other participant in the worker's configuration, restart the worker, then resume; nothing was changed",
  ApisOfTwoParticipants:
    "set admin and ledger of this name to the two APIs of one participant in the worker's configuration, restart the worker, then resume",
  OtherParticipant:
    'set the addresses of this name to the planned participant in the configuration of every worker, restart them, then resume; if that participant was replaced by another one, abort and start again',
  CallerNotAllowed:
    'nothing was changed: find out who executed this activity, and who else may write to this namespace; migrations are started by canton-migrate start',
  NotPlanned:
    'nothing was changed: abort and start again; if nobody replaced a worker or its workflows by others, report it',
  MigrationNotAllowed:
    "start a migration that the worker's configuration lists, or add this one to migrations there, restart the worker, and start again; nothing was changed",
  ApprovalNotSigned:
    "abort and start again, so that the plan has the approvers of the worker's configuration; or give every worker the configuration that the plan was made with, restart them, then resume",
  ApproverUnknown:
    'put the approver back into the configuration of every worker until the migration is over, restart them, then resume; or abort, which needs no approval',
  ApprovalSignatureInvalid:
    'if the approver got another key, put the former one back until the migration is over, restart the worker, then resume; or abort, which needs no approval, and start again',
  ApprovalExpired:
    'abort and start again: the approval is of an earlier migration; or set the clock of the worker, then resume',
  SecondApproverNeeded:
    'abort and start again, so that the plan asks for two; or give every worker the configuration that the plan was made with, restart them, then resume',
  UnknownSynchronizer:
    'use an alias or logical id the participant was connected to; nothing was changed',
  TooManyParties: 'one migration cannot move that many parties yet; nothing was changed',
  PlanObstructed: 'remove each obstacle as its cure says, then resume: the plan is made again',
  DelegationConflict: 'give the target another namespace key, abort, and start again',
  DelegationMissing: "check the source's authorized topology store, then resume",
  DelegationLost: 'check the log of the source by the trace id of the call, then resume',
  DelegationNotVisible:
    'check that the target is connected to the target synchronizer, then resume; if this delegation was ever removed there it cannot come back: abort and give the target another namespace key',
  NamespaceKeyMissing: 'register the namespace key of the target again, then resume',
  PartiesNotEffective: 'check that the target is connected and its KMS answers, then resume',
  TopologyNotIdle: 'check that the target is connected and reaches its synchronizer, then resume',
  PartiesNotWithdrawn: 'check that the target is connected and its KMS answers, then resume',
  DarLost: 'check the log of the target, then resume',
  DarNotRemoved: 'check what uses the DAR on the target, then resume',
  NotVetted: 'check that the target is connected and its KMS answers, then resume',
  IdentityProviderConflict: 'make the named ones equal on both participants, then resume',
  UserConflict: 'make the named ones equal on both participants, then resume',
  AnnotationConflict: 'make the named ones equal on both participants, then resume',
  LocalStateLost: 'check the log of the target, then resume',
  LocalStateDiffers:
    'make the same change on the target, or take it back on the source, then resume; the target may be disconnected',
  ManualConnectMissing:
    'find out who lets the target connect by itself, stop that, then resume: nothing has taken effect',
  ProposalsNotVisible: 'check that the source is connected to the synchronizer, then resume',
  SignatureOutdated:
    'abort and start again: the hosting of a party was changed, its signature is for what it was before',
  ProposalMissing:
    'resume: the proposals are made again; what others proposed is never signed: have them end it if it is named, and abort if that does not help',
  PackagesChanged:
    'unvet the named packages on the source until the migration is over, then resume; or abort and start again: the target is disconnected, and can vet them only while it is connected',
  ActivationNotEffective:
    'check that the source is connected to the synchronizer, then resume; do not connect the target meanwhile',
  ActivationNotSeen:
    'check that the source is connected and has not pruned, then resume; do not connect the target meanwhile',
  ActivationUnclear:
    'abort and report it: the offset to export at is not certain; do not connect the target meanwhile',
  TargetExposed:
    'restore the database of the target from the backup of gate target-backup, leave it disconnected, and resume: everything is imported again; or abort, which leaves the source as the only host, and rebuild the target from an empty database with a new uid',
  TargetDestroyed:
    'rebuild the target from an empty database with a new uid; it cannot be repaired, and nothing is lost on the source',
  EqualityStale: 'resume: the nodes are compared again before anything is done that relies on it',
  ContractsReassigned:
    'assign them back to the synchronizer, or archive them, then resume; or abort, which puts the source back into service',
  TargetUsed:
    'purge these contracts on the source while it is disconnected (console: repair.purge), then resume: it returns without them, and what the target created instead stays there',
  TargetRestored:
    'before the point of no return resume: what the target lacks is copied again, and compared; after it restore its database to a state that is not older than the comparison, then resume',
  NotCaughtUp: 'check packages, traffic and KMS of the target, then resume; the source serves meanwhile',
  FlagsNotCleared: 'check that the target is connected and its KMS answers, then resume',
  CommitmentMismatch:
    'an alarm: the named participant disagrees on contracts; before the removal abort and find out why, after it do not prune and compare with its operator',
  CommitmentsOutstanding:
    'if the target itself has sent none, check its packages, traffic and KMS; else ask the operator of each named participant to connect it and let it catch up; then resume: nobody is out of service meanwhile',
  NodesDiffer:
    'an alarm: the nodes have different contracts at one time; before the removal abort and report it, after it keep the source and compare',
  SwitchHookFailed: "check the hook of the worker's configuration and what it calls, then resume",
  TargetNotOnboarded:
    'find out who changed the hosting of the parties, give the target its hosting back, then resume',
  SourceNotRemoved: 'check that the node that signs is connected, then resume',
  RemovalNotSeen: 'check that the source is connected, then resume; the target serves',
  TargetChanged:
    'find out who changed them. If clients of the target did, it has served: connect it in its console, participant.synchronizers.reconnect("<alias>"), then resume. If somebody else did, put them back as the comparison has them first',
  StillConnected:
    'disconnect the named participant first, in its console: participant.synchronizers.disconnect_all(), and on each named alias participant.synchronizers.modify("<alias>", _.copy(manualConnect = true)); find out who connected it (a restart, another operator, a script) and stop that, then resume',
  ParticipantReplaced:
    "set the address of the name back to that participant in the worker's configuration and restart the worker, then resume; for the other participant abort and start again",
  MigrationOpen:
    'look at it: canton-migrate status <its id>; while its source is still monitored, canton-migrate park <its id> parks its source, and canton-migrate close <its id> ends it',
  ServesAgain: 'it serves: leave it connected; if the other one is connected too, park that one',
  PartiesNotServed:
    'leave it connected if it serves them; if the plan left these parties on it and nobody is to serve them, repeat with force',
  SourceNotQuiet: 'stop the applications of the source and of counterparties, then resume',
  SourceMoved:
    'the exported copy is stale: abort, which puts the source back into service, and start again',
  PartiesChanged:
    'find out who changed them; abort and start again: a plan is only valid for the parties it names, hosted as they were then',
  ExportChanged: 'the source gave another export for the same offset: abort and report it',
  ExportTruncated: 'check the connection to the source, then resume',
  ExportNotGzip:
    'find out what alters the stream between the source and the worker, then resume; if nothing does, report it',
  ExportCorrupt:
    'find out what alters the stream between the source and the worker, then resume; if nothing does, report it',
  ExportTrailingBytes:
    'find out what alters the stream between the source and the worker, then resume; if nothing does, report it',
  RecordTooLarge:
    'find out what alters the stream between the source and the worker, then resume; if nothing does, report it',
  RecordMalformed:
    'find out what alters the stream between the source and the worker, then resume; if nothing does, report it',
  RecordVersionUnsupported: 'abort, and use a source of Canton 3.5',
  ContractWithoutEvent:
    'abort, complete or roll back the reassignment of these contracts, and start again',
  ContractWithoutBlob: 'abort and report it',
  ContractOnOtherSynchronizer: 'abort and report it',
  ContractDuplicated: 'abort and report it',
  ContractUsedOnTarget:
    'abort; then leave the named parties out of the next request, or use a target that never had their contracts',
  ContractShared:
    'contracts became shared with other stakeholders since the plan: abort, and start again with options.sharedContracts',
  ContractReassigned: 'abort; archive and create these contracts anew, or leave their parties out',
  ContractRefused:
    'abort; leave the parties of the named contract out, or archive it and create it anew; an abort of the route live leaves the target disconnected where such a contract was active when it became a host',
  DataPruned:
    'abort, suspend the pruning of the named participant and start again; an abort of the route live leaves the target disconnected where contracts cannot be read any more',
  ContractPackageMissing:
    'resume: every DAR that the source lists is uploaded first; if none has the named package, upload one to the target without vetting (console: dars.upload(path, vetAllPackages = false)), which works while it is disconnected, then resume',
  ShardDamaged: 'nothing: the export is made again',
  StreamStalled: 'check that the named participant and its database are not overloaded, then resume',
  AnswerInvalid: 'find out what answers at the address of the participant, and report it',
  ExportTooLarge: 'find out what created these contracts, abort and start again: the plan counts anew',
  TooManyContracts: 'move fewer parties with one request',
  WorkerFault: 'check the disk and the network of the worker, then resume',
  SpoolNotWritable:
    "make as much room as the message says, or set the permissions of the worker's spool folder, then resume",
  SpoolNotPrivate:
    "give the worker's spool folder to its user alone (a folder and no link, mode 0700), then resume",
  SpoolTooLarge:
    'compare the contracts of the source with the plan: if they are right, abort and start anew with a plan of today',
  ContractsNotPurged: 'check the log of the target, then resume; do not connect the target meanwhile',
  SynchronizerGone: 'register the synchronizer again under the same alias, then resume',
  NotConnected: 'check the synchronizer and the network of the participant, then resume',
  PingFailed: 'read the reason, check packages, traffic and KMS of the participant, then resume',
  NotVerified:
    'look at the named contracts; repair, which sends missing ones again and purges extra ones that were imported, resume to only compare again, or abort',
  ContractsDiffer:
    'look at the named contracts: different content is never repaired; abort takes the contracts off the target',
  ContractsCreatedOnTarget:
    'never purge them, the target may be their only host: abort, which leaves them there with the hosting of their parties; archive them there by their applications, then start again',
  SourceNotServing:
    'in an abort: connect the source as it was before, and host the named parties on it again, then resume',
  TargetNotCleared:
    'in an abort: connect the target as it was before, and find out who imported contracts or changed its parties, then resume',
  TargetNotServing:
    'check that the target is connected and the source is not, upload and vet on the target what is named (console: dars.upload), then resume',
  Unavailable: 'check that the participant runs and the worker reaches it, then resume',
  DeadlineExceeded: 'check the load of the participant and the network, then resume',
  FailedPrecondition: 'change the state that the message names, then resume',
  Unauthenticated:
    'replace the content of the token file, or correct the token or the OAuth client in the configuration and restart the worker: the token has expired, lives longer than max-token-lifetime of this API allows, or was not issued for it; then resume',
  PermissionDenied:
    'give the user of the token admin rights on the Admin API, ParticipantAdmin and CanReadAsAnyParty on the Ledger API, then resume',
  CertificateNotTrusted:
    'set tls.ca to the authority that issued the certificate of the server, or have that certificate renewed, restart the worker, then resume',
  HostNameMismatch:
    'set the address or tls.serverName to a name that the certificate holds, restart the worker, then resume',
  ClientCertificateRequired:
    'set tls.cert and tls.key to a client certificate that the participant trusts, restart the worker, then resume',
  TlsNotSpoken:
    'leave tls out, or set the address to a port that speaks TLS, restart the worker, then resume',
  TlsRequired:
    'set tls for this API, or set the address to a port that speaks plain text, restart the worker, then resume',
  TokenFileUnusable: 'write a token into the named file; the worker reads it before each call',
  TokenReplaced: 'nothing: the call is made again with the new token',
  TokenRefused:
    'correct the OAuth client, its scope or audience, in the configuration or at the token server, restart the worker, then resume',
  TokenServerUnavailable: 'check that the token server runs and the worker reaches it, then resume',
  TokenServerNotTrusted:
    'set oauth.ca to the authority of the token server, or tokenUrl to a name in its certificate, restart the worker, then resume',
  TimedOut: 'check that a worker runs and reaches both participants, then resume',
} satisfies Record<string, string>;

/** The name of a failure of ours: one with a cure. */
export type FailureType = keyof typeof CURES;

/** For every failure that has no row of its own. */
export const GENERAL_CURE = 'read the message, and look the trace id up in the log of the participant';

/** What to do about a failure of this type. */
export function cureOf(type: string): string {
  return Object.hasOwn(CURES, type) ? CURES[type as FailureType] : GENERAL_CURE;
}
