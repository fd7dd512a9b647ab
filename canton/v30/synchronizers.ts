import { clone, fromBinary, toBinary, type DescMethod } from '@bufbuild/protobuf';

import type { AllowedKeys, RegisteredSynchronizer } from '../../model/participant.js';
import type { SynchronizersChanges } from '../../model/participant-changes.js';
import type { SynchronizersReads } from '../../model/participant-reads.js';
import type { Channel } from '../channel.js';
import {
  ListRegisteredSynchronizersResponse_Status as Status,
  SynchronizerConnectionConfigSchema,
  SynchronizerConnectivityService,
  type ListRegisteredSynchronizersResponse_Result as Result,
} from '../gen/com/digitalasset/canton/admin/participant/v30/synchronizer_connectivity_service_pb.js';
import { SequencerConnectionValidation } from '../gen/com/digitalasset/canton/admin/sequencer/v30/sequencer_connection_pb.js';
import { findAllowedKeys } from './sequencers.js';

// An alias has one entry per physical synchronizer it went through; the first of these stands for it. Canton 3.4
// sends no status. What is inactive was superseded by another synchronizer.
const STATUS_ORDER = [
  Status.ACTIVE,
  Status.UNSPECIFIED,
  Status.HARD_MIGRATING_TARGET,
  Status.HARD_MIGRATING_SOURCE,
  Status.LSU_TARGET,
  Status.LSU_SOURCE,
];

/** Whether two serialised configurations lead to the same sequencers. */
export function haveSameSequencers(one: Uint8Array, other: Uint8Array): boolean {
  const [its, others] = [one, other].map((config) => {
    const { sequencerConnections } = fromBinary(SynchronizerConnectionConfigSchema, config);
    const listed = sequencerConnections?.sequencerConnections ?? [];
    return listed
      .flatMap(({ type }) => (type.case === 'grpc' ? type.value.connections : []))
      .sort()
      .join();
  });
  return its === others;
}

/** Reads and changes the connections of a participant. Source: admin-api 1.13. */
export class Synchronizers implements SynchronizersReads, SynchronizersChanges {
  constructor(private readonly channel: Channel) {}

  async listRegistered(): Promise<RegisteredSynchronizer[]> {
    return (await this.listStored()).map(toRegistered).sort((a, b) => (a.alias < b.alias ? -1 : 1));
  }

  /** Works while disconnected, too. */
  async findAllowedKeys(alias: string): Promise<AllowedKeys | { unanswered: string[] }> {
    const method = SynchronizerConnectivityService.method.listRegisteredSynchronizers;
    const { config } = await this.readStored(alias, method);
    const connections = config.sequencerConnections?.sequencerConnections ?? [];
    return findAllowedKeys(this.channel.participant, connections);
  }

  /**
   * Accepted while connected; holds across a restart.
   *
   * Parts of the configuration are mandatory, so the stored one is sent back as it was read.
   */
  async setManualConnect(alias: string, isManualConnect: boolean): Promise<void> {
    const method = SynchronizerConnectivityService.method.modifySynchronizer;
    const { config } = await this.readStored(alias, method);
    const newConfig = clone(SynchronizerConnectionConfigSchema, config);
    newConfig.manualConnect = isManualConnect;
    await this.channel.unary(method, {
      // Without a physical id it is about the one in use: that may change between the read and this.
      newConfig,
      // The connections did not change, and the sequencers need not be reachable to say so.
      sequencerConnectionValidation: SequencerConnectionValidation.DISABLED,
    });
  }

  /** Safe to repeat. */
  async disconnect(alias: string): Promise<void> {
    const method = SynchronizerConnectivityService.method.disconnectSynchronizer;
    await this.channel.unary(method, { synchronizerAlias: alias });
  }

  /** Safe to repeat; works whatever `manual_connect` says. Never to be called during an import (admin-api 2.3). */
  async reconnect(alias: string): Promise<boolean> {
    const method = SynchronizerConnectivityService.method.reconnectSynchronizer;
    const request = { synchronizerAlias: alias, retry: true };
    return (await this.channel.unary(method, request)).connectedSuccessfully;
  }

  /** Works while disconnected, too. Parts that are mandatory and parts not known here are all there. */
  async readConfig(alias: string): Promise<Uint8Array> {
    const method = SynchronizerConnectivityService.method.listRegisteredSynchronizers;
    const { config } = await this.readStored(alias, method);
    return toBinary(SynchronizerConnectionConfigSchema, config);
  }

  /** Safe to repeat with the same configuration; another one for the alias fails with `SYNCHRONIZER_REGISTRATION`. */
  async connectWith(config: Uint8Array): Promise<boolean> {
    const method = SynchronizerConnectivityService.method.connectSynchronizer;
    const { connectedSuccessfully } = await this.channel.unary(method, {
      config: fromBinary(SynchronizerConnectionConfigSchema, config),
      // Unlike with a change, the sequencers have to be there; no value at all does not parse (live-route 2, step 0).
      sequencerConnectionValidation: SequencerConnectionValidation.THRESHOLD_ACTIVE,
    });
    return connectedSuccessfully;
  }

  private async readStored(alias: string, method: DescMethod) {
    const stored = (await this.listStored()).find(({ config }) => config?.synchronizerAlias === alias);
    if (stored?.config) return { config: stored.config };
    throw this.channel.refuse(
      method,
      `no synchronizer is registered as ${alias}`,
      'SYNC_SERVICE_UNKNOWN_SYNCHRONIZER',
    );
  }

  private async listStored(): Promise<Result[]> {
    const method = SynchronizerConnectivityService.method.listRegisteredSynchronizers;
    const { results } = await this.channel.unary(method, { allStatuses: true });
    const byAlias = new Map<string, Result>();
    for (const status of STATUS_ORDER) {
      for (const result of results.filter((each) => each.status === status)) {
        const alias = result.config?.synchronizerAlias ?? '';
        if (!byAlias.has(alias)) byAlias.set(alias, result);
      }
    }
    return [...byAlias.values()];
  }
}

function toRegistered({
  config,
  connected,
  physicalSynchronizerId = '',
}: Result): RegisteredSynchronizer {
  return {
    alias: config?.synchronizerAlias ?? '',
    // `name::fingerprint::protocolVersion-serial`, and neither part holds `::`. Source: admin-api 6.
    logicalId: physicalSynchronizerId.split('::').slice(0, 2).join('::'),
    physicalId: physicalSynchronizerId,
    isConnected: connected,
    isManualConnect: config?.manualConnect ?? false,
  };
}
