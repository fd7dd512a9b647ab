import { randomUUID } from 'node:crypto';
import { CantonRefusal } from '../errors.js';
import type { Message } from '../wire.js';
import type { Template } from './contract.js';

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
export function contractNotFound(contractId: string, commands: Message, name: string): CantonRefusal {
  const submissionId = (commands['submission_id'] as string | undefined) || randomUUID();
  const text = (field: string) => (commands[field] as string | undefined) ?? '';
  const parties = (field: string) =>
    ((commands[field] ?? []) as string[]).map((party) => `'${party}'`).join(', ');
  const context = [
    `readAs: [${parties('read_as')}]`,
    "deduplicationPeriod: {duration: 'PT168H'}",
    `submittedAt: '${new Date().toISOString()}'`,
    `submissionId: '${submissionId}'`,
    `actAs: [${parties('act_as')}]`,
    `commandId: '${text('command_id')}'`,
    `userId: '${text('user_id')}'`,
    `workflowId: ${text('workflow_id') && `'${text('workflow_id')}'`}`,
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

/** Returns the refusal of a template no package in the store has. */
export function templateNotFound(template: string): CantonRefusal {
  return new CantonRefusal({
    id: 'TEMPLATES_OR_INTERFACES_NOT_FOUND',
    category: 11,
    cause: `Templates do not exist: [${template}].`,
    definiteAnswer: false,
  });
}

/** Returns the refusal of a package this participant has not vetted on the synchronizer. */
export function packageNotVetted({ packageId, packageName }: Template, name: string): CantonRefusal {
  return new CantonRefusal({
    id: 'PACKAGE_SELECTION_FAILED',
    category: 9,
    cause: `No synchronizers satisfy the topology requirements for the submitted command: package ${packageName} (${packageId}) is not vetted by ${name}`,
    metadata: { participant: name },
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
