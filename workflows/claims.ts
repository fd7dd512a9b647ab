import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';

import type { NodeUids } from '../activities/nodes/claims.js';
import type { Activities } from '../activities/index.js';
import {
  CLAIM_WORKFLOW,
  cureOfTaken,
  describeTaken,
  isNodeClaim,
  type NodeClaim,
  type NodeRole,
  type TakenNode,
} from '../model/claim.js';
import { refused } from '../model/failure.js';
import { newMigration, type Migration } from '../model/migration.js';
import { statusOf } from '../model/migration-status.js';
import { PREPARATION } from '../model/phase.js';
import { migrationId, type MigrationPlan } from '../model/plan.js';
import { bounded, NAME_LIMIT, plain } from '../model/shown-text.js';
import { malformedStart, quoted, refuseRepeatedStarts } from './steering/edge.js';
import { status } from './steering/messages.js';
import { ending, endingWith } from './steering/outcome.js';
import { activitiesAfter } from './proxies.js';

/**
 * Keeps a node for the run that started this one, until that has ended.
 *
 * Its id is the one that a migration of this node would have: Temporal lets only one of the two be open.
 */
export async function claimNode(claim: NodeClaim): Promise<void> {
  const { workflowId, memo, parent } = workflowInfo();
  refuseRepeatedStarts();
  if (!isNodeClaim(claim)) throw malformedStart(`found ${quoted(claim)}, expected a claim to a node`);
  // The memo is what others read: somebody else could write one thing there and have another one watched.
  const isGenuine = workflowId === migrationId(claim.uid) && parent?.workflowId === claim.holder;
  if (!isGenuine || !isNodeClaim(memo) || !isSameClaim(memo, claim))
    throw endingWith(
      PREPARATION,
      refused(
        'StartForged',
        `this claim to a node is not one of ${claim.holder}, which it names; nothing was changed`,
      ),
    );
  const claimed: Migration = {
    ...newMigration(workflowId),
    state: 'delegated',
    delegatedTo: claim.holder,
    claim,
  };
  setHandler(status, () => statusOf(claimed), { description: 'which run has the node' });
  // Whoever wants the node ends the run that has it.
  await CancellationScope.nonCancellable(() =>
    activitiesAfter(() => Promise.resolve()).watchHolder(claim),
  );
}

/**
 * Takes a node for this run, until it has ended: completed, failed, cancelled or terminated. Repeating it changes
 * nothing. Fails with `MigrationOpen`, naming the run that has the node and what the node is in it.
 */
export async function claim(
  node: { name: string; uid: string },
  role: NodeRole,
  act: Activities,
): Promise<void> {
  const { workflowId: holder, firstExecutionRunId: firstRunId } = workflowInfo();
  const wanted: NodeClaim = { uid: node.uid, role, holder, firstRunId };
  for (;;) {
    if (await isStarted(wanted)) return;
    const found = await act.readHolder({ uid: node.uid });
    // Nobody has it any more.
    if (!found) continue;
    // A run that was reset comes here again.
    if (found.holder === holder && found.firstRunId === firstRunId) return;
    const [taken] = await act.findTakenNodes({ nodes: [node] });
    throw nodeTaken(node, taken ?? { name: node.name, claim: found });
  }
}

/** Fails with `ParticipantReplaced` where other nodes answer under the two names than those this run has. */
export function assertClaimed({ source, target }: MigrationPlan, claimed: NodeUids): void {
  for (const [{ name, uid }, expected] of [
    [source, claimed.sourceUid],
    [target, claimed.targetUid],
  ] as const) {
    if (uid === expected) continue;
    throw refused('ParticipantReplaced', `${name} is ${uid} now, expected ${expected}`);
  }
}

async function isStarted(wanted: NodeClaim): Promise<boolean> {
  try {
    await startChild(CLAIM_WORKFLOW, {
      workflowId: migrationId(wanted.uid),
      args: [wanted],
      memo: { ...wanted },
      staticSummary: bounded(plain(`Keep a node for ${wanted.holder}`), NAME_LIMIT),
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      // It outlives a run that continues as new, and sees itself when the last one has ended.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

function isSameClaim(one: NodeClaim, other: NodeClaim): boolean {
  const { uid, role, holder, firstRunId } = one;
  const isSameRun = holder === other.holder && firstRunId === other.firstRunId;
  return isSameRun && uid === other.uid && role === other.role;
}

function nodeTaken({ name, uid }: { name: string; uid: string }, taken: TakenNode) {
  const cure = cureOfTaken(taken);
  const message = `${describeTaken({ ...taken, name: `${name} (${uid})` })}: ${cure}`;
  return ending('MigrationOpen', message, { kind: 'refused', cure });
}
