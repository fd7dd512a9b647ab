import { randomUUID } from 'node:crypto';
import { CantonRefusal, shortenIds } from '../errors.js';
import type { Commands } from './interpretation.js';

/** Returns the refusal of a drained or busy node. Source: golden/repair.jsonl 19. */
export function backpressure(count: number, limit: number): CantonRefusal {
  const reason = `too many in-flight validation requests (count: ${count}, limit: ${limit})`;
  return new CantonRefusal({
    id: 'PARTICIPANT_BACKPRESSURE',
    category: 2,
    cause: `The participant is overloaded: ${reason}`,
    metadata: { participant: undefined, reason },
    definiteAnswer: false,
  });
}

/** Returns the refusal of a submission on a disconnected node. */
export function notConnected(name: string): CantonRefusal {
  return new CantonRefusal({
    id: 'NOT_CONNECTED_TO_ANY_SYNCHRONIZER',
    category: 9,
    cause: 'This participant is not connected to any synchronizer.',
    metadata: { participant: name },
    definiteAnswer: false,
  });
}

/** Returns the refusal of a submission whose parties are on no connected synchronizer. */
export function unknownInformees(parties: readonly string[], name: string): CantonRefusal {
  return new CantonRefusal({
    id: 'UNKNOWN_INFORMEES',
    category: 11,
    cause: 'The participant is not connected to any synchronizer where the given informees are known.',
    metadata: { participant: name, unknownInformees: `Set(${parties.join(', ')})` },
    definiteAnswer: false,
  });
}

/** Returns the refusal of an exercise on a contract that is not active. Source: golden/reconnect.jsonl 15. */
export function contractNotFound(contractId: string, commands: Commands, name: string): CantonRefusal {
  const submissionId = commands.submission_id || randomUUID();
  const { command_id = '', user_id = '', workflow_id = '' } = commands;
  const shown = (parties: readonly string[]) => parties.map((party) => `'${party}'`).join(', ');
  const context = [
    `readAs: [${shown(commands.read_as)}]`,
    "deduplicationPeriod: {duration: 'PT168H'}",
    `submittedAt: '${new Date().toISOString()}'`,
    `submissionId: '${submissionId}'`,
    `actAs: [${shown(commands.act_as)}]`,
    `commandId: '${command_id}'`,
    `userId: '${user_id}'`,
    `workflowId: ${workflow_id && `'${workflow_id}'`}`,
  ];
  return new CantonRefusal({
    id: 'CONTRACT_NOT_FOUND',
    category: 11,
    cause: `Contract could not be found with id ${contractId}`,
    metadata: { participant: `'${name}'`, commands: `{${context.join(', ')}}` },
    definiteAnswer: false,
    correlationId: submissionId,
    resources: [{ type: 'CONTRACT_ID', name: contractId }],
  });
}

/**
 * Returns the refusal of an exercise on contracts that have ended although the command could be interpreted with them.
 *
 * Source: networks J, item 4.
 */
export function contractsArchived(
  contractIds: readonly string[],
  synchronizer: string,
  name: string,
): CantonRefusal {
  const where = shortenIds(synchronizer);
  return new CantonRefusal({
    id: 'UNKNOWN_CONTRACT_SYNCHRONIZERS',
    category: 9,
    cause: `The following contracts have been archived: List(${contractIds.join(', ')}) on synchronizer ${where}`,
    metadata: { participant: name },
    definiteAnswer: false,
  });
}

/** Returns the refusal of an exercise on contracts of synchronizers that are not connected. Source: networks J, item 4. */
export function contractsOnUnknownSynchronizers(
  contractIds: readonly string[],
  name: string,
): CantonRefusal {
  return new CantonRefusal({
    id: 'UNKNOWN_CONTRACT_SYNCHRONIZERS',
    category: 9,
    cause: `The synchronizers for the contracts (${contractIds.join(', ')}) are currently unknown due to ongoing contract reassignments or disconnected synchronizers.`,
    metadata: { participant: name },
    definiteAnswer: false,
  });
}

/** Returns the refusal of a template no package in the store has. */
export function templateNotFound(template: string): CantonRefusal {
  return new CantonRefusal({
    id: 'TEMPLATES_OR_INTERFACES_NOT_FOUND',
    category: 11,
    cause: `Templates do not exist: [${template}].`,
    definiteAnswer: false,
  });
}

/** A package that some host of a party has not vetted on a synchronizer. */
export interface UnvettedPackage {
  readonly packageName: string;
  readonly party: string;
  /** Logical id. */
  readonly synchronizerId: string;
}

/** Returns the refusal of a package that not every host of a party has vetted. Source: networks J, item 8. */
export function packageNotVetted(unvetted: UnvettedPackage, name: string): CantonRefusal {
  const { packageName, party, synchronizerId } = unvetted;
  return new CantonRefusal({
    id: 'PACKAGE_SELECTION_FAILED',
    category: 9,
    cause:
      `No synchronizers satisfy the topology requirements for the submitted command: Discarded synchronizers: ` +
      `${shortenIds(synchronizerId)}: Failed to select package-id for package-name '${packageName}' appearing in a command root node due to: ` +
      `No package with package-name '${packageName}' is consistently vetted by all hosting participants of party ${shortenIds(party)}`,
    metadata: { participant: `'${name}'` },
    definiteAnswer: false,
  });
}

/** Returns the refusal of an action whose authorizers do not submit it. */
export function notAuthorized(needed: readonly string[], given: readonly string[]): CantonRefusal {
  return new CantonRefusal({
    id: 'DAML_AUTHORIZATION_ERROR',
    category: 8,
    cause: `Interpretation error: Error: node NodeId(0) requires authorizers ${needed.join(',')}, but only ${given.join(',')} were given`,
    definiteAnswer: false,
  });
}

/** Returns the refusal of a command that lacks something or has it in an unknown shape. */
export function invalidCommand(field: string): CantonRefusal {
  return new CantonRefusal({
    id: 'MISSING_FIELD',
    category: 8,
    cause: `The submitted command is missing a mandatory field: ${field}`,
    metadata: { field_name: field },
    definiteAnswer: false,
  });
}

/** Returns the refusal of a submission by a member that may not log in yet. Source: golden35/restricted-synchronizer.jsonl 40. */
export function accessDisabled(
  { name, uid }: { readonly name: string; readonly uid: string },
  psid: string,
): CantonRefusal {
  const request = `send-async-versioned/${randomUUID()}`;
  const cause = `PERMISSION_DENIED/Authentication token refresh error: Member PAR::${uid} access is disabled`;
  const sendError = [
    'RequestRefused(',
    '  SendAsyncErrorGrpc(',
    '    Request failed for server-DefaultSequencer-0.',
    `  GrpcRequestRefusedByServer: ${cause}`,
    `  Request: ${request}`,
    '  )',
    ')',
  ].join('\n');
  return new CantonRefusal({
    id: 'SEQUENCER_REQUEST_FAILED',
    category: 2,
    cause: 'Failed to send command',
    metadata: { participant: name, psid: shortenIds(psid), sendError: shortenIds(sendError) },
    definiteAnswer: true,
  });
}

/** Returns the refusal of a submission for a party this node may not submit for. Source: golden35/restricted-synchronizer.jsonl 22. */
export function noSynchronizerForSubmitter(unknownSubmitter: string, name: string): CantonRefusal {
  return new CantonRefusal({
    id: 'NO_SYNCHRONIZER_ON_WHICH_ALL_SUBMITTERS_CAN_SUBMIT',
    category: 11,
    cause: 'This participant cannot submit as the given submitter on any connected synchronizer',
    metadata: { participant: name, unknownSubmitter },
    definiteAnswer: false,
  });
}

/**
 * Returns the refusal of a submission for parties whose contracts may not be complete here yet. Source: networks
 * A, item A2.
 */
export function partyOnboarding(
  parties: readonly string[],
  physicalId: string,
  name: string,
): CantonRefusal {
  return new CantonRefusal({
    id: 'PARTY_CURRENTLY_ONBOARDING',
    category: 9,
    cause: `The following submitting parties are currently onboarding: ${parties.join(', ')}`,
    metadata: {
      parties: `List(${parties.join(', ')})`,
      participant: name,
      physicalSynchronizerId: shortenIds(physicalId),
    },
    definiteAnswer: false,
  });
}

/** Returns the refusal of a prepared transaction that is not signed as it must be. Source: golden35/external-live.jsonl 24. */
export function failedToExecute(reason: string): CantonRefusal {
  return new CantonRefusal({
    id: 'FAILED_TO_EXECUTE_TRANSACTION',
    category: 8,
    cause: `The participant failed to execute the transaction: ${reason}`,
    definiteAnswer: false,
  });
}

/** Returns one of the two ways a submission fails that a hosting change overtook; this one says so. */
export function noValidRecipients(name: string): CantonRefusal {
  return new CantonRefusal({
    id: 'NO_VIEW_WITH_VALID_RECIPIENTS',
    category: 2,
    cause: 'The submission has no view with valid recipients: the topology changed',
    metadata: { participant: name },
    definiteAnswer: false,
  });
}

/** Returns the other way, redacted on the wire: the recipients of the request were those of an older topology. */
export function malformedRequest(): CantonRefusal {
  return new CantonRefusal({
    id: 'LOCAL_VERDICT_MALFORMED_REQUEST',
    category: 5,
    cause: 'Rejected transaction due to malformed request: the recipients were changed by topology',
    definiteAnswer: false,
  });
}

/** Returns the refusal of a command that this node has carried out before. */
export function duplicateCommand(completionOffset: number): CantonRefusal {
  return new CantonRefusal({
    id: 'DUPLICATE_COMMAND',
    category: 10,
    cause: 'A command with the given command id has already been successfully processed',
    metadata: { completion_offset: String(completionOffset) },
    definiteAnswer: false,
  });
}

/** Returns the refusal of a command that this node is carrying out. */
export function submissionInFlight(): CantonRefusal {
  return new CantonRefusal({
    id: 'SUBMISSION_ALREADY_IN_FLIGHT',
    category: 2,
    cause: 'The submission is already in-flight',
    definiteAnswer: false,
  });
}
