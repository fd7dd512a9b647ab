import { NativeConnection } from '@temporalio/worker';

import { checkTemporalKey } from '../secrets/secret-file.js';
import { whyUnreachable } from '../temporal/reaching.js';
import { readTemporalSettings, type TemporalSettings } from '../temporal/settings.js';
import { ConfigurationError } from './options.js';

const CONNECT_LIMIT_MS = 15_000;

/** A connection that Temporal has answered on, for a namespace that is there. */
export interface Connected {
  connection: NativeConnection;
  address: string;
  namespace: string;
}

/** Connects as Temporal's own environment variables and profiles say. Fails with a `TemporalProblem`. */
export async function connectToTemporal(): Promise<Connected> {
  try {
    checkTemporalKey();
  } catch (error) {
    throw new ConfigurationError([(error as Error).message]);
  }
  const settings = readTemporalSettings();
  const limit = AbortSignal.timeout(CONNECT_LIMIT_MS);
  try {
    return await Promise.race([answering(settings, limit), whenOver(limit)]);
  } catch (error) {
    throw await whyUnreachable(settings, error);
  }
}

async function answering(
  { connection: options, address, namespace }: TemporalSettings,
  limit: AbortSignal,
): Promise<Connected> {
  const connection = await NativeConnection.connect(options);
  await connection.withAbortSignal(limit, () =>
    connection.workflowService.describeNamespace({ namespace }),
  );
  return { connection, address, namespace };
}

/** The SDK waits for a server that takes the connection and says nothing as long as that one likes. */
function whenOver(limit: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    limit.addEventListener('abort', () => reject(new Error('no answer within 15 s')), { once: true });
  });
}
