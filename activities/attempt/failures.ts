import { ApplicationFailure, cancellationSignal, log } from '@temporalio/activity';
import { TemporalFailure } from '@temporalio/common';

import type { FailureKind } from '../../model/failure.js';
import type { Grounds } from '../../model/gates.js';
import { bounded, MESSAGE_LIMIT } from '../../model/shown-text.js';
import { noteAsked } from './caller.js';
import { whileReportingProgress } from './progress.js';
import { assertTravels, sizeAsJson, type SizeOf } from './result-size.js';

/** What every error of ours has in common: those of `canton/`, `acs/` and `model/failure.ts`. */
export interface KnownFailure extends Error {
  kind: FailureKind;
  /** PascalCase name; errors of Canton have a gRPC `code` instead. */
  type?: string;
  code?: string;
  retryDelayMs?: number;
}

/** Turns an error into what Temporal acts on: `transient` is retried, `refused` and `mismatch` are not. */
export function toFailure(error: unknown): unknown {
  if (!isKnown(error)) return unexpected(error);
  const failure = ApplicationFailure.create({
    message: error.type ? error.message : withoutAddresses(error.message),
    type: error.type ?? pascalCase(error.code ?? error.name),
    nonRetryable: error.kind !== 'transient',
    details: [{ kind: error.kind }],
    ...(error.retryDelayMs === undefined ? {} : { nextRetryDelay: error.retryDelayMs }),
  });
  return withoutStack(failure);
}

/** The decision is in type and message; a stack would carry paths of a worker into history. */
function withoutStack(failure: ApplicationFailure): ApplicationFailure {
  delete failure.stack;
  return failure;
}

/**
 * Makes every function begin once it is admitted and its input is resolved, heartbeat, report its errors by
 * {@link toFailure}, and a cancellation as Temporal's own reason.
 */
export function asActivities<T extends Record<string, (input: never) => Promise<unknown>>>(
  functions: T,
  admit: (name: string) => Promise<void> = () => Promise.resolve(),
  {
    resolve = (input) => Promise.resolve(input),
    sizeOf = sizeAsJson,
  }: { resolve?: (input: unknown) => Promise<unknown>; sizeOf?: SizeOf } = {},
): T {
  const wrapped = Object.entries(functions).map(([name, run]) => [
    name,
    async (input: never, grounds: Grounds = {}) => {
      const signal = cancellationSignal();
      noteAsked(input, grounds);
      try {
        return await whileReportingProgress(async () => {
          await admit(name);
          const result = await run((await resolve(input)) as never);
          await assertTravels(name, result, sizeOf);
          return result;
        });
      } catch (error) {
        // Tell Temporal why it ended, not how: an aborted call has an error of its own.
        if (signal.aborted) throw signal.reason;
        if (!isKnown(error)) log.error('an unforeseen error', { activity: name, error });
        throw toFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}

function isKnown(error: unknown): error is KnownFailure {
  return error instanceof Error && 'kind' in error && typeof error.kind === 'string';
}

/** Something nobody foresaw: retried. Its stack is only in the log of the worker. */
function unexpected(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TemporalFailure) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  const message = syscall
    ? `${code ?? error.name} on the disk or network of the worker (${syscall})`
    : bounded(error.message, MESSAGE_LIMIT);
  const type = syscall ? 'WorkerFault' : error.name;
  return withoutStack(ApplicationFailure.create({ message, type, details: [{ kind: 'transient' }] }));
}

/** IPv4, IPv6 in brackets, or any name, each with a port; IPv4 also without. */
const ADDRESS =
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\[[0-9a-fA-F:]+\]:\d+|\b[A-Za-z][\w.-]{0,252}:\d{2,5}\b/g;

/** A failed connection names the address, which belongs to the worker's configuration alone. */
function withoutAddresses(message: string): string {
  return message.replace(/ Resolution note: (?=\(|$)/, ' ').replace(ADDRESS, '<address>');
}

/** `FAILED_PRECONDITION` -> `FailedPrecondition`; `ABORTED` -> `CallAborted`, which is no abort of a migration. */
function pascalCase(code: string): string {
  if (code === 'ABORTED') return 'CallAborted';
  if (!code.includes('_') && code !== code.toUpperCase()) return code;
  return code
    .toLowerCase()
    .split('_')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
