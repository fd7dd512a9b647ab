import type { Info } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { MockActivityEnvironment, type MockActivityEnvironmentOptions } from '@temporalio/testing';

import { CLAIM_WORKFLOW } from '../../model/claim.js';
import type { NodeRef } from '../../model/participant.js';
import { migrationId } from '../../model/plan.js';
import { PLANNED_MEMO, type PlannedMemo } from '../../model/planned.js';
import { MIGRATE_WORKFLOW, PARK_WORKFLOW } from '../../model/steering.js';

const TASK_QUEUE = 'test';
const RUN_ID = '00000000-0000-0000-0000-000000000000';

/** What Temporal says of one workflow; a field that is left out is as it should be. */
export interface Described {
  type?: string;
  status?: string;
  taskQueue?: string;
  memo?: Record<string, unknown>;
  parentExecution?: { workflowId: string; runId: string };
}

/** What the worker's rules look at: the attempt's own account, and Temporal's word for it. */
export interface Calling {
  info: Partial<Info>;
  /** By workflow id; a workflow that is not there is none. */
  described: (workflowId: string) => Described | undefined;
}

/**
 * A workflow that may run this activity with this argument: the migration that was planned for the nodes and the
 * prefixes in it, or the one that parks a node.
 */
export function callingAs(activityType: string, input: unknown): Calling {
  if (activityType === 'ensureParked') return parking();
  const planned = plannedFor(input);
  return calling(activityType, planned);
}

/** The migration that was planned so. */
export function calling(activityType: string, planned: PlannedMemo): Calling {
  const workflowId = migrationId(planned.source.uid);
  return {
    info: {
      activityType,
      workflowType: MIGRATE_WORKFLOW,
      workflowExecution: { workflowId, runId: RUN_ID },
    },
    described: (id) => (id === workflowId ? { memo: { [PLANNED_MEMO]: planned } } : undefined),
  };
}

/** A workflow that parks any node, and has claimed it. */
export function parking(): Calling {
  const workflowId = 'park-participant/test';
  const claim: Described = {
    type: CLAIM_WORKFLOW,
    memo: { role: 'node to park', holder: workflowId },
    parentExecution: { workflowId, runId: RUN_ID },
  };
  return {
    info: {
      activityType: 'ensureParked',
      workflowType: PARK_WORKFLOW,
      workflowExecution: { workflowId, runId: RUN_ID },
    },
    described: (id) => (id === workflowId ? { type: PARK_WORKFLOW } : claim),
  };
}

/** An environment in which the worker is told so. */
export function environmentOf(
  { info, described }: Calling,
  more: Partial<Info>,
  options: MockActivityEnvironmentOptions & { client: Client },
): MockActivityEnvironment {
  const client = telling(options.client, described);
  return new MockActivityEnvironment(
    { taskQueue: TASK_QUEUE, ...info, ...more },
    { ...options, client },
  );
}

/** The same client, which describes workflows too. */
function telling(client: Client, described: Calling['described']): Client {
  const getHandle = (workflowId: string, runId = RUN_ID) => ({
    ...client.workflow.getHandle(workflowId),
    describe: async () => {
      const found = described(workflowId);
      if (!found) throw new WorkflowNotFoundError('not found', workflowId, undefined);
      const { status = 'RUNNING', ...its } = found;
      return {
        type: MIGRATE_WORKFLOW,
        taskQueue: TASK_QUEUE,
        runId,
        raw: { workflowExecutionInfo: { firstRunId: RUN_ID } },
        ...its,
        status: { name: status },
      };
    },
  });
  const workflow = Object.assign({ list: nothing }, client.workflow, { getHandle });
  // Temporal's own clients have getters for these.
  return Object.create(client, {
    workflow: { value: workflow },
    options: { value: { namespace: 'default' } },
    workflowService: { value: { getWorkflowExecutionHistory: begunByNoReset } },
  }) as Client;
}

/** The first event of a run that has the id it was begun with. */
async function begunByNoReset({ execution }: { execution: { runId: string } }) {
  const started = { originalExecutionRunId: execution.runId };
  return { history: { events: [{ workflowExecutionStartedEventAttributes: started }] } };
}

/** No migration has ended. */
async function* nothing() {}

interface Scope {
  source?: NodeRef;
  target?: NodeRef;
  participant?: NodeRef | string;
  planHash?: string;
  workflowIdPrefix?: string;
}

/** Nodes that an argument does not name are others. */
function plannedFor(input: unknown): PlannedMemo {
  const { source, target, participant, planHash, workflowIdPrefix = '' } = (input ?? {}) as Scope;
  const other = (name: string): NodeRef => ({ name, uid: `${name}::not-named` });
  const named = typeof participant === 'object' ? participant : undefined;
  const [, beginning = '0'] = /^mig-([0-9a-f]{16})/.exec(workflowIdPrefix) ?? [];
  return {
    planHash: planHash ?? beginning.padEnd(64, '0'),
    source: source ?? other('other-source'),
    target: target ?? named ?? other('other-target'),
    issuers: [],
    procedure: 'cold',
    startedAt: new Date().toISOString(),
  };
}
