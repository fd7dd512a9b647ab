import { CantonRefusal, deserializationFailure, fieldNotSet } from './errors.js';
import { micros } from './clock.js';
import { unary, type Service, type Services } from './grpc.js';
import type { Config, ConfigMessage, Connections } from './connections.js';
import type { Registration } from './registration.js';
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
      ListRegisteredSynchronizers: unary((request) => ({
        results: connections
          .list()
          .flatMap((one) => one.listed(request.all_statuses === true).reverse())
          .reverse(),
      })),
      GetSynchronizerId: unary((request) => {
        const { active, synchronizer } = connections.find(aliasOf(request));
        return {
          synchronizer_id: synchronizer.info.logicalId,
          physical_synchronizer_id: active.psid,
        };
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
        if (!connections.find(alias).isReachable && request.retry === true) {
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

function isConnected({ isConnected: isSo }: Registration): boolean {
  return isSo;
}

function connectedResult({
  alias,
  synchronizer,
  active,
  isReachable,
}: Registration): Encodable<`${Admin}.ListConnectedSynchronizersResponse.Result`> {
  return {
    synchronizer_alias: alias,
    synchronizer_id: synchronizer.info.logicalId,
    physical_synchronizer_id: active.psid,
    ...(isReachable && { healthy: true }),
  };
}

/** What a node does that missed the upgrade of a synchronizer. Source: networks B. */
export function lateUpgrade(
  connections: Connections,
): Pick<Service<`${Admin}.ParticipantRepairService`>, 'PerformLateLsu'> {
  return {
    PerformLateLsu: unary(async ({ physical_synchronizer_id: psid = '', successor }) => {
      const {
        physical_synchronizer_id = '',
        announced_upgrade_time,
        config,
      } = part(successor, 'successor');
      const upgradeTime = micros(part(announced_upgrade_time, 'announced_upgrade_time'));
      const wanted = { psid: physical_synchronizer_id, upgradeTime, config: checkedConfig(config) };
      const { synchronizer_alias: alias } = wanted.config;
      // With an alias that the node does not know it never answers.
      if (!connections.list().some((one) => one.alias === alias)) await new Promise(() => undefined);
      connections.upgradeLate(psid, wanted);
      return {};
    }),
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
