import { setTimeout } from 'node:timers/promises';

import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

import { CLAIM_WORKFLOW, isNodeClaim } from '../model/claim.js';
import type { NodeRef } from '../model/participant.js';
import { migrationId } from '../model/plan.js';
import { shown } from '../model/shown-text.js';
import { MIGRATE_WORKFLOW } from '../model/steering.js';
import { MigrationError } from './errors.js';
import { ID_START, migrationRuns, type MigrationRun } from './migrations.js';
import { readSnapshot } from './observe.js';
import { childOf, hasNode } from './run-of.js';

/** More migrations than this are not listed. */
const LISTED = 20;
/** Runs that a name is looked for among, the newest. */
const MOST_READ = 2_000;
/** What was started just now is not in Temporal's list yet. */
const LIST_LAG_MS = 1_500;

/** See `MigrationClient.find`. */
export async function findMigration(client: Client, reference?: string): Promise<string> {
  if (reference === undefined) return onlyOpen(client);
  const named = reference.startsWith(ID_START) ? reference.slice(ID_START.length) : reference;
  const exact = await findExact(client, reference, named);
  if (exact !== undefined) return exact;
  let runs = await read(client, 'all');
  let found = matching(runs, named);
  if (found.length === 0) {
    await setTimeout(LIST_LAG_MS);
    runs = await read(client, 'all');
    found = matching(runs, named);
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.id;
  throw only === undefined ? unknown(reference, runs) : ambiguous(reference, found);
}

/**
 * The migrations that a name means: of the open ones those whose source or target has it as its name or uid, else those
 * whose uid begins with it; then the same among those that have ended, of which the source counts first.
 */
export function matching(runs: readonly MigrationRun[], reference: string): MigrationRun[] {
  const open = runs.filter((run) => run.isOpen);
  const ended = runs.filter((run) => !run.isOpen);
  const either = ({ source, target }: MigrationRun) => [source, target];
  const tiers: [readonly MigrationRun[], (run: MigrationRun) => Partial<NodeRef>[], typeof isNamed][] = [
    [open, either, isNamed],
    [open, either, beginsSo],
    [ended, ({ source }) => [source], isNamed],
    [ended, ({ target }) => [target], isNamed],
    [ended, ({ source }) => [source], beginsSo],
    [ended, ({ target }) => [target], beginsSo],
  ];
  for (const [among, nodesOf, means] of tiers) {
    const found = among.filter((run) => nodesOf(run).some((node) => means(node, reference)));
    if (found.length > 0) return distinct(found);
  }
  return [];
}

function isNamed({ name, uid }: Partial<NodeRef>, reference: string): boolean {
  return name === reference || uid === reference;
}

/** Also as it is shown, with the middle left out: `old::1220abab...cdef`. */
function beginsSo({ uid = '' }: Partial<NodeRef>, reference: string): boolean {
  const [start = '', end = ''] = reference.split('...');
  return start !== '' && uid.startsWith(start) && uid.endsWith(end);
}

/** Of several runs of one migration, the newest. */
function distinct(runs: readonly MigrationRun[]): MigrationRun[] {
  return runs.filter(({ id }, at) => runs.findIndex((other) => other.id === id) === at);
}

/** What has this very workflow id or uid: of a node that another migration keeps, and of a run that waits for one, that. */
async function findExact(client: Client, id: string, uid: string): Promise<string | undefined> {
  const found =
    (await describe(client, id)) ??
    (uid.includes('::') ? await describe(client, migrationId(uid)) : undefined);
  if (!found) return undefined;
  const { workflowId, type, memo } = found;
  if (type === CLAIM_WORKFLOW && isNodeClaim(memo) && (await hasNode(client, found)))
    return memo.holder.startsWith(ID_START) ? memo.holder : workflowId;
  if (type === CLAIM_WORKFLOW) return workflowId;
  if (type !== MIGRATE_WORKFLOW) return undefined;
  return childOf(found) ?? workflowId;
}

async function describe(client: Client, id: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(id).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

async function read(client: Client, which: 'open' | 'all'): Promise<MigrationRun[]> {
  const runs: MigrationRun[] = [];
  for await (const run of migrationRuns(client, which)) {
    if (runs.length === MOST_READ) break;
    runs.push(run);
  }
  return runs;
}

async function onlyOpen(client: Client): Promise<string> {
  const open = await read(client, 'open');
  const [only] = open;
  if (only !== undefined && open.length === 1) return only.id;
  if (only === undefined) throw await noneOpen(client);
  const message = `several migrations are open:\n${listOf(open)}`;
  throw new MigrationError('usage', 'SeveralOpen', message, 'name one of them');
}

/** Whoever names none means the one that was open just now: how the last one ended, and what comes after that. */
async function noneOpen(client: Client): Promise<MigrationError> {
  for await (const { id, info, ...run } of migrationRuns(client, 'closed')) {
    const { status } = await readSnapshot(client, id);
    const how = status?.summary ?? info.status.name.toLowerCase();
    const at = info.closeTime === undefined ? '' : ` at ${info.closeTime.toISOString()}`;
    const last = `${shown(id)}${namesOf({ ...run, isOpen: true })}, ended${at}: ${shown(how)}`;
    const more = `see it: canton-migrate status ${id}`;
    const next = status === undefined ? more : `${status.next}; or ${more}`;
    return new MigrationError('usage', 'NoneOpen', `no migration is open; the last one, ${last}`, next);
  }
  const next = 'start one, or check TEMPORAL_NAMESPACE: canton-migrate start --help';
  return new MigrationError('usage', 'NoneOpen', 'no migration is open', next);
}

function unknown(reference: string, runs: readonly MigrationRun[]): MigrationError {
  const expected = 'expected the name or uid of a participant, how a uid begins, or a workflow id';
  const among = runs.length === 0 ? '; there is no migration' : `; there are:\n${listOf(runs)}`;
  const message = `found no migration named ${reference}, ${expected}${among}`;
  const next =
    runs.length === 0
      ? 'start one, or check TEMPORAL_NAMESPACE: canton-migrate start --help'
      : 'name one of them: canton-migrate list --all';
  return new MigrationError('refused', 'NotFound', message, next);
}

function ambiguous(reference: string, found: readonly MigrationRun[]): MigrationError {
  const message = `${reference} names ${found.length} migrations, expected one:\n${listOf(found)}`;
  return new MigrationError('usage', 'SeveralFound', message, 'name one of them by its id');
}

function listOf(runs: readonly MigrationRun[]): string {
  const all = distinct(runs).sort((a, b) => a.id.localeCompare(b.id));
  const lines = all.slice(0, LISTED).map((run) => `  ${shown(run.id)}${namesOf(run)}`);
  return [...lines, ...(all.length > LISTED ? ['  ...'] : [])].join('\n');
}

function namesOf({
  source,
  target,
  isOpen: isRunning,
}: Pick<MigrationRun, 'source' | 'target' | 'isOpen'>): string {
  const names = source.name === undefined ? [] : [shown(`${source.name} to ${target.name ?? '?'}`)];
  const facts = [...names, ...(isRunning ? [] : ['ended'])];
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`;
}
