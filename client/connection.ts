import { Client, Connection } from '@temporalio/client';

import { MigrationPayloadCodec } from '../secrets/payload-codec.js';
import type { PayloadKey } from '../secrets/payload-keys.js';
import { checkTemporalKey } from '../secrets/secret-file.js';
import { TemporalProblem } from '../temporal/problem.js';
import { whyUnreachable } from '../temporal/reaching.js';
import { readTemporalSettings } from '../temporal/settings.js';
import { MigrationError, unusableTemporal } from './errors.js';

const CONNECT_LIMIT_MS = 10_000;

/**
 * Connects to Temporal as its own environment variables and profiles say (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
 * TEMPORAL_API_KEY, TEMPORAL_TLS*, ...). The caller closes `client.connection`. Encrypts payloads if there are keys.
 */
export async function connectToTemporal(keys: readonly PayloadKey[]): Promise<Client> {
  requirePrivateKey();
  const settings = settingsOfTemporal();
  const { address, tls, apiKey, metadata } = settings.connection;
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: CONNECT_LIMIT_MS,
      ...(tls !== undefined && { tls }),
      ...(apiKey !== undefined && { apiKey }),
      ...(metadata !== undefined && { metadata }),
    });
    const codec = new MigrationPayloadCodec({ keys, compresses: keys.length > 0, unopened: 'fail' });
    const { namespace } = settings;
    return new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec] } });
  } catch (error) {
    throw unusableTemporal(await whyUnreachable(settings, error));
  }
}

function settingsOfTemporal() {
  try {
    return readTemporalSettings();
  } catch (error) {
    throw error instanceof TemporalProblem ? unusableTemporal(error) : error;
  }
}

function requirePrivateKey(): void {
  try {
    checkTemporalKey();
  } catch (error) {
    const next = 'give the key to its owner alone, or name another one';
    throw new MigrationError('usage', 'FileUnusable', (error as Error).message, next, { cause: error });
  }
}
