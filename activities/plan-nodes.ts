import { refused } from '../model/failure.js';
import type { ParticipantStatus, RegisteredSynchronizer, VaultKey } from '../model/participant.js';
import type { PlannedNode } from '../model/plan.js';
import type { MigrationRequest } from '../model/request.js';
import type { Participant } from './participant.js';

/** What the plan needs to know of one node before it looks at parties and contracts. */
export interface NodeReading {
  name: string;
  status: ParticipantStatus;
  keys: VaultKey[];
  /** Ordered by alias. */
  registered: RegisteredSynchronizer[];
}

export async function readNode(participant: Participant): Promise<NodeReading> {
  const [status, keys, registered] = await Promise.all([
    participant.health.readStatus(),
    participant.vault.listKeys(),
    participant.synchronizers.listRegistered(),
  ]);
  return { name: participant.name, status, keys, registered };
}

/**
 * Finds both synchronizers of the request by logical id or alias. Fails with `UnknownSynchronizer`, naming every
 * field that fits none.
 */
export function resolveSynchronizers(
  request: MigrationRequest,
  source: NodeReading,
  target: NodeReading,
) {
  const problems: string[] = [];
  const resolve = (field: 'sourceSynchronizer' | 'targetSynchronizer', node: NodeReading) => {
    const wanted = request[field];
    const known = node.registered.filter(({ logicalId }) => logicalId !== '');
    const found = known.find(({ alias, logicalId }) => alias === wanted || logicalId === wanted);
    if (!found) {
      const names = known.map(({ alias, logicalId }) => `${alias} (${logicalId})`).join(', ') || 'none';
      problems.push(
        `${field}: found ${wanted}, expected one that ${node.name} was connected to: ${names}`,
      );
    }
    return found as PlannedNode['synchronizer'];
  };
  const pick = ({ alias, logicalId, physicalId }: PlannedNode['synchronizer']) => ({
    alias,
    logicalId,
    physicalId,
  });
  const found = {
    source: resolve('sourceSynchronizer', source),
    target: resolve('targetSynchronizer', target),
  };
  if (problems.length > 0) throw refused('UnknownSynchronizer', problems.join('; '));
  return { source: pick(found.source), target: pick(found.target) };
}
