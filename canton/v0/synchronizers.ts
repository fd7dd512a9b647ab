import { clone, fromBinary, toBinary, type DescMethod } from '@bufbuild/protobuf';

import type { SynchronizersChanges } from '../../model/participant-changes.js';
import type { SynchronizersReads } from '../../model/participant-reads.js';
import type { AllowedKeys, RegisteredSynchronizer } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { CantonError } from '../errors.js';
import {
  DomainConnectionConfigSchema,
  DomainConnectivityService,
  type DomainConnectionConfig,
} from '../gen/com/digitalasset/canton/participant/admin/v0/domain_connectivity_pb.js';
import type { DomainStores } from './stores.js';

/** Reads and changes the domains of a participant. Source: proto DomainConnectivityService. */
export class Synchronizers implements SynchronizersReads, SynchronizersChanges {
  constructor(
    private readonly channel: Channel,
    private readonly stores: DomainStores,
  ) {}

  async listRegistered(): Promise<RegisteredSynchronizer[]> {
    const configured = await this.listConfigured();
    const connected = await this.listConnected();
    const registered: RegisteredSynchronizer[] = [];
    for (const { alias, config, isConnected } of configured) {
      const logicalId = connected.get(alias) ?? (await this.findId(alias, configured.length));
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
    return (await this.channel.unary(method, request)).connectedSuccessfully;
  }

  async readConfig(alias: string): Promise<Uint8Array> {
    const method = DomainConnectivityService.method.listConfiguredDomains;
    return toBinary(DomainConnectionConfigSchema, await this.readStored(alias, method));
  }

  async connectWith(config: Uint8Array): Promise<boolean> {
    const add = fromBinary(DomainConnectionConfigSchema, config);
    await this.channel.unary(DomainConnectivityService.method.registerDomain, { add });
    return (await this.listConnected()).has(add.domainAlias);
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

  /** Of one that is disconnected: that of the only store, or what its sequencers say; empty if they say nothing. */
  private async findId(alias: string, configuredCount: number): Promise<string> {
    const stored = await this.stores.list();
    if (configuredCount === 1 && stored.length === 1) return stored[0] ?? '';
    if (stored.length === 0) return '';
    try {
      const method = DomainConnectivityService.method.getDomainId;
      return (await this.channel.unary(method, { domainAlias: alias })).domainId;
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
