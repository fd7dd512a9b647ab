import { createSecureContext } from 'node:tls';

import { loadClientConnectConfig } from '@temporalio/envconfig';

import { TemporalProblem } from './problem.js';

/** Where Temporal is if nothing says so. */
const DEFAULT_ADDRESS = 'localhost:7233';
const DEFAULT_PORT = '7233';

type ConnectionOptions = ReturnType<typeof loadClientConnectConfig>['connectionOptions'];

/** Where Temporal is, and what it is shown. */
export interface TemporalSettings {
  /** `host:port`. */
  address: string;
  namespace: string;
  /** What both the client and the worker connect with; `false` and absent: plain text. */
  connection: ConnectionOptions & { address: string };
}

/**
 * Reads how Temporal is reached from its own environment variables and profiles (TEMPORAL_ADDRESS,
 * TEMPORAL_NAMESPACE, TEMPORAL_PROFILE, TEMPORAL_API_KEY, TEMPORAL_TLS*, ...).
 *
 * Fails with a {@link TemporalProblem} that names the setting that cannot be used.
 */
export function readTemporalSettings(): TemporalSettings {
  const { connectionOptions, namespace = 'default' } = load();
  const address = addressOf(connectionOptions.address ?? DEFAULT_ADDRESS);
  requirePem(connectionOptions.tls);
  return { address, namespace, connection: { ...connectionOptions, address } };
}

function load(): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig();
  } catch (error) {
    const {
      TEMPORAL_PROFILE: profile,
      TEMPORAL_CONFIG_FILE: file = 'the configuration file of Temporal',
    } = process.env;
    const { message, name } = error as Error;
    // The SDK looks for a profile also where the file has none at all.
    if (profile && (/^Profile .* not found/.test(message) || name === 'TypeError')) {
      const what = `TEMPORAL_PROFILE: found ${profile}, expected a profile in ${file}: [profile.${profile}]`;
      throw new TemporalProblem('TemporalProfileMissing', what, { cause: error });
    }
    const [reason = ''] = message.split('\n');
    const what = message.startsWith('Invalid TOML')
      ? `TEMPORAL_CONFIG_FILE: found ${file}, which is no TOML: ${reason}`
      : `a setting of Temporal cannot be used: ${reason}`;
    throw new TemporalProblem('TemporalSettingsUnusable', what, { cause: error });
  }
}

/** The port may be left out, as the SDK allows. */
function addressOf(text: string): string {
  const [, host, port = DEFAULT_PORT] =
    /^(\[[0-9A-Fa-f:.]+\]|[^\s/:[\]]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host !== undefined && Number(port) <= 65_535) return `${host}:${port}`;
  throw new TemporalProblem(
    'TemporalSettingsUnusable',
    `TEMPORAL_ADDRESS: found ${JSON.stringify(text)}, expected host:port, such as ${DEFAULT_ADDRESS}`,
  );
}

/** A file that is no certificate shows later only as one that is not trusted. */
function requirePem(tls: ConnectionOptions['tls']): void {
  if (!tls || tls === true) return;
  const { serverRootCACertificate: ca, clientCertPair: pair } = tls;
  const checks = {
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: ca && { ca: Buffer.from(ca) },
    TEMPORAL_TLS_CLIENT_CERT_PATH: pair && { cert: Buffer.from(pair.crt) },
    TEMPORAL_TLS_CLIENT_KEY_PATH: pair && { cert: Buffer.from(pair.crt), key: Buffer.from(pair.key) },
  };
  for (const [variable, context] of Object.entries(checks)) {
    try {
      // The context takes text that is no PEM for no authority at all.
      if (context && 'ca' in context && !context.ca.includes('-----BEGIN ')) throw new Error('no PEM');
      if (context) createSecureContext(context);
    } catch (error) {
      const what = `${variable}: found what is no PEM, or a key of another certificate, expected a PEM file`;
      throw new TemporalProblem('TemporalSettingsUnusable', what, { cause: error });
    }
  }
}
