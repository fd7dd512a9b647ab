import type { Client } from '@temporalio/client';

import { isHolding } from '../model/source-watch.js';
import { SEARCH_ATTRIBUTES, type MigrationStatus } from '../model/steering.js';
import type { ListedMigration, MigrationList } from './answers.js';
import type { Execution } from './snapshot.js';
import { migrationRuns, type MigrationRun } from './migrations.js';
import { executionOf, findStatus, isWorkerPresent } from './observe.js';

/** Migrations that are listed, the newest. */
const MOST = 200;
/** Asked at the same time. */
const AT_ONCE = 8;

/** See `MigrationClient.list`. */
export async function listMigrations(
  client: Client,
  which: 'open' | 'closed' | 'all',
): Promise<MigrationList> {
  const runs: MigrationRun[] = [];
  let hasMore = false;
  for await (const run of migrationRuns(client, which)) {
    hasMore = runs.length === MOST;
    if (hasMore) break;
    runs.push(run);
  }
  const queues = new Map<string, Promise<boolean>>();
  const isThere = (queue: string) => {
    const found = queues.get(queue) ?? isWorkerPresent(client, queue);
    queues.set(queue, found);
    return found;
  };
  const migrations: ListedMigration[] = [];
  for (let at = 0; at < runs.length; at += AT_ONCE) {
    const asked = runs.slice(at, at + AT_ONCE).map(async (run) => {
      const canAnswer = run.isOpen && (await isThere(run.info.taskQueue));
      return listed(run, canAnswer ? await findStatus(client, run.id) : undefined);
    });
    migrations.push(...(await Promise.all(asked)));
  }
  return { migrations, hasMore };
}

/** What is told of a migration, with or without an answer of its own. */
export function listed(run: MigrationRun, status: MigrationStatus | undefined): ListedMigration {
  const { id, source, target, startedAt, startedBy, isOpen, info } = run;
  const execution = executionOf(info.status.name);
  const state = isOpen
    ? (status?.state ?? textOf(run, 'state'))
    : endOf(execution, textOf(run, 'state'));
  const gate = isOpen ? (status ? status.gate?.name : textOf(run, 'gate')) : undefined;
  const stage = status?.stage ?? textOf(run, 'phase');
  const { done, total } = status?.contracts ?? {};
  return {
    ...{ id, source, target, execution, startedAt: startedAt.toISOString() },
    ...(state !== undefined && { state }),
    ...(gate !== undefined && gate !== '' && { gate }),
    ...(status?.gateSince !== undefined && { gateSince: status.gateSince }),
    ...(info.closeTime && { endedAt: info.closeTime.toISOString() }),
    ...(startedBy !== undefined && { startedBy }),
    ...(stage !== undefined && { stage }),
    ...(done !== undefined && total !== undefined && { contracts: { done, total } }),
    isWorkerPresent: status !== undefined,
    needsPerson: isOpen && needsPerson(state, status),
  };
}

const WAITING = ['waiting-for-approval', 'paused', 'stopped'];

/** A gate, a pause, a stop, an alarm, signatures of others; or somebody has to start a worker. */
function needsPerson(state: string | undefined, status: MigrationStatus | undefined): boolean {
  if (!status) return true;
  const { awaited, live, watch, pausedBy } = status;
  if (WAITING.includes(state ?? '') || pausedBy !== undefined) return true;
  return (awaited ?? live?.awaited) !== undefined || (watch !== undefined && !isHolding(watch));
}

function endOf(execution: Execution, state: string | undefined): string {
  if (execution === 'completed') return 'migrated';
  return execution === 'failed' && state === 'aborted' ? state : execution;
}

function textOf({ info }: MigrationRun, name: 'state' | 'gate' | 'phase'): string | undefined {
  const value: unknown = info.searchAttributes[SEARCH_ATTRIBUTES[name]]?.[0];
  return typeof value === 'string' ? value : undefined;
}
