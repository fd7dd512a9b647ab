import { leftPackages } from '../../model/late-packages.js';
import type { ActiveContractSummary } from '../../model/participant.js';
import type { Finding, MigrationPlan } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import { FoundContracts } from '../contracts/active-contracts.js';

/** Counts the contracts that move by packages that the request leaves behind. To be shown every contract of the source. */
export class NeededPackages {
  private readonly found: ReadonlyMap<string, FoundContracts>;

  constructor(
    request: MigrationRequest,
    private readonly moves: (contract: ActiveContractSummary) => boolean,
  ) {
    this.found = new Map(leftPackages(request).map((id) => [id, new FoundContracts()]));
  }

  visit(contract: ActiveContractSummary): void {
    const its = this.found.get(contract.packageId);
    if (its && this.moves(contract)) its.add(contract.contractId);
  }

  /** A contract cannot be imported without its package, and not be used while the package is not vetted. */
  obstacles({ source }: Pick<MigrationPlan, 'source'>): Finding[] {
    return [...this.found]
      .filter(([, { count }]) => count > 0)
      .map(([packageId, { count, named }]) => ({
        type: 'PackageNeeded',
        what: `the request leaves package ${packageId} behind, and ${count} contracts of ${source.name} that move were created with it: ${named}`,
        cure: 'take it out of options.leaveBehind; or have these contracts archived, or created again with another version, and plan again',
      }));
  }
}
