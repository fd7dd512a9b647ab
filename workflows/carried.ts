import { workflowInfo } from '@temporalio/workflow';

import { refused } from '../model/failure.js';
import type { Migration } from '../model/migration.js';
import { WATCH } from '../model/phase.js';
import { migrationId, type HashedPlan } from '../model/plan.js';
import type { MigrationReport } from '../model/report.js';
import { isOffset, malformedStart, quoted, recordOf } from './steering/edge.js';
import { endingWith } from './steering/outcome.js';
import { activitiesAfter } from './proxies.js';

/** What a run whose history got too long leaves to the next one; each part fits into a payload of its own. */
export type Carried = [rest: Migration, hashed: HashedPlan, report: MigrationReport];

/**
 * Returns what a run left to this one, once Temporal has said that it did.
 *
 * Whoever may start a workflow can give it any arguments, and with these a migration would begin behind its plan, its
 * gates and its proof. A retry policy and a cron schedule begin runs with the arguments of the first one, so that it is
 * not enough that there was a run before. Fails with `StartForged`, or `StartMalformed` if it is no such state.
 */
export async function carriedOver(carried: readonly unknown[]): Promise<Carried> {
  const { continuedFromExecutionRunId } = workflowInfo();
  if (continuedFromExecutionRunId === undefined || continuedFromExecutionRunId === '') {
    const found = `found ${carried.length} arguments behind the request, expected none`;
    const why = 'only a run that continues as new hands them over, and there was none before this one';
    throw endingWith(WATCH, refused('StartForged', `${found}: ${why}; nothing was changed`));
  }
  const problem = problemOf(carried, workflowInfo().workflowId);
  if (problem !== undefined) throw malformedStart(problem);
  try {
    await activitiesAfter(() => Promise.resolve()).readContinuation();
  } catch (error) {
    throw endingWith(WATCH, error);
  }
  return carried as unknown as Carried;
}

/** What a migration has in common with every other one behind its cut-over. */
function problemOf(carried: readonly unknown[], workflowId: string): string | undefined {
  if (carried.length !== 3) return `found ${carried.length} arguments behind the request, expected 3`;
  const [rest, hashed, report] = carried.map(recordOf);
  const plan = recordOf(hashed?.['plan']);
  const watch = recordOf(rest?.['watch']);
  const expected: [name: string, value: unknown, isRight: boolean][] = [
    ['workflowId', rest?.['workflowId'], rest?.['workflowId'] === workflowId],
    ['state', rest?.['state'], rest?.['state'] === 'watching'],
    ...LISTS.map(
      (name) => [name, rest?.[name], Array.isArray(rest?.[name])] as [string, unknown, boolean],
    ),
    ['transfer', rest?.['transfer'], recordOf(rest?.['transfer']) !== undefined],
    ['watch.expectedLedgerEnd', watch?.['expectedLedgerEnd'], isOffset(watch?.['expectedLedgerEnd'])],
    ['plan.source.uid', recordOf(plan?.['source'])?.['uid'], isOfSource(plan, workflowId)],
    ['plan.target', plan?.['target'], recordOf(plan?.['target']) !== undefined],
    ['plan.request', plan?.['request'], recordOf(plan?.['request']) !== undefined],
    ['report.planHash', report?.['planHash'], isSame(report?.['planHash'], hashed?.['hash'])],
    ['report.verification', report?.['verification'], recordOf(report?.['verification']) !== undefined],
  ];
  const wrong = expected.find(([, , isRight]) => !isRight);
  return wrong && `${wrong[0]}: found ${quoted(wrong[1])}, which no run of this migration leaves`;
}

const LISTS = ['phases', 'steps', 'approvals', 'signatures'];

function isOfSource(plan: Readonly<Record<string, unknown>> | undefined, workflowId: string): boolean {
  const uid = recordOf(plan?.['source'])?.['uid'];
  return typeof uid === 'string' && migrationId(uid) === workflowId;
}

function isSame(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && one === other;
}
