import type { Channel } from '../channel.js';
import { InspectionService } from '../gen/com/digitalasset/canton/participant/admin/v0/inspection_service_pb.js';
import type { DomainStores } from './stores.js';
import type { Synchronizers } from './synchronizers.js';

/** On which domain a contract is: the Ledger API of this generation does not say. */
export class ContractDomains {
  constructor(
    private readonly channel: Channel,
    private readonly stores: DomainStores,
    private readonly synchronizers: Synchronizers,
  ) {}

  /** The ids of the domains of these contracts. With unique contract keys a participant has only one. */
  async of(contractIds: string[]): Promise<(contractId: string) => string> {
    const stores = await this.stores.list();
    if (stores.length === 1) return () => stores[0] ?? '';
    const registered = await this.synchronizers.listRegistered();
    const idOf = new Map(registered.map(({ alias, logicalId }) => [alias, logicalId]));
    const method = InspectionService.method.lookupContractDomain;
    const { results } = await this.channel.unary(method, { contractId: contractIds });
    return (contractId) => idOf.get(results[contractId] ?? '') ?? '';
  }
}
