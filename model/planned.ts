import type { NodeRef } from './participant.js';
import { delegationsOf, isLive, type HashedPlan } from './plan.js';

/** Field of a migration's memo in Temporal that says what it was planned for. */
export const PLANNED_MEMO = 'planned';

/** Which of the procedures a plan follows, as far as it decides which gate stands before which act. */
export type Procedure = 'cold' | 'warm' | 'live';

/**
 * What a migration was planned for, small enough for its memo: the worker asks Temporal for it before it changes a node.
 */
export interface PlannedMemo {
  /** 64 hex characters. */
  planHash: string;
  source: NodeRef;
  target: NodeRef;
  /** Uids of the participants that issue delegations: the source, or the one that holds its root key. */
  issuers: string[];
  procedure: Procedure;
  /** When the run began that made the plan; Temporal may have forgotten it. RFC 3339. */
  startedAt: string;
}

export function plannedMemo({ plan, hash: planHash }: HashedPlan, startedAt: Date): PlannedMemo {
  const refOf = ({ name, uid }: NodeRef) => ({ name, uid });
  const isCold = (plan.request.options?.copy ?? 'cold') === 'cold';
  return {
    planHash,
    source: refOf(plan.source),
    target: refOf(plan.target),
    issuers: [...new Set(delegationsOf(plan).map(({ issuer }) => issuer.uid))],
    procedure: isLive(plan) ? 'live' : isCold ? 'cold' : 'warm',
    startedAt: startedAt.toISOString(),
  };
}

/**
 * What such a field says of the nodes and of the time; nothing of any other value: whoever starts a workflow writes its
 * memo.
 */
export function readPlanned(
  value: unknown,
): Pick<PlannedMemo, 'source' | 'target' | 'startedAt'> | undefined {
  const { source, target, startedAt } = fieldsOf(value);
  if (!isRef(source) || !isRef(target)) return undefined;
  if (typeof startedAt !== 'string' || Number.isNaN(Date.parse(startedAt))) return undefined;
  return { source, target, startedAt };
}

function isRef(value: unknown): value is NodeRef {
  const { name, uid } = fieldsOf(value);
  return typeof name === 'string' && typeof uid === 'string';
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
