import { Context, log, sleep } from '@temporalio/activity';

import { CLAIM_WORKFLOW, isNodeClaim, type NodeClaim, type TakenNode } from '../../model/claim.js';
import { migrationId } from '../../model/plan.js';
import type { NodeRef } from '../../model/participant.js';
import { STATUS_QUERY, type MigrationStatus, type ParkRequest } from '../../model/steering.js';
import { refused } from '../../model/failure.js';
import { isMigrationRequest, requestProblems } from '../../model/validation.js';
import { findExecution, type Execution } from '../attempt/executions.js';
import type { Participants } from './participants.js';
import { assertTwo } from '../plan/nodes.js';
import { progress } from '../attempt/progress.js';

const LOOK_MS = 500;
/** The answer only adds how far another migration is. */
const ANSWER_LIMIT_MS = 5_000;
/** A claim stands for months; whoever wants the node next waits this long at most. */
const LONGEST_LOOK_MS = 5_000;

/** Who each node is, and which run of Temporal has it. */
export function claimActivities(participants: Participants) {
  return {
    /**
     * Returns the uids of the nodes that a request names. Fails with `RequestInvalid`, `UnknownParticipant` and
     * `SameParticipant`, and with `ApisOfTwoParticipants` where the two APIs of a name are not those of one node.
     */
    async readRequestedNodes(input: unknown): Promise<NodeUids> {
      if (!isMigrationRequest(input)) throw refused('RequestInvalid', requestProblems(input).join('; '));
      participants.assertAllowed(input);
      return readUids(participants, input);
    },

    /** Returns the uids of the nodes of a request to park one; fails as {@link readRequestedNodes} does. */
    async readNodesToPark({ participant: source, servedBy: target }: ParkRequest): Promise<NodeUids> {
      participants.assertAllowed({ source, target });
      return readUids(participants, { source, target });
    },

    /** Returns which run has a node; nothing if none has. Waits for a claim to end whose holder has ended. */
    async readHolder({ uid }: { uid: string }): Promise<NodeClaim | undefined> {
      for (;;) {
        const found = await findExecution(Context.current(), migrationId(uid));
        if (!found?.isOpen) return undefined;
        if (found.type !== CLAIM_WORKFLOW) return itself(uid, found);
        const claim = claimOf(uid, found);
        if (await isOpen(claim)) return claim;
        progress({ waitingFor: `the end of the claim of ${claim.holder}, which has ended` });
        await sleep(LOOK_MS);
      }
    },

    /** Returns which of the nodes an open run has, with how far that is, if it says so within a few seconds. */
    async findTakenNodes({ nodes }: { nodes: NodeRef[] }): Promise<TakenNode[]> {
      const found = await Promise.all(nodes.map(findTaken));
      return found.filter((its) => its !== undefined);
    },

    /**
     * Returns once the run that has a node has ended, in whatever way. A run that goes on as a new one has not.
     *
     * Looks every half second in the beginning, later every five. The parent close policy would not do: it ends a child also where its parent continues as
     * new, as the source watch does.
     */
    async watchHolder(claim: NodeClaim): Promise<void> {
      for (
        let pauseMs = LOOK_MS;
        await isOpen(claim);
        pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS)
      ) {
        progress({ heldBy: claim.holder });
        await sleep(pauseMs);
      }
    },
  };
}

async function findTaken({ name, uid }: NodeRef): Promise<TakenNode | undefined> {
  const found = await findExecution(Context.current(), migrationId(uid));
  if (!found?.isOpen) return undefined;
  const claim = found.type === CLAIM_WORKFLOW ? claimOf(uid, found) : itself(uid, found);
  if (found.type === CLAIM_WORKFLOW && !(await isOpen(claim))) return undefined;
  return { name, claim, ...(await askState(claim.holder)) };
}

async function askState(holder: string): Promise<Pick<TakenNode, 'state' | 'gate'>> {
  const { client } = Context.current();
  try {
    const { state, gate } = await client.withDeadline(Date.now() + ANSWER_LIMIT_MS, () =>
      client.workflow.getHandle(holder).query<MigrationStatus>(STATUS_QUERY),
    );
    return { state, ...(gate && { gate: gate.name }) };
  } catch (error) {
    log.warn('a migration does not say how far it is', { holder, error });
    return {};
  }
}

export interface NodeUids {
  sourceUid: string;
  targetUid: string;
}

async function readUids(
  participants: Participants,
  { source, target }: { source: string; target: string },
): Promise<NodeUids> {
  // Both are found before either is asked.
  const nodes = [participants.named(source), participants.named(target)] as const;
  const [sourceUid, targetUid] = await Promise.all([
    nodes[0].health.readUid(),
    nodes[1].health.readUid(),
  ]);
  assertTwo(
    { name: nodes[0].name, status: { uid: sourceUid } },
    { name: nodes[1].name, status: { uid: targetUid } },
  );
  return { sourceUid, targetUid };
}

/** What a run says of the claim that it keeps; of one that nobody of ours began, only that it has the node itself. */
function claimOf(uid: string, found: Execution): NodeClaim {
  const { memo, parent } = found;
  const isGenuine = isNodeClaim(memo) && memo.uid === uid && memo.holder === parent?.workflowId;
  return isGenuine ? memo : itself(uid, found);
}

function itself(uid: string, { firstRunId }: Execution): NodeClaim {
  return { uid, role: 'source', holder: migrationId(uid), firstRunId };
}

async function isOpen({ holder, firstRunId }: NodeClaim): Promise<boolean> {
  const found = await findExecution(Context.current(), holder);
  return found?.isOpen === true && found.firstRunId === firstRunId;
}
