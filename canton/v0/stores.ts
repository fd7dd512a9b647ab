import type { TopologyStore } from '../../model/participant.js';
import type { Channel } from '../channel.js';
import { TopologyManagerReadService } from '../gen/com/digitalasset/canton/topology/admin/v0/topology_manager_read_service_pb.js';
import { protocolVersionOfRow } from './encoding.js';

const AUTHORIZED = 'Authorized';

/** The name of a store: that of a domain is its id. */
export function storeIdOf(store: TopologyStore): string {
  if (store === 'authorized') return AUTHORIZED;
  if ('synchronizerId' in store) return store.synchronizerId;
  throw new Error('a participant of Canton 2.10 has no temporary stores');
}

/** What is asked of a store: what is in effect in it now. A filter is a prefix, so that only a whole id is exact. */
export function queryOf(store: string) {
  return {
    filterStore: store,
    useStateStore: true,
    timeQuery: { case: 'headState' as const, value: {} },
  };
}

/** The topology stores of the domains that a participant was ever connected to. */
export class DomainStores {
  /** They never change. */
  private readonly protocolVersions = new Map<string, number>();

  constructor(private readonly channel: Channel) {}

  /** Their ids. */
  async list(): Promise<string[]> {
    const method = TopologyManagerReadService.method.listAvailableStores;
    const { storeIds } = await this.channel.unary(method, {});
    return storeIds.filter((id) => id !== AUTHORIZED);
  }

  /** As the rows of the domain itself are encoded; 0 if there are none. Source: canton-2.10 3. */
  async readProtocolVersion(domainId: string): Promise<number> {
    const known = this.protocolVersions.get(domainId);
    if (known !== undefined) return known;
    const method = TopologyManagerReadService.method.listDomainParametersChanges;
    const { results } = await this.channel.unary(method, { baseQuery: queryOf(domainId) });
    const own = results.find(({ context }) => context?.store === domainId);
    const found = own?.context ? protocolVersionOfRow(own.context.serialized) : 0;
    if (found > 0) this.protocolVersions.set(domainId, found);
    return found;
  }
}
