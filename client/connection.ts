import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

import { MigrationPayloadCodec } from '../secrets/payload-codec.js';
import type { PayloadKey } from '../secrets/payload-keys.js';
import { checkTemporalKey } from '../secrets/secret-file.js';
import { MigrationError } from './errors.js';

const CONNECT_LIMIT_MS = 10_000;

/**
 * Connects to Temporal as its own environment variables and profiles say (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
 * TEMPORAL_API_KEY, TEMPORAL_TLS*, ...). The caller closes `client.connection`. Encrypts payloads if there are keys.
 */
export async function connectToTemporal(keys: readonly PayloadKey[]): Promise<Client> {
  requirePrivateKey();
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  try {
    const connection = await Connection.connect({
      address,
      connectTimeout: CONNECT_LIMIT_MS,
      ...(connectionOptions.tls !== undefined && { tls: connectionOptions.tls }),
      ...(connectionOptions.apiKey !== undefined && { apiKey: connectionOptions.apiKey }),
      ...(connectionOptions.metadata !== undefined && { metadata: connectionOptions.metadata }),
    });
    const codec = new MigrationPayloadCodec({ keys, compresses: keys.length > 0, unopened: 'fail' });
    return new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec] } });
  } catch (error) {
    throw new MigrationError(
      'unexpected',
      'TemporalUnavailable',
      `Temporal does not answer at ${address}: ${(error as Error).message}`,
      'start it, or set TEMPORAL_ADDRESS to where it is',
      { cause: error },
    );
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
