import { count } from '../../model/count.js';
import { duration } from '../../model/duration.js';
import { shown } from '../../model/shown-text.js';
import type { ListedMigration, MigrationList } from '../answers.js';
import { shortId, type Style } from './style.js';
import { table } from './table.js';

/** A line for each migration, the newest first; ages are those of `now`, milliseconds since 1970. */
export function renderList({ migrations, hasMore }: MigrationList, style: Style, now: number): string {
  if (migrations.length === 0) return 'no migration of this kind';
  const rows = shown(migrations).map((its) => [
    `${nodeOf(its.source)} to ${nodeOf(its.target)}`,
    stateOf(its, style, now),
    duration(now - Date.parse(its.startedAt)),
    progressOf(its),
  ]);
  const text = table(style, ['migration', 'state', 'age', 'progress'], rows);
  return hasMore ? `${text}\n... and older ones` : text;
}

function nodeOf({ name, uid }: ListedMigration['source']): string {
  return name ?? (uid === undefined ? '?' : shortId(uid));
}

function stateOf(its: ListedMigration, style: Style, now: number): string {
  const { state, gate, gateSince, isWorkerPresent, needsPerson, endedAt } = its;
  const words = (state ?? 'running').replaceAll('-', ' ');
  const at = gate === undefined ? '' : `: ${gate}`;
  const since =
    gateSince === undefined ? '' : `, for ${duration(Math.max(0, now - Date.parse(gateSince)))}`;
  if (endedAt !== undefined) return `${words} at ${endedAt}`;
  // What Temporal's list has may be old.
  const known = state === undefined ? '' : `, was ${words}${at}`;
  if (!isWorkerPresent) return style.bad(`no worker answers${known}`);
  return needsPerson ? style.notice(`${words}${at}${since}`) : `${words}${at}${since}`;
}

function progressOf({ stage, contracts }: ListedMigration): string {
  const phase = stage ?? '';
  if (!contracts || contracts.total === 0) return phase;
  return `${phase}, ${count(contracts.done)} of ${count(contracts.total)} contracts`;
}
