import { DefaultLogger, type Logger } from '@temporalio/worker';
import { destination, pino, type Logger as PinoLogger } from 'pino';

import type { LogLevel } from './configuration-schema.js';

/** Logs JSON lines to standard error, so that standard output holds only what the worker says to a person. */
export function createLog(level: LogLevel): PinoLogger {
  return pino({ level, base: null }, destination({ dest: 2, sync: true }));
}

/** Lets the SDK log through `log`, without the task token: whoever holds it can complete the activity. */
export function sdkLogger(log: PinoLogger): Logger {
  return new DefaultLogger('TRACE', ({ level, message, meta }) => {
    const fields: Record<string, unknown> = { ...meta };
    delete fields['taskToken'];
    const name = level.toLowerCase() as LogLevel;
    log[name](fields, message);
  });
}
