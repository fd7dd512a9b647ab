import { CantonRefusal, deserializationFailure, fieldNotSet } from './errors.js';
import { unary, type Services } from './grpc.js';
import type { Membership } from './topology/node-topology.js';
import type { Config, ConfigMessage, Connections, Registration } from './connections.js';
import type { Encodable } from './wire.js';

type Admin = 'com.digitalasset.canton.admin.participant.v30';

/** Simulates the SynchronizerConnectivityService of one participant. Source: admin-api 1.13. */
export function connectivityService(connections: Connections): Services {
  const aliasOf = (request: { readonly synchronizer_alias?: string }) =>
    request.synchronizer_alias ?? '';
  return {
    'com.digitalasset.canton.admin.participant.v30.SynchronizerConnectivityService': {
      ListConnectedSynchronizers: unary(() => ({
        connected_synchronizers: connections.list().filter(isConnected).map(connectedResult),
      })),
      ListRegisteredSynchronizers: unary(() => ({
        results: connections.list().map(registeredResult).reverse(),
      })),
      GetSynchronizerId: unary((request) => {
        const { info } = connections.find(aliasOf(request)).synchronizer;
        return { synchronizer_id: info.logicalId, physical_synchronizer_id: info.physicalId };
      }),
      ConnectSynchronizer: unary(async (request) => {
        const registration = connections.register(checkedConfig(request.config));
        await connections.connect(registration.alias);
        return { connected_successfully: true };
      }),
      RegisterSynchronizer: unary((request) => {
        const registration = connections.register(checkedConfig(request.config));
        const isHandshake = request.synchronizer_connection === 'SYNCHRONIZER_CONNECTION_HANDSHAKE';
        if (isHandshake) connections.shakeHands(registration.alias);
        return {};
      }),
      ModifySynchronizer: unary((request) => {
        connections.modify(checkedConfig(request.new_config), request.physical_synchronizer_id);
        return {};
      }),
      ReconnectSynchronizer: unary(async (request) => {
        const alias = aliasOf(request);
        const isDown = !connections.find(alias).synchronizer.isUp;
        if (isDown && request.retry === true) {
          connections.retryInBackground(alias);
          return {};
        }
        await connections.connect(alias);
        return { connected_successfully: true };
      }),
      ReconnectSynchronizers: unary(async (request) => {
        await connections.reconnectAll(request.ignore_failures === true);
        return {};
      }),
      DisconnectSynchronizer: unary((request) => {
        connections.disconnect(aliasOf(request));
        return {};
      }),
      DisconnectAllSynchronizers: unary(() => {
        for (const { alias } of connections.list().filter(isConnected)) connections.disconnect(alias);
        return {};
      }),
    },
  };
}

function isConnected({ membership }: { readonly membership?: Membership | undefined }): boolean {
  return membership?.replica.isConnected === true;
}

function connectedResult({
  alias,
  synchronizer,
}: Registration): Encodable<`${Admin}.ListConnectedSynchronizersResponse.Result`> {
  return {
    synchronizer_alias: alias,
    synchronizer_id: synchronizer.info.logicalId,
    physical_synchronizer_id: synchronizer.info.physicalId,
    ...(synchronizer.isUp && { healthy: true }),
  };
}

function registeredResult(
  registration: Registration,
): Encodable<`${Admin}.ListRegisteredSynchronizersResponse.Result`> {
  return {
    config: registration.config,
    ...(isConnected(registration) ? { connected: true } : {}),
    ...(registration.membership
      ? { physical_synchronizer_id: registration.synchronizer.info.physicalId }
      : {}),
    status: 'STATUS_ACTIVE',
  };
}

const DELAYS = [
  'min_restart_delay',
  'max_restart_delay',
  'subscription_request_delay',
  'warn_validation_delay',
] as const;

/** Refuses a configuration without its mandatory parts, in the order Canton misses them. Source: admin-api 1.13. */
function checkedConfig(given: ConfigMessage | undefined): Config {
  const config = part(given, 'config');
  const connections = part(config.sequencer_connections, 'sequencer_connections');
  part(connections.submission_request_amplification, 'submission_request_amplification');
  const delays = part(connections.sequencer_connection_pool_delays, 'sequencer_connection_pool_delays');
  for (const delay of DELAYS) part(delays[delay], delay);
  part(config.time_tracker, 'time_tracker');
  const { synchronizer_alias = '' } = config;
  if (synchronizer_alias === '') {
    throw deserializationFailure(
      'ValueConversionError(synchronizer_alias,Empty string is not a valid alias.)',
    );
  }
  if (connections.sequencer_connections.length === 0) {
    throw deserializationFailure(
      'InvariantViolation(sequencer_connections,Missing sequencer connections)',
    );
  }
  return { ...config, synchronizer_alias, sequencer_connections: connections };
}

function part<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw fieldNotSet(name);
  return value;
}

/** The alias names no registration. */
export function unknownAlias(alias: string): CantonRefusal {
  return new CantonRefusal({
    id: 'SYNC_SERVICE_UNKNOWN_SYNCHRONIZER',
    category: 11,
    cause: `The synchronizer with alias ${alias} is unknown.`,
    metadata: { synchronizerAlias: `Synchronizer '${alias}'` },
  });
}
