import { refused } from '../../model/failure.js';
import type { ActiveContractSummary, RegisteredSynchronizer } from '../../model/participant.js';
import type { ContractsElsewhere } from '../../model/report.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import { FoundContracts, scanContracts } from './active-contracts.js';

/** All of them are in the plan, which has to fit into a message of Temporal. */
const MAX_SYNCHRONIZERS = 1_000;

/** Fails with `TooManyContracts` rather than grow for ever. */
export function assertRoom(synchronizers: ReadonlyMap<string, unknown>, synchronizerId: string): void {
  if (synchronizers.size < MAX_SYNCHRONIZERS || synchronizers.has(synchronizerId)) return;
  throw refused(
    'TooManyContracts',
    `the contracts of the parties have more than ${MAX_SYNCHRONIZERS} synchronizers`,
  );
}

/** Yields the contracts of the parties on every synchronizer but this one; a node that knows no other is not asked. */
export async function* scanElsewhere(
  node: ParticipantReads,
  acs: { parties: string[]; offset?: string; synchronizerId: string },
  known?: RegisteredSynchronizer[],
): AsyncGenerator<ActiveContractSummary, void, undefined> {
  const registered = known ?? (await node.synchronizers.listRegistered());
  const others = registered.filter(
    ({ logicalId }) => logicalId !== '' && logicalId !== acs.synchronizerId,
  );
  if (others.length === 0) return;
  const waitingFor = `contracts of ${node.name} on other synchronizers`;
  for await (const contract of scanContracts(node, { ...acs, waitingFor }))
    if (contract.synchronizerId !== acs.synchronizerId) yield contract;
}

/** Counts what {@link scanElsewhere} yields. Memory does not grow with it. Ordered by synchronizer. */
export async function readElsewhere(
  node: ParticipantReads,
  acs: { parties: string[]; offset: string; synchronizerId: string },
): Promise<ContractsElsewhere[]> {
  const found = new Map<string, FoundContracts>();
  for await (const { contractId, synchronizerId } of scanElsewhere(node, acs)) {
    assertRoom(found, synchronizerId);
    const its = found.get(synchronizerId) ?? new FoundContracts();
    its.add(contractId);
    found.set(synchronizerId, its);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([synchronizerId, { count, first }]) => ({
      synchronizerId,
      contractCount: count,
      contractIds: [...first],
    }));
}
