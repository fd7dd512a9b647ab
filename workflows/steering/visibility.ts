import { CancellationScope, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';

import type { Migration } from '../../model/migration.js';
import { SEARCH_ATTRIBUTES } from '../../model/steering.js';
import { activitiesAfter } from '../proxies.js';

/** Finds out which search attributes may be set. Without an answer none is: nothing of a migration depends on them. */
export async function findSearchAttributes(migration: Migration): Promise<void> {
  const { readSearchAttributes } = activitiesAfter(() => Promise.resolve());
  migration.searchAttributes = await CancellationScope.nonCancellable(() =>
    readSearchAttributes().catch(() => []),
  );
}

/**
 * Brings the search attributes up to date, those of them that the namespace has. An event of the history, so only what has
 * changed is set.
 */
export function makeVisible(migration: Migration): void {
  const { searchAttributes: known } = migration;
  if (!Array.isArray(known)) return;
  const { searchAttributes: now } = workflowInfo();
  const changed = Object.entries(wantedOf(migration)).filter(
    ([name, value]) => known.includes(name) && now[name]?.[0] !== value,
  );
  if (changed.length === 0) return;
  upsertSearchAttributes(
    Object.fromEntries(changed.map(([name, value]) => [name, value === undefined ? [] : [value]])),
  );
}

function wantedOf({ state, gate, stage, hashed }: Migration): Record<string, string | undefined> {
  return {
    [SEARCH_ATTRIBUTES.state]: state,
    [SEARCH_ATTRIBUTES.gate]: gate,
    [SEARCH_ATTRIBUTES.phase]: stage,
    ...(hashed && {
      [SEARCH_ATTRIBUTES.source]: hashed.plan.source.uid,
      [SEARCH_ATTRIBUTES.target]: hashed.plan.target.uid,
      [SEARCH_ATTRIBUTES.direction]: hashed.plan.direction,
    }),
  };
}
