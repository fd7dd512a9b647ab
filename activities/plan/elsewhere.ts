import type { ActiveContractSummary } from '../../model/participant.js';
import type { Finding, MigrationPlan } from '../../model/plan.js';
import { FoundContracts } from '../contracts/active-contracts.js';
import { assertRoom, scanElsewhere } from '../contracts/elsewhere.js';
import { IdHashes } from '../contracts/id-hashes.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { NodeReading } from './nodes.js';

interface OnSynchronizer {
  contracts: FoundContracts;
  ids: IdHashes;
  /** How many of them the source has on its synchronizer: the same contract twice, once the migration is over. */
  moving: number;
  /** How many of them the source has on this synchronizer too: nobody left those behind. */
  shared: number;
}

/**
 * Contracts of the parties that move, on other synchronizers of the target than the one where it is to serve them.
 *
 * An earlier migration left them there: a node that the parties were moved away from keeps what it had. They are listed
 * beside those that move, and cannot be used. Memory is 16 bytes for each. Source: admin-api 2.7.
 */
export class TargetElsewhere {
  private readonly found = new Map<string, OnSynchronizer>();

  /** Reads them; a target that knows no other synchronizer is not asked. */
  async read(
    target: ParticipantReads,
    acs: { parties: string[]; synchronizerId: string },
    { registered }: Pick<NodeReading, 'registered'>,
  ): Promise<void> {
    for await (const { contractId, synchronizerId } of scanElsewhere(target, acs, registered)) {
      assertRoom(this.found, synchronizerId);
      const fresh = { contracts: new FoundContracts(), ids: new IdHashes(), moving: 0, shared: 0 };
      const its = this.found.get(synchronizerId) ?? fresh;
      this.found.set(synchronizerId, its);
      its.contracts.add(contractId);
      its.ids.add(contractId);
    }
  }

  /** To be shown every contract of the source that moves. */
  visit({ contractId }: ActiveContractSummary): void {
    for (const its of this.found.values()) if (its.ids.has(contractId)) its.moving += 1;
  }

  /** To be shown every other contract of the source. */
  visitElsewhere({ contractId, synchronizerId }: ActiveContractSummary): void {
    const its = this.found.get(synchronizerId);
    if (its?.ids.has(contractId)) its.shared += 1;
  }

  /** What the source has not got there too, by synchronizer. */
  stale(): ({ synchronizerId: string } & Omit<OnSynchronizer, 'ids'>)[] {
    return [...this.found]
      .filter(([, { contracts, shared }]) => contracts.count > shared)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([synchronizerId, its]) => ({ synchronizerId, ...its }));
  }
}

export function findStaleWarnings(
  { target }: MigrationPlan,
  { registered }: Pick<NodeReading, 'registered'>,
  found: TargetElsewhere,
): Finding[] {
  const aliases = new Map(registered.map(({ logicalId, alias }) => [logicalId, alias]));
  return found.stale().map(({ synchronizerId, contracts, moving, shared }) => {
    const there = `${aliases.get(synchronizerId) ?? '?'} (${synchronizerId}), where it is not to serve them`;
    const ofSource = shared > 0 ? `, and ${shared} of which the source has there too` : '';
    return {
      type: 'StaleContractsElsewhere',
      what: `${target.name} has ${contracts.count} contracts of the parties on ${there}, ${moving} of which move and would be listed twice${ofSource}: ${contracts.named}`,
      cure: 'if an earlier migration left them there, they are stale: disconnect the target from every synchronizer and purge them on that one (console: repair.purge; docs/operating/prepare.md, contracts that an earlier migration left), but never those that the source has there too',
    };
  });
}
