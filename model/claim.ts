import type { Gate } from './phase.js';
import type { MigrationState } from './steering.js';

/** Workflow type of what keeps a node for one migration while that is open. */
export const CLAIM_WORKFLOW = 'claimNode';

/** Of a workflow id, by the limit of Temporal. */
const TEXT_LIMIT = 1_000;

/** What a node is in the run that has it. */
export type NodeRole = 'source' | 'target' | 'node to park' | 'node that serves';

/** Who has a node; also the memo of the run that keeps it. */
export interface NodeClaim {
  /** Of the node. */
  uid: string;
  role: NodeRole;
  /** Workflow id of the run that has the node. */
  holder: string;
  /** First run id of that chain: a later run of the same id has no claim to the node. */
  firstRunId: string;
}

const ROLES: readonly unknown[] = [
  'source',
  'target',
  'node to park',
  'node that serves',
] satisfies NodeRole[];

/** Whether a value is a claim to a node. It comes from a memo, or from whoever starts a workflow. */
export function isNodeClaim(value: unknown): value is NodeClaim {
  if (typeof value !== 'object' || value === null) return false;
  const { uid, role, holder, firstRunId } = value as Record<string, unknown>;
  return [uid, holder, firstRunId].every(isText) && ROLES.includes(role);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= TEXT_LIMIT;
}

/** `the target of migrate-participant/...`. */
export function describeClaim({ role, holder }: Pick<NodeClaim, 'role' | 'holder'>): string {
  return `the ${role} of ${holder}, which is open`;
}

/** A node that a migration wants and a run that is open has. */
export interface TakenNode {
  name: string;
  claim: NodeClaim;
  /** Of the migration that has it; absent where none could be asked. */
  state?: MigrationState;
  gate?: Gate;
}

/** `new is the target of migrate-participant/..., which is open (waiting for approval of gate cut-over)`. */
export function describeTaken({ name, claim, state, gate }: TakenNode): string {
  const at = gate === undefined ? state?.replaceAll('-', ' ') : `waiting at gate ${gate}`;
  return `${name} is ${describeClaim(claim)} (${at ?? 'no worker said how far it is'})`;
}

/** What an operator does about it: first of all, looks at the migration. */
export function cureOfTaken({ claim: { holder }, state }: TakenNode): string {
  const look = `canton-migrate status ${holder}`;
  return state === 'watching'
    ? `${look}; to end its source watch: canton-migrate close ${holder}`
    : look;
}

/**
 * Whether the nodes are only those of a migration that went well and goes back now: its target serves, and its source is as
 * the migration left it for good.
 */
export function isOnlyWatched(source: TakenNode | undefined, target: TakenNode | undefined): boolean {
  if (source && (source.claim.role !== 'target' || source.state !== 'watching')) return false;
  if (!target) return true;
  const isSame = source?.claim.holder === target.claim.holder;
  return isSame && target.claim.role === 'source' && target.state === 'watching';
}

/** What an operator does who wants the node for something else. */
export function cureOfClaim({ holder }: Pick<NodeClaim, 'holder'>): string {
  return `check it: canton-migrate status ${holder}; end it first: canton-migrate close ${holder} once its source is monitored, or abort`;
}
