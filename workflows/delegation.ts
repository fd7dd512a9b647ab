import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
  getExternalWorkflowHandle,
  startChild,
  type ChildWorkflowHandle,
} from '@temporalio/workflow';

import { cureOfTaken, describeTaken } from '../model/claim.js';
import type { Migration } from '../model/migration.js';
import type { NodeRef } from '../model/participant.js';
import { migrationId } from '../model/plan.js';
import type { MigrationReport } from '../model/report.js';
import type { MigrationRequest } from '../model/request.js';
import { MIGRATE_WORKFLOW } from '../model/steering.js';
import { STARTED_MEMO, startedMemo, startTexts } from '../model/started.js';
import { offerNothing } from './steering/offers.js';
import { ending, endingWith } from './steering/outcome.js';
import { activitiesAfter } from './proxies.js';
import { readable } from './unreadable.js';

type Migrate = (request: MigrationRequest) => Promise<MigrationReport>;

/**
 * Runs the migration as a child whose id is that of the source, and returns its report.
 *
 * A schedule appends a time to the workflow id and a UI takes any, so ids alone would not keep two migrations
 * of one source apart. Fails with `AlreadyRunning`, naming the run that has the source.
 */
export async function runUnderSourceId(
  migration: Migration,
  request: MigrationRequest,
  sourceUid: string,
  publish: () => void,
): Promise<MigrationReport> {
  const workflowId = migrationId(sourceUid);
  try {
    const child = await CancellationScope.nonCancellable(() =>
      startChild<Migrate>(MIGRATE_WORKFLOW, {
        workflowId,
        args: [request],
        memo: { [STARTED_MEMO]: startedMemo(request, migration.startedBy) },
        ...startTexts(request, migration.startedBy),
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      }),
    );
    migration.delegatedTo = workflowId;
    migration.state = 'delegated';
    offerNothing();
    publish();
    return readable(await resultOf(child), workflowId);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw endingWith('plan', error);
    throw await alreadyRunning({ name: request.source, uid: sourceUid });
  }
}

async function alreadyRunning(source: NodeRef): Promise<unknown> {
  const [taken] = await activitiesAfter(() => Promise.resolve()).findTakenNodes({ nodes: [source] });
  const id = migrationId(source.uid);
  const message = taken ? describeTaken(taken) : `${source.name} was the source of ${id} until just now`;
  const cure = taken ? cureOfTaken(taken) : `canton-migrate status ${id}; then start again`;
  return ending('AlreadyRunning', `${message}: ${cure}`, { kind: 'refused', cure });
}

/**
 * Waits for a child, and hands a cancellation on to it. That of Temporal goes to its first run alone, which
 * is over if the child continued as new.
 */
function resultOf(child: ChildWorkflowHandle<Migrate>): Promise<MigrationReport> {
  const result = CancellationScope.nonCancellable(() => child.result());
  const cancelled = CancellationScope.current().cancelRequested.catch(() =>
    CancellationScope.nonCancellable(() => getExternalWorkflowHandle(child.workflowId).cancel()),
  );
  // One that cannot be cancelled has ended: its result says how.
  const ended = () => result;
  return Promise.race([result, cancelled.then(ended, ended)]);
}
