import { refused } from '../../model/failure.js';
import type { NodeRef, ParticipantStatus, RegisteredSynchronizer } from '../../model/participant.js';
import type { PlannedNode } from '../../model/plan.js';
import type { MigrationRequest } from '../../model/request.js';
import type { ParticipantReads } from '../../model/participant-access.js';
import type { KeyProof } from '../nodes/participants.js';
import { readKeys, storesOf, type KeyReading } from './key-use.js';

/** What the plan needs to know of one node before it looks at parties and contracts. */
export interface NodeReading extends KeyReading {
  name: string;
  status: ParticipantStatus;
  /** Ordered by alias. */
  registered: RegisteredSynchronizer[];
}

/** Whom a plan asks. */
export interface PlanningParticipants {
  source: ParticipantReads;
  target: ParticipantReads;
  /** Of the root key. */
  holder: ParticipantReads;
  /** The target, which signs a list of its keys. */
  signer: KeyProof;
}

export async function readNode(participant: ParticipantReads): Promise<NodeReading> {
  const [status, registered] = await Promise.all([
    participant.health.readStatus(),
    participant.synchronizers.listRegistered(),
  ]);
  const read = await readKeys(participant, status.uid, storesOf(registered));
  return { name: participant.name, status, registered, ...read };
}

type Identified = { name: string; status: Pick<ParticipantStatus, 'uid'> };
/** The node that was read: from then on no other one will do. */
export function refOf({ name, status }: NodeReading): NodeRef {
  return { name, uid: status.uid };
}

/** Fails with `SameParticipant`: whatever a plan said of a node and itself would hide that they are one. */
export function assertTwo(source: Identified, target: Identified): void {
  const { uid } = source.status;
  if (uid !== target.status.uid) return;
  throw refused(
    'SameParticipant',
    `${source.name} and ${target.name} are one participant, ${uid}, expected two`,
  );
}

export interface Synchronizers {
  source: PlannedNode['synchronizer'];
  target: PlannedNode['synchronizer'];
  /** Whether the request names the source's synchronizer for a target that was never connected to it. */
  joins: boolean;
}

/**
 * Finds both synchronizers of the request by logical id or alias. Fails with `UnknownSynchronizer`, naming every
 * field that fits none.
 */
export function resolveSynchronizers(
  request: MigrationRequest,
  source: NodeReading,
  target: NodeReading,
): Synchronizers {
  const { sourceSynchronizer, targetSynchronizer, route } = request;
  const from = find(source, sourceSynchronizer);
  const isSame = from !== undefined && isNamed(from, targetSynchronizer);
  const to = find(target, targetSynchronizer) ?? (isSame ? find(target, from.logicalId) : undefined);
  const joined = isSame && route !== 'new-synchronizer' ? from : undefined;
  const found = to ?? joined;
  if (from && found) return { source: pick(from), target: pick(found), joins: to === undefined };
  const problems = [
    ...(from ? [] : [unknown('sourceSynchronizer', sourceSynchronizer, source)]),
    ...(found ? [] : [unknown('targetSynchronizer', targetSynchronizer, target)]),
  ];
  throw refused('UnknownSynchronizer', problems.join('; '));
}

/** A synchronizer that was never reached has no id. */
function knownTo({ registered }: NodeReading): RegisteredSynchronizer[] {
  return registered.filter(({ logicalId }) => logicalId !== '');
}

function find(node: NodeReading, wanted: string): RegisteredSynchronizer | undefined {
  return knownTo(node).find((its) => isNamed(its, wanted));
}

function isNamed({ alias, logicalId }: PlannedNode['synchronizer'], wanted: string): boolean {
  return alias === wanted || logicalId === wanted;
}

function pick({ alias, logicalId, physicalId }: RegisteredSynchronizer): PlannedNode['synchronizer'] {
  return { alias, logicalId, physicalId };
}

function unknown(field: keyof MigrationRequest, wanted: string, node: NodeReading): string {
  const names = knownTo(node).map(({ alias, logicalId }) => `${alias} (${logicalId})`);
  return `${field}: found ${wanted}, expected one that ${node.name} was connected to: ${names.join(', ') || 'none'}`;
}
