import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { ActivityFailure, RetryState } from '@temporalio/common';

import type { Activities } from '../../activities/index.js';
import { callingAs, environmentOf } from './calling.js';
import { SILENT, temporalOf } from './stack.js';

/** The longest pause between two looks of an activity that waits for something. */
const LONGEST_PAUSE_MS = 10;
/** A node that was ended is back by then. */
const BETWEEN_ATTEMPTS_MS = 20;

export interface QuickAttempts {
  /** How often one activity is tried that fails for a passing reason; once if left out. */
  attempts?: number;
  /** Whether these are attempts that are superseded already, on a worker that goes on. */
  areSuperseded?: boolean;
  /**
   * As a start-to-close timeout: whoever waits for what never comes is ended. Above what any takes on a busy
   * machine if left out.
   */
  limitMs?: number;
  /** The Temporal that they talk to; one that asks for nothing and keeps nothing if left out. */
  client?: Client;
}

/** Each call as Temporal runs it, without a server and with pauses of milliseconds. */
export function quickly(
  activities: Activities,
  {
    attempts = 1,
    areSuperseded = false,
    limitMs = 240_000,
    client: given = temporalOf(),
  }: QuickAttempts = {},
): Activities {
  const client = areSuperseded ? superseded() : given;
  const calls = Object.entries(activities).map(([name, run]) => [
    name,
    async (input: never) => {
      let heartbeatDetails: unknown;
      for (let attempt = 1; ; attempt++) {
        const info = { attempt, heartbeatDetails };
        const environment = environmentOf(callingAs(name, input), info, { logger: SILENT, client });
        environment.on('heartbeat', (details: unknown) => (heartbeatDetails = details));
        const { context } = environment;
        const sleep = context.sleep.bind(context);
        const pause = (ms: Parameters<typeof sleep>[0]) =>
          sleep(typeof ms === 'number' ? Math.min(ms, LONGEST_PAUSE_MS) : ms);
        Object.assign(context, { sleep: pause });
        const limit = setTimeout(() => environment.cancel('TIMED_OUT'), limitMs);
        try {
          return await environment.run<[never], unknown, typeof run>(run, input);
        } catch (error) {
          if (attempt >= attempts || isFinal(error)) throw asSeen(error, name);
          await delay(BETWEEN_ATTEMPTS_MS * 2 ** attempt);
        } finally {
          clearTimeout(limit);
        }
      }
    },
  ]);
  return Object.fromEntries(calls) as Activities;
}

function isFinal(error: unknown): boolean {
  const { nonRetryable, name } = error as { nonRetryable?: boolean; name?: string };
  return nonRetryable === true || name === 'CancelledFailure';
}

/** A failed activity as a workflow sees it. */
function asSeen(error: unknown, activity: string): ActivityFailure {
  const cause = error instanceof Error ? error : new Error(String(error));
  const state = RetryState.NON_RETRYABLE_FAILURE;
  return new ActivityFailure(cause.message, activity, 'test', state, undefined, cause);
}

/** The Temporal that knows this attempt no more. */
function superseded(): Client {
  const heartbeat = async () => {
    throw Object.assign(new Error('this attempt is over'), { name: 'ActivityNotFoundError' });
  };
  return Object.assign(temporalOf(), { activity: { heartbeat } });
}
