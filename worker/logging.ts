import { DefaultLogger, type Logger } from '@temporalio/worker';
import { destination, pino, stdSerializers, type Logger as PinoLogger } from 'pino';

import type { LogLevel } from './configuration-schema.js';

/** Logs JSON lines to standard error, so that standard output holds only what the worker says to a person. */
export function createLog(level: LogLevel): PinoLogger {
  // An error has nothing of its own that JSON would show; Temporal and our activities call it `error`.
  const serializers = { error: shown, err: shown, reason: shown };
  return pino({ level, base: null, serializers }, destination({ dest: 2, sync: true }));
}

function shown(value: unknown): unknown {
  return value instanceof Error ? stdSerializers.errWithCause(value) : value;
}

/**
 * Logs what was thrown where nobody catches, with its stack, instead of ending the process: all migrations of a worker
 * run in it. The call that it belongs to fails by its deadline, or its limit without progress.
 */
export function logUnforeseen(log: Pick<PinoLogger, 'error'>, on: NodeJS.EventEmitter = process): void {
  const note = (error: unknown) =>
    log.error({ error: error instanceof Error ? error : new Error(String(error)) }, UNFORESEEN);
  on.on('uncaughtException', note);
  on.on('unhandledRejection', note);
}

const UNFORESEEN = 'an unforeseen error, outside of any activity';

/** Lets the SDK log through `log`, without the task token: whoever holds it can complete the activity. */
export function sdkLogger(log: PinoLogger): Logger {
  return new DefaultLogger('TRACE', ({ level, message, meta }) => {
    const fields: Record<string, unknown> = { ...meta };
    delete fields['taskToken'];
    const name = level.toLowerCase() as LogLevel;
    log[name](fields, message);
  });
}
