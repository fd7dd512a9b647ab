import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';

import type { CopyCheckpoint } from '../../model/acs.js';
import { refused } from '../../model/failure.js';
import type { AwaitedSignatures } from '../../model/live.js';
import type { Migration } from '../../model/migration.js';
import { PREPARATION } from '../../model/phase.js';
import { placeholderProblem } from '../../model/placeholder.js';
import { bounded, hasHidden, MESSAGE_LIMIT, NAME_LIMIT } from '../../model/shown-text.js';
import type { TransferProgress } from '../../model/steering.js';
import { endingWith } from './outcome.js';
import { UNREADABLE } from '../unreadable.js';

/** Longest text of a field that is no name: a signature, a hash. */
const TEXT_LIMIT = 10_000;
/** Contracts that may come to a source between its plan and its copy; what tells of more was not told by a copy. */
const MORE_THAN_PLANNED = 100_000;
/** Contracts that no node takes in a second. */
const RATE_LIMIT = 1e9;
/** Parties and namespaces that are told by name. */
const AWAITED_LIMIT = 10;
/** Of a found value, in a rejection. */
const QUOTED_LIMIT = 80;

/** Fields that stand for a person, in reports and on screens. */
const NAMES = ['by', 'approver'];

/** Why an update is not accepted. Temporal's UI shows a stack trace below the message, which says nothing to an operator. */
export function rejection(type: string, message: string): ApplicationFailure {
  const failure = ApplicationFailure.nonRetryable(bounded(message, MESSAGE_LIMIT), type);
  failure.stack = '';
  return failure;
}

/** Returns the fields of an update, all of them text; fails with `InputInvalid` for any other input, whatever it is. */
export function fieldsOf(input: unknown, names: string[]): Record<string, string> {
  const fields = recordOf(input);
  if (!fields) throw rejection('InputInvalid', `found ${quoted(input)}, expected an object`);
  for (const name of names) {
    const problem = NAMES.includes(name) ? personProblem(fields[name]) : textProblem(fields[name]);
    if (problem !== undefined) throw rejection('InputInvalid', `${name}: ${problem}`);
  }
  return fields as Record<string, string>;
}

/** What is wrong with the name of a person; nothing if it can be taken. */
function personProblem(value: unknown): string | undefined {
  return nameProblem(value) ?? placeholderProblem(value as string);
}

/** What is wrong with a name that people are shown; nothing if it can be taken. */
function nameProblem(value: unknown): string | undefined {
  const expected = `expected a name of 1 to ${NAME_LIMIT} characters, without control characters`;
  if (typeof value !== 'string') return `found ${quoted(value)}, expected text`;
  if (value.trim() === '') return `found nothing, ${expected}`;
  if (value.length > NAME_LIMIT) return `found ${value.length} characters, ${expected}`;
  return hasHidden(value) ? `found control characters, ${expected}` : undefined;
}

function textProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `found ${quoted(value)}, expected text`;
  if (value.length <= TEXT_LIMIT) return undefined;
  return `found ${value.length} characters, expected at most ${TEXT_LIMIT}`;
}

/** A value for a message; whatever it is, this ends soon and is short. */
export function quoted(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === UNREADABLE) return 'a payload that cannot be decoded';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(bounded(value, QUOTED_LIMIT));
  return typeof value === 'number' || typeof value === 'boolean' || value === null
    ? `${value}`
    : 'an object';
}

/** The fields of an object of JSON; nothing of anything else. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value === UNREADABLE ? undefined : (value as Record<string, unknown>);
}

/** What a transfer told of itself; nothing if no transfer of this migration can have told that. */
export function readProgress({ hashed }: Migration, input: unknown): TransferProgress | undefined {
  const { offset, contractsPerSecond, isHeld, ...fields } = recordOf(input) ?? {};
  const checkpoint = readCheckpoint(fields['checkpoint']);
  if (!checkpoint || typeof isHeld !== 'boolean') return undefined;
  if (typeof contractsPerSecond !== 'number') return undefined;
  if (!(contractsPerSecond >= 0 && contractsPerSecond <= RATE_LIMIT)) return undefined;
  if (!isOffset(offset) || !hashed) return undefined;
  const most = hashed.plan.contracts.total * 2 + MORE_THAN_PLANNED;
  return checkpoint.contractCount > most
    ? undefined
    : { checkpoint, contractsPerSecond, isHeld, offset };
}

function readCheckpoint(value: unknown): CopyCheckpoint | undefined {
  const { contractCount, digest, targetLedgerEnd, callCount, parts, brokenOff } = recordOf(value) ?? {};
  if (!isCount(contractCount) || !isCount(callCount)) return undefined;
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) return undefined;
  if (!isOffset(targetLedgerEnd)) return undefined;
  if (![parts, brokenOff].every((its) => its === undefined || isCount(its))) return undefined;
  return {
    contractCount,
    digest,
    targetLedgerEnd,
    callCount,
    ...(isCount(parts) && { parts }),
    ...(isCount(brokenOff) && { brokenOff }),
  };
}

/** Whose signatures are missing, as an activity told; nothing if none of ours can have told that. */
export function readAwaited(input: unknown): AwaitedSignatures | undefined {
  const { parties, named, namespaces, namespaceCount } = recordOf(input) ?? {};
  if (!isCount(parties) || !isCount(namespaceCount)) return undefined;
  if (!Array.isArray(named) || !Array.isArray(namespaces)) return undefined;
  if (named.length > AWAITED_LIMIT || namespaces.length > AWAITED_LIMIT) return undefined;
  if (named.some((its) => nameProblem(its) !== undefined)) return undefined;
  const counted = namespaces.map((its) => {
    const { namespace, count } = recordOf(its) ?? {};
    return nameProblem(namespace) === undefined && isCount(count)
      ? { namespace: namespace as string, count }
      : undefined;
  });
  if (counted.includes(undefined)) return undefined;
  return {
    parties,
    named: named as string[],
    namespaces: counted as AwaitedSignatures['namespaces'],
    namespaceCount,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A decimal int64. */
export function isOffset(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value);
}

/** The end of a run with arguments that nothing can be made of. */
export function malformedStart(problem: string): unknown {
  return endingWith(PREPARATION, refused('StartMalformed', `${problem}; nothing was changed`));
}

/**
 * Fails with `StartMalformed` for a run that Temporal would begin anew by itself, with the arguments it had and nobody
 * there who approves.
 */
export function refuseRepeatedStarts(): void {
  const { cronSchedule, retryPolicy } = workflowInfo();
  if (cronSchedule !== undefined && cronSchedule !== '') {
    throw malformedStart(
      `found the cron schedule ${quoted(cronSchedule)}, expected none: a schedule of Temporal starts migrations`,
    );
  }
  if (retryPolicy !== undefined)
    throw malformedStart(
      'found a retry policy, expected none: what fails is started again by an operator',
    );
}

/**
 * Fails with `StartMalformed` unless the argument is an object with these names in it. What else is wrong with a request
 * for a migration, the first activity tells, all of it at once.
 */
export function refuseRequest(request: unknown, names: readonly string[] = []): void {
  const fields = recordOf(request);
  if (!fields) throw malformedStart(`found ${quoted(request)}, expected one object, the request`);
  for (const name of names) {
    const problem = NAMES.includes(name) ? personProblem(fields[name]) : nameProblem(fields[name]);
    if (problem !== undefined) throw malformedStart(`${name}: ${problem}`);
  }
}
