import { clone, fromBinary, toBinary, type DescMethod } from '@bufbuild/protobuf';

import type { SynchronizersChanges } from '../../model/participant-changes.js';
import type { SynchronizersReads } from '../../model/participant-reads.js';
import type { AllowedKeys, RegisteredSynchronizer } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { CantonError } from '../errors.js';
import { allowing } from '../refusals.js';
import {
  DomainConnectionConfigSchema,
  DomainConnectivityService,
  type DomainConnectionConfig,
} from '../gen/com/digitalasset/canton/participant/admin/v0/domain_connectivity_pb.js';
import type { RepairQueue } from './queue.js';
import type { DomainStores } from './stores.js';

/** Reads and changes the domains of a participant. Source: proto DomainConnectivityService. */
export class Synchronizers implements SynchronizersReads, SynchronizersChanges {
  constructor(
    private readonly channel: Channel,
    private readonly stores: DomainStores,
    private readonly queue: RepairQueue,
  ) {}

  async listRegistered(): Promise<RegisteredSynchronizer[]> {
    const configured = await this.listConfigured();
    const connected = await this.listConnected();
    const ids = [...connected.values()];
    const isOnly = configured.filter(({ alias }) => !connected.has(alias)).length === 1;
    const registered: RegisteredSynchronizer[] = [];
    for (const { alias, config, isConnected } of configured) {
      const logicalId = connected.get(alias) ?? (await this.findId(alias, ids, isOnly));
      registered.push({
        alias,
        logicalId,
        physicalId: await this.physicalIdOf(logicalId),
        isConnected,
        isManualConnect: config.manualConnect,
      });
    }
    return registered;
  }

  /** The parameters of a domain are not told to participants by its sequencers' public API of this generation. */
  async findAllowedKeys(): Promise<AllowedKeys | { unanswered: string[] }> {
    return { unanswered: ['a domain of Canton 2.10 does not tell a worker which keys it allows'] };
  }

  /** Everything else is sent back as it was read: the whole configuration is replaced. */
  async setManualConnect(alias: string, isManualConnect: boolean): Promise<void> {
    const method = DomainConnectivityService.method.modifyDomain;
    const modify = clone(DomainConnectionConfigSchema, await this.readStored(alias, method));
    modify.manualConnect = isManualConnect;
    await this.channel.unary(method, { modify });
  }

  /** Safe to repeat. */
  async disconnect(alias: string): Promise<void> {
    const method = DomainConnectivityService.method.disconnectDomain;
    await this.channel.unary(method, { domainAlias: alias });
  }

  /** Publishes what was imported, for which it takes as long as two imports. Source: canton-2.10 2. */
  async reconnect(alias: string): Promise<boolean> {
    const method = DomainConnectivityService.method.connectDomain;
    const request = { domainAlias: alias, retry: true };
    const connect = () => this.channel.unary(method, request);
    return (await this.queue.run(connect)).connectedSuccessfully;
  }

  async readConfig(alias: string): Promise<Uint8Array> {
    const method = DomainConnectivityService.method.listConfiguredDomains;
    return toBinary(DomainConnectionConfigSchema, await this.readStored(alias, method));
  }

  /** Safe to repeat. One that was registered before keeps its configuration. */
  async connectWith(config: Uint8Array): Promise<boolean> {
    const add = fromBinary(DomainConnectionConfigSchema, config);
    const registered = this.channel.unary(DomainConnectivityService.method.registerDomain, { add });
    await allowing(['exists already'], registered);
    return this.reconnect(add.domainAlias);
  }

  private async listConfigured() {
    const method = DomainConnectivityService.method.listConfiguredDomains;
    const { results } = await this.channel.unary(method, {});
    return results
      .flatMap(({ config, connected }) =>
        config ? { alias: config.domainAlias, config, isConnected: connected } : [],
      )
      .sort((one, other) => (one.alias < other.alias ? -1 : 1));
  }

  /** The id of each domain by its alias. */
  private async listConnected(): Promise<Map<string, string>> {
    const method = DomainConnectivityService.method.listConnectedDomains;
    const { connectedDomains } = await this.channel.unary(method, {});
    return new Map(connectedDomains.map(({ domainAlias, domainId }) => [domainAlias, domainId]));
  }

  /**
   * Of one that is disconnected: that of the only store, or what its sequencers say. Empty if that one was never reached,
   * and if they say nothing of several.
   */
  private async findId(alias: string, others: readonly string[], isOnly: boolean): Promise<string> {
    const stored = (await this.stores.list()).filter((id) => !others.includes(id));
    if (stored.length === 0) return '';
    if (isOnly && stored.length === 1) return stored[0] ?? '';
    try {
      const method = DomainConnectivityService.method.getDomainId;
      const { domainId } = await this.channel.unary(method, { domainAlias: alias });
      return stored.includes(domainId) ? domainId : '';
    } catch (error) {
      if (error instanceof CantonError) return '';
      throw error;
    }
  }

  /** Of its id and its protocol version, as Canton 3 writes it. */
  private async physicalIdOf(domainId: string): Promise<string> {
    if (domainId === '') return '';
    return `${domainId}::${await this.stores.readProtocolVersion(domainId)}-0`;
  }

  private async readStored(alias: string, method: DescMethod): Promise<DomainConnectionConfig> {
    const stored = (await this.listConfigured()).find((its) => its.alias === alias);
    if (stored) return stored.config;
    throw this.channel.refuse(
      method,
      `no domain is registered as ${alias}`,
      'SYNC_SERVICE_UNKNOWN_DOMAIN',
    );
  }
}
