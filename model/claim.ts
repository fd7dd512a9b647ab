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

/** What an operator does who wants the node for something else. */
export function cureOfClaim({ holder }: Pick<NodeClaim, 'holder'>): string {
  return `check it: canton-migrate status ${holder}; end it first: canton-migrate close ${holder} once its source is monitored, or abort`;
}
