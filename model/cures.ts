/**
 * What an operator does about a failure, by its type. Also the table of `docs/operating/failures.md`; a test
 * compares them. A type without a row gets {@link GENERAL_CURE}.
 */
export const CURES = {
  RequestInvalid: 'correct the named fields of the request and start again; nothing was changed',
  StartMalformed:
    'start it with canton-migrate start, or with one JSON object as its only argument; nothing was changed',
  StartForged:
    'find out who started it: only Temporal itself may start a run with the state of a previous one; nothing was changed. If the source watch ended with it, canton-migrate park keeps the source parked',
  RunReset:
    'check that the state above is the one that you expect, then resume, or abort; do not use Reset on a migration: it takes nothing back',
  MigrationLost:
    'canton-migrate recover <source> shows what was left on both nodes, and takes it back or goes on',
  LostRunUnreadable:
    'start a worker of the version that ran it, with its payload keys, then repeat the command; if its history is gone, follow docs/operating/recover.md by hand',
  NothingToRecover: 'canton-migrate status shows how the migration ended; nothing was changed',
  ResultUnreadable:
    'give every worker of the task queue the same keys and the same version, restart them, then resume',
  UnknownParticipant:
    "use a name from the worker's configuration, or add the participant there; nothing was changed",
  SameParticipant:
    "set the addresses of one of the two names to the other participant in the worker's configuration, restart the worker, then resume; nothing was changed",
  GenerationsDiffer:
    'use a target of the generation of the source, or upgrade the source first; nothing was changed',
  RouteUnavailable:
    'connect a target with a fresh database to another domain, and name that domain in the request; nothing was changed',
  ApisOfTwoParticipants:
    "set admin and ledger of this name to the two APIs of one participant in the worker's configuration, restart the worker, then resume",
  OtherParticipant:
    'set the addresses of this name to the planned participant in the configuration of every worker, restart them, then resume; if that participant was replaced by another one, abort and start again',
  CallerNotAllowed:
    'nothing was changed: find out who executed this activity, and who else may write to this namespace; start migrations with canton-migrate start',
  NotPlanned:
    'nothing was changed: abort and start again; report it, unless somebody replaced a worker or its workflows',
  MigrationNotAllowed:
    "start a migration that the worker's configuration lists under migrations, or add this one there, restart the worker, and start again; nothing was changed",
  ApprovalNotSigned:
    "abort and start again, so that the plan has the approvers of the worker's configuration; or give every worker the configuration that the plan was made with, restart them, then resume",
  ApproverUnknown:
    'put the approver back into the configuration of every worker until the migration is over, restart them, then resume; or abort, which needs no approval',
  ApprovalSignatureInvalid:
    'if the approver got another key, put the former one back until the migration is over, restart the worker, then resume; or abort, which needs no approval, and start again',
  ApprovalExpired:
    "abort and start again: the approval belongs to an earlier migration; or correct the worker's clock, then resume",
  SecondApproverNeeded:
    'abort and start again, so that the plan asks for two; or give every worker the configuration that the plan was made with, restart them, then resume',
  UnknownSynchronizer:
    'use an alias or logical id the participant was connected to; nothing was changed',
  ListMissing:
    'give every worker and client the same place in lists, and the same payload keys, or put the list back from a backup of that place; then resume. An abort needs the list too: without it nothing can be taken back',
  ReportMissing:
    'name the source by its uid, or the migration by its workflow id; reports are in the list store of the worker: give every worker the same place in lists',
  ListTooLarge: 'move fewer parties with one request',
  ListStoreUnavailable:
    'let the worker read and write the place in lists: a bucket with credentials for its objects, a folder with room and permissions; then resume',
  PayloadTooLarge:
    'move fewer parties with one request, or leave users, rights or packages out by options.leaveBehind; raise limit.blobSize.error of the Temporal server only with a limit of gRPC that fits',
  PlanObstructed: 'remove each obstacle as its cure says, then resume: the plan is made again',
  SynchronizerFrozen:
    'nothing: the migration goes on by itself after the upgrade of the synchronizer; a command outside a migration is repeated then',
  NotUpgraded:
    'have the sequencers of the former physical synchronizer started again, or, only where the message says with which ids and time, call PerformLateLsu on the node, then resume; before the point of no return also: abort, which leaves a target disconnected that cannot be connected',
  DelegationConflict: 'give the target another namespace key, abort, and start again',
  DelegationMissing: "check the source's authorized topology store, then resume",
  DelegationLost: 'check the log of the source by the trace id of the call, then resume',
  NamespaceDiffers:
    'have the owner of the namespace make both definitions equal, then resume; before the point of no return also: abort, and start again without its parties',
  SigningKeysDiffer:
    'on the target synchronizer, have the holders of their keys give the named parties the signing keys and threshold that they have on that of the source, as the source knows it, then resume; before the point of no return also: abort, and start again without them',
  PartiesHostedElsewhere:
    'have whoever signs for the named parties remove the named participants from their mappings on the target synchronizer, then resume; before the point of no return also: abort, and start again without these parties',
  DelegationNotVisible:
    'find out what keeps the target from the target synchronizer, then resume; if this delegation was ever removed there it cannot come back: abort and give the target another namespace key',
  NamespaceKeyMissing: 'register the namespace key of the target again, then resume',
  PartiesNotEffective:
    'find out what keeps the target from its synchronizer, and whether its KMS answers, then resume',
  TrafficExhausted:
    'buy traffic for the named participant, as much as the message says, or wait until the base rate suffices, then resume: what was proposed is kept, and sent by itself',
  TopologyNotIdle:
    'find out what keeps the named node from its synchronizer, and whether it has the traffic for what waits, then resume',
  PartiesNotWithdrawn:
    'find out what keeps the target from its synchronizer, and whether its KMS answers, then resume',
  DarLost: 'check the log of the target, then resume',
  DarNotRemoved: 'check what uses the DAR on the target, then resume',
  VettingRefused:
    'vet the named packages on the target by force (console: topology.vetted_packages.propose_delta with force AllowVetIncompatibleUpgrades or AllowUnvettedDependencies), if clients need both, then resume; before the point of no return also: abort, and start again with packages/<id> in options.leaveBehind for the one that no contract needs, or unvet it on the source',
  NotVetted:
    'find out what keeps the target from its synchronizer, and whether its KMS answers, then resume',
  IdentityProviderConflict: 'make the named ones equal on both participants, then resume',
  UserConflict: 'make the named ones equal on both participants, then resume',
  AnnotationConflict: 'make the named ones equal on both participants, then resume',
  LocalStateLost: 'check the log of the target, then resume',
  LocalStateDiffers:
    'make the same change on the target, or undo it on the source, then resume; the target may be disconnected',
  JoinRefused:
    'ask the operator of the synchronizer for what the message names, then resume: the join is tried again. Or abort: nothing but the join was begun, and a registration that was never connected stays on the target',
  TargetNotGranted:
    'ask the operator of the synchronizer for what the message names, then resume; do not connect the target before its login_after, or its process ends',
  PermissionNotEffective:
    'ask the operator of the synchronizer for a ParticipantSynchronizerPermission of at least SUBMISSION for the target, or find out who changed the hosting of the named parties, then resume: the source serves them meanwhile',
  ManualConnectMissing:
    'find out who lets the target connect by itself, stop that, then resume: nothing has taken effect',
  ProposalsNotVisible: 'find out what keeps the source from the synchronizer, then resume',
  TargetSignedAlready:
    'have whoever signs for each named party change its hosting and back again: that ends every proposal of the earlier serials; have nobody sign for the target by hand; then resume, or abort',
  TargetOnboarding:
    'do not connect the target before its onboarding of the named parties is complete; have whoever began it take the target off as their host, or abort; then resume',
  ActivatedAgain:
    'abort: the target lacks what changed while it was no host, so it is left disconnected, and has to be rebuilt from an empty database with a new uid; nothing is lost on the source',
  SignatureOutdated:
    'resume: what has to be signed is made anew for the named parties, and the other signatures stand; then canton-migrate signatures export --missing, get it signed, canton-migrate signatures import, and resume again',
  SignatureMissing:
    'canton-migrate signatures export --missing, get it signed, canton-migrate signatures import, or have the named owners sign on nodes of their own; then resume',
  SigningKeyUnknown:
    'abort and start again without the named parties: nobody can sign for them from outside of a node',
  ProposalMissing:
    'resume: the proposals are made again. Proposals of others are never signed: if the message names one, have its owner end it; if that does not help, abort',
  PackagesChanged:
    'unvet the named packages on the source until the migration is over, then resume; or abort and start again: the target is disconnected and can vet only while connected',
  ActivationNotEffective:
    'find out what keeps the source from the synchronizer, then resume; until then do not connect the target',
  ActivationNotSeen:
    'find out what keeps the source from the synchronizer, and whether it has pruned, then resume; until then do not connect the target',
  ActivationUnclear:
    'abort and report it: the offset to export at is not certain; until then do not connect the target',
  TargetExposed:
    'restore the database of the target from the backup of gate target-backup, leave it disconnected, and resume: everything is imported again; or abort, which leaves the source as the only host, and rebuild the target from an empty database with a new uid',
  TargetHostsAlready:
    'abort: it leaves the target disconnected, and the source as it was. Then rebuild the target from an empty database with a new uid, and start again; do not connect it, also not once it is taken off the parties',
  TargetDestroyed:
    'rebuild the target from an empty database with a new uid: it cannot be recovered; nothing is lost on the source',
  EqualityStale: 'resume: the nodes are compared again before the step that needs it',
  ContractsReassigned:
    'reassign them back to the synchronizer, or archive them, then resume; or abort, which puts the source back into service',
  TargetUsed:
    'purge these contracts on the source while it is disconnected (console: repair.purge), then resume: it returns without them, and what the target created instead stays there',
  TargetRestored:
    "before the point of no return, resume: what the target lacks is copied again and compared. After it, restore the target's database to a state no older than the comparison, then resume",
  NotCaughtUp: 'check packages, traffic and KMS of the target, then resume; the source serves meanwhile',
  FlagsNotCleared:
    'find out what keeps the target from its synchronizer, and whether its KMS answers, then resume',
  CommitmentMismatch:
    'an alarm: the named participant disagrees on contracts. Before the removal, abort and find out why; after it, do not prune, and compare with its operator',
  CommitmentsOutstanding:
    'if the target itself has sent none, check its packages, traffic and KMS; otherwise ask the operator of each named participant when it will have caught up; then resume: nobody is out of service meanwhile',
  NodesDiffer:
    'an alarm: the nodes have different contracts at one record time. Before the removal, abort and report it; after it, keep the source and compare',
  SwitchHookFailed:
    "check switchHook in the worker's configuration and the service it calls, then resume",
  TargetNotOnboarded:
    'find out who changed the hosting of the parties, restore the hosting by the target, then resume',
  SourceNotRemoved: 'find out what keeps the node that signs from the synchronizer, then resume',
  RemovalNotSeen: 'find out what keeps the source from the synchronizer, then resume; the target serves',
  TargetChanged:
    'find out who changed them. If clients of the target did, it has served: connect it in its console, participant.synchronizers.reconnect("<alias>"), then resume. If somebody else did, first restore them to what was compared',
  StillConnected:
    'disconnect the named participant first, in its console: participant.synchronizers.disconnect_all(), and on each named alias participant.synchronizers.modify("<alias>", _.copy(manualConnect = true)); find out who connected it (a restart, another operator, a script) and stop that, then resume',
  ParticipantReplaced:
    "set the address of the name back to that participant in the worker's configuration and restart the worker, then resume; to use the other participant, abort and start again",
  MigrationOpen:
    'ask for the status of the migration that the message names; during its source watch, park parks its source, and close ends it',
  ServesAgain: 'it serves: leave it connected; if the other one is connected too, park that one',
  PartiesNotServed:
    'leave it connected if it serves them; if the plan left these parties on it and nobody needs them served, repeat with --force',
  SourceNotQuiet: 'stop the applications of the source and of counterparties, then resume',
  SourceMoved:
    'the exported copy is stale: abort, which puts the source back into service, and start again',
  PartiesChanged:
    'find out who changed them; abort and start again, with them as they are now or without them (`parties` of the request): a plan is only valid for the parties it names, hosted as they were then',
  ExportChanged: 'the source gave another export for the same offset: abort and report it',
  ExportBrokenOff:
    'raise parameters.processing-timeouts.admin-stream-open-bound of the participant, or whatever else between it and the worker ends a call after a time, then resume',
  ExportTruncated: 'check the connection to the source, then resume',
  ExportNotGzip:
    'find out what alters the stream between the source and the worker, then resume; report it if nothing does',
  ExportCorrupt:
    'find out what alters the stream between the source and the worker, then resume; report it if nothing does',
  ExportTrailingBytes:
    'find out what alters the stream between the source and the worker, then resume; report it if nothing does',
  RecordTooLarge:
    'find out what alters the stream between the source and the worker, then resume; report it if nothing does',
  RecordMalformed:
    'find out what alters the stream between the source and the worker, then resume; report it if nothing does',
  RecordVersionUnsupported: 'abort, and use a source of Canton 2.10 or 3.5',
  ContractWithoutEvent:
    'abort, complete or roll back the reassignment of these contracts, and start again',
  ContractWithoutBlob: 'abort and report it',
  ContractOnOtherSynchronizer: 'abort and report it',
  ContractDuplicated: 'abort and report it',
  ContractUsedOnTarget:
    'abort; then leave the named parties out of the next request, or use a target that never had their contracts',
  ContractShared:
    'contracts became shared with other stakeholders since the plan: abort, and start again with options.sharedContracts',
  ContractReassigned: 'abort; archive and re-create these contracts, or leave their parties out',
  ContractRefused:
    'abort; leave the parties of the named contract out, or archive and re-create it; on the route live, an abort leaves the target disconnected if such a contract was active when it became a host',
  DataPruned:
    'abort, suspend the pruning of the named participant and start again; on the route live, an abort leaves the target disconnected if contracts can no longer be read',
  ContractPackageMissing:
    'resume: every DAR that the source lists is uploaded first; if none has the named package, upload one to the target without vetting (console: dars.upload(path, vetAllPackages = false)), which works while it is disconnected, then resume',
  ShardDamaged: 'nothing: the export is made again',
  StreamStalled: 'check that the named participant and its database are not overloaded, then resume',
  AnswerInvalid: 'find out what answers at the address of the participant, and report it',
  ExportTooLarge:
    'find out what created these contracts, then abort and start again: the plan counts them again',
  TooManyContracts: 'move fewer parties with one request',
  WorkerFault: 'check the disk and the network of the worker, then resume',
  SpoolNotWritable:
    "make as much room as the message says, or set the permissions of the worker's spool folder, then resume",
  SpoolNotPrivate:
    "make the worker's spool folder accessible to its user alone (a folder, not a link, mode 0700), then resume",
  SpoolTooLarge:
    'compare the contracts of the source with the plan: if they are right, abort and start again with a new plan',
  ContractsNotPurged: 'check the log of the target, then resume; until then do not connect the target',
  SynchronizerGone: 'register the synchronizer again under the same alias, then resume',
  NotConnected:
    'check the synchronizer and the network of the participant; one that was disconnected may also have missed an upgrade of the synchronizer: compare the physical id that it has in use (console: synchronizers.list_registered) with the one that the operator of the synchronizer names, and if they differ, have the former sequencers started again, or call PerformLateLsu on it with exactly the announced upgrade time; then resume',
  NodeJammed: 'restart this participant, then resume: nothing else helps, and nothing is lost by it',
  PingFailed:
    'read the reason, check packages, traffic, KMS and permission of the participant, then resume',
  ContractsNotPublished:
    'stop the applications of the target, keep the source parked, and ask for help with the named contracts: a target database that had them purged before has to be replaced, and the migration made again from the source',
  NotVerified:
    'check the named contracts, then repair (imports missing ones again, purges extra imported ones), resume (only compares again), or abort',
  ContractsDiffer:
    'check the named contracts: different content is never repaired; abort purges the contracts from the target',
  ContractsCreatedOnTarget:
    'never purge them, the target may be their only host: abort, which leaves them and the hosting of their parties there; let their applications archive them, then start again',
  SourceNotServing:
    'in an abort, after the target was cleared: find out who disconnected the source or took it off the named parties, have that put back as it was, then resume',
  TargetNotCleared:
    'in an abort: find out who imported contracts, or changed the parties or connections of the target, and have that taken back; do not connect it as long as it has imported contracts; then resume',
  TargetNotServing:
    'find out who disconnected the target or connected the source since the cut-over, and have that taken back; upload and vet on the target what is named (console: dars.upload); then resume',
  Unavailable: 'check that the participant runs and the worker reaches it, then resume',
  DeadlineExceeded: 'check the load of the participant and the network, then resume',
  FailedPrecondition: 'change the state that the message names, then resume',
  Unauthenticated:
    "replace the content of the token file, or correct the token or the OAuth client in the configuration and restart the worker: the token has expired, lives longer than this API's max-token-lifetime, or was not issued for it; then resume",
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
    'correct the OAuth client, its clientAuth, scope or audience, in the configuration or at the token server, restart the worker, then resume',
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
